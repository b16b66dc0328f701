"""The participants whom somebody coaches: by code, with the day on which the trajectory was rounded off."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.storage.tables import Participant

SORTS = ("code", "round_off")
STILL_THERE = ("active", "finished")
"""The statuses of participants whom their coach sees: of the others nothing is asked any more."""


def _mine(query: Select[Any], study_id: int, person_id: int) -> Select[Any]:
    mine = (Participant.study_id == study_id, Participant.coach_id == person_id)
    return query.where(*mine, Participant.status.in_(STILL_THERE))


def coached_by(
    session: Session,
    study_id: int,
    person_id: int,
    limit: int,
    offset: int = 0,
    sort: str = "code",
    *,
    descending: bool = False,
) -> list[Participant]:
    """One page of the participants whom somebody coaches. By round-off, who has none yet comes first."""
    query = _mine(select(Participant), study_id, person_id)
    columns = [Participant.round_off.is_not(None), Participant.round_off] if sort == "round_off" else []
    order = [column.desc() if descending else column.asc() for column in (*columns, Participant.code)]
    return list(session.scalars(query.order_by(*order).limit(limit).offset(offset)))


def coached_count(session: Session, study_id: int, person_id: int) -> int:
    """How many participants somebody coaches."""
    return session.scalar(_mine(select(func.count()).select_from(Participant), study_id, person_id)) or 0
