"""What observers said side by side, as it was before they saw each other's, and what they settled together."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from survey.answers.flow import Flow, flow
from survey.instruments.model import Instrument
from survey.measures.differences import Compared, compared
from survey.storage.meetings import ObservedMeeting, Observer
from survey.storage.record import Record, dumps
from survey.storage.responses import response
from survey.storage.tables import Change, Consensus, Meeting, Person, Visit


@dataclass(frozen=True)
class Side:
    """One observer's answers as they were when all had handed in. `corrected`: unit -> what it says now (None:
    nothing), of what was changed since."""

    observer: Observer
    record: Record
    flow: Flow
    corrected: Mapping[str, Any]


@dataclass(frozen=True)
class Settled:
    """What was settled for one unit. `value` is an answer as in a document; None: no common answer. `by`: a code."""

    id: int
    unit: str
    value: Any
    reason: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True)
class Comparison:
    """The answers of a meeting's observers side by side. `history`: all that was ever settled, in order."""

    sides: tuple[Side, ...]
    rows: tuple[Compared, ...]
    history: tuple[Settled, ...]

    @cached_property
    def settled(self) -> Mapping[str, Settled]:
        """Unit -> what counts: what was settled last."""
        return {one.unit: one for one in self.history}

    @property
    def differing(self) -> list[Compared]:
        """What there is, or was, to settle."""
        return [row for row in self.rows if row.differs]

    @property
    def open(self) -> list[Compared]:
        """What is still to be settled."""
        return [row for row in self.differing if row.unit.name not in self.settled]

    @property
    def same(self) -> list[Compared]:
        """What all said the same."""
        return [row for row in self.rows if not row.differs and not row.in_own_words]

    @property
    def in_own_words(self) -> list[Compared]:
        """Open questions, to read side by side."""
        return [row for row in self.rows if row.in_own_words]

    def row(self, unit: str) -> Compared | None:
        """What there is to settle of this unit."""
        return next((row for row in self.differing if row.unit.name == unit), None)


def comparison(
    session: Session, seen: ObservedMeeting, instrument_of: Callable[[Record], Instrument]
) -> Comparison | None:
    """The answers side by side; None while an observer still has to hand in, or where one record stands alone.

    Corrections after that moment change nothing here: they are told beside it. So nobody can come to agree by
    changing an own answer afterwards.
    """
    observers = seen.comparing
    if not observers:
        return None
    records = [_record(session, one) for one in observers]
    last = _last_handing_in(session, [record.id for record in records])
    sides = tuple(
        _side(session, one, record, instrument_of(record), last) for one, record in zip(observers, records, strict=True)
    )
    rows = tuple(compared([side.flow for side in sides]))
    return Comparison(sides, rows, tuple(settlements(session, seen.meeting.id)))


def _record(session: Session, observer: Observer) -> Record:
    found = response(session, observer.token or "")
    if found is None:
        raise LookupError(f"observer {observer.code} has no response")
    return found


def _last_handing_in(session: Session, response_ids: Sequence[int]) -> int:
    """The save with which the last of these was handed in: all that was saved before was written unseen."""
    query = select(func.max(Visit.id)).where(Visit.response_id.in_(response_ids), Visit.kind == "submit")
    return session.scalar(query) or 0


def _side(session: Session, observer: Observer, record: Record, instrument: Instrument, last: int) -> Side:
    then = dict(record.answers)
    later = (Change.response_id == record.id, Change.part == "answers", Change.visit_id > last)
    changes = select(Change.unit, Change.old).where(*later).order_by(Change.id.desc())
    for unit, old in session.execute(changes):
        if old is None:
            then.pop(unit, None)
        else:
            then[unit] = json.loads(old)
    touched = then.keys() | record.answers.keys()
    corrected = {name: record.answers.get(name) for name in touched if record.answers.get(name) != then.get(name)}
    return Side(observer, record, flow(instrument, then), corrected)


def settlements(session: Session, meeting_id: int) -> list[Settled]:
    """All that was ever settled about a meeting, in order."""
    query = select(Consensus, Person.code).join(Person, Consensus.person_id == Person.id)
    rows = session.execute(query.where(Consensus.meeting_id == meeting_id).order_by(Consensus.id))
    return [
        Settled(row.id, row.unit, None if row.value is None else json.loads(row.value), row.reason, by, row.at)
        for row, by in rows
    ]


class SettledMeanwhile(Exception):
    """Another observer settled the same since the page was shown. Nothing was written. `now_id`: of what counts now."""

    def __init__(self, now_id: int) -> None:
        self.now_id = now_id
        super().__init__(f"settlement {now_id} came in between")


def settle(
    session: Session,
    meeting_id: int,
    unit: str,
    value: Any,
    reason: str,
    person_id: int,
    now: datetime.datetime,
    *,
    base: int = 0,
) -> None:
    """Keep what was agreed on. `base`: the settlement that was seen, 0 for none. Raises SettledMeanwhile."""
    session.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update())
    here = select(Consensus).where(Consensus.meeting_id == meeting_id, Consensus.unit == unit)
    newest = session.scalar(here.order_by(Consensus.id.desc()).limit(1))
    written = None if value is None else dumps(value)
    if newest is not None and newest.id != base:
        if (newest.value, newest.reason, newest.person_id) == (written, reason, person_id):
            return  # The same button, pressed twice.
        raise SettledMeanwhile(newest.id)
    row = {"unit": unit, "value": written, "reason": reason, "person_id": person_id, "at": now}
    session.execute(insert(Consensus), row | {"meeting_id": meeting_id})


def round_off(session: Session, meeting_id: int, now: datetime.datetime) -> None:
    """The observers agree on everything."""
    still = (Meeting.id == meeting_id, Meeting.settled_at.is_(None))
    session.execute(update(Meeting).where(*still).values(settled_at=now))


def open_again(session: Session, meeting_id: int) -> None:
    """There is something to settle after all."""
    session.execute(update(Meeting).where(Meeting.id == meeting_id).values(settled_at=None))
