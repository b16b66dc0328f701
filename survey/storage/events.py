"""What happens during a response beside its answers, with its time."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.storage.record import Record, dumps
from survey.storage.tables import Event, Person

Kind = Literal[
    "languages", "segment", "paired", "shown", "blanked", "unblanked", "unpaired", "card", "played", "tapped",
    "confirmed", "declined", "set_aside",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Languages switched; a segment begun; a screen paired, showing a question, blanked, lit again, unpaired; a show card
opened; a text played aloud; an answer tapped by the participant, confirmed or declined by the interviewer; one of two
versions not chosen."""


@dataclass(frozen=True)
class Happened:
    """One event. `by` is a person's code, None for the participant."""

    at: datetime.datetime
    kind: Kind
    by: str | None
    page: str | None
    unit: str | None
    segment: int | None
    details: dict[str, Any]


def note_event(
    session: Session,
    record: Record,
    kind: Kind,
    person_id: int | None,
    now: datetime.datetime,
    *,
    page: str | None = None,
    unit: str | None = None,
    **details: Any,
) -> None:
    """Write that something happened, unless the response is locked. `person_id` None: the participant did it."""
    if record.locked_at is not None:
        return
    row = {"response_id": record.id, "at": now, "person_id": person_id, "kind": kind, "page": page, "unit": unit}
    session.execute(insert(Event), row | {"segment": record.segment or None, "details": dumps(details)})


def events(session: Session, response_id: int, kinds: Iterable[Kind] = KINDS) -> list[Happened]:
    """What happened during a response, oldest first."""
    return [_happened(row) for row in session.execute(_query(response_id, kinds).order_by(Event.id))]


def last_event(session: Session, response_id: int, kinds: Iterable[Kind]) -> Happened | None:
    """The newest of these events of a response."""
    row = session.execute(_query(response_id, kinds).order_by(Event.id.desc()).limit(1)).first()
    return _happened(row) if row else None


def _query(response_id: int, kinds: Iterable[Kind]) -> Any:
    query = select(Event.at, Event.kind, Person.code, Event.page, Event.unit, Event.segment, Event.details)
    query = query.outerjoin(Person, Event.person_id == Person.id)
    return query.where(Event.response_id == response_id, Event.kind.in_(list(kinds)))


def _happened(row: Any) -> Happened:
    at, kind, by, page, unit, segment, details = row
    return Happened(at, kind, by, page, unit, segment, json.loads(details))
