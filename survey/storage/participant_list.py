"""A list of participants, narrowed and sorted by the database: a page at a time, also of ten thousand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from survey.planning.statuses import STATUSES
from survey.storage.scopes import Scope, in_teams
from survey.storage.standings import ASKED_STILL
from survey.storage.tables import Participant, Task, Team, Wave

SORTS = ("registered", "code", "team", "status", "language", "next")
"""What the list can be sorted by."""


@dataclass(frozen=True)
class Narrowed:
    """Which participants of a study: of teams within reach (None for all), and what was chosen beside; "" is any."""

    study_id: int
    teams: Scope = None
    code: str = ""
    status: str = ""
    team: str = ""
    language: str = ""
    interviewer_id: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        found = [Participant.study_id == self.study_id, in_teams(Participant.team_id, self.teams)]
        if self.code:
            found.append(Participant.code.startswith(self.code, autoescape=True))
        if self.status:
            found.append(Participant.status == self.status)
        if self.team:
            team = select(Team.id).where(Team.study_id == self.study_id, Team.code == self.team)
            found.append(Participant.team_id == team.correlate(None).scalar_subquery())
        if self.language:
            found.append(Participant.language == self.language)
        if self.interviewer_id is not None:
            found.append(Participant.interviewer_id == self.interviewer_id)
        return found


@dataclass(frozen=True)
class Next:
    """What is asked of a participant first: one instrument at one wave, and its window."""

    instrument: str
    wave: str
    by: str
    opens_on: datetime.date
    due_on: datetime.date
    closes_on: datetime.date
    begun: bool


def count(session: Session, narrowed: Narrowed) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Participant).where(*narrowed.conditions())) or 0


def listed(
    session: Session, narrowed: Narrowed, sort: str, descending: bool, limit: int, offset: int
) -> list[tuple[Participant, str | None]]:
    """A page of participants, each with the title of the team. `sort` is one of SORTS."""
    query = select(Participant, Team.title).outerjoin(Team, Participant.team_id == Team.id)
    by = _sorted_by(sort)
    # The newest stands first where nothing else decides; what has nothing to sort by stands last either way.
    order = [by.is_(None), by.desc() if descending else by, Participant.id.desc()]
    rows = session.execute(query.where(*narrowed.conditions()).order_by(*order).limit(limit).offset(offset))
    return [(participant, title) for participant, title in rows]


def _sorted_by(sort: str) -> ColumnElement[Any]:
    # What is next is looked up for each participant by its index: as fast where the database knows no figures yet.
    due = select(func.min(Task.due_on)).where(Task.participant_id == Participant.id, *ASKED_STILL)
    columns: dict[str, ColumnElement[Any]] = {
        "registered": Participant.registered_at.expression,
        "code": Participant.code.expression,
        "team": Team.title.expression,
        "status": case({status: place for place, status in enumerate(STATUSES)}, value=Participant.status),
        "language": Participant.language.expression,
        "next": due.correlate(Participant).scalar_subquery(),
    }
    return columns[sort]


def next_tasks(session: Session, participant_ids: Sequence[int]) -> dict[int, Next]:
    """Participant id -> what is asked first, of those of whom something is still asked."""
    query = select(Task, Wave.code).join(Wave, Task.wave_id == Wave.id)
    query = query.where(Task.participant_id.in_(participant_ids), *ASKED_STILL)
    found: dict[int, Next] = {}
    for task, wave in session.execute(query.order_by(Task.due_on, Task.id)):
        if task.participant_id is not None and task.participant_id not in found:
            found[task.participant_id] = Next(
                task.instrument, wave, task.by, task.opens_on, task.due_on, task.closes_on, task.begun_at is not None
            )
    return found
