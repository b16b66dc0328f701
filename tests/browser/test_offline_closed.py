"""An interview in Dutch and Arabic is finished without a network, the browser is closed, and another one sends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import CHROMIUM
from interviewer import Interviewer
from playwright.sync_api import BrowserContext, Page, expect
from running_server import PASSWORD, RunningServer
from sqlalchemy import select
from telling import interviewed
from test_saved_truthfully import eventually
from watched_browser import ARGUMENTS, program

from survey.instruments.library import Library
from survey.storage.tables import Response, Visit

READY = "#interview[data-offline-ready]"


def visits(server: RunningServer, token: str) -> list[Visit]:
    """What was saved by itself, in the order in which it came."""
    with server.database.reading() as session:
        query = select(Visit).join(Response, Visit.response_id == Response.id)
        return list(session.scalars(query.where(Response.token == token, Visit.kind == "autosave").order_by(Visit.id)))


def test_interview_in_two_languages_outlives_the_browser_that_was_closed_without_a_network(
    server: RunningServer, library: Library, tmp_path: Path, browser: Any
) -> None:
    def on_the_same_device() -> BrowserContext:
        path = program(CHROMIUM, "everything that happens in a browser", "chromium-headless-shell")
        return browser.browser_type.launch_persistent_context(
            tmp_path, executable_path=path, args=ARGUMENTS, base_url=server.url, locale="en-GB"
        )

    def signed_in(page: Page) -> None:
        page.goto("/")
        page.locator("#name").fill("ilse")
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    instrument = library.newest["client-interview"]
    token = server.new_response("client-interview", "ar")
    context = on_the_same_device()
    page = context.pages[0]
    signed_in(page)
    page.goto(f"/response/{token}/page/{instrument.pages[0].page}")
    expect(page.locator(READY)).to_be_attached()

    def lost(interviewer: Interviewer, name: str) -> None:
        if name == "tension":
            context.set_offline(True)

    told = interviewed(page, library, "ar", lost)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Handed in on this device")).to_be_visible()
    before = server.record(token)
    assert before.submitted_at is None
    assert len(before.answers) < len(told.asked)
    context.close()

    context = on_the_same_device()
    page = context.pages[0]
    signed_in(page)
    eventually(lambda: server.record(token).submitted_at, lambda at: at is not None)
    record = server.record(token)
    assert record.submitted_at is not None
    assert {name: record.answers.get(name) for name in told.asked} == {name: told.answers[name] for name in told.asked}
    late = visits(server, token)
    assert {(one.layout, one.second_texts is not None) for one in late} == {("both", True)}
    # Each keeps the moment at which it was filled in, and the order.
    assert [one.at for one in late] == sorted(one.at for one in late)
    assert sum(one.received_at is not None for one in late) == 0
    context.close()
