"""How far teams are: counts of participants, tasks and meetings, without answers and without participants' codes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.planning.due import Standing
from survey.planning.observing import MEETING_STATES
from survey.planning.statuses import LEFT
from survey.storage.colleagues import colleagues
from survey.storage.meetings import Which, meeting_count
from survey.storage.scopes import Scope
from survey.storage.standings import LISTED, standing_of
from survey.storage.tables import Participant, Person, Task, Team, Wave

SORTS = ("closes_on", "code", "wave")
"""The columns by which coaches' questionnaires can be sorted."""


@dataclass(frozen=True)
class TeamCount:
    """How many participants of a team stand how. `left`: said no, stopped or withdrew, all in one number: who it was
    and why is theirs, and in a small team a number apart would tell."""

    team: Team | None
    approached: int = 0
    active: int = 0
    finished: int = 0
    left: int = 0


def team_counts(session: Session, study_id: int, teams: Sequence[Team], *, whole: bool) -> list[TeamCount]:
    """The participants of these teams; `whole`: also of those who are in no team,
    where there are any or there are no teams."""
    query = select(Participant.team_id, Participant.status, func.count()).where(Participant.study_id == study_id)
    found: dict[int | None, dict[str, int]] = {}
    for team_id, status, count in session.execute(query.group_by(Participant.team_id, Participant.status)):
        name = "left" if status in LEFT else status
        mine = found.setdefault(team_id, {})
        mine[name] = mine.get(name, 0) + count
    rows = [TeamCount(team, **found.get(team.id, {})) for team in teams]
    if whole and (None in found or not teams):
        rows.append(TeamCount(None, **found.get(None, {})))
    return rows


@dataclass(frozen=True)
class CoachTask:
    """One questionnaire of a coach about the own work: by the coach's code, since the leader has to remind them."""

    code: str
    wave: str
    instrument: str
    closes_on: datetime.date
    standing: Standing


def coaches_in(session: Session, study_id: int, teams: Scope) -> list[int]:
    """The ids of those who coach in one of these teams; None for the whole study."""
    return [
        one.id
        for one in colleagues(session, study_id, "coach")
        if teams is None or one.teams is None or one.teams & teams
    ]


def _of_coaches(query: Any, study_id: int, coaches: Sequence[int], today: datetime.date, standing: str) -> Any:
    query = query.where(Task.study_id == study_id, Task.person_id.in_(coaches), Task.by == "coach")
    return query.where(standing_of(today) == standing if standing else LISTED)


def coach_tasks(
    session: Session,
    study_id: int,
    coaches: Sequence[int],
    today: datetime.date,
    limit: int,
    offset: int = 0,
    *,
    standing: str = "",
    sort: str = "closes_on",
    descending: bool = False,
) -> list[CoachTask]:
    """Coaches' own questionnaires, a page of them; `standing` narrows to those that stand so."""
    query = select(Person.code, Wave.code, Task.instrument, Task.closes_on, standing_of(today))
    query = query.select_from(Task).join(Person, Task.person_id == Person.id).join(Wave, Task.wave_id == Wave.id)
    column = {"closes_on": Task.closes_on, "code": Person.code, "wave": Wave.position}[sort]
    query = _of_coaches(query, study_id, coaches, today, standing)
    order = (column.desc() if descending else column.asc(), Person.code, Task.id)
    return [CoachTask(*row) for row in session.execute(query.order_by(*order).limit(limit).offset(offset))]


def coach_task_counts(
    session: Session, study_id: int, coaches: Sequence[int], today: datetime.date
) -> dict[Standing, int]:
    """How many of coaches' own questionnaires stand how."""
    stands = standing_of(today)
    query = _of_coaches(select(stands, func.count()).select_from(Task), study_id, coaches, today, "")
    return dict(session.execute(query.group_by(stands)).all())


@dataclass(frozen=True)
class MeetingCounts:
    """Meetings that are planned, that are being observed, and of which all observers handed in."""

    planned: int
    begun: int
    observed: int


def meeting_counts(session: Session, study_id: int, teams: Scope) -> MeetingCounts:
    """The team meetings of these teams; None for the whole study."""
    # Nobody has the number 0: only the teams count.
    by = {state: meeting_count(session, Which(study_id, 0, teams, state=state)) for state in MEETING_STATES}
    return MeetingCounts(
        by["nobody"] + by["planned"], by["observed"] + by["waiting"], by["to_settle"] + by["settled"] + by["single"]
    )
