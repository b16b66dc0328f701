"""Databases for the tests: a real SQLite and a real PostgreSQL, a fresh one for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from postgresql_server import NoServer, Server, postgresql_server
from sqlalchemy import make_url, text

from survey.storage.database import Database
from survey.storage.tables import Base

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server. Where there is none its tests are skipped; where nothing may be skipped they fail."""
    try:
        with postgresql_server() as server:
            yield server
    except NoServer as missing:
        pytest.fail(str(missing)) if NOTHING_SKIPPED else pytest.skip(str(missing))


@pytest.fixture(scope="session")
def with_tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The address of a database with all tables, by kind; made when first asked for."""

    @cache
    def made(kind: str) -> str:
        if kind == "postgresql":
            address = request.getfixturevalue("postgresql").new()
        else:
            address = f"sqlite:///{tmp_path_factory.mktemp('tables')}/tables.sqlite"
        with closing(Database(address)) as database:
            database.upgrade()
        return str(address)

    return made


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path, with_tables: Callable[[str], str]) -> Iterator[Database]:
    """A database with all tables, and nothing in them: a copy of a file, or one that all tests share, emptied."""
    address = with_tables(request.param)
    if request.param == "sqlite":
        shutil.copy(str(make_url(address).database), tmp_path / "test.sqlite")
        address = f"sqlite:///{tmp_path / 'test.sqlite'}"
    with closing(Database(address)) as opened:
        if request.param == "postgresql":
            with opened.writing() as session:
                session.execute(text(f"TRUNCATE {', '.join(Base.metadata.tables)} RESTART IDENTITY CASCADE"))
        yield opened


@pytest.fixture(params=KINDS)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgresql").new()
    else:
        address = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    with closing(Database(address)) as opened:
        yield opened
