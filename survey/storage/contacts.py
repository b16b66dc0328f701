"""Reaching people: attempts with how they went, appointments, and the figures of response that follow from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from survey.planning.statuses import How, Outcome
from survey.storage.scopes import Scope, in_teams
from survey.storage.tables import ContactAttempt, Participant, Person, Task, Wave

REACHED: frozenset[Outcome] = frozenset({"appointment", "call_back", "refused", "ill"})
"""The outcomes after which it is certain that somebody was spoken to."""

PRESSED_TWICE = datetime.timedelta(seconds=10)
"""The same attempt again within this time is the same press of a button."""


@dataclass(frozen=True)
class Contacted:
    """How often somebody was tried to be reached for one wave, and the last time."""

    attempts: int = 0
    last: ContactAttempt | None = None


def contacted(session: Session, participant_ids: Iterable[int]) -> dict[tuple[int, int], Contacted]:
    """Participant id and wave id -> how often they were tried; who was not has no entry."""
    query = select(ContactAttempt).where(ContactAttempt.participant_id.in_(set(participant_ids)))
    found: dict[tuple[int, int], Contacted] = {}
    for one in session.scalars(query.order_by(ContactAttempt.at, ContactAttempt.id)):
        key = (one.participant_id, one.wave_id)
        found[key] = Contacted(found.get(key, Contacted()).attempts + 1, one)
    return found


def attempts(session: Session, participant_id: int, wave_id: int) -> list[tuple[ContactAttempt, str]]:
    """The attempts to reach a participant for a wave, newest first, each with the code of who tried."""
    query = select(ContactAttempt, Person.code).join(Person, ContactAttempt.person_id == Person.id)
    query = query.where(ContactAttempt.participant_id == participant_id, ContactAttempt.wave_id == wave_id)
    rows = session.execute(query.order_by(ContactAttempt.at.desc(), ContactAttempt.id.desc()))
    return [(attempt, code) for attempt, code in rows]


def note_attempt(
    session: Session,
    task: Task,
    by: int,
    now: datetime.datetime,
    *,
    how: How,
    outcome: Outcome,
    again_on: datetime.date | None = None,
) -> bool:
    """Keep an attempt to reach the participant of a task. False where it is the same press of a button once more.

    Raises ValueError where the task is about no participant.
    """
    if task.participant_id is None:
        raise ValueError("attempts are kept of participants only")
    same = {"participant_id": task.participant_id, "wave_id": task.wave_id, "person_id": by}
    said = {"how": how, "outcome": outcome, "again_on": again_on}
    query = select(ContactAttempt).filter_by(**same).order_by(ContactAttempt.id.desc()).limit(1)
    last = session.scalar(query)
    if last is not None and now - last.at < PRESSED_TWICE and all(getattr(last, name) == said[name] for name in said):
        return False
    session.add(ContactAttempt(**same, **said, at=now))
    session.flush()
    return True


def set_appointment(session: Session, task: Task, at: datetime.datetime | None) -> bool:
    """Agree on a moment, on another one, or on none any more. False where it was so already."""
    if task.appointment_at == at:
        return False
    task.appointment_at = at
    session.flush()
    return True


@dataclass(frozen=True)
class OutcomeCount:
    """How reaching participants went for one wave.

    `asked`: participants of whom an interview is or was asked. `tried`: those who were tried at least once, `reached`:
    those of them who were spoken to. `attempts` in all; `outcomes` of all attempts and `last` of each participant's
    last one, both by code.
    """

    wave: str
    asked: int
    tried: int
    reached: int
    attempts: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)


def outcomes(session: Session, study_id: int, teams: Scope = None) -> list[OutcomeCount]:
    """How reaching participants went, wave by wave in order; `teams` narrows it (None: the whole study)."""
    within = and_(Participant.study_id == study_id, in_teams(Participant.team_id, teams))
    asked = select(Task.wave_id, func.count(Task.participant_id.distinct()))
    asked = asked.join(Participant, Task.participant_id == Participant.id)
    asked_of = dict(_pairs(session, asked.where(within, Task.by == "interviewer").group_by(Task.wave_id)))
    people = func.count(ContactAttempt.participant_id.distinct())
    tries = select(ContactAttempt.wave_id, people).join(Participant, ContactAttempt.participant_id == Participant.id)
    tries = tries.where(within)
    tried = dict(_pairs(session, tries.group_by(ContactAttempt.wave_id)))
    spoken = tries.where(ContactAttempt.outcome.in_(REACHED)).group_by(ContactAttempt.wave_id)
    reached = dict(_pairs(session, spoken))
    later = aliased(ContactAttempt)
    no_later = (
        ~select(later.id)
        .where(
            later.participant_id == ContactAttempt.participant_id,
            later.wave_id == ContactAttempt.wave_id,
            later.id > ContactAttempt.id,
        )
        .exists()
    )
    every, last = _by_outcome(session, within), _by_outcome(session, and_(within, no_later))
    waves = session.scalars(select(Wave).where(Wave.study_id == study_id).order_by(Wave.position))
    return [
        OutcomeCount(
            wave.code,
            asked_of.get(wave.id, 0),
            tried.get(wave.id, 0),
            reached.get(wave.id, 0),
            sum(every.get(wave.id, {}).values()),
            every.get(wave.id, {}),
            last.get(wave.id, {}),
        )
        for wave in waves
    ]


def _pairs(session: Session, query: Select[int, int]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in session.execute(query)]


def _by_outcome(session: Session, which: ColumnElement[bool]) -> dict[int, dict[str, int]]:
    """Wave id -> outcome -> how many attempts."""
    query = select(ContactAttempt.wave_id, ContactAttempt.outcome, func.count())
    query = query.join(Participant, ContactAttempt.participant_id == Participant.id).where(which)
    found: dict[int, dict[str, int]] = {}
    for wave_id, outcome, count in session.execute(query.group_by(ContactAttempt.wave_id, ContactAttempt.outcome)):
        found.setdefault(wave_id, {})[outcome] = count
    return found
