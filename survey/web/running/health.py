"""Two addresses for who looks after the server: whether the process lives, and whether it can do its work."""

from __future__ import annotations

import errno
import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from survey.storage.database import Database
from survey.web.running.serving import STOPPING
from survey.web.server import server

blueprint = Blueprint("health", __name__)

WITHIN = 2.0
"""Seconds in which a part must answer."""

SPARE_BYTES = 64 * 1024 * 1024
"""With less room than this on the disk of SQLite's file nobody begins an interview here."""

WELL = "well"


class Looks:
    """Looks after the parts, one at a time and each for a bounded time: a part that hangs is asked once, not again and
    again by everybody who wants to know."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._asked: Future[dict[str, str]] | None = None

    def look(self, asked: Callable[[], dict[str, str]], within: float = WITHIN) -> dict[str, str] | None:
        """What this function finds; None where it does not say so in time."""
        with self._turn:
            if self._asked is None:
                self._asked = Future()
                # A thread that hangs must not keep the process from ending.
                threading.Thread(target=_answer, args=(self._asked, asked), daemon=True).start()
            waited = self._asked
        try:
            return waited.result(within)
        except NotInTime:
            return None
        finally:
            with self._turn:
                if waited.done() and self._asked is waited:
                    self._asked = None


def _answer(asked: Future[dict[str, str]], look: Callable[[], dict[str, str]]) -> None:
    found = {"database": "could not be looked at"}
    try:
        found = look()
    finally:
        asked.set_result(found)


def set_up(app: Flask) -> None:
    """Give the app what these addresses need."""
    app.extensions.setdefault(STOPPING, threading.Event())
    app.extensions["krachtmeting_looks"] = Looks()


@blueprint.get("/health")
def alive() -> Any:
    """Whether the process answers. Says nothing about anybody."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/ready")
def ready() -> Any:
    """Whether this node can save answers now: 200, or 503 with the part that is not well. A proxy sends nobody here
    then. No version, path or name stands in it."""
    database = server().database
    parts = current_app.extensions["krachtmeting_looks"].look(lambda: states(database))
    parts = {"database": "does not answer in time"} if parts is None else dict(parts)
    parts["server"] = "is being stopped" if current_app.extensions[STOPPING].is_set() else WELL
    well = all(state == WELL for state in parts.values())
    return jsonify(ready=well, parts=parts), 200 if well else 503


def states(database: Database) -> dict[str, str]:
    """How the parts of what is kept are: "well", or what is wrong, in a few words."""
    found = {"database": WELL, "tables": WELL, "disk": WELL}
    try:
        if not database.serves:
            found["tables"] = "are not those of this version"
        found["disk"] = _disk(Path(database.url.database or "")) if database.sqlite else _takes_writing(database)
    except (SQLAlchemyError, OSError):
        return {"database": "does not answer"}
    return found


def _takes_writing(database: Database) -> str:
    """Whether PostgreSQL takes changes: a standby, or a server that was made read-only, does not."""
    with database.engine.connect() as connection:
        refuses = connection.scalar(sa.text("SELECT current_setting('transaction_read_only')")) == "on"
    return "takes no writing" if refuses else WELL


def _disk(file: Path) -> str:
    """Whether something can be written beside SQLite's file, and how much room there is."""
    try:
        with tempfile.TemporaryFile(dir=file.parent) as tried:
            tried.write(b"x" * 4096)
            tried.flush()
        return "is nearly full" if shutil.disk_usage(file.parent).free < SPARE_BYTES else WELL
    except OSError as error:
        return "is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "takes no writing"
