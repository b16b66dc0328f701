"""The stretches of an interview: with which interpreter, and who else was there."""

from __future__ import annotations

import datetime
import json
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey.answers.company import Company
from survey.storage.events import note_event
from survey.storage.record import Record, dumps
from survey.storage.tables import Response, Segment


def begin_segment(session: Session, record: Record, company: Company, person_id: int, now: datetime.datetime) -> Record:
    """Begin the next segment where the company is another than before; every visit from now on belongs to it.

    `record` must have been read for writing in the same transaction. In a locked one nothing begins any more.
    """
    if record.locked_at is not None or company == current(session, record):
        return record
    number = record.segment + 1
    row: dict[str, Any] = vars(company) | {"others": dumps(company.others)}
    session.execute(
        insert(Segment), row | {"response_id": record.id, "number": number, "at": now, "person_id": person_id}
    )
    session.execute(update(Response).where(Response.id == record.id).values(segment=number))
    after = Record(**(vars(record) | {"segment": number}))
    note_event(session, after, "segment", person_id, now, page=record.page, interpreter=company.interpreter)
    return after


def current(session: Session, record: Record) -> Company | None:
    """Who is there now; None before the first segment."""
    return segments(session, record.id).get(record.segment)


def segments(session: Session, response_id: int) -> dict[int, Company]:
    """Number -> who was there, in order."""
    rows = session.scalars(select(Segment).where(Segment.response_id == response_id).order_by(Segment.number))
    return {row.number: _company(row) for row in rows}


def last_company(session: Session, participant_id: int, before: datetime.datetime) -> Company | None:
    """Who was there when this participant was last interviewed, before a moment: None where nobody wrote it down."""
    query = select(Segment).join(Response, Segment.response_id == Response.id)
    query = query.where(Response.participant_id == participant_id, Segment.at < before).order_by(Segment.id.desc())
    row = session.scalars(query.limit(1)).first()
    return _company(row) if row else None


def _company(row: Segment) -> Company:
    others = tuple(json.loads(row.others))
    return Company(row.interpreter, row.mode, row.same, others, row.code, row.promised)  # type: ignore[arg-type]
