"""Participants: registering, finding and changing them, and what is known of their course."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.planning.statuses import Status
from survey.storage.course import move, replan, set_status
from survey.storage.people import free_code
from survey.storage.protocols import protocol_of
from survey.storage.tables import Participant, Person, Response, StatusChange, Task, Wave


def speaks(session: Session, participant_id: int, language: str) -> None:
    """Keep the language in which a participant was interviewed: the next interview is offered in it."""
    session.execute(update(Participant).where(Participant.id == participant_id).values(language=language))


def register(
    session: Session,
    study_id: int,
    by: int,
    now: datetime.datetime,
    language: str | None = None,
    click: str | None = None,
    **known: Any,
) -> Participant:
    """A new participant, under a code without meaning; the same one again for the same `click` of a button.

    `known` are other columns of Participant: team, coach, interviewer, whether an interpreter is needed. Who is
    registered was asked to take part; without a protocol there is no consent to wait for, and they do at once.
    """
    before = registered_with(session, study_id, click)
    if before is not None:
        return before
    participant = Participant(
        study_id=study_id,
        code=free_code(session),
        language=language,
        registered_at=now,
        registered_by=by,
        click=click,
        status="approached",
        **known,
    )
    status: Status = "approached" if protocol_of(session, study_id) else "active"
    try:
        with session.begin_nested():
            session.add(participant)
            session.flush()
            row = {"participant_id": participant.id, "status": "approached", "person_id": by, "at": now}
            session.execute(insert(StatusChange), row)
    except IntegrityError:
        # The same button, pressed at the same moment on another node.
        there = registered_with(session, study_id, click)
        if there is None:
            raise
        return there
    if status == "approached":
        replan(session, participant, now)
    else:
        set_status(session, participant, status, by, now)
    return participant


def registered_with(session: Session, study_id: int, click: str | None) -> Participant | None:
    """The participant whom this press of the button registered before."""
    pressed = select(Participant).where(Participant.study_id == study_id, Participant.click == click)
    return session.scalar(pressed) if click else None


def participant_with(session: Session, study_id: int, code: str) -> Participant | None:
    """The participant of this code in this study."""
    return session.scalar(select(Participant).where(Participant.study_id == study_id, Participant.code == code))


def participant_count(session: Session, study_id: int, code: str = "") -> int:
    """How many participants a study has."""
    query = select(func.count()).select_from(Participant).where(Participant.study_id == study_id)
    return session.scalar(query.where(Participant.code.startswith(code, autoescape=True))) or 0


def responses_of(session: Session, participant_ids: Sequence[int]) -> list[Response]:
    """All responses of these participants."""
    return list(session.scalars(select(Response).where(Response.participant_id.in_(participant_ids))))


def change(session: Session, participant: Participant, values: Mapping[str, Any]) -> list[str]:
    """Give columns of a participant other values; the names of those that changed. What is theirs goes along."""
    changed = [name for name, value in values.items() if getattr(participant, name) != value]
    for name in changed:
        setattr(participant, name, values[name])
    if "team_id" in changed:
        move(session, participant, participant.team_id)
    session.flush()
    return changed


def history(session: Session, participant_id: int) -> list[tuple[StatusChange, str | None]]:
    """Each status since registering, newest first, with the code of who noted it; None where it came by itself."""
    query = select(StatusChange, Person.code).outerjoin(Person, StatusChange.person_id == Person.id)
    query = query.where(StatusChange.participant_id == participant_id).order_by(StatusChange.id.desc())
    return [(change, code) for change, code in session.execute(query)]


@dataclass(frozen=True)
class Asked:
    """One task of a participant: at which wave, and the response that was opened for it."""

    task: Task
    wave: str
    token: str | None


def tasks_of(session: Session, participant_id: int) -> list[Asked]:
    """What is asked of a participant, what was begun and what was done, in order of the days."""
    query = select(Task, Wave.code, Response.token).join(Wave, Task.wave_id == Wave.id)
    query = query.outerjoin(Response, Task.response_id == Response.id).where(Task.participant_id == participant_id)
    rows = session.execute(query.order_by(Task.due_on, Task.id))
    return [Asked(task, wave, token) for task, wave, token in rows]


def task_of(session: Session, participant_id: int, wave_id: int, instrument: str) -> Task | None:
    """The task that asks this instrument of a participant at a wave."""
    asked = (Task.participant_id == participant_id, Task.wave_id == wave_id, Task.instrument == instrument)
    return session.scalar(select(Task).where(*asked))
