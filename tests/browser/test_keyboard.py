"""By keyboard alone: digits choose, Tab goes on naturally, Enter hands nothing in, and the focus is to be seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from interviewer import Interviewer
from playwright.sync_api import expect
from running_server import RunningServer

SitDown = Callable[..., Interviewer]

FOCUSED = """() => {
  const at = document.activeElement;
  const box = (at.closest("label") || at).getBoundingClientRect();
  const drawn = [at, at.closest("label")].filter(Boolean).map((one) => getComputedStyle(one));
  return {
    name: at.name || at.id || at.textContent.trim(),
    value: at.value || "",
    outlined: drawn.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    inSight: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_to(ilse: Interviewer, name: str) -> None:
    """Press Tab until an input, link or button of this name has the focus."""
    for _ in range(60):
        ilse.page.keyboard.press("Tab")
        if ilse.page.evaluate(FOCUSED)["name"] == name:
            return
    pytest.fail(f"Tab does not reach {name}")


def test_digit_chooses_the_option_at_that_place(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    tab_to(ilse, "q_housed")
    ilse.page.keyboard.press("2")
    assert ilse.chosen("housed") == ["no"]
    ilse.page.keyboard.press("9")
    assert ilse.chosen("housed") == ["no"]
    ilse.expect_saved()
    assert server.kept(ilse.token, "housed") == "no"


def test_digit_chooses_the_point_of_a_scale_and_ticks_boxes(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days")
    tab_to(ilse, "q_worries")
    for digit in ("1", "3", "4", "3"):
        ilse.page.keyboard.press(digit)
    assert ilse.chosen("worries") == ["money", "work"]
    tab_to(ilse, "q_sup_family")
    ilse.page.keyboard.press("6")
    tab_to(ilse, "q_sup_friends")
    ilse.page.keyboard.press("1")
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"worries": ["money", "work"], "sup_family": 6, "sup_friends": 1}


def test_tab_order_is_the_order_of_the_page_with_one_stop_for_each_group(sit_down: SitDown) -> None:
    ilse = sit_down()
    ilse.answer("housed", "yes")
    ilse.page.locator("h1").click()
    ilse.page.evaluate("document.activeElement.blur(); document.getElementById('main').focus()")
    stops = []
    while (not stops) or stops[-1] != "Next":
        ilse.page.keyboard.press("Tab")
        focused = ilse.page.evaluate(FOCUSED)
        assert focused["outlined"], focused
        assert focused["inSight"], focused
        stops.append(
            "Next" if focused["value"] == "next" else "Pause" if focused["value"] == "pause" else focused["name"]
        )
    assert stops == [
        "All pages", "go", "Participant's screen", "q_housed", "Show card", "Note", "q_age", "m_age", "Show card",
        "Note", "q_rooms", "m_rooms", "Show card", "Note", "q_story", "m_story", "Show card", "Note",
        "go", "Pause", "Next",
    ]  # fmt: skip


def test_enter_goes_to_the_next_input_and_hands_nothing_in(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.type("age", "45")
    ilse.page.keyboard.press("Enter")
    assert ilse.page.evaluate(FOCUSED)["name"] == "m_age"
    ilse.page.keyboard.press("Enter")
    assert ilse.page.evaluate(FOCUSED)["name"] == "q_story"
    ilse.page.keyboard.press("Enter")
    ilse.page.keyboard.type("na een witregel")
    ilse.expect_saved()
    assert server.visits(ilse.token, "page") == 0
    assert server.record(ilse.token).answers == {"age": 45, "story": "na een witregel"}


def test_whole_page_can_be_filled_in_by_keyboard_alone(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down(page="days")
    press, write = ilse.page.keyboard.press, ilse.page.keyboard.type
    tab_to(ilse, "q_worries")
    press("Space")
    tab_to(ilse, "q_sup_family")
    press("7")
    tab_to(ilse, "q_sup_friends")
    press("Space")
    press("ArrowRight")
    tab_to(ilse, "q_sup_money")
    press("3")
    tab_to(ilse, "q_of_calm")
    press("5")
    tab_to(ilse, "q_of_out")
    press("2")
    for name, words in {
        "moved.day": "3",
        "moved.month": "2",
        "moved.year": "2011",
        "walk.hours": "1",
        "places.inside": "100",
    }.items():
        tab_to(ilse, f"q_{name}")
        write(words)
    tab_to(ilse, "m_places")
    press("Shift+Tab")
    tab_to(ilse, "Note")
    press("Enter")
    press("Tab")
    write("wees naar buiten")
    tab_to(ilse, "go")
    press("Tab")
    press("Tab")
    press("Enter")
    expect(ilse.page.locator("h1")).to_have_text("Tot slot")
    record = server.record(ilse.token)
    assert record.answers == {
        "worries": ["money"], "sup_family": 7, "sup_friends": 2, "sup_money": 3, "of_calm": 5, "of_out": 2,
        "moved": "2011-02-03", "walk": 60, "places": {"inside": 100, "outside": 0, "away": 0},
    }  # fmt: skip
    assert record.notes == {"places": "wees naar buiten"}
