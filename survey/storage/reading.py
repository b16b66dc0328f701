"""Reading whole studies for exports: responses, their trail and their events, streamed in a fixed order."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from survey.storage.circumstances import Circumstances, CircumstancesReader
from survey.storage.meetings import not_about
from survey.storage.record import Record, as_record
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import (
    Change,
    Event,
    Meeting,
    Person,
    Query,
    QueryRemark,
    Response,
    Team,
    TextSet,
    Visit,
    Wave,
)

BATCH = 500

_ID = list(Record.__dataclass_fields__).index("id")

AnySelect = Any
"""A select of any columns: the same joins and filters serve several of them."""


@dataclass(frozen=True)
class Selection:
    """Which responses: of one study, of these instruments and waves (None: of all), submitted ones only or all.

    `response` narrows to the one of this token, `teams` to those of these teams (ids). `but_meetings` leaves out what
    was observed of these meetings (ids).
    """

    study_id: int
    instruments: tuple[str, ...] | None = None
    waves: tuple[str, ...] | None = None
    submitted_only: bool = False
    response: str | None = None
    teams: tuple[int, ...] | None = None
    but_meetings: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exported:
    """One response with what an export says about it. `subject` is a participant's or a person's code; so are `team`
    and `meeting`."""

    record: Record
    wave: str
    subject: str
    opened_by: str
    circumstances: Circumstances
    team: str | None = None
    meeting: str | None = None


class TrailRow(NamedTuple):
    """One change, with its response and the person who made it (None: the participant, alone).

    `old` and `new` are JSON, None where nothing was.
    """

    response: str
    instrument: str
    instrument_version: int
    wave: str
    subject: str
    version: int
    at: datetime.datetime
    by: str | None
    kind: str
    page: str | None
    part: str
    unit: str
    old: str | None
    new: str | None
    reason: str | None
    language: str | None
    second_language: str | None


class EventRow(NamedTuple):
    """One event, with its response. `by` is a person's code, None for the participant; `details` are JSON."""

    response: str
    instrument: str
    instrument_version: int
    wave: str
    subject: str
    at: datetime.datetime
    segment: int | None
    kind: str
    by: str | None
    page: str | None
    unit: str | None
    details: str


class RemarkRow(NamedTuple):
    """One thing said about a query, with the response that it is about. `by` is a person's code."""

    response: str
    instrument: str
    instrument_version: int
    wave: str
    subject: str
    query: int
    unit: str
    status: str
    at: datetime.datetime
    by: str
    words: str


def _chosen(query: AnySelect, selection: Selection) -> AnySelect:
    query = query.where(Response.study_id == selection.study_id)
    if selection.instruments is not None:
        query = query.where(Response.instrument.in_(selection.instruments))
    if selection.waves is not None:
        query = query.where(Wave.code.in_(selection.waves))
    if selection.response is not None:
        query = query.where(Response.token == selection.response)
    if selection.teams is not None:
        query = query.where(Response.team_id.in_(selection.teams))
    if selection.submitted_only:
        query = query.where(Response.submitted_at.is_not(None))
    return query.where(not_about(selection.but_meetings))


_OPENER = aliased(Person)
_ORDER = (Response.instrument, SUBJECT, Wave.position, Response.id)


def _joined(query: AnySelect) -> AnySelect:
    query = query.join(Wave, Response.wave_id == Wave.id).join(_OPENER, Response.opened_by == _OPENER.id)
    return with_subjects(query, Response)


def exported(session: Session, selection: Selection) -> Iterator[Exported]:
    """The responses by instrument, subject and wave; read in batches, so that memory does not grow with them."""
    fields = [getattr(Response, name) for name in Record.__dataclass_fields__]
    placed = (Wave.code, SUBJECT, _OPENER.code, Team.code, Meeting.code)
    query = _joined(select(*fields, *placed).select_from(Response))
    query = query.outerjoin(Team, Response.team_id == Team.id).outerjoin(Meeting, Response.meeting_id == Meeting.id)
    rows = session.execute(_chosen(query, selection).order_by(*_ORDER).execution_options(yield_per=BATCH))
    reader = CircumstancesReader(session)
    while batch := rows.fetchmany(BATCH):
        circumstances = reader.read([row[_ID] for row in batch])
        for row in batch:
            wave, subject, opened_by, team, meeting = row[-5:]
            yield Exported(as_record(row[:-5]), wave, subject, opened_by, circumstances.pop(row[_ID]), team, meeting)
        # Else one batch would wait in memory while the next is read.
        del batch, row


@dataclass(frozen=True)
class Count:
    """How many responses of one instrument version there are at one wave, and how many of them were submitted."""

    instrument: str
    version: int
    wave: str
    responses: int
    submitted: int


def counts(session: Session, selection: Selection) -> list[Count]:
    """The numbers of responses by instrument, wave and version."""
    kinds = (Response.instrument, Response.instrument_version, Wave.code, Wave.position)
    query = select(*kinds[:3], func.count(), func.count(Response.submitted_at)).join(Wave, Response.wave_id == Wave.id)
    query = _chosen(query, selection).group_by(*kinds)
    rows = session.execute(query.order_by(Response.instrument, Wave.position, Response.instrument_version))
    return [Count(*row) for row in rows]


def trail(session: Session, selection: Selection) -> Iterator[TrailRow]:
    """Every change of these responses, in the order in which each response got them."""
    languages = {row.sha256: row.language for row in session.execute(select(TextSet.sha256, TextSet.language))}
    author = aliased(Person)
    query: AnySelect = select(
        Response.token, Response.instrument, Response.instrument_version, Wave.code, SUBJECT,
        Change.version, Visit.at, author.code, Visit.kind, Visit.page,
        Change.part, Change.unit, Change.old, Change.new, Change.reason, Visit.texts, Visit.second_texts,
        Visit.layout,
    )  # fmt: skip
    query = _joined(query.select_from(Change).join(Response, Change.response_id == Response.id))
    query = query.join(Visit, Change.visit_id == Visit.id).outerjoin(author, Visit.person_id == author.id)
    rows = session.execute(_chosen(query, selection).order_by(*_ORDER, Change.id).execution_options(yield_per=BATCH))
    for *change, first, second, layout in rows:
        # The texts of both languages are kept, also where one of them was put away for a while.
        first, second = languages.get(first), languages.get(second)
        yield TrailRow._make(
            (*change, None if layout == "participant" and second else first, None if layout == "staff" else second)
        )


def response_trail(session: Session, study_id: int, token: str) -> list[TrailRow]:
    """Every change of one response, oldest first."""
    return list(trail(session, Selection(study_id, response=token)))


def events(session: Session, selection: Selection) -> Iterator[EventRow]:
    """What happened during these responses beside their answers, in the order in which it happened in each."""
    person = aliased(Person)
    query: AnySelect = select(
        Response.token, Response.instrument, Response.instrument_version, Wave.code, SUBJECT,
        Event.at, Event.segment, Event.kind, person.code, Event.page, Event.unit, Event.details,
    )  # fmt: skip
    query = _joined(query.select_from(Event).join(Response, Event.response_id == Response.id))
    query = query.outerjoin(person, Event.person_id == person.id)
    rows = session.execute(_chosen(query, selection).order_by(*_ORDER, Event.id).execution_options(yield_per=BATCH))
    for row in rows:
        yield EventRow._make(row)


def remarks(session: Session, selection: Selection) -> Iterator[RemarkRow]:
    """What was said about the queries on these responses, query by query in the order in which it was said."""
    person = aliased(Person)
    query: AnySelect = select(
        Response.token, Response.instrument, Response.instrument_version, Wave.code, SUBJECT,
        Query.id, Query.unit, QueryRemark.status, QueryRemark.at, person.code, QueryRemark.words,
    )  # fmt: skip
    query = query.select_from(QueryRemark).join(Query, QueryRemark.query_id == Query.id)
    query = _joined(query.join(Response, Query.response_id == Response.id))
    query = query.join(person, QueryRemark.person_id == person.id)
    rows = session.execute(
        _chosen(query, selection).order_by(*_ORDER, Query.id, QueryRemark.id).execution_options(yield_per=BATCH)
    )
    for row in rows:
        yield RemarkRow._make(row)


def _chosen_participants(selection: Selection) -> AnySelect:
    query = select(Response.participant_id).join(Wave, Response.wave_id == Wave.id)
    return _chosen(query, selection).where(Response.participant_id.is_not(None)).distinct()


def participants_chosen(session: Session, selection: Selection) -> int:
    """How many participants have one of these responses."""
    return session.scalar(select(func.count()).select_from(_chosen_participants(selection).subquery())) or 0


def documents_of_chosen(
    session: Session, selection: Selection, instrument: str, wave: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Instrument version and answers of one instrument at one wave, of who has one of the selected responses.

    Their response to it need not be among those that are selected; with `submitted_only` it is handed in.
    """
    query = select(Response.instrument_version, Response.document).join(Wave, Response.wave_id == Wave.id)
    # A set to look in: joined to it, SQLite would go through all of it for every row.
    query = query.where(Response.participant_id.in_(_chosen_participants(selection).correlate(None)))
    only = Selection(selection.study_id, (instrument,), (wave,), selection.submitted_only, teams=selection.teams)
    for version, document in session.execute(_chosen(query, only).execution_options(yield_per=BATCH)):
        yield version, json.loads(document)["answers"]
