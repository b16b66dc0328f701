"""One Chromium and one server for all browser tests; a browser of its own for each person in each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from interviewer import Interviewer
from own_instruments import write_own_instruments
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from running_server import PASSWORD, RunningServer
from watched_browser import ARGUMENTS, PATIENCE, Watched, program

from survey.instruments.library import Library, shelves

LONG = {
    "whole_interview", "whole_study", "accessible_pages", "accessible_states", "offline_closed", "offline_interview",
    "killed_server", "every_link", "measures_exported", "participants_screen", "layout", "journal",
}  # fmt: skip
"""Files with tests that take many seconds each."""

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest go first, so that no worker is left alone with them at the end.
    items.sort(key=lambda item: item.path.stem.removeprefix("test_") not in LONG)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = program(CHROMIUM, "everything that happens in a browser", "chromium-headless-shell")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield (browser := playwright.chromium.launch(executable_path=path, args=ARGUMENTS))
        browser.close()


@pytest.fixture(scope="session")
def own_definitions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_own_instruments(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="session")
def library(own_definitions: Path) -> Library:
    return Library(shelves([own_definitions]))


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, own_definitions: Path, browser: Browser
) -> Iterator[RunningServer]:
    """The server that most tests share."""
    running = RunningServer(tmp_path_factory.mktemp("server"), own_definitions)
    yield running
    running.stop()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers of their own. A complaint of any of them fails the test."""
    watched = Watched(browser)
    yield watched.context
    watched.close()
    assert watched.complaints == []


@pytest.fixture
def sign_in(server: RunningServer, open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page in a browser in which this person is signed in: by hand the first time."""

    def signed_in(name: str, at: RunningServer = server, **options: Any) -> Page:
        context = open_context(base_url=at.url, storage_state=at.signed_in.get(name), **options)
        page = context.new_page()
        page.goto("/")
        if name not in at.signed_in:
            page.locator("#name").fill(name)
            page.locator("#password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        at.signed_in[name] = context.storage_state()
        return page

    return signed_in


@pytest.fixture
def sit_down(server: RunningServer, sign_in: Callable[..., Page], library: Library) -> Callable[..., Interviewer]:
    """An interviewer at a page of a fresh response; the first page unless it is named."""

    def seated(
        instrument: str = "every-kind", page: str = "", second: str | None = None, **options: Any
    ) -> Interviewer:
        ilse = Interviewer(
            sign_in("ilse", **options), library.newest[instrument], server.new_response(instrument, second)
        )
        ilse.open(page or library.newest[instrument].pages[0].page)
        return ilse

    return seated
