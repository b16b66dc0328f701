"""How long a server waits for PostgreSQL: for a lock, for a statement, and for a server that does not answer at all."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, event

WaitedTooLong: type[Exception] = psycopg.errors._WaitTimeout

GRACE = 2
"""Seconds beyond the statement's own bound, after which a silent database is given up."""


def bound_postgresql(engine: Engine, seconds: int, lock_seconds: int) -> None:
    """Let every statement on this engine's connections end within so many seconds, and every wait for a lock sooner.

    The database ends a slow statement itself. One that is stopped, or behind a dead line, says nothing any more: then
    the connection is closed from this side.
    """

    class Bounded(psycopg.Connection[Any]):
        def wait(self, gen: Any, *args: Any, **named: Any) -> Any:
            try:
                return super().wait(gen, *args, **({"timeout": seconds + GRACE} | named))
            except psycopg.OperationalError as error:
                if type(error) is not WaitedTooLong:
                    raise
                # What the server still sends would be taken for the answer to the next question.
                self.pgconn.finish()
                raise psycopg.OperationalError("the database did not answer in time") from None

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, args: Any, named: Any) -> Any:
        return Bounded.connect(*args, **named)

    @event.listens_for(engine, "connect")
    def bounds(connection: Any, record: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute(f"SET statement_timeout = {1000 * seconds}; SET lock_timeout = {1000 * lock_seconds}")
        connection.autocommit = before
