"""A server in this process, whose clock a test turns: half a year passes in a moment."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from own_study import write_own_study
from playwright.sync_api import BrowserContext, Page, expect
from running_server import PASSWORD
from sqlalchemy import update
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.instruments.library import Library
from survey.storage import people
from survey.storage.database import Database
from survey.storage.tables import Person
from survey.web.app import create_app
from survey.web.server import Server
from survey.web.settings import Settings

BEGIN = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


class PlayedStudy:
    """A server with one admin and nothing else. `pass_days` turns the clock, which ends everybody's session."""

    def __init__(self, folder: Path, open_context: Callable[..., BrowserContext]) -> None:
        own = write_own_study(folder / "own")
        settings = Settings(
            f"sqlite:///{folder / 'study.sqlite'}", "s" * 40, own_definitions=(own,), master_key=bytes(range(32))
        )
        self.now = BEGIN
        app = create_app(settings, clock=lambda: self.now)
        here: Server = app.extensions["krachtmeting"]
        self.database: Database = here.database
        self.library: Library = here.library
        self.database.upgrade()
        with self.database.writing() as session:
            people.add_person(session, "admin", PASSWORD, self.now, admin=True, language="en")
        self.passwords = {"admin": PASSWORD}
        self.chosen: frozenset[str] = frozenset()
        self._open_context = open_context
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def pass_days(self, days: float) -> None:
        """Turn the clock."""
        self.now += datetime.timedelta(days=days)

    def browser(self, **options: Any) -> Page:
        """A browser of its own, in which nobody is signed in."""
        return self._open_context(base_url=self.url, **options).new_page()

    def signed_in(self, name: str) -> Page:
        """A page of somebody who signs in now."""
        page = self.browser()
        page.goto("/")
        page.locator("#name").fill(name)
        page.locator("#password").fill(self.passwords[name])
        page.get_by_role("button", name="Sign in").click()
        if self.passwords[name] != PASSWORD and name not in self.chosen:
            # The password that an admin handed out is good for choosing an own one.
            page.locator("#new_password").fill(PASSWORD)
            page.locator("#again_password").fill(PASSWORD)
            page.locator("main form button").last.click()
            self.passwords[name] = PASSWORD
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        return page

    def everybody_chose(self) -> None:
        """Everybody else has an own password by now: the one that they were given."""
        with self.database.writing() as session:
            session.execute(update(Person).values(initial_until=None))
        self.chosen = frozenset(self.passwords)

    def stop(self) -> None:
        """End the server, and close the database."""
        self._server.shutdown()
        self._thread.join()
        self.database.close()
