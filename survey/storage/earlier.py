"""What a participant answered before: the last earlier response of the same instrument."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage import responses
from survey.storage.record import Record
from survey.storage.tables import Response, Wave


@dataclass(frozen=True)
class Earlier:
    """A response that was handed in at an earlier wave, with the wave's title."""

    record: Record
    wave_title: str


def earlier_response(session: Session, record: Record) -> Earlier | None:
    """The last response before this one: same participant and instrument, at an earlier wave, and handed in."""
    if record.participant_id is None:
        return None
    position = session.scalar(select(Wave.position).where(Wave.id == record.wave_id))
    query = select(Response.token, Wave.title).join(Wave, Response.wave_id == Wave.id)
    query = query.where(
        Response.participant_id == record.participant_id,
        Response.instrument == record.instrument,
        Response.submitted_at.is_not(None),
        Wave.study_id == record.study_id,
        Wave.position < position,
    )
    row = session.execute(query.order_by(Wave.position.desc()).limit(1)).first()
    found = responses.response(session, row[0]) if row else None
    return Earlier(found, row[1]) if row and found else None
