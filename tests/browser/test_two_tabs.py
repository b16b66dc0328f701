"""Two tabs on one response, and clicks that come five at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from interviewer import Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer
from test_away_for_a_while import sign_in_here
from test_journal import left

SitDown = Callable[..., Interviewer]


@pytest.fixture
def tabs(sit_down: SitDown) -> tuple[Interviewer, Interviewer]:
    """Two tabs of one browser, both on the first page of one response."""
    one = sit_down()
    other = Interviewer(one.page.context.new_page(), one.instrument, one.token)
    other.open("home")
    return one, other


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_answers_to_one_question_are_shown_and_a_person_chooses(
    choice: str, tabs: tuple[Interviewer, Interviewer], server: RunningServer
) -> None:
    one, other = tabs
    one.answer("age", 40)
    one.answer("story", "een")
    one.expect_saved()
    other.answer("age", 50)
    other.page.get_by_role("button", name="changed on another device too: look at both").click()
    expect(other.page.get_by_role("heading", name="Two versions")).to_be_visible()
    versions = other.page.locator(".versions .option")
    expect(versions).to_have_count(2)
    expect(versions.nth(0)).to_contain_text("40")
    expect(versions.nth(1)).to_contain_text("50")
    assert server.kept(one.token, "age") == 40
    versions.nth(1 if choice == "mine" else 0).click()
    other.press("Save this choice")
    chosen = 50 if choice == "mine" else 40
    expect(other.line("age")).to_have_value(str(chosen))
    # What the other tab changed beside it stays: nobody chose against it.
    assert server.record(one.token).answers == {"age": chosen, "story": "een"}
    ages = [(row.old, row.new) for row in server.trail(one.token) if row.unit == "age" and row.part == "answers"]
    assert ages[-1] == (("40", "50") if choice == "mine" else (None, "40"))


def test_answers_to_different_questions_merge_without_a_word(
    tabs: tuple[Interviewer, Interviewer], server: RunningServer
) -> None:
    one, other = tabs
    one.answer("age", 40)
    one.expect_saved()
    other.answer("story", "twee")
    other.expect_saved()
    one.answer("housed", "yes")
    one.expect_saved()
    other.note("age", "dacht lang na")
    other.expect_saved()
    other.press("Next")
    expect(other.page.locator("#summary, h1").first).to_be_visible()
    one.press("Next")
    expect(one.page.locator("h1")).to_have_text("Uw dagen")
    assert server.record(one.token).answers == {"age": 40, "story": "twee", "housed": "yes"}
    assert server.record(one.token).notes == {"age": "dacht lang na"}


def test_five_quick_clicks_on_begin_open_one_response(sign_in: Callable[..., Page], server: RunningServer) -> None:
    page = sign_in("ilse")
    page.goto("/study/demo/participants/")
    page.get_by_role("button", name="New participant").click()
    before = len(server.responses_in_study())
    page.get_by_role("button", name="Begin").first.click(click_count=5, delay=1)
    expect(page.get_by_role("heading", name="Who is there?")).to_be_visible()
    assert len(server.responses_in_study()) == before + 1


def test_five_quick_clicks_on_handing_in_make_one_submission(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.answer("housed", "yes")
    ilse.expect_saved()
    ilse.page.goto(f"/response/{ilse.token}/end")
    ilse.page.get_by_role("button", name="Hand in").click(click_count=5, delay=1)
    expect(ilse.page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()
    assert server.visits(ilse.token, "submit") == 1


def test_five_quick_clicks_on_next_lead_to_the_next_page_once(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.answer("housed", "yes")
    ilse.page.get_by_role("button", name="Next").click(click_count=5, delay=1)
    expect(ilse.page.locator("h1")).to_have_text("Uw dagen")
    assert server.visits(ilse.token, "page") == 1


@pytest.mark.parametrize("goes_on", [False, True])
def test_choice_that_met_the_end_of_the_session_is_not_taken_for_saved(
    goes_on: bool, tabs: tuple[Interviewer, Interviewer], server: RunningServer
) -> None:
    one, other = tabs
    one.answer("age", 40)
    one.expect_saved()
    other.answer("age", 50)
    asks = other.page.get_by_role("button", name="changed on another device too: look at both")
    asks.click()
    one.page.close()
    mine = other.page.locator("[name=keep_q_age][value=mine]")
    mine.check()
    server.last_seen("ilse", hours=1)
    other.press("Save this choice")
    if goes_on:
        sign_in_here(other.page, "ilse")
        other.press("Save")
    else:
        # Instead of going on with the form that was kept, the interview is opened by hand.
        other.page.goto("/sign-in")
        sign_in_here(other.page, "ilse")
        other.page.goto(f"/response/{one.token}/")
        asks.click()
        mine.check()
        other.press("Save this choice")
    expect(other.line("age")).to_have_value("50")
    if goes_on:
        asks.click()
    expect(other.line("age")).to_have_value("50")
    expect(asks).to_be_hidden()
    # The page is loaded once more when what was chosen arrived.
    other.page.wait_for_load_state("networkidle")
    assert left(other.page) == 0
