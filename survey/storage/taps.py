"""Answers that a participant tapped, until the interviewer takes them over or not."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from survey.storage import screens
from survey.storage.events import events, note_event
from survey.storage.record import Record

Where = Literal["screen", "card"]


@dataclass(frozen=True)
class Tap:
    """An answer, or {"missing": reason}, that the participant tapped and nobody took over yet."""

    page: str | None
    unit: str
    answer: Any


def tap(
    session: Session, record: Record, page: str, unit: str, answer: Any, where: Where, now: datetime.datetime
) -> None:
    """Note what the participant tapped for a unit: on a screen of their own, or on a show card. It is no answer yet."""
    note_event(session, record, "tapped", None, now, page=page, unit=unit, answer=answer, where=where)
    screens.turn(session, record.id)


def confirm(session: Session, record: Record, unit: str, recorded: Any, person_id: int, now: datetime.datetime) -> None:
    """Note that the interviewer took over what was tapped, and what was recorded then."""
    _settle(session, record, "confirmed", unit, person_id, now, recorded=recorded)


def decline(session: Session, record: Record, unit: str, person_id: int, now: datetime.datetime) -> None:
    """Note that the interviewer did not take over what was tapped."""
    _settle(session, record, "declined", unit, person_id, now)


def _settle(
    session: Session,
    record: Record,
    kind: Literal["confirmed", "declined"],
    unit: str,
    person_id: int,
    now: datetime.datetime,
    **details: Any,
) -> None:
    found = pending(session, record.id).get(unit)
    if found is not None:  # A second tap on the same button settles nothing again.
        about = {"tapped": found.answer, **details}
        note_event(session, record, kind, person_id, now, page=found.page, unit=unit, **about)
        screens.turn(session, record.id)


def pending(session: Session, response_id: int) -> dict[str, Tap]:
    """Unit -> what was tapped last and is not settled yet."""
    # The events are the one record of taps: a copy of it elsewhere could come to differ.
    found: dict[str, Tap] = {}
    for event in events(session, response_id, ("tapped", "confirmed", "declined")):
        unit = event.unit or ""
        found.pop(unit, None)
        if event.kind == "tapped":
            found[unit] = Tap(event.page, unit, event.details["answer"])
    return found
