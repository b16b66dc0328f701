"""Where a try takes place: a database fresh from the copy, a server, visitors, and what is found in the end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from postgresql import Postgresql
from scene import Seat, set_scene
from servers import Nursery, Running, free_port
from sqlalchemy import create_engine, make_url, text
from truth import Truth
from visitors import Notebook, Visitor, finish, visitors

from survey.instruments.library import Library, shelves

SEATS = 5


@dataclass
class Found:
    """One line of the table."""

    what: str
    database: str
    times: int = 0
    receipts: int = 0
    lost: list[str] = field(default_factory=list)
    corrupt: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing was lost, damaged or told wrongly."""
        return not (self.lost or self.corrupt or self.wrong)


class House:
    """Databases for tries: copies of one scene, in SQLite and in one PostgreSQL server."""

    def __init__(self, folder: Path, nursery: Nursery, postgresql: Postgresql | None) -> None:
        self.folder, self.nursery, self.postgresql = folder, nursery, postgresql
        self.library = Library(shelves((folder / "definitions",)))
        self._scene = folder / "scene.sqlite"
        self.seats = {"sqlite": set_scene(f"sqlite:///{self._scene}", SEATS)}
        self._made = 0
        if postgresql is not None:
            self._run("CREATE DATABASE scene")
            self.seats["postgresql"] = set_scene(self._address("scene"), SEATS)

    def _address(self, name: str) -> str:
        assert self.postgresql is not None
        return make_url(self.postgresql.url).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        assert self.postgresql is not None
        engine = create_engine(self.postgresql.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def new(self, kind: str, folder: Path | None = None) -> str:
        """The address of a fresh copy; an SQLite one in this folder."""
        self._made += 1
        if kind == "sqlite":
            file = (folder or self.folder) / f"try{self._made}.sqlite"
            shutil.copy(self._scene, file)
            return f"sqlite:///{file}"
        self._run(f"CREATE DATABASE try{self._made} TEMPLATE scene")
        return self._address(f"try{self._made}")


@dataclass
class Try:
    """A running try. `server` may be another one after a fault."""

    found: Found
    nursery: Nursery
    url: str
    port: int
    server: Running
    notebook: Notebook
    truth: Truth
    people: list[Visitor]
    order: dict[str, Any]

    def kill_server(self) -> None:
        """kill -9 of the server."""
        self.server.kill()

    def start_server(self) -> None:
        """A new server in its place."""
        self.server = self.nursery.start(self.url, self.port, **self.order)

    def saves(self, more: int, within: float = 30) -> None:
        """Wait until so many more receipts came. Raises TimeoutError."""
        target, end = len(self.notebook.receipts) + more, time.monotonic() + within
        while len(self.notebook.receipts) < target:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.found.what}: no saves for {within} s")
            time.sleep(0.01)

    def refused(self, more: int, within: float) -> int:
        """Wait until so many saves were refused in words; how many were."""
        begun, end = self.notebook.told["503"], time.monotonic() + within
        while self.notebook.told["503"] < begun + more and time.monotonic() < end:
            time.sleep(0.05)
        return self.notebook.told["503"] - begun

    def page(self, language: str, path: str = "/") -> tuple[int, str]:
        """What somebody gets who asks for a page now."""
        one = self.people[0]
        asking = Visitor(one.seat, self.port, self.notebook, 0)
        asking.cookie = one.cookie
        status, content, _ = asking.request("GET", path, language=language)
        return status, content.decode()


@contextmanager
def one_try(
    house: House, kind: str, what: str, *, url: str = "", looked_at: str = "", seats: list[Seat] | None = None,
    **order: Any,
) -> Iterator[Try]:  # fmt: skip
    """Visitors saving to a server, until the block ends; then everything is looked at once more.

    `url` is the server's database, `looked_at` the same by a better way; `order` is for the nursery.
    """
    url = url or house.new(kind)
    found, notebook = Found(what, kind), Notebook()
    port = free_port()
    server = house.nursery.start(url, port, **order)
    people = visitors(seats or house.seats[kind], port, notebook)
    now = Try(
        found,
        house.nursery,
        url,
        port,
        server,
        notebook,
        Truth(looked_at or url, notebook, house.library),
        people,
        order,
    )
    for one in people:
        one.start()
    try:
        yield now
        finish(people)
        now.truth.look_at_all()
    finally:
        finish(people)
        now.server.kill()
    found.receipts, found.lost, found.corrupt = len(notebook.receipts), now.truth.lost, now.truth.corrupt
    found.wrong = notebook.wrong
