"""A session that ran out costs nothing: one signs in again, and what was typed is saved, by nobody else."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from interviewer import Interviewer
from playwright.sync_api import Page, expect
from running_server import PASSWORD, RunningServer

SitDown = Callable[..., Interviewer]


def sign_in_here(page: Page, name: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def sign_in_over(page: Page, name: str, password: str = PASSWORD) -> None:
    over = page.get_by_role("dialog", name="Please sign in again")
    over.get_by_label("Name").fill(name)
    over.get_by_label("Password").fill(password)
    over.get_by_role("button", name="Sign in").click()


def test_one_signs_in_over_the_page_and_goes_on_typing(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.page.evaluate("globalThis.stayed = true")
    server.last_seen("ilse", hours=1)
    ilse.answer("age", 36)
    over = ilse.page.get_by_role("dialog", name="Please sign in again")
    expect(over.get_by_label("Name")).to_be_focused()
    # What stands under it can be neither seen nor reached.
    assert over.bounding_box() == {"x": 0, "y": 0, "width": 820, "height": 1180}
    # Nor printed: paper has no background that would cover it.
    ilse.page.emulate_media(media="print")
    expect(ilse.line("age")).to_be_hidden()
    expect(over.get_by_label("Name")).to_be_visible()
    ilse.page.emulate_media(media="screen")
    for _ in range(2):
        ilse.page.keyboard.press("Escape")
    expect(over).to_be_visible()
    sign_in_over(ilse.page, "ilse", "not mine")
    expect(over.get_by_role("alert")).to_contain_text("do not belong together")
    assert server.record(ilse.token).answers == {}
    sign_in_over(ilse.page, "ilse")
    ilse.expect_saved()
    expect(over).to_be_hidden()
    assert (server.record(ilse.token).answers, ilse.page.evaluate("globalThis.stayed")) == ({"age": 36}, True)
    ilse.answer("housed", "yes")
    ilse.press("Next")
    expect(ilse.page.locator("h1")).to_have_text("Uw dagen")


def test_page_goes_on_after_signing_in_in_another_tab(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    server.last_seen("ilse", hours=1)
    ilse.answer("age", 36)
    expect(ilse.page.locator("#sign-in-over")).to_be_visible()
    other = ilse.page.context.new_page()
    other.goto("/sign-in")
    sign_in_here(other, "ilse")
    expect(other.get_by_role("button", name="Sign out")).to_be_visible()
    other.close()
    ilse.page.bring_to_front()
    expect(ilse.page.locator("#sign-in-over")).to_be_hidden(timeout=30_000)
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"age": 36}


def test_page_sent_without_a_script_comes_back_after_signing_in(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(java_script_enabled=False)
    ilse.answer("housed", "no")
    ilse.answer("story", 'Een "verhaal" & meer')
    server.last_seen("ilse", hours=1)
    ilse.press("Next")
    expect(ilse.page.get_by_text("What you filled in is kept: sign in, and you can save it.")).to_be_visible()
    sign_in_here(ilse.page, "ilse")
    ilse.press("Save")
    expect(ilse.page.locator("h1")).to_have_text("Uw huis")
    expect(ilse.line("story")).to_have_value('Een "verhaal" & meer')
    assert server.record(ilse.token).answers == {"housed": "no", "story": 'Een "verhaal" & meer'}


def test_another_person_who_signs_in_does_not_get_what_was_typed(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(java_script_enabled=False)
    ilse.answer("story", "alleen voor Ilse")
    server.last_seen("ilse", hours=1)
    ilse.press("Next")
    sign_in_here(ilse.page, "ina")
    expect(ilse.page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert "alleen voor Ilse" not in ilse.page.content()
    assert server.record(ilse.token).answers == {}


def test_page_warns_before_the_session_ends_and_stays_signed_in_on_request(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down()
    ilse.page.clock.install()
    ilse.page.reload()
    server.last_seen("ilse", minutes=28)
    ilse.type("story", "half een zin")
    # Typing is a sign of life by itself; what follows is silence.
    ilse.expect_saved()
    server.last_seen("ilse", minutes=28)
    ilse.page.clock.fast_forward(20_000)
    warning = ilse.page.locator("#session-warning")
    expect(warning).to_contain_text("You will be signed out in 2 min. Everything is saved.")
    warning.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    expect(ilse.line("story")).to_have_value("half een zin")
    state = ilse.page.request.get("/session").json()
    assert datetime.timedelta(seconds=state["seconds"]) > datetime.timedelta(minutes=29)


def test_session_that_ended_in_silence_covers_the_page(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.page.clock.install()
    ilse.page.reload()
    ilse.answer("housed", "yes")
    ilse.expect_saved()
    server.last_seen("ilse", hours=1)
    ilse.page.clock.fast_forward(20_000)
    expect(ilse.page.locator("#sign-in-over")).to_be_visible()
