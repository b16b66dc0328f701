"""The report, a coach's feedback and a poster, on paper and on screens: nothing is cut, and a sheet is one sheet."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from layout import axe_faults, layout_faults
from lxml import html
from playwright.sync_api import BrowserContext, Page, Route
from running_server import PASSWORD

from survey.demo import make_demo
from survey.web.app import create_app
from survey.web.settings import Settings

PAPER = 680
"""How many pixels an A4 page has between its margins of 15 mm."""

STAND_OUT = """(room) => [...document.querySelectorAll("main *")]
  .filter((one) => one.checkVisibility() && !one.closest("svg") && one.getBoundingClientRect().right > room + 1)
  .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 30)}`)"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with a small demo study, in this process."""
    made = create_app(Settings(f"sqlite:///{tmp_path_factory.mktemp('paper') / 'demo.sqlite'}", "k" * 40))
    here = made.extensions["krachtmeting"]
    here.database.upgrade()
    passwords = dict.fromkeys(("onderzoek", "coach", "teamleider"), PASSWORD)
    now = datetime.datetime.now(datetime.UTC)
    make_demo(here.database, here.library, participants=12, now=now, passwords=passwords)
    yield made
    here.database.close()


@pytest.fixture
def page_of(app: Any, open_context: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    """A page in which somebody is signed in; what it asks for comes from the app without a network."""

    def opened(name: str) -> Page:
        client: FlaskClient = app.test_client()
        token = html.fromstring(client.get("/sign-in").data).xpath("//input[@name='csrf_token']/@value")[0]
        client.post("/sign-in", data={"csrf_token": token, "name": name, "password": PASSWORD})
        page = open_context(base_url="http://localhost").new_page()

        def answer(route: Route) -> None:
            address = urlsplit(route.request.url)
            given = client.get(f"{address.path}?{address.query}")
            route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)

        page.route("**/*", answer)
        return page

    return opened


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def on_paper(page: Page, folder: Path) -> tuple[int, list[str]]:
    """How many pages it takes, and what stands out beyond the paper."""
    count = pages_of(page.pdf(path=folder / "page.pdf", prefer_css_page_size=True))
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    found = page.evaluate(STAND_OUT, PAPER)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    page.emulate_media(media="screen")
    return count, [*found, *([f"{wide} wide"] if wide > PAPER else [])]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_report_takes_several_pages_and_nothing_is_cut(
    page_of: Callable[[str], Page], tmp_path: Path, language: str
) -> None:
    page = page_of("onderzoek")
    page.goto(f"/study/demo/report/all/?language={language}")
    count, cut = on_paper(page, tmp_path)
    assert count > 6 and cut == []
    assert layout_faults(page, (390, 1280)) == []


def test_feedback_and_poster_are_one_sheet_each(page_of: Callable[[str], Page], tmp_path: Path) -> None:
    faults = []
    for name, address in (("coach", "feedback"), ("teamleider", "poster")):
        page = page_of(name)
        page.goto(f"/study/demo/{address}/")
        assert page.locator("[data-print]").is_visible()
        assert on_paper(page, tmp_path) == (1, [])
        faults += layout_faults(page) + axe_faults(page)
    assert faults == []
