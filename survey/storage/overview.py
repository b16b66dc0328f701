"""Lists of responses without their answers: who, what, when, how far."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Query, Response, Team, Wave


@dataclass(frozen=True)
class ResponseRow:
    """One response in a list. `queries` counts those that are not closed; `team` is a title."""

    token: str
    instrument: str
    instrument_version: int
    wave: str
    subject: str
    team: str | None
    version: int
    started_at: datetime.datetime
    submitted_at: datetime.datetime | None
    locked_at: datetime.datetime | None
    mode: str
    queries: int


@dataclass(frozen=True)
class Wanted:
    """Which responses of a study: of these teams (None: of all), narrowed further where something is given.

    By `instrument`, `wave` (a code), `state` ("handed_in", "started", "locked", "queried") and `code`,
    with which a subject's begins.
    """

    study_id: int
    teams: Scope = None
    narrowed: Mapping[str, str] = field(default_factory=dict)


STATES = ("handed_in", "started", "locked", "queried")

_QUERIES = (
    select(func.count())
    .where(Query.response_id == Response.id, Query.status != "closed")
    .correlate(Response)
    .scalar_subquery()
)

SORTS: Mapping[str, Any] = {
    "begun": Response.id,
    "code": SUBJECT,
    "instrument": Response.instrument,
    "wave": Wave.position,
    "handed_in": Response.submitted_at,
}
"""What a list can be sorted by."""


def response_rows(
    session: Session, wanted: Wanted, limit: int, offset: int = 0, sort: str = "begun", descending: bool = True
) -> list[ResponseRow]:
    """A page of these responses."""
    by = SORTS[sort]
    # The documents are long. First which rows, by what is needed for that, and only then what is shown of them.
    ids = _joined(select(Response.id), wanted, {sort})
    # What was not handed in stands last in either order, on either database.
    order = (by.desc() if descending else by.asc()).nulls_last()
    ids = ids.order_by(order, Response.id.desc()).limit(limit).offset(offset)
    page = list(session.scalars(ids))
    shown = (
        Response.id, Response.token, Response.instrument, Response.instrument_version, Wave.title, SUBJECT, Team.title,
        Response.version, Response.started_at, Response.submitted_at, Response.locked_at, Response.mode, _QUERIES,
    )  # fmt: skip
    query = with_subjects(select(*shown).join(Wave, Response.wave_id == Wave.id), Response)
    query = query.outerjoin(Team, Response.team_id == Team.id).where(Response.id.in_(page))
    found = {row[0]: ResponseRow(*row[1:]) for row in session.execute(query)}
    return [found[one] for one in page]


def response_count(session: Session, wanted: Wanted) -> int:
    """How many these are."""
    return session.scalar(_joined(select(func.count(Response.id)), wanted, set())) or 0


def _joined(query: Any, wanted: Wanted, sorts: set[str]) -> Any:
    narrowed = {name: value for name, value in wanted.narrowed.items() if value}
    query = query.select_from(Response)
    query = query.where(Response.study_id == wanted.study_id, in_teams(Response.team_id, wanted.teams))
    if {"wave"} & (narrowed.keys() | sorts):
        query = query.join(Wave, Response.wave_id == Wave.id)
    if {"code"} & (narrowed.keys() | sorts):
        query = with_subjects(query, Response)
    return query.where(*(_condition(name, value) for name, value in narrowed.items()))


def _condition(name: str, value: str) -> ColumnElement[bool]:
    conditions: dict[str, Callable[[], ColumnElement[bool]]] = {
        "instrument": lambda: Response.instrument == value,
        "wave": lambda: Wave.code == value,
        "code": lambda: SUBJECT.startswith(value.upper(), autoescape=True),
        "state": lambda: {
            "handed_in": Response.submitted_at.is_not(None),
            "started": Response.submitted_at.is_(None),
            "locked": Response.locked_at.is_not(None),
            "queried": Response.id.in_(select(Query.response_id).where(Query.status != "closed")),
        }[value],
    }
    return conditions[name]()


def instruments(session: Session, study_id: int, teams: Scope = None) -> list[str]:
    """The instruments of which a study has responses within these teams (None: all)."""
    query = select(Response.instrument).where(Response.study_id == study_id, in_teams(Response.team_id, teams))
    return list(session.scalars(query.distinct().order_by(Response.instrument)))
