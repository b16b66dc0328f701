"""What an admin has to look at on this server."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.storage import erasing, studies
from survey.storage.people_list import people_found_count


@dataclass(frozen=True)
class ToManage:
    """How many wait to be erased, and how many studies and people there are."""

    waiting: int
    studies: int
    people: int


def to_manage(session: Session) -> ToManage:
    """The numbers of this moment."""
    return ToManage(erasing.count(session), len(studies.studies(session)), people_found_count(session))
