"""The database itself: its transactions, its moments, and its migrations up, down and against the tables."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from kept_house import faults_in, keep_something
from small_study import START, Place
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from survey.answers.company import Company
from survey.storage import studies
from survey.storage.database import MIGRATIONS, Database
from survey.storage.responses import Languages, change_languages, replay
from survey.storage.segments import begin_segment
from survey.storage.tables import AuditEntry, Base, Membership, Study

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def differences(engine: Engine) -> list[Any]:
    """How the tables in a database differ from those in the code."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, Base.metadata))


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def shape(database: Database) -> dict[str, Any]:
    """Columns, checks and unique constraints of every table, as the database tells them."""
    about = inspect(database.engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in about.get_columns(table)],
            sorted(str(check["name"]) for check in about.get_check_constraints(table)),
            sorted(str(unique["name"]) for unique in about.get_unique_constraints(table)),
            sorted(str(index["name"]) for index in about.get_indexes(table)),
            sorted(str(key["name"]) for key in about.get_foreign_keys(table)),
        )
        for table in sorted(tables(database))
    }


def test_migrations_make_the_tables_of_the_code(empty_database: Database) -> None:
    empty_database.upgrade()
    assert (differences(empty_database.engine), tables(empty_database)) == ([], set(Base.metadata.tables))


def test_migrations_make_the_same_as_the_code_makes_at_once(empty_database: Database) -> None:
    empty_database.upgrade()
    migrated = shape(empty_database)
    empty_database.downgrade("base")
    Base.metadata.create_all(empty_database.engine)
    assert migrated == shape(empty_database)


def test_migrations_go_up_and_down_one_by_one(empty_database: Database) -> None:
    seen = []
    for revision in REVISIONS:
        empty_database.upgrade(revision)
        seen.append(shape(empty_database))
    assert empty_database.current
    for revision, before in zip(["base", *REVISIONS[:-1]][::-1], [{}, *seen[:-1]][::-1], strict=True):
        empty_database.downgrade(revision)
        assert shape(empty_database) == before
    assert not empty_database.current
    empty_database.upgrade()
    assert shape(empty_database) == seen[-1]


def test_migrations_go_down_and_up_with_data(place: Place) -> None:
    token = place.open()
    place.save(token, {("answers", "age"): 40})
    before = place.record(token)
    place.database.upgrade()
    assert place.record(token) == before
    # What the first migration makes goes with it; data must survive every later one.
    place.database.downgrade(REVISIONS[0])
    place.database.upgrade()
    assert place.record(token) == before
    shaped = shape(place.database)
    place.database.downgrade("base")
    assert tables(place.database) == set()
    place.database.upgrade()
    assert shape(place.database) == shaped


def test_audit_trail_of_before_is_chained_and_its_response_stays_when_migrations_go_down_and_up(
    database: Database,
) -> None:
    keep_something(database)
    with database.reading() as session:
        before = {one.id: (one.number, one.chain) for one in session.scalars(select(AuditEntry))}
    database.downgrade("0005")
    assert not database.current
    database.upgrade()
    # Receipts went; whatever else was kept is as it was, and the same chain comes out of the same entries.
    assert faults_in(database) == []
    with database.reading() as session:
        assert {one.id: (one.number, one.chain) for one in session.scalars(select(AuditEntry))} == before


def test_interpreter_mode_goes_with_its_migration_and_the_answers_stay(place: Place) -> None:
    token = place.open()
    with place.database.writing() as session:
        record = begin_segment(session, place.record(token), Company("peer", "phone"), place.ilse, START)
        change_languages(session, record, Languages("nl", "ar", "participant"), place.ilse, START)
    place.save(token, {("answers", "age"): 40, ("relay", "age"): ["repeated"]})
    place.database.downgrade("0001")
    place.database.upgrade()
    found = place.record(token)
    assert (found.answers, found.relay, found.segment, found.layout) == ({"age": 40}, {}, 0, "both")
    with place.database.reading() as session:
        assert replay(session, found.id) == found.document


def test_response_of_before_interpreter_mode_reads_as_one_without_it(place: Place) -> None:
    token = place.open()
    place.save(token, {("answers", "age"): 40})
    place.database.downgrade("0001")
    with place.database.engine.begin() as connection:
        old = '{"answers":{"age":40},"drafts":{},"notes":{}}'
        connection.execute(text("UPDATE response SET document = :old"), {"old": old})
    place.database.upgrade()
    found = place.record(token)
    assert found.document == {"answers": {"age": 40}, "drafts": {}, "notes": {}, "relay": {}}
    saved = place.save(token, {("relay", "age"): ["card"]}, minute=2)
    assert (saved.relay, saved.answers) == ({"age": ["card"]}, {"age": 40})


def test_database_knows_whether_its_tables_are_current(empty_database: Database) -> None:
    before = empty_database.current
    empty_database.upgrade()
    assert (before, empty_database.current) == (False, True)


def test_failed_writing_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        studies.add_study(session, "gone", "Gone", [("t0", "Start")], START)
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.scalars(select(Study)).all() == []


def test_reading_never_keeps_what_was_written_in_it(database: Database) -> None:
    with database.reading() as session:
        studies.add_study(session, "gone", "Gone", [("t0", "Start")], START)
    with database.reading() as session:
        assert session.scalars(select(Study)).all() == []


def test_row_that_points_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Membership(person_id=9, study_id=9, role="coach"))


@pytest.mark.parametrize("hours", [-11, 0, 2, 5.75])
def test_moment_comes_back_as_the_same_moment_in_utc(database: Database, hours: float) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    moment = datetime.datetime(2025, 3, 30, 2, 30, 59, 123456, tzinfo=zone)
    with database.writing() as session:
        studies.add_study(session, "demo", "Demo", [("t0", "Start")], moment)
    with database.reading() as session:
        kept = session.scalars(select(Study.made_at)).one()
        same = session.scalars(select(Study.slug).where(Study.made_at == moment)).all()
    assert (kept, kept.tzinfo, same) == (moment, datetime.UTC, ["demo"])


def test_moments_are_in_order_whatever_their_zones(database: Database) -> None:
    zones = [datetime.timezone(datetime.timedelta(hours=hours)) for hours in (14, -12, 0)]
    with database.writing() as session:
        for i, zone in enumerate(zones):
            moment = (START + datetime.timedelta(seconds=i)).astimezone(zone)
            studies.add_study(session, f"s{i}", "Study", [("t0", "Start")], moment)
    with database.reading() as session:
        assert session.scalars(select(Study.slug).order_by(Study.made_at)).all() == ["s0", "s1", "s2"]


def test_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs its time zone"), database.writing() as session:
        studies.add_study(session, "demo", "Demo", [("t0", "Start")], datetime.datetime(2025, 3, 3, 9, 0))  # noqa: DTZ001


def test_sqlite_is_safe_against_power_cuts_and_dangling_rows(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'folder' / 'new.sqlite'}")
    with database.reading() as session:
        found = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    database.close()
    assert found == ["wal", 2, 1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE one (id INTEGER)"))
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    database.close()
    assert modes == {"new.sqlite": "0o600", "new.sqlite-wal": "0o600", "new.sqlite-shm": "0o600"}


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgresql://me@host/db", "postgresql+psycopg"),
        ("postgres://me@host/db", "postgresql+psycopg"),
        ("postgresql+psycopg://me@host/db", "postgresql+psycopg"),
    ],
)
def test_address_of_postgresql_means_its_newest_driver(url: str, driver: str) -> None:
    database = Database(url)
    assert (database.url.drivername, database.sqlite) == (driver, False)
