"""A participant's course through a study: their status, and the tasks that follow from what happened."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from survey.instruments.protocols.model import Protocol
from survey.planning.due import Happened, Planned, of_participant, of_person
from survey.planning.statuses import ASKED, Reason, Status
from survey.storage.people import members
from survey.storage.protocols import protocol_of
from survey.storage.tables import Membership, Participant, PersonalLink, Response, StatusChange, Study, Task, Wave


def today_in(session: Session, study_id: int, now: datetime.datetime) -> datetime.date:
    """The day at the place of a study."""
    return _day(session.get_one(Study, study_id), now)


def _day(study: Study, moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(ZoneInfo(study.time_zone)).date()


def set_status(
    session: Session,
    participant: Participant,
    status: Status,
    by: int | None,
    now: datetime.datetime,
    reason: Reason | None = None,
) -> None:
    """Let a participant stand otherwise from now on, and plan anew what is asked. `by` None: it came by itself."""
    if (participant.status, participant.reason) == (status, reason):
        return
    participant.status, participant.reason = status, reason
    row = {"participant_id": participant.id, "status": status, "reason": reason, "person_id": by, "at": now}
    session.execute(insert(StatusChange), row)
    replan(session, participant, now)


def set_round_off(
    session: Session, participant: Participant, day: datetime.date | None, now: datetime.datetime
) -> None:
    """Keep the day on which the coach rounded the trajectory off, and plan anew."""
    participant.round_off = day
    replan(session, participant, now)


def move(session: Session, participant: Participant, team_id: int | None) -> None:
    """Put a participant in a team, with what is theirs: who reaches it follows from the team."""
    participant.team_id = team_id
    session.flush()
    for table in (Task, Response):
        session.execute(update(table).where(table.participant_id == participant.id).values(team_id=team_id))


def replan(session: Session, participant: Participant, now: datetime.datetime) -> None:
    """Make the participant's tasks as the protocol wants them by now: new ones come, days move, others are dropped.

    Nothing that was begun or done is touched. Who has done everything is finished.
    """
    session.flush()
    protocol = protocol_of(session, participant.study_id)
    if protocol is None:
        return
    study = session.get_one(Study, participant.study_id)
    happened = Happened(
        _day(study, participant.registered_at), participant.round_off, _asked_at(session, participant, protocol, study)
    )
    planned = of_participant(protocol, happened) if participant.status in ASKED else []
    _write(session, study.id, {"participant_id": participant.id}, participant.team_id, planned, now)
    if participant.status in ASKED and _all_done(session, participant, protocol):
        set_status(session, participant, "finished", None, now)


def _asked_at(
    session: Session, participant: Participant, protocol: Protocol, study: Study
) -> Mapping[str, datetime.date]:
    """Wave -> the day of its first interview that was handed in."""
    led = [ask.instrument for ask in protocol.asks if (ask.by, ask.of) == ("interviewer", "participant")]
    query = select(Wave.code, func.min(Response.submitted_at)).join(Wave, Response.wave_id == Wave.id)
    query = query.where(
        Response.participant_id == participant.id, Response.submitted_at.is_not(None), Response.instrument.in_(led)
    )
    rows = session.execute(query.group_by(Wave.code))
    return {wave: _day(study, first) for wave, first in rows if first is not None}


def _all_done(session: Session, participant: Participant, protocol: Protocol) -> bool:
    asked = {(wave, ask.instrument) for ask in protocol.asks if ask.of == "participant" for wave in ask.waves}
    query = select(Wave.code, Task.instrument).join(Wave, Task.wave_id == Wave.id)
    done = query.where(Task.participant_id == participant.id, Task.done_at.is_not(None))
    return asked <= {(wave, instrument) for wave, instrument in session.execute(done)}


def plan_people(session: Session, study_id: int, now: datetime.datetime) -> None:
    """Make the tasks of coaches and team leaders as the protocol wants them: call it when roles change."""
    protocol = protocol_of(session, study_id)
    if protocol is None:
        return
    study = session.get_one(Study, study_id)
    began = _day(study, study.made_at)
    found = members(session, study_id, "coach", "team_leader")
    planned_before = select(Task.person_id).where(Task.study_id == study_id, Task.person_id.is_not(None))
    for person_id in {*found, *session.scalars(planned_before.where(Task.meeting_id.is_(None)))}:
        planned = of_person(protocol, found.get(person_id, ()), began)
        _write(session, study_id, {"person_id": person_id}, _team_of(session, person_id, study_id), planned, now)


def _team_of(session: Session, person_id: int, study_id: int) -> int | None:
    """The one team in which somebody coaches or leads; None where it is none or several."""
    query = select(Membership.team_id).where(Membership.person_id == person_id, Membership.study_id == study_id)
    found = set(session.scalars(query.where(Membership.role.in_(("coach", "team_leader")))))
    return found.pop() if len(found) == 1 else None


def _write(
    session: Session,
    study_id: int,
    subject: Mapping[str, int],
    team_id: int | None,
    planned: Iterable[Planned],
    now: datetime.datetime,
) -> None:
    """Bring the tasks of a subject, but for those of meetings, in line with what is planned."""
    ((column, whose),) = subject.items()
    query = select(Task, Wave.code).join(Wave, Task.wave_id == Wave.id)
    query = query.where(Task.study_id == study_id, getattr(Task, column) == whose, Task.meeting_id.is_(None))
    there = {(wave, task.instrument): task for task, wave in session.execute(query)}
    waves = {wave.code: wave.id for wave in session.scalars(select(Wave).where(Wave.study_id == study_id))}
    wanted = {(one.wave, one.instrument): one for one in planned if one.wave in waves}
    for key, one in wanted.items():
        days: dict[str, Any] = {"opens_on": one.opens_on, "due_on": one.due_on, "closes_on": one.closes_on}
        task = there.get(key)
        if task is None:
            more = {"study_id": study_id, "wave_id": waves[one.wave], "instrument": one.instrument, "by": one.by}
            session.add(task := Task(**subject, **more, **days, team_id=team_id))
            _find_response(session, task)
        elif task.done_at is None:
            for name, value in (days | {"team_id": team_id, "dropped_at": None}).items():
                setattr(task, name, value)
    for key, task in there.items():
        if key not in wanted and task.done_at is None and task.dropped_at is None:
            task.dropped_at = now
    session.flush()


def _find_response(session: Session, task: Task) -> None:
    """Let a task know of a response that was there before it, as when a running study adopts a protocol."""
    found = session.scalar(
        select(Response).where(
            Response.wave_id == task.wave_id,
            Response.instrument == task.instrument,
            Response.participant_id == task.participant_id
            if task.participant_id
            else Response.person_id == task.person_id,
            Response.meeting_id.is_(None),
        )
    )
    if found is not None:
        task.response_id, task.begun_at, task.done_at = found.id, found.started_at, found.submitted_at


def begun(session: Session, response_id: int, now: datetime.datetime) -> None:
    """Note that the task behind a response is under way."""
    response = session.get_one(Response, response_id)
    asked = (
        Task.wave_id == response.wave_id,
        Task.instrument == response.instrument,
        Task.participant_id == response.participant_id,
        Task.person_id == response.person_id,
        Task.meeting_id == response.meeting_id,
    )
    session.execute(update(Task).where(*asked).values(response_id=response_id, begun_at=now))


def done(session: Session, response_id: int, now: datetime.datetime) -> None:
    """Note that a response was handed in: its task is done, its links are, and what follows from it is planned."""
    session.execute(update(Task).where(Task.response_id == response_id).values(done_at=now))
    behind = select(Task.id).where(Task.response_id == response_id)
    unused = (PersonalLink.task_id.in_(behind), PersonalLink.done_at.is_(None), PersonalLink.revoked_at.is_(None))
    session.execute(update(PersonalLink).where(*unused).values(done_at=now))
    found = session.scalar(
        select(Participant).join(Response, Response.participant_id == Participant.id).where(Response.id == response_id)
    )
    if found is not None:
        replan(session, found, now)
