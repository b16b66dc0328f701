"""What every view reaches for: the database, the library, the settings and the clock of this server."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.orm import Session

from survey.forms.page_form import PageForm
from survey.instruments.code_books.model import CodeBook
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.library import Library
from survey.instruments.protocols.collection import FiledProtocol
from survey.storage.database import Database
from survey.storage.measured import Measures
from survey.storage.quality import Digests
from survey.storage.sealing import Sealer
from survey.web.filling_in.prepared import Prepared
from survey.web.settings import Settings


@dataclass
class Adopting:
    """What this process knows of translators' work (see `adopting`). `clock` gives seconds that only go forwards."""

    clock: Callable[[], float] = time.monotonic
    stamp: int | None = None
    look_at: float = float("-inf")
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Makers:
    """For whom this process is making a file now: codes of people."""

    busy: set[str] = field(default_factory=set)
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Server:
    """The parts that last as long as the process. `now` gives the moment, in UTC."""

    settings: Settings
    database: Database
    library: Library
    now: Callable[[], datetime.datetime]
    protocols: Mapping[str, FiledProtocol] = field(default_factory=dict)
    """The protocols to begin a study with, by id."""
    kept_texts: set[str] = field(default_factory=set)
    """Fingerprints of the texts that are known to be in the database."""
    prepared: dict[tuple[object, ...], Prepared] = field(default_factory=dict)
    """Pages rendered once, by all that they depend on."""
    forms: dict[tuple[str, int, str], type[PageForm]] = field(default_factory=dict)
    """Form classes made once, by instrument, version and page."""
    adopting: Adopting = field(default_factory=Adopting)
    """Since when the library has the words that translators wrote."""
    makers: Makers = field(default_factory=Makers)
    """Who has a file made for them."""
    digests: Digests = field(default_factory=Digests)
    """How responses were filled in, remembered for the page on data quality."""
    measures: Measures = field(default_factory=Measures)
    """Handed-in responses with their scores, remembered for reports."""
    code_books: Mapping[str, CodeBook] = field(default_factory=dict)
    """The code books for open answers, by id."""
    fidelity_models: Mapping[str, FidelityModel] = field(default_factory=dict)
    """The models by which it is judged how far a method is carried out as meant, by id."""

    @cached_property
    def sealer(self) -> Sealer:
        """What seals names and addresses, and opens them."""
        return Sealer(self.settings.master_key)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking. A GET looks through one session from beginning to end, closed with the request."""
        if not has_request_context() or request.method != "GET":
            with self.database.reading() as session:
                yield session
            return
        if "reading" not in g:
            g.reading_ends = ExitStack()
            g.reading = g.reading_ends.enter_context(self.database.reading())
        yield g.reading


def set_up(app: Flask) -> None:
    """Close what a request was looking through."""

    @app.teardown_request
    def end_reading(error: BaseException | None) -> None:
        if "reading" in g:
            g.pop("reading")
            g.pop("reading_ends").close()


def server() -> Server:
    """The server of this request."""
    found: Server = current_app.extensions["krachtmeting"]
    return found
