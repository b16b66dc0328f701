"""Queries: a researcher's question about one answer, what was said about it since, and where it stands."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, false, func, insert, or_, select
from sqlalchemy.orm import Session

from survey.storage.meetings import not_about
from survey.storage.record import Record
from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Person, Query, QueryRemark, Response, Study, Wave

Status = Literal["open", "answered", "closed"]
STATUSES: tuple[Status, ...] = get_args(Status)

LONGEST = 2000
"""So many signs are kept of what is said."""

PRESSED_TWICE = datetime.timedelta(seconds=10)
"""The same words again within this time are the same press of a button."""

AnySelect = Any


class NoWords(ValueError):
    """A query, an answer to it, and opening it again need words."""


class NotNow(ValueError):
    """A query that stands like this cannot become that."""


FROM: Mapping[Status, frozenset[Status]] = {
    "open": frozenset({"answered", "closed"}),
    "answered": frozenset({"open", "answered"}),
    "closed": frozenset({"open", "answered"}),
}
"""Status -> from which ones a query can come to it."""


def ask(session: Session, record: Record, unit: str, words: str, by: int, now: datetime.datetime) -> int:
    """The id of a new query about one unit of a response; the same one again for a button pressed twice.

    Raises NoWords.
    """
    said = _tidied(words)
    if not said:
        raise NoWords
    before = select(Query.id).join(QueryRemark, QueryRemark.query_id == Query.id)
    before = before.where(Query.response_id == record.id, Query.unit == unit, Query.asked_at > now - PRESSED_TWICE)
    there = session.scalar(before.where(QueryRemark.person_id == by, QueryRemark.words == said))
    if there is not None:
        return there
    query = Query(study_id=record.study_id, response_id=record.id, unit=unit, asked_at=now, changed_at=now)
    session.add(query)
    session.flush()
    _remark(session, query.id, "open", said, by, now)
    return query.id


def remark(session: Session, query: Query, status: Status, words: str, by: int, now: datetime.datetime) -> None:
    """Say something about a query, which stands so from then on. Raises NoWords and NotNow. Closing needs no words."""
    if query.status not in FROM[status]:
        raise NotNow
    said = _tidied(words)
    if not said and status != "closed":
        raise NoWords
    query.status, query.changed_at = status, now
    _remark(session, query.id, status, said, by, now)
    session.flush()


def _tidied(words: str) -> str:
    return words.strip()[:LONGEST]


def _remark(session: Session, query_id: int, status: Status, words: str, by: int, now: datetime.datetime) -> None:
    row = {"query_id": query_id, "status": status, "words": words, "person_id": by, "at": now}
    session.execute(insert(QueryRemark), row)


@dataclass(frozen=True)
class Remark:
    """One thing said about a query: by whom (a code), when, and how it stands since."""

    status: Status
    words: str
    by: str
    at: datetime.datetime


def query_with(session: Session, study_id: int, query_id: int, *, for_writing: bool = False) -> Query | None:
    """The query of this number in this study."""
    query = select(Query).where(Query.id == query_id, Query.study_id == study_id)
    return session.scalar(query.with_for_update() if for_writing else query)


def remarks(session: Session, query_ids: Collection[int]) -> dict[int, list[Remark]]:
    """Query id -> what was said about it, oldest first."""
    query: AnySelect = select(QueryRemark.query_id, QueryRemark.status, QueryRemark.words, Person.code, QueryRemark.at)
    query = query.join(Person, QueryRemark.person_id == Person.id).where(QueryRemark.query_id.in_(query_ids))
    found: dict[int, list[Remark]] = {}
    for query_id, *remark_of in session.execute(query.order_by(QueryRemark.id)):
        found.setdefault(query_id, []).append(Remark(*remark_of))
    return found


@dataclass(frozen=True)
class OnPage:
    """A query as it is shown beside its question: its number, where it stands, and what was said last by whom."""

    id: int
    unit: str
    status: Status
    words: str
    by: str


def on_pages(session: Session, response_id: int) -> list[OnPage]:
    """The queries about a response that are not closed, with the words that were said last."""
    newest = select(func.max(QueryRemark.id)).where(QueryRemark.query_id == Query.id).correlate(Query).scalar_subquery()
    query: AnySelect = select(Query.id, Query.unit, Query.status, QueryRemark.words, Person.code)
    query = query.join(QueryRemark, QueryRemark.id == newest).join(Person, QueryRemark.person_id == Person.id)
    query = query.where(Query.response_id == response_id, Query.status != "closed")
    return [OnPage(*row) for row in session.execute(query.order_by(Query.id))]


@dataclass(frozen=True)
class Reach:
    """Which responses of a study somebody fills in.

    `teams`: those in which they interview, None for the whole study. `led`: instruments about professionals that an
    interviewer leads. `own`: instruments that they fill in about their own work.
    """

    study_id: int
    person_id: int
    teams: Scope = frozenset()
    led: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def condition(self) -> ColumnElement[bool]:
        """The same for the database, over responses."""
        team = and_(Response.study_id == self.study_id, in_teams(Response.team_id, self.teams))
        participants = and_(Response.participant_id.is_not(None), Response.mode == "signed_in")
        led = and_(Response.person_id.is_not(None), Response.instrument.in_(sorted(self.led)))
        own = and_(Response.study_id == self.study_id, Response.person_id == self.person_id)
        return or_(and_(team, or_(participants, led)), and_(own, Response.instrument.in_(sorted(self.own))))


@dataclass(frozen=True)
class Wanted:
    """Which queries: of a study or within these reaches, of one response, narrowed further where something is given."""

    study_id: int | None = None
    teams: Scope = None
    response_id: int | None = None
    unit: str | None = None
    reaches: tuple[Reach, ...] | None = None
    but_meetings: tuple[int, ...] = ()
    """What observers wrote about these meetings (ids) is left out."""
    narrowed: Mapping[str, str] = field(default_factory=dict)
    """By `status`, `instrument`, `wave` (a code) and `code`, with which a subject's begins."""


@dataclass(frozen=True)
class QueryRow:
    """One query in a list. `wave` is a title, `subject` a participant's or a person's code, `words` what was asked."""

    id: int
    study: str
    study_title: str
    token: str
    instrument: str
    instrument_version: int
    unit: str
    wave: str
    subject: str
    status: Status
    asked_at: datetime.datetime
    changed_at: datetime.datetime
    words: str


SORTS: Mapping[str, ColumnElement[Any]] = {
    "changed": Query.changed_at.expression,
    "asked": Query.asked_at.expression,
    "code": SUBJECT,
    "instrument": Response.instrument.expression,
    "status": Query.status.expression,
}
"""What a list can be sorted by."""


def rows(
    session: Session, wanted: Wanted, limit: int, offset: int = 0, sort: str = "changed", descending: bool = True
) -> list[QueryRow]:
    """A page of these queries."""
    first = select(func.min(QueryRemark.id)).where(QueryRemark.query_id == Query.id).correlate(Query).scalar_subquery()
    query: AnySelect = select(
        Query.id, Study.slug, Study.title, Response.token, Response.instrument, Response.instrument_version, Query.unit,
        Wave.title, SUBJECT, Query.status, Query.asked_at, Query.changed_at, QueryRemark.words,
    )  # fmt: skip
    query = _joined(query.select_from(Query), wanted).join(QueryRemark, QueryRemark.id == first)
    by = SORTS[sort]
    order = (by.desc(), Query.id.desc()) if descending else (by, Query.id)
    return [QueryRow(*row) for row in session.execute(query.order_by(*order).limit(limit).offset(offset))]


def count(session: Session, wanted: Wanted) -> int:
    """How many these are."""
    return session.scalar(_joined(select(func.count()).select_from(Query), wanted)) or 0


def _joined(query: AnySelect, wanted: Wanted) -> AnySelect:
    query = query.join(Response, Query.response_id == Response.id).join(Study, Query.study_id == Study.id)
    query = with_subjects(query.join(Wave, Response.wave_id == Wave.id), Response)
    if wanted.study_id is not None:
        query = query.where(Query.study_id == wanted.study_id)
    query = query.where(in_teams(Response.team_id, wanted.teams), not_about(wanted.but_meetings))
    if wanted.response_id is not None:
        query = query.where(Query.response_id == wanted.response_id)
    if wanted.unit is not None:
        query = query.where(Query.unit == wanted.unit)
    if wanted.reaches is not None:
        query = query.where(or_(false(), *(reach.condition() for reach in wanted.reaches)))
    return query.where(*_narrowed(wanted.narrowed))


def _narrowed(narrowed: Mapping[str, str]) -> Iterable[ColumnElement[bool]]:
    for name, value in narrowed.items():
        if not value:
            continue
        if name == "code":
            yield SUBJECT.startswith(value.upper(), autoescape=True)
        else:
            yield {"status": Query.status, "instrument": Response.instrument, "wave": Wave.code}[name] == value


def open_queries_for(session: Session, reaches: Iterable[Reach], limit: int = 5) -> tuple[list[QueryRow], int]:
    """The open queries about responses within these reaches, the longest waiting first, and how many there are."""
    wanted = Wanted(reaches=tuple(reaches), narrowed={"status": "open"})
    found = count(session, wanted)
    return (rows(session, wanted, limit, sort="asked", descending=False) if found else []), found


def status_counts(session: Session, study_id: int, teams: Scope = None) -> dict[Status, int]:
    """How many queries of a study stand how."""
    query: AnySelect = select(Query.status, func.count()).join(Response, Query.response_id == Response.id)
    query = query.where(Query.study_id == study_id, in_teams(Response.team_id, teams))
    found = {row[0]: row[1] for row in session.execute(query.group_by(Query.status))}
    return {status: found.get(status, 0) for status in STATUSES}
