"""Every migration leaves what the version before it needs: nodes are replaced one by one after migrating."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, MetaData, Table, inspect

from survey.storage.database import MIGRATIONS, Database

SINCE = "0006"
REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
STEPS = [(REVISIONS[at - 1], REVISIONS[at]) for at in range(REVISIONS.index(SINCE), len(REVISIONS))]
NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)


def test_revisions_are_numbers_without_gaps() -> None:
    # So that a version can tell how many revisions ahead of it the tables are.
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


def length(column: Any) -> float:
    return getattr(column["type"], "length", None) or float("inf")


def broken(after: Inspector, old: dict[str, Any]) -> list[str]:
    """What the version before would stumble over, table by table. `old` is what `facts` told of the tables before."""
    found = []
    for table, facts in old.items():
        columns = {column["name"]: column for column in after.get_columns(table)} if after.has_table(table) else {}
        if not columns:
            found.append(f"{table} is gone")
            continue
        for name, column in facts["columns"].items():
            now = columns.get(name)
            if now is None:
                found.append(f"{table}.{name} is gone")
            elif type(now["type"]) is not type(column["type"]) or length(now) < length(column):
                found.append(f"{table}.{name} is another type, or shorter")
            elif column["nullable"] and not now["nullable"]:
                found.append(f"{table}.{name} must be filled in now")
        for name in columns.keys() - facts["columns"].keys():
            if not columns[name]["nullable"] and columns[name]["default"] is None:
                found.append(f"{table}.{name} is new and must be filled in")
        for rule in rules(after, table) - facts["rules"]:
            if set(rule[1]) & facts["columns"].keys() or rule[0] == "check":
                found.append(f"{table} has a new rule about old columns: {rule}")
    return found


def rules(about: Inspector, table: str) -> set[tuple[str, tuple[str, ...]]]:
    """What a row must keep to: unique columns, references and checks."""
    unique = {("unique", tuple(one["column_names"])) for one in about.get_unique_constraints(table)}
    unique |= {("unique", tuple(one["column_names"])) for one in about.get_indexes(table) if one["unique"]}  # type: ignore[arg-type]
    keys = {("reference", tuple(one["constrained_columns"])) for one in about.get_foreign_keys(table)}
    return unique | keys | {("check", (str(one["name"]),)) for one in about.get_check_constraints(table)}


def facts(about: Inspector) -> dict[str, Any]:
    return {
        table: {"columns": {one["name"]: one for one in about.get_columns(table)}, "rules": rules(about, table)}
        for table in about.get_table_names()
        if table != "alembic_version"
    }


@pytest.mark.parametrize(("old", "new"), STEPS, ids=[new for _, new in STEPS])
def test_version_before_works_with_the_tables_of_the_next(old: str, new: str, empty_database: Database) -> None:
    empty_database.upgrade(old)
    before = inspect(empty_database.engine)
    tables, known = facts(before), MetaData()
    known.reflect(empty_database.engine)
    empty_database.upgrade(new)
    assert broken(inspect(empty_database.engine), tables) == []
    with empty_database.engine.begin() as connection:
        # What the version before writes and reads, with the columns that it knows.
        for table in known.sorted_tables:
            if table.name != "alembic_version" and not connection.execute(sa.select(table)).first():
                row = some_row(table)
                connection.execute(sa.insert(table), row)
                (found,) = connection.execute(sa.select(table)).mappings()
                assert {name: naive(found[name]) for name in row} == {name: naive(row[name]) for name in row}
                write_again(connection, table)


def naive(value: Any) -> Any:
    """SQLite gives moments back without their zone."""
    return value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value


def write_again(connection: Connection, table: Table) -> None:
    """Change every column of the row to what it is, as an old statement would."""
    names = [column.name for column in table.columns]
    connection.execute(sa.update(table).values({name: table.c[name] for name in names}))


def some_row(table: Table) -> dict[str, Any]:
    """A row with what the version before must give: all but what may be left out; and one subject."""
    row = {}
    one_subject = any(
        isinstance(one, sa.CheckConstraint) and "one_subject" in str(one.name) for one in table.constraints
    )
    for column in table.columns:
        subject = one_subject and column.name == "participant_id"
        if subject or (not column.nullable and column.server_default is None):
            row[column.name] = some_value(column)
        elif column.primary_key:
            row[column.name] = 1
    return row


def some_value(column: sa.Column[Any]) -> Any:
    match column.type:
        case sa.Boolean():
            return True
        case sa.DateTime():
            return NOW
        case sa.Date():
            return NOW.date()
        case sa.Integer():
            return 1
        case sa.LargeBinary():
            return b"1"
    # A text that is a key points to a row with the same.
    return "1"


def test_rule_finds_what_the_version_before_would_stumble_over(tmp_path: Any) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'two.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE gone (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER PRIMARY KEY, name VARCHAR(20), old TEXT, free TEXT)")
    before = inspect(engine)
    tables = facts(before)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE gone")
        connection.exec_driver_sql("DROP TABLE one")
        connection.exec_driver_sql(
            "CREATE TABLE one (id INTEGER PRIMARY KEY, name VARCHAR(10), free TEXT NOT NULL, must TEXT NOT NULL, "
            "UNIQUE (free))"
        )
    assert sorted(broken(inspect(engine), tables)) == [
        "gone is gone",
        "one has a new rule about old columns: ('unique', ('free',))",
        "one.free must be filled in now",
        "one.must is new and must be filled in",
        "one.name is another type, or shorter",
        "one.old is gone",
    ]
    engine.dispose()
