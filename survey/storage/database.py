"""One database, SQLite or PostgreSQL: its connections, its two kinds of transaction, its migrations."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from survey.storage.patience import bound_postgresql

_AT_THE_END = "at the end"

MIGRATIONS = Path(__file__).parent / "migrations"

BUSY_SECONDS = 8
"""How long one waits for somebody else's writing to end: longer than any of ours takes, and short enough that a server
of which the database is held by another program still answers everybody, with a page that says so."""

CONNECT_SECONDS = 8


class Busy(Exception):
    """Others of this process were writing for so long that this one did not get its turn. Nothing was written."""


class Database:
    """Connections to one database. `reading()` and `writing()` give a session in one transaction."""

    def __init__(self, url: str, patience: int | None = None) -> None:
        """`url` as SQLAlchemy knows it; "postgresql://" means psycopg 3. `patience`: how many seconds one statement may
        take on PostgreSQL; None for as long as it needs, as a migration or an export of everything may."""
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.url = parsed
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database and parsed.database != ":memory:":
            _own_file(Path(parsed.database))
        options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
        if not self.sqlite:
            own = {} if "connect_timeout" in parsed.query else {"connect_timeout": CONNECT_SECONDS}
            options = {"connect_args": own, "pool_pre_ping": True}
        # What was asked stays out of every message of an error: answers and names are among the values.
        self.engine = create_engine(
            parsed, pool_size=10, max_overflow=20, pool_timeout=BUSY_SECONDS, hide_parameters=True, **options
        )
        if not self.sqlite and patience is not None:
            bound_postgresql(self.engine, patience, BUSY_SECONDS)
        if self.sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._writing_engine: Engine = self.engine.execution_options(writes=True)
        # SQLite has one writer. Within a process the next one waits here, in turn, instead of asking again and again.
        self._turn = threading.RLock() if self.sqlite else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only; nothing of it is committed."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session of which everything is committed at the end, or nothing. SQLite takes the writer's lock at once.

        Raises Busy.
        """
        with self._in_turn(), Session(self._writing_engine, expire_on_commit=False) as session, session.begin():
            yield session
            for finish in session.info.pop(_AT_THE_END, {}):
                finish(session)

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to a revision."""
        command.upgrade(self._alembic(), revision)

    def downgrade(self, revision: str) -> None:
        """Take the tables back to a revision."""
        command.downgrade(self._alembic(), revision)

    @property
    def current(self) -> bool:
        """Whether the tables are at the newest revision."""
        return self.ahead == 0

    @property
    def serves(self) -> bool:
        """Whether this version works with the tables: its own, or those of the next revision.

        Every migration leaves what the version before it needs, which a test keeps, so that nodes can be replaced one
        by one after migrating. Whether that still holds two revisions on is nothing that an older version could know.
        """
        return self.ahead in (0, 1)

    @property
    def ahead(self) -> int | None:
        """How many revisions the tables are ahead of this version; negative: behind. None where there are none."""
        with self.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        # Revisions are numbers without gaps, so that an older version can count those that it does not know.
        return int(found) - _newest() if found and found.isdecimal() else None

    def empty_log(self) -> None:
        """SQLite: write the log into the file and empty it, unless somebody reads: nothing erased stays in it."""
        if self.sqlite:
            connection = self.engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def _alembic(self) -> Config:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = self.engine
        return config

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@cache
def _newest() -> int:
    """The number of the newest revision that this version knows."""
    return int(ScriptDirectory(str(MIGRATIONS)).get_current_head() or 0)


def at_the_end(session: Session, finish: Callable[[Session], None]) -> None:
    """Have this done once at the end of the session's transaction, in it: what others must wait for comes last."""
    session.info.setdefault(_AT_THE_END, {})[finish] = None


def _own_file(path: Path) -> None:
    """Make a database file that only its owner can read, if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver's own BEGIN would come too late and without the writer's lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Who was erased must not be found in the free pages of the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
