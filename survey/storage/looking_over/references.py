"""Looking over references: every row that points to another points to one that is there, and of the same study."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Column, Connection, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from survey.storage.looking_over.faults import Fault
from survey.storage.tables import (
    Base,
    Event,
    Meeting,
    Participant,
    Response,
    Segment,
    Task,
    Team,
    Visit,
    Wave,
)

SHOWN = 5
"""Of one kind of fault so many rows are named."""

_DO = "it was changed beside the server; put it back from a backup of before"

_SAME_STUDY: tuple[tuple[type[Base], InstrumentedAttribute[int] | InstrumentedAttribute[int | None]], ...] = (
    (Wave, Response.wave_id),
    (Participant, Response.participant_id),
    (Team, Response.team_id),
    (Meeting, Response.meeting_id),
    (Wave, Task.wave_id),
    (Participant, Task.participant_id),
    (Team, Task.team_id),
    (Meeting, Task.meeting_id),
    (Team, Participant.team_id),
)
"""What is pointed to, and the column that points: both rows belong to one study."""


def reference_faults(connection: Connection, looked: Counter[str]) -> Iterator[Fault]:
    """Every reference to a row that is not there, and every one that leaves its study or response."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            yield from _dangling(connection, key.parent, key.column, looked)
    yield from _other_study(connection)
    for pointing, number in ((Visit, Visit.segment), (Event, Event.segment), (Response, Response.segment)):
        yield from _no_segment(connection, pointing, number, looked)


def _told(connection: Connection, column: Column[int], condition: object, what: str) -> Iterator[Fault]:
    """One fault for all rows of a table for which a condition holds, some of them named."""
    key = column.table.primary_key.columns[0]
    query = select(key).where(condition).order_by(key)  # type: ignore[arg-type]
    found = [str(one)[:16] for one in connection.scalars(query.limit(SHOWN + 1))]
    if found:
        rows = ", ".join(found[:SHOWN]) + (" and others" if len(found) > SHOWN else "")
        yield Fault(f"{column.table.name} {rows}", f"{column.name} {what}", _DO)


def _dangling(connection: Connection, of: Column[int], to: Column[int], looked: Counter[str]) -> Iterator[Fault]:
    looked["references"] += connection.scalar(select(func.count(of))) or 0
    there = to.table.alias()
    missing = and_(of.is_not(None), ~exists().where(there.c[to.name] == of))
    yield from _told(connection, of, missing, f"points to a row of {to.table.name} that is not there")


def _other_study(connection: Connection) -> Iterator[Fault]:
    for pointed, of in _SAME_STUDY:
        column, there = of.property.columns[0], aliased(pointed)
        differs = exists().where(there.id == column, there.study_id != column.table.c.study_id)  # type: ignore[attr-defined]
        yield from _told(connection, column, differs, f"points to a row of {pointed.__tablename__} of another study")
    responses = select(Response.id, Response.study_id, Response.instrument).subquery()
    column = Task.__table__.c.response_id
    differs = exists().where(
        responses.c.id == column,
        (responses.c.study_id != Task.study_id) | (responses.c.instrument != Task.instrument),
    )
    yield from _told(connection, column, differs, "points to a response of another study or instrument")


def _no_segment(
    connection: Connection,
    pointing: type[Base],
    number: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    looked: Counter[str],
) -> Iterator[Fault]:
    column = number.property.columns[0]
    of = column.table.c.id if pointing is Response else column.table.c.response_id
    there = exists().where(Segment.response_id == of, Segment.number == column)
    looked["references"] += connection.scalar(select(func.count(column)).where(column > 0)) or 0
    yield from _told(connection, column, and_(column > 0, ~there), "names a segment that its response does not have")
