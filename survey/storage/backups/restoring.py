"""Putting a backup back into an empty database, of either kind: all of it or nothing, and then brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from survey.storage.backups.backup import Manifest, begin_of, read_back
from survey.storage.backups.snapshot import REAL, kind_of, revision_of, tables_of
from survey.storage.database import MIGRATIONS, Database
from survey.storage.tables import AuditHead

AT_A_TIME = 200

Why = Literal["not_empty", "newer", "other_tables", "refused"]
"""There is something in the database; the backup is of a version that this one does not know; its tables are not those
of its revision; the database does not take a row."""


class CannotRestore(Exception):
    """A backup is not put back, and why; `what` is a table, or the version that made it. Nothing was changed."""

    def __init__(self, why: Why, what: str = "") -> None:
        self.why: Why = why
        self.what = what
        super().__init__(f"{why}: {what}")


def restore(database: Database, path: Path, key: bytes) -> Manifest:
    """Put a backup back, and bring the tables to the present revision. All is checked before anything is written.

    Raises CannotRestore; Unreadable and OSError for the file; DBAPIError where the database goes away.
    """
    begin = begin_of(path, key)
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if begin.revision not in known:
        raise CannotRestore("newer", begin.version)
    checked = read_back(path, key)
    _make_room(database, begin.revision)
    with database.writing() as session:
        connection = session.connection()
        tables = {table.name: table for table in tables_of(connection)}
        if tables.keys() != checked.parts.keys():
            raise CannotRestore("other_tables", ", ".join(sorted(tables.keys() ^ checked.parts.keys())))

        def receive(name: str, columns: list[tuple[str, str]], rows: Iterator[list[Any]]) -> None:
            _insert(connection, tables[name], columns, rows)

        restored = read_back(path, key, receive)
        if not database.sqlite:
            for table in tables.values():
                _count_on(connection, table)
    database.upgrade()
    return restored


def _make_room(database: Database, revision: str) -> None:
    """Tables of a revision with nothing in them. Raises CannotRestore where somebody's rows are there."""
    with database.engine.connect() as connection:
        found = revision_of(connection)
        for table in tables_of(connection):
            # The head of the chain is a row that comes with its table.
            if table.name != AuditHead.__tablename__ and connection.execute(sa.select(table).limit(1)).first():
                raise CannotRestore("not_empty", table.name)
    if found is not None and found != revision:
        database.downgrade("base")
    database.upgrade(revision)


def _insert(connection: Connection, table: Table, columns: list[tuple[str, str]], rows: Iterator[list[Any]]) -> None:
    if sorted(columns) != sorted((column.name, kind_of(column)) for column in table.columns):
        raise CannotRestore("other_tables", table.name)
    names, real = [name for name, _ in columns], [REAL[kind] for _, kind in columns]
    connection.execute(sa.delete(table))
    try:
        while some := list(islice(rows, AT_A_TIME)):
            values = [
                [None if value is None else make(value) for make, value in zip(real, row, strict=True)] for row in some
            ]
            connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in values])
    except (ValueError, TypeError):
        raise CannotRestore("refused", table.name) from None
    except DBAPIError as error:
        if error.connection_invalidated or not isinstance(error, sa.exc.IntegrityError | sa.exc.DataError):
            raise
        raise CannotRestore("refused", table.name) from None


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give new rows the numbers after those that are there; SQLite looks for itself."""
    for column in table.primary_key.columns:
        if isinstance(column.type, sa.Integer):
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            sequence = connection.scalar(sa.select(named))
            if sequence is not None:
                newest = connection.scalar(sa.select(sa.func.max(column)))
                connection.execute(sa.select(sa.func.setval(sequence, newest or 1, newest is not None)))
