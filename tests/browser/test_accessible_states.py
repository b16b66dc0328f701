"""Pages in every state: mistakes, two versions, covered, offline, paired, alone in Arabic, in forced colours."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

from accessible import accessible_faults, asked, own_faults
from demo_at_hand import serving
from interviewer import Interviewer
from playwright.sync_api import BrowserContext, Page, expect
from running_server import PASSWORD, RunningServer
from sqlalchemy import select

from survey.instruments.library import Library
from survey.storage import links, people, screens
from survey.storage.tables import Participant, Person, Task, Wave
from survey.web.app import create_app
from survey.web.settings import Settings

OpenContext = Callable[..., BrowserContext]
SitDown = Callable[..., Interviewer]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def test_mistakes_in_two_languages_from_left_and_from_right(sit_down: SitDown) -> None:
    ilse = sit_down("client-interview", page="about_you", second="ar", reduced_motion="reduce")
    ilse.type("age", "veertig")
    ilse.press("Next")
    expect(ilse.page.locator("#summary")).to_be_visible()
    wrong = ilse.line("age")
    assert wrong.get_attribute("aria-invalid") == "true"
    described = (wrong.get_attribute("aria-describedby") or "").split()
    assert "error-age" in described and ilse.page.locator("#error-age").inner_text().strip()
    faults = accessible_faults(ilse.page)
    named = dict(ilse.page.evaluate(asked("languagesOfNames")))
    assert {name: languages for name, languages in named.items() if languages not in ("ar nl", "ar en nl")} == {}
    assert faults == []


def test_two_versions_the_cover_and_a_page_that_is_not_there(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(reduced_motion="reduce")
    other = Interviewer(ilse.page.context.new_page(), ilse.instrument, ilse.token)
    other.open("home")
    ilse.answer("age", 40)
    ilse.expect_saved()
    other.answer("age", 50)
    other.page.get_by_role("button", name="look at both").click()
    expect(other.page.locator(".versions").first).to_be_visible()
    faults = accessible_faults(other.page)
    other.page.goto("/no/such/page")
    faults += accessible_faults(other.page)
    other.page.close()
    # The session is over while something is typed: the page is covered, and under it nothing can be reached.
    server.last_seen("ilse", hours=1)
    ilse.answer("story", "verder")
    cover = ilse.page.locator("dialog#sign-in-over")
    expect(cover).to_be_visible()
    faults += accessible_faults(ilse.page)
    inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
    for _ in range(8):
        ilse.page.keyboard.press("Tab")
        assert ilse.page.evaluate(inside)
    ilse.page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    assert faults == []


def test_participants_screen(sit_down: SitDown, open_context: OpenContext, server: RunningServer) -> None:
    ilse = sit_down("client-interview", page="about_you", second="ar")
    tablet = open_context(base_url=server.url, reduced_motion="reduce").new_page()
    tablet.goto("/screen/join")
    tablet.locator("#code").fill("0000")
    tablet.locator("main button").click()
    expect(tablet.locator("#wrong")).to_be_visible()
    faults = accessible_faults(tablet)
    with server.database.writing() as session:
        invited = screens.invite(session, server.record(ilse.token), server.people["ilse"], now())
    tablet.locator("#code").fill(invited.code)
    tablet.locator("main button").click()
    expect(tablet.locator("#code")).to_have_count(0)
    faults += accessible_faults(tablet)
    ilse.page.reload()
    expect(ilse.page.locator("#screen-status")).to_have_text("paired")
    ilse.line("age").click()
    expect(tablet.locator("#one-text")).to_be_visible()
    faults += accessible_faults(tablet)
    faults += accessible_faults(ilse.page)
    tablet.context.set_offline(True)
    ilse.page.get_by_role("link", name="Show card").first.click()
    expect(ilse.page.locator("dialog[open]")).to_be_visible()
    faults += own_faults(ilse.page)
    assert faults == []


def test_alone_in_arabic(open_context: OpenContext, server: RunningServer, library: Library) -> None:
    secret = _link(server)
    page = open_context(base_url=server.url, reduced_motion="reduce").new_page()
    page.goto(f"/l/{secret}")
    faults = accessible_faults(page)
    page.locator("main form .button").click()
    expect(page.locator("#interview")).to_be_visible()
    assert page.locator("html").get_attribute("dir") == "rtl"
    faults += accessible_faults(page)
    for _ in range(len(library.newest["hope-behaviour"].pages) + 1):
        if not page.locator("button[name=go][value=next]").count():
            break
        page.locator("button[name=go][value=next]").click()
    expect(page.locator("#interview")).to_have_count(0)
    faults += accessible_faults(page)
    page.goto("/accessibility")
    faults += accessible_faults(page)
    page.get_by_role("link", name="Back to the questions").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert faults == []


def _link(server: RunningServer) -> str:
    """The secret of a link in Arabic, for a participant of the shared server."""
    day = now().date()
    with server.database.writing() as session:
        wave = session.scalars(select(Wave.id).where(Wave.study_id == server.study)).first()
        participant = session.scalars(select(Participant.id).where(Participant.study_id == server.study)).first()
        task = Task(
            study_id=server.study, wave_id=wave, instrument="hope-behaviour", by="participant",
            participant_id=participant, opens_on=day, due_on=day, closes_on=day,
        )  # fmt: skip
        session.add(task)
        session.flush()
        return links.make_link(session, task.id, "ar", server.people["ilse"], now(), datetime.timedelta(days=9))


def test_what_is_chosen_is_seen_without_our_colours(sit_down: SitDown) -> None:
    ilse = sit_down(page="days", forced_colors="active", second="qrl")
    ilse.answer("worries", ["money"])
    ilse.answer("sup_family", 2)
    ilse.answer("of_calm", {"missing": "refused"})
    ilse.page.locator(".chip").first.click()
    assert ilse.page.evaluate(asked("chosenUnseen")) == []
    assert [one for one in own_faults(ilse.page) if "focus" in one] == []


def test_going_on_without_a_network(sit_down: SitDown) -> None:
    ilse = sit_down(second="qrl", service_workers="allow", reduced_motion="reduce")
    page = ilse.page
    expect(page.locator("#interview[data-offline-ready]")).to_be_attached()
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_attribute("data-state", "saved")
    page.context.set_offline(True)
    ilse.type("age", "200")
    ilse.press("Next")
    expect(page.locator("#summary")).to_be_visible()
    faults = _without_private_language(page)
    ilse.press("Go on, look later")
    expect(page.locator("main h1:visible")).to_contain_text("Uw dagen")
    # The focus is at the heading of the new page, so that a screen reader reads it, and the window has its name.
    expect(page.locator("main h1:visible")).to_be_focused()
    faults += _without_private_language(page)
    assert page.title().startswith("Uw dagen")
    page.locator(".steps button[value=pause]").click()
    expect(page.locator("main h1:visible")).not_to_contain_text("Uw dagen")
    faults += _without_private_language(page)
    page.context.set_offline(False)
    assert faults == []


def _without_private_language(page: Page) -> list[str]:
    """All but the rule that knows no languages for private use."""
    return [fault for fault in accessible_faults(page) if ": valid-lang:" not in fault]


def test_steps_after_the_password(tmp_path: Path, open_context: OpenContext) -> None:
    address = f"sqlite:///{tmp_path / 'half.sqlite'}"
    settings = Settings(address, "k" * 40, second_factor=True, master_key=bytes(range(32)))
    faults = []
    with serving(create_app(settings)) as (app, url):
        here = app.extensions["krachtmeting"]
        here.database.upgrade()
        with here.database.writing() as session:
            people.add_person(session, "admin", PASSWORD, now(), admin=True, language="nl")
            newcomer = people.add_person(session, "nina", PASSWORD, now(), language="nl")
            session.get_one(Person, newcomer).initial_until = now() + datetime.timedelta(days=3)
        for name, where in (("admin", "/sign-in/set-up"), ("nina", "/sign-in/new-password")):
            page = open_context(base_url=url, locale="nl-NL", reduced_motion="reduce").new_page()
            page.goto("/sign-in")
            page.locator("#name").fill(name)
            page.locator("#password").fill(PASSWORD)
            page.keyboard.press("Enter")
            expect(page).to_have_url(re.compile(where))
            faults += accessible_faults(page)
            page.set_viewport_size({"width": 1280, "height": 900})
            fields = page.locator("main form:visible").first.locator("input:visible:not([type=hidden])")
            for field in fields.all():
                field.fill("1")
            fields.first.press("Enter")
            expect(page.locator("main [aria-invalid=true]").first).to_be_visible()
            faults += accessible_faults(page)
    assert faults == []
