"""Whom a response or a task is about: a participant or a professional, by code."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func

from survey.storage.tables import Participant, Person, Response, Task

SUBJECT = func.coalesce(Participant.code, Person.code)
"""The code of whom it is about, in a query that is joined by `with_subjects`."""


def with_subjects(query: Any, of: type[Response] | type[Task]) -> Any:
    """A query over responses or tasks, joined with whom they are about."""
    query = query.outerjoin(Participant, of.participant_id == Participant.id)
    return query.outerjoin(Person, of.person_id == Person.id)
