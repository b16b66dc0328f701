"""A process that has the app ready, and forks a server of it in a hundredth of a second; run by `servers`.

Each line that it reads is an order as JSON, and is answered by the number of the process. A server differs from that
of `krachtmeting serve` in nothing but where its app came from, and where a fault asks for it, its clock and bounds.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from survey.storage import database as bounds
from survey.storage.database import Database
from survey.web.app import PATIENCE, create_app, now
from survey.web.running.serving import serve
from survey.web.settings import Settings


def clock_of(path: str | None) -> Any:
    """The true clock, or one that is off by as many seconds as stand in a file."""
    if path is None:
        return now

    def moved() -> datetime.datetime:
        return now() + datetime.timedelta(seconds=float(Path(path).read_text()))

    return moved


def let_it_lie(database: Database, often: int) -> None:
    """Undo one in so many transactions at the end, and say nothing."""
    truly, counted = database.writing, itertools.count(1)

    @contextmanager
    def writing() -> Iterator[Any]:
        with truly() as session:
            yield session
            session.flush()
            if next(counted) % often == 0:
                session.rollback()

    database.writing = writing  # type: ignore[method-assign]


def become_server(app: Any, order: dict[str, Any], log: str) -> None:
    """Serve in this process until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    if order.get("largest_file"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
    if order.get("open_files"):
        resource.setrlimit(resource.RLIMIT_NOFILE, (order["open_files"], order["open_files"]))
    bounds.BUSY_SECONDS = bounds.CONNECT_SECONDS = order.get("busy_seconds", bounds.BUSY_SECONDS)
    here = app.extensions["krachtmeting"]
    database = Database(order["url"], order.get("patience", PATIENCE))
    if order.get("lies"):
        let_it_lie(database, order["lies"])
    app.extensions["krachtmeting"] = dataclasses.replace(here, database=database, now=clock_of(order.get("clock")))
    serve(app, host="127.0.0.1", port=order["port"], threads=8)


def main() -> None:
    """Fork a server for each order, until there are no more."""
    definitions, log = sys.argv[1:]
    app = create_app(Settings(f"sqlite:///{Path(log).with_name('none.sqlite')}", "f" * 40, (Path(definitions),)))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                become_server(app, json.loads(line), log)
            finally:
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
