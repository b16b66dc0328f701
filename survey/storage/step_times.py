"""The clock of an observer: a tap starts a step and another stops it; what was tapped first stays on record."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.tables import MeetingObserver, StepTime


@dataclass(frozen=True)
class Stretch:
    """One step from a moment to a moment; `until` None: it runs."""

    step: str
    since: datetime.datetime
    until: datetime.datetime | None


class Overlap(ValueError):
    """Two steps would be on at the same time. `other` is the one that was there."""

    def __init__(self, other: StepTime) -> None:
        self.other = other
        super().__init__(f"{other.step} is on from {other.started_at} to {other.ended_at}")


def times(session: Session, meeting_id: int, person_id: int) -> list[StepTime]:
    """The stretches of an observer that count, in order of their beginning."""
    mine = (StepTime.meeting_id == meeting_id, StepTime.person_id == person_id, StepTime.replaced_at.is_(None))
    return list(session.scalars(select(StepTime).where(*mine).order_by(StepTime.started_at, StepTime.id)))


def time_of(session: Session, meeting_id: int, person_id: int, time_id: int) -> StepTime | None:
    """One stretch of an observer that counts."""
    return next((one for one in times(session, meeting_id, person_id) if one.id == time_id), None)


def first_tapped(session: Session, row: StepTime) -> StepTime:
    """What was tapped before all corrections of a stretch."""
    while row.corrects is not None:
        row = session.get_one(StepTime, row.corrects)
    return row


def start(
    session: Session,
    meeting_id: int,
    person_id: int,
    step: str,
    now: datetime.datetime,
    tapped_at: datetime.datetime | None = None,
) -> None:
    """Start a step, which stops the one that runs. A second tap on the same one changes nothing.

    `tapped_at`: when it was tapped, where that was before `now`, since the tap came late.
    """
    _hold(session, meeting_id, person_id)
    running = _running(session, meeting_id, person_id)
    if running is not None and running.step == step:
        return
    stop(session, meeting_id, person_id, now, tapped_at)
    at = _at(times(session, meeting_id, person_id), now, tapped_at)
    session.add(_row(meeting_id, person_id, Stretch(step, at, None), now))
    session.flush()


def stop(
    session: Session,
    meeting_id: int,
    person_id: int,
    now: datetime.datetime,
    tapped_at: datetime.datetime | None = None,
) -> None:
    """Stop the step that runs, if one does."""
    running = _running(session, meeting_id, person_id)
    if running is not None:
        running.ended_at = _at(times(session, meeting_id, person_id), now, tapped_at)
        session.flush()


def _at(rows: Iterable[StepTime], now: datetime.datetime, tapped_at: datetime.datetime | None) -> datetime.datetime:
    """The moment of a tap: not after `now`, and not before anything else that is on record."""
    latest = [moment for row in rows for moment in (row.started_at, row.ended_at) if moment is not None]
    return min(now, max([tapped_at or now, *latest]))


def add(session: Session, meeting_id: int, person_id: int, stretch: Stretch, now: datetime.datetime) -> None:
    """Write down a stretch that was not tapped. Raises Overlap."""
    _hold(session, meeting_id, person_id)
    _see_to_room(session, meeting_id, person_id, stretch)
    session.add(_row(meeting_id, person_id, stretch, now))
    session.flush()


def correct(session: Session, row: StepTime, stretch: Stretch, now: datetime.datetime) -> None:
    """Let a stretch have been otherwise. Raises Overlap."""
    _hold(session, row.meeting_id, row.person_id)
    if stretch == Stretch(row.step, row.started_at, row.ended_at):
        return
    _see_to_room(session, row.meeting_id, row.person_id, stretch, row)
    row.replaced_at = now
    session.add(_row(row.meeting_id, row.person_id, stretch, now, row.id))
    session.flush()


def remove(session: Session, row: StepTime, now: datetime.datetime) -> None:
    """Let a stretch count no longer."""
    row.replaced_at = now
    session.flush()


def seconds(rows: Iterable[StepTime], now: datetime.datetime | None = None) -> dict[str, float]:
    """Step -> its seconds in all. What runs counts up to `now`, or not at all without it."""
    found: dict[str, float] = {}
    for row in rows:
        end = row.ended_at or now
        if end is not None:
            found[row.step] = found.get(row.step, 0.0) + max(0.0, (end - row.started_at).total_seconds())
    return found


def _row(
    meeting_id: int, person_id: int, stretch: Stretch, now: datetime.datetime, corrects: int | None = None
) -> StepTime:
    return StepTime(
        meeting_id=meeting_id, person_id=person_id, step=stretch.step, started_at=stretch.since,
        ended_at=stretch.until, corrects=corrects, noted_at=now,
    )  # fmt: skip


def _hold(session: Session, meeting_id: int, person_id: int) -> None:
    """Let taps of one observer from two devices come one after the other."""
    mine = (MeetingObserver.meeting_id == meeting_id, MeetingObserver.person_id == person_id)
    session.execute(select(MeetingObserver.id).where(*mine).with_for_update())


def _running(session: Session, meeting_id: int, person_id: int) -> StepTime | None:
    return next((one for one in times(session, meeting_id, person_id) if one.ended_at is None), None)


def _see_to_room(
    session: Session, meeting_id: int, person_id: int, stretch: Stretch, but: StepTime | None = None
) -> None:
    """One step at a time, so that the times of all steps add up to no more than the meeting took."""
    for one in times(session, meeting_id, person_id):
        begins_before_end = stretch.until is None or one.started_at < stretch.until
        ends_after_begin = one.ended_at is None or one.ended_at > stretch.since
        if one is not but and begins_before_end and ends_after_begin:
            raise Overlap(one)
