"""Questions come and go at once with a script; without one the page comes again, and everything works all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interviewer import Interviewer
from playwright.sync_api import expect
from running_server import RunningServer

SitDown = Callable[..., Interviewer]


def test_question_appears_and_goes_the_moment_its_condition_changes(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    assert ilse.visible() == ["hello", "housed", "age", "story"]
    ilse.answer("housed", "no")
    assert ilse.visible() == ["hello", "housed", "where", "age", "story"]
    ilse.answer("where", "bij een vriend")
    ilse.answer("housed", "yes")
    assert ilse.visible() == ["hello", "housed", "age", "rooms", "story"]
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"housed": "yes", "where": "bij een vriend"}
    ilse.answer("housed", "no")
    expect(ilse.line("where")).to_have_value("bij een vriend")


def test_reason_instead_of_an_answer_hides_what_depends_on_it(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.answer("housed", "no")
    ilse.answer("housed", {"missing": "refused"})
    assert ilse.visible() == ["hello", "housed", "age", "story"]
    ilse.expect_saved()
    assert server.kept(ilse.token, "housed") == {"missing": "refused"}


def test_row_of_a_scale_and_a_namely_text_appear_at_once(sit_down: SitDown) -> None:
    ilse = sit_down(page="days")
    expect(ilse.unit("sup_money")).to_be_hidden()
    ilse.answer("worries", ["money", "other"])
    expect(ilse.unit("sup_money")).to_be_visible()
    expect(ilse.unit("worries_namely")).to_be_visible()
    ilse.answer("worries", ["none"])
    assert ilse.chosen("worries") == ["none"]
    expect(ilse.unit("sup_money")).to_be_hidden()


def test_answer_on_an_earlier_page_decides_on_a_later_one(sit_down: SitDown) -> None:
    ilse = sit_down()
    ilse.answer("age", 41)
    ilse.expect_saved()
    ilse.open("last")
    assert ilse.visible() == ["children", "known", "grown"]


def test_typing_an_answer_takes_away_the_reason_and_the_other_way_round(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down()
    ilse.answer("age", {"missing": "dont_know"})
    ilse.answer("age", 44)
    assert ilse.chosen("age") == []
    ilse.expect_saved()
    assert server.kept(ilse.token, "age") == 44
    ilse.answer("age", {"missing": "dont_know"})
    expect(ilse.line("age")).to_have_value("")
    ilse.expect_saved()
    assert server.kept(ilse.token, "age") == {"missing": "dont_know"}


def test_clear_takes_an_answer_away(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.answer("housed", "no")
    ilse.unit("housed").get_by_text("Clear").click()
    assert ilse.chosen("housed") == []
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {}


GIVEN: dict[str, Any] = {
    "worries": ["money", "other"],
    "sup_family": 7,
    "sup_friends": 1,
    "of_calm": 3,
    "of_out": {"missing": "refused"},
    "moved": "2011-02-03",
    "since": "2012-11",
    "walk": 75,
    "places": {"inside": 60, "outside": 40, "away": 0},
}


def test_everything_works_without_a_script(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(java_script_enabled=False)
    ilse.answer("housed", "no")
    ilse.press("Next")
    expect(ilse.page.get_by_text("There is something new to ask on this page.")).to_be_visible()
    assert ilse.visible() == ["hello", "housed", "where", "age", "story"]

    ilse.answer("where", "in de opvang")
    ilse.answer("story", 'Zij zei: "ja" & ik <nee>\nZo was het.')
    ilse.type("age", "veertig")
    ilse.press("Next")
    expect(ilse.page.locator("#summary")).to_be_visible()
    expect(ilse.page.locator("#error-age")).to_have_text("Write this as a number, for example 12.")
    expect(ilse.line("age")).to_have_value("veertig")
    expect(ilse.line("story")).to_have_value('Zij zei: "ja" & ik <nee>\nZo was het.')
    ilse.press("Go on, look later")

    expect(ilse.page.locator("h1")).to_have_text("Uw dagen")
    for name, value in GIVEN.items():
        ilse.answer(name, value)
    ilse.press("Next")
    expect(ilse.unit("sup_money")).to_be_visible()
    ilse.answer("sup_money", 4)
    ilse.answer("worries_namely", "mijn kat")
    ilse.press("Next")

    expect(ilse.page.locator("h1")).to_have_text("Tot slot")
    record = server.record(ilse.token)
    assert record.drafts == {"age": {"": ["veertig"]}}
    assert record.answers == GIVEN | {
        "housed": "no",
        "where": "in de opvang",
        "story": 'Zij zei: "ja" & ik <nee>\nZo was het.',
        "sup_money": 4,
        "worries_namely": "mijn kat",
    }


def test_namely_text_comes_without_a_script_too(sit_down: SitDown) -> None:
    ilse = sit_down(page="last", java_script_enabled=False)
    ilse.answer("known", "other")
    ilse.press("Next")
    expect(ilse.line("known_namely")).to_be_visible()


def test_enter_without_a_script_saves_and_stays(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(java_script_enabled=False)
    ilse.type("age", "45\n")
    expect(ilse.status).to_contain_text("safe at")
    expect(ilse.page.locator("h1")).to_have_text("Uw huis")
    assert server.record(ilse.token).answers == {"age": 45}
