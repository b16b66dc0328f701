"""The list of who fills in alone: tasks by coaches and participants, each with how its personal link stands."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from survey.storage.links import ALONE, STATES, State, state_of
from survey.storage.scopes import Scope, in_teams
from survey.storage.standings import LISTED
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import PersonalLink, Task, Team, Wave

SORTS = ("due", "code", "state", "sent")


@dataclass(frozen=True)
class Row:
    """One task and its newest link. `code`: whose task it is."""

    task_id: int
    code: str
    by: str
    instrument: str
    wave: str
    team: str | None
    opens_on: datetime.date
    due_on: datetime.date
    state: State
    made_at: datetime.datetime | None
    reminded_at: datetime.datetime | None
    expires_at: datetime.datetime | None


@dataclass(frozen=True)
class Reach:
    """What the asking person may see: for each of "coach" and "participant" the teams, None for the whole study."""

    scopes: Mapping[str, Scope]

    def where(self) -> ColumnElement[bool]:
        """The condition on tasks."""
        return or_(false(), *(and_(Task.by == by, in_teams(Task.team_id, scope)) for by, scope in self.scopes.items()))


def _query(
    study_id: int, reach: Reach, filters: Mapping[str, str], now: datetime.datetime
) -> tuple[Select[Any], dict[str, Any]]:
    newest = (
        select(PersonalLink.task_id, func.max(PersonalLink.id).label("id"))
        .where(PersonalLink.kiosk.is_(False))
        .group_by(PersonalLink.task_id)
        .subquery()
    )
    state = case(
        (Task.done_at.is_not(None), "done"),
        (PersonalLink.id.is_(None), "none"),
        else_=state_of(now),
    )
    query = (
        select(
            Task.id, SUBJECT, Task.by, Task.instrument, Wave.title, Team.title, Task.opens_on, Task.due_on, state,
            PersonalLink.made_at, PersonalLink.reminded_at, PersonalLink.expires_at,
        )
        .join(Wave, Task.wave_id == Wave.id)
        .outerjoin(newest, newest.c.task_id == Task.id)
        .outerjoin(PersonalLink, PersonalLink.id == newest.c.id)
        .outerjoin(Team, Task.team_id == Team.id)
        .where(Task.study_id == study_id, Task.by.in_(ALONE), Task.dropped_at.is_(None), reach.where())
    )  # fmt: skip
    query = with_subjects(query, Task)
    if filters.get("code"):
        query = query.where(SUBJECT.startswith(filters["code"].upper(), autoescape=True))
    if filters.get("state"):
        query = query.where(state == filters["state"])
    if filters.get("by"):
        query = query.where(Task.by == filters["by"])
    if filters.get("wave"):
        query = query.where(Wave.code == filters["wave"])
    order = case({name: number for number, name in enumerate(STATES)}, value=state)
    return query, {"due": Task.due_on, "code": SUBJECT, "state": order, "sent": PersonalLink.made_at}


def row_count(session: Session, study_id: int, reach: Reach, filters: Mapping[str, str], now: datetime.datetime) -> int:
    """How many tasks the list has."""
    query, _ = _query(study_id, reach, filters, now)
    return session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def rows(
    session: Session,
    study_id: int,
    reach: Reach,
    filters: Mapping[str, str],
    now: datetime.datetime,
    sort: str = "due",
    *,
    descending: bool = False,
    limit: int = 25,
    offset: int = 0,
) -> list[Row]:
    """One page of the list."""
    query, columns = _query(study_id, reach, filters, now)
    column = columns[sort if sort in SORTS else "due"]
    order = column.desc() if descending else column.asc()
    found = session.execute(query.order_by(order, Task.id).limit(limit).offset(offset))
    return [Row(*row) for row in found]


def open_tasks(session: Session, study_id: int, person_id: int, by: str) -> Collection[Task]:
    """What a person fills in about their own work in a study, the most urgent first; done ones last."""
    query = select(Task).where(
        Task.study_id == study_id,
        Task.person_id == person_id,
        Task.by == by,
        Task.meeting_id.is_(None),
        LISTED,
    )
    return list(session.scalars(query.order_by(Task.done_at.is_not(None), Task.due_on, Task.id)))
