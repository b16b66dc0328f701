"""What happens to an observed meeting: it is planned, observers come and fall out, and tell what they saw of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.planning.due import Planned
from survey.planning.observing import FallingOut
from survey.storage import step_times
from survey.storage.people import free_code
from survey.storage.tables import Meeting, MeetingObserver, Response, Task, Wave


def add_meeting(
    session: Session,
    study_id: int,
    team_id: int,
    planned: Planned,
    held_on: datetime.date,
    observers: Iterable[int],
    by: int,
    now: datetime.datetime,
    click: str | None = None,
) -> Meeting:
    """A new meeting with a task for each of these people; the same one again for the same `click` of a button."""
    pressed = select(Meeting).where(Meeting.study_id == study_id, Meeting.click == click)
    before = session.scalar(pressed) if click else None
    if before is not None:
        return before
    wave_id = session.scalars(select(Wave.id).where(Wave.study_id == study_id, Wave.code == planned.wave)).one()
    meeting = Meeting(
        study_id=study_id, wave_id=wave_id, team_id=team_id, instrument=planned.instrument,
        code=_free_code(session, study_id), held_on=held_on, made_at=now, made_by=by, click=click,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(meeting)
            session.flush()
    except IntegrityError:
        # The same button, pressed at the same moment on another node.
        return session.scalars(pressed).one()
    for person_id in observers:
        add_observer(session, meeting, person_id, planned)
    return meeting


def _free_code(session: Session, study_id: int) -> str:
    while True:
        code = free_code(session)
        if session.scalar(select(Meeting.id).where(Meeting.study_id == study_id, Meeting.code == code)) is None:
            return code


def add_observer(session: Session, meeting: Meeting, person_id: int, planned: Planned) -> None:
    """One more observer, who gets a task. Who is one already stays as they are."""
    here = (MeetingObserver.meeting_id == meeting.id, MeetingObserver.person_id == person_id)
    if session.scalar(select(MeetingObserver.id).where(*here)) is not None:
        return
    days = {"opens_on": planned.opens_on, "due_on": planned.due_on, "closes_on": planned.closes_on}
    session.add(MeetingObserver(meeting_id=meeting.id, person_id=person_id))
    session.add(
        Task(
            study_id=meeting.study_id,
            wave_id=meeting.wave_id,
            instrument=meeting.instrument,
            by=planned.by,
            person_id=person_id,
            meeting_id=meeting.id,
            team_id=meeting.team_id,
            **days,
        )
    )
    session.flush()


def set_share(session: Session, meeting_id: int, person_id: int, share: int | None) -> None:
    """Keep which percentage of the meeting an observer saw."""
    mine = (MeetingObserver.meeting_id == meeting_id, MeetingObserver.person_id == person_id)
    session.execute(update(MeetingObserver).where(*mine).values(share=share))


def fall_out(session: Session, meeting_id: int, person_id: int, reason: FallingOut, now: datetime.datetime) -> None:
    """An observer cannot go on. What they have on record stays, their clock stops, and they are asked nothing more."""
    mine = (MeetingObserver.meeting_id == meeting_id, MeetingObserver.person_id == person_id)
    still_in = (*mine, MeetingObserver.fell_out_at.is_(None))
    session.execute(update(MeetingObserver).where(*still_in).values(fell_out_at=now, reason=reason))
    step_times.stop(session, meeting_id, person_id, now)
    _drop_task(session, meeting_id, person_id, now)


def come_back(session: Session, meeting_id: int, person_id: int) -> None:
    """An observer can go on after all."""
    mine = (MeetingObserver.meeting_id == meeting_id, MeetingObserver.person_id == person_id)
    session.execute(update(MeetingObserver).where(*mine).values(fell_out_at=None, reason=None))
    _drop_task(session, meeting_id, person_id, None)


def _drop_task(session: Session, meeting_id: int, person_id: int, at: datetime.datetime | None) -> None:
    mine = (Task.meeting_id == meeting_id, Task.person_id == person_id, Task.done_at.is_(None))
    session.execute(update(Task).where(*mine).values(dropped_at=at))


def version_in_use(session: Session, meeting: Meeting, newest: int) -> int:
    """The version of the instrument for a meeting: that of whoever began first, so that answers can be compared."""
    query = select(Response.instrument_version).where(Response.meeting_id == meeting.id)
    return session.scalar(query.order_by(Response.id).limit(1)) or newest
