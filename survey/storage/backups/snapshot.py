"""A look at the whole database as it was at one moment, while others go on writing; and its rows as plain values."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table

from survey.storage.database import Database
from survey.storage.tables import Base

Plain = str | int | float | bool | None
"""A value as JSON has it."""


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A connection that sees one moment of the database to its end, and changes nothing.

    On SQLite the write-ahead log gives that to any transaction; on PostgreSQL the transaction asks for it. Nobody who
    writes waits for it.
    """
    with database.engine.connect() as plain:
        if not database.sqlite:
            plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with plain.begin() as transaction:
            yield plain
            transaction.rollback()


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they stand in the database, whatever its revision; what is pointed to before what points to it."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in Base.metadata.tables)
    return found.sorted_tables


def kind_of(column: sa.Column[Any]) -> str:
    """The kind of values of a column: "moment", "day", "yes_no", "bytes", "number" or "text". Raises ValueError."""
    for kind, of in _KINDS.items():
        if isinstance(column.type, of):
            return kind
    raise ValueError(f"{column.table.name}.{column.name} has a type that no column of ours has")


# Booleans and moments first: some dialects make them of the types that come after.
_KINDS: dict[str, type | tuple[type, ...]] = {
    "yes_no": sa.Boolean,
    "moment": sa.DateTime,
    "day": sa.Date,
    "bytes": sa.LargeBinary,
    "number": sa.Integer,
    "text": sa.String,
}


def _moment(value: datetime.datetime) -> str:
    # SQLite keeps moments in UTC without saying so.
    aware = value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)
    return aware.isoformat(timespec="microseconds")


PLAIN: dict[str, Callable[[Any], Plain]] = {
    "yes_no": bool,
    "moment": _moment,
    "day": datetime.date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "number": int,
    "text": str,
}
"""By kind: a value of the database as JSON has it."""


def _typed(kind: type) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        # True is a whole number to Python, and none here.
        if type(value) is not kind:
            raise ValueError(f"{kind.__name__} wanted")
        return value

    return checked


REAL: dict[str, Callable[[Any], Any]] = {
    "yes_no": _typed(bool),
    "moment": datetime.datetime.fromisoformat,
    "day": datetime.date.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "number": _typed(int),
    "text": _typed(str),
}
"""By kind: the value of the database for one as JSON has it. Raises ValueError or TypeError."""


def rows_of(connection: Connection, table: Table) -> Iterator[list[Plain]]:
    """The rows of a table in the order of its key, with values as JSON has them, read a few at a time."""
    kinds = [PLAIN[kind_of(column)] for column in table.columns]
    # A recording of a text can be as large as a request: only a few of them are held at a time.
    at_a_time = 10 if any(isinstance(column.type, sa.LargeBinary) for column in table.columns) else 500
    query = sa.select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": at_a_time}):
        yield [None if value is None else plain(value) for plain, value in zip(kinds, row, strict=True)]
