"""Every kind of page on phone, tablet and screen: nothing sticks out or overlaps, targets are large, axe is content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from interviewer import Interviewer
from layout import axe_faults, layout_faults
from playwright.sync_api import BrowserContext, Page, expect
from running_server import RunningServer

from survey.instruments.library import Library

SitDown = Callable[..., Interviewer]
SignIn = Callable[..., Page]

KINDS_IN_SIGHT = ("day", "family", "mind", "coach")
"""Pages of the client interview that together have every kind of question."""


def faults_of(page: Page) -> list[str]:
    return layout_faults(page) + axe_faults(page)


def walked(page: Page, addresses: list[str]) -> Iterator[str]:
    # What axe finds on them is asked in test_accessible_pages, of every page that there is.
    for address in addresses:
        page.goto(address)
        yield from layout_faults(page)


def test_pages_before_signing_in(open_context: Callable[..., BrowserContext], server: RunningServer) -> None:
    page = open_context(base_url=server.url).new_page()
    found = list(walked(page, ["/sign-in"]))
    page.locator("#name").fill("ilse")
    page.locator("#password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#problem")).to_be_visible()
    assert found + faults_of(page) == []


def test_pages_of_the_interviewer(sign_in: SignIn, server: RunningServer) -> None:
    token = server.new_response("client-interview", "en")
    page = sign_in("ilse")
    server.new_response("every-kind")
    page.goto("/study/demo/participants/")
    participant = page.locator("table a.code").first.get_attribute("href") or ""
    addresses = [
        "/",
        "/study/demo/participants/",
        "/study/demo/participants/?code=ZZ",
        participant,
        "/account/",
        "/no/such/page",
    ]
    addresses += [f"/response/{token}/{part}" for part in ("welcome", "pages", "paused", "end")]
    assert list(walked(page, addresses)) == []


@pytest.mark.parametrize("second", [None, "en"], ids=["one language", "two languages"])
def test_pages_of_the_client_interview(
    second: str | None, sign_in: SignIn, server: RunningServer, library: Library
) -> None:
    token = server.new_response("client-interview", second)
    page = sign_in("ilse")
    found = []
    for one in library.newest["client-interview"].pages:
        page.goto(f"/response/{token}/page/{one.page}")
        found += layout_faults(page)
        if one.page in (KINDS_IN_SIGHT if second else ("coach",)):
            found += axe_faults(page)
    assert found == []


def test_pages_of_the_closing_interview(sign_in: SignIn, server: RunningServer, library: Library) -> None:
    token = server.new_response("closing-interview", "en")
    page = sign_in("ilse")
    found = list(walked(page, [f"/response/{token}/welcome", f"/response/{token}/page/looking_back"]))
    for one in library.newest["closing-interview"].pages:
        page.goto(f"/response/{token}/page/{one.page}")
        found += layout_faults(page)
    assert found == []


@pytest.mark.parametrize(("name", "instrument"), [("coen", "coach-fidelity"), ("olga", "team-meeting")])
def test_pages_of_a_coach_and_an_observer(
    name: str, instrument: str, sign_in: SignIn, server: RunningServer, library: Library
) -> None:
    page = sign_in(name)
    found = faults_of(page)
    page.get_by_role("listitem").filter(has_text=library.newest[instrument].title).first.get_by_role(
        "button", name="Begin"
    ).click()
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("#interview")).to_be_visible()
    base = page.url.rsplit("/", 1)[0]
    found += axe_faults(page)
    for one in library.newest[instrument].pages:
        page.goto(f"{base}/{one.page}")
        found += layout_faults(page)
    assert found == []


def test_pages_with_everything_filled_in_and_with_mistakes(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.type("age", "veertig")
    ilse.note("housed", "dacht na")
    ilse.press("Next")
    expect(ilse.page.locator("#summary")).to_be_visible()
    found = faults_of(ilse.page)
    ilse.press("Go on, look later")
    ilse.answer("worries", ["money", "other"])
    ilse.answer("worries_namely", "mijn kat")
    ilse.answer("sup_family", 2)
    ilse.answer("of_calm", {"missing": "refused"})
    ilse.type("moved", "40", "day")
    ilse.type("places", "50", "inside")
    ilse.press("Next")
    expect(ilse.page.locator("#summary")).to_be_visible()
    found += faults_of(ilse.page)
    ilse.page.goto(f"/response/{ilse.token}/end")
    ilse.press("Hand in")
    expect(ilse.page.locator("#summary[role=alert]")).to_be_visible()
    found += faults_of(ilse.page)
    assert found == []


def test_page_of_two_versions_and_the_warning_at_the_foot(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    other = Interviewer(ilse.page.context.new_page(), ilse.instrument, ilse.token)
    other.open("home")
    ilse.answer("age", 40)
    ilse.expect_saved()
    other.answer("age", 50)
    other.page.get_by_role("button", name="look at both").click()
    expect(other.page.locator(".versions")).to_be_visible()
    found = faults_of(other.page)
    ilse.page.clock.install()
    ilse.page.reload()
    # What a page asks for when it opens is a sign of life too.
    ilse.page.wait_for_load_state("networkidle")
    server.last_seen("ilse", minutes=28)
    ilse.page.clock.fast_forward(20_000)
    expect(ilse.page.locator("#session-warning")).to_be_visible()
    assert found + axe_faults(ilse.page) == []


def test_pages_after_handing_in_and_those_of_the_researcher(
    sit_down: SitDown, sign_in: SignIn, server: RunningServer
) -> None:
    ilse = sit_down()
    ilse.answer("housed", "no")
    ilse.answer("story", "a" * 200)
    ilse.expect_saved()
    ilse.page.goto(f"/response/{ilse.token}/end")
    ilse.press("Hand in")
    expect(ilse.page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()
    found = faults_of(ilse.page)
    found += walked(ilse.page, [f"/response/{ilse.token}/pages", f"/response/{ilse.token}/page/home"])
    ilse.answer("age", 40)
    ilse.press("Save")
    expect(ilse.page.get_by_text("Say why the answer changes")).to_be_visible()
    found += faults_of(ilse.page)
    addresses = ["/", "/study/demo/responses/", f"/study/demo/responses/{ilse.token}", "/study/demo/download/"]
    assert list(chain(found, walked(sign_in("rik"), addresses))) == []


def test_pages_of_the_admin(sign_in: SignIn, server: RunningServer) -> None:
    page = sign_in("admin")
    person = f"/admin/people/{server.people['ilse']}"
    addresses = [
        "/admin/",
        "/admin/people/new",
        person,
        "/admin/studies",
        "/admin/studies/new",
        "/admin/instruments",
        "/admin/audit",
    ]
    found = list(walked(page, addresses))
    page.goto("/admin/studies/new")
    page.locator("main form .button:not(.quiet)").click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    assert found + faults_of(page) == []
