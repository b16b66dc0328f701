"""Lists of responses without their answers: who, what, when, how far."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.tables import Participant, Person, Response, Wave


@dataclass(frozen=True)
class ResponseRow:
    """One response in a list."""

    token: str
    instrument: str
    instrument_version: int
    wave: str
    subject: str
    version: int
    started_at: datetime.datetime
    submitted_at: datetime.datetime | None


def response_rows(session: Session, study_id: int, limit: int, offset: int = 0) -> list[ResponseRow]:
    """Responses of a study, newest first."""
    query = (
        select(
            Response.token,
            Response.instrument,
            Response.instrument_version,
            Wave.title,
            func.coalesce(Participant.code, Person.code),
            Response.version,
            Response.started_at,
            Response.submitted_at,
        )
        .join(Wave, Response.wave_id == Wave.id)
        .outerjoin(Participant, Response.participant_id == Participant.id)
        .outerjoin(Person, Response.person_id == Person.id)
        .where(Response.study_id == study_id)
        .order_by(Response.id.desc())
    )
    return [ResponseRow(*row) for row in session.execute(query.limit(limit).offset(offset))]


def response_count(session: Session, study_id: int) -> int:
    """How many responses a study has."""
    return session.scalar(select(func.count()).select_from(Response).where(Response.study_id == study_id)) or 0


@dataclass(frozen=True)
class Tally:
    """How many responses of one instrument at one wave were opened and handed in."""

    instrument: str
    wave: str
    opened: int
    submitted: int


def tallies(session: Session, study_id: int) -> list[Tally]:
    """Counts by instrument and wave."""
    query = (
        select(Response.instrument, Wave.title, func.count(), func.count(Response.submitted_at))
        .join(Wave, Response.wave_id == Wave.id)
        .where(Response.study_id == study_id)
        .group_by(Response.instrument, Wave.title, Wave.position)
        .order_by(Response.instrument, Wave.position)
    )
    return [Tally(*row) for row in session.execute(query)]
