"""A second language from right to left: each text has its direction, and a scale stays as its author meant it."""

from __future__ import annotations

from collections.abc import Callable

from interviewer import Interviewer
from layout import axe_faults, layout_faults
from own_instruments import RIGHT_TO_LEFT, pseudo
from running_server import RunningServer

SitDown = Callable[..., Interviewer]

PRIVATE = ("valid-lang",)
"""The rule that knows no languages for private use."""

DIRECTIONS = """() => Array.from(
  document.querySelectorAll("#interview .words"),
  (one) => [one.lang, one.dir, getComputedStyle(one).direction],
)"""
PLACES = """() => Array.from(
  document.querySelectorAll("#unit-sup_family .point"),
  (one) => one.getBoundingClientRect().left,
)"""
ALIGNED = """(name) => {
  const words = document.querySelector(`#question-${name} .asked .words.second`);
  const range = document.createRange();
  range.selectNodeContents(words);
  return words.getBoundingClientRect().right - range.getBoundingClientRect().right;
}"""


def test_each_text_has_its_own_language_and_direction(sit_down: SitDown) -> None:
    ilse = sit_down(second=RIGHT_TO_LEFT)
    found = ilse.page.evaluate(DIRECTIONS)
    assert {tuple(one) for one in found} == {("nl", "ltr", "ltr"), ("en", "ltr", "ltr"), (RIGHT_TO_LEFT, "rtl", "rtl")}
    asked = ilse.question("age").locator(".asked .words")
    assert [one.inner_text() for one in asked.all()] == ["Hoe oud bent u?", pseudo("Hoe oud bent u?")]
    assert ilse.page.evaluate(ALIGNED, "age") < 20
    # What is for the interviewer alone stands in the interviewer's language alone.
    staff = ilse.page.locator(".interviewer .words")
    assert {one.get_attribute("lang") for one in staff.all()} == {"nl"}


def test_layout_holds_in_both_directions_at_once(sit_down: SitDown) -> None:
    ilse = sit_down(second=RIGHT_TO_LEFT)
    found = layout_faults(ilse.page) + axe_faults(ilse.page, PRIVATE)
    ilse.open("days")
    ilse.answer("worries", ["money", "other"])
    found += layout_faults(ilse.page) + axe_faults(ilse.page, PRIVATE)
    for part in ("welcome", "pages", "end"):
        ilse.page.goto(f"/response/{ilse.token}/{part}")
        found += layout_faults(ilse.page) + axe_faults(ilse.page, PRIVATE)
    assert found == []


def test_points_of_a_scale_ascend_from_left_to_right_in_every_language(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down(page="days", second=RIGHT_TO_LEFT)
    for width in (390, 820, 1280):
        ilse.page.set_viewport_size({"width": width, "height": 1000})
        places = ilse.page.evaluate(PLACES)
        assert (len(places), places) == (7, sorted(places))
    ilse.unit("sup_family").locator(".point").last.click()
    ilse.expect_saved()
    assert server.kept(ilse.token, "sup_family") == 7


def test_scale_that_follows_the_reading_direction_turns_but_keeps_its_codes(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down("turning-scale", second=RIGHT_TO_LEFT)
    points = ilse.unit("tu_one").locator(".point")
    places = [point.bounding_box()["x"] for point in points.all()]  # type: ignore[index]
    assert places == sorted(places)
    ilse.page.goto(f"/response/{ilse.token}/welcome")
    ilse.page.locator("#language").select_option(RIGHT_TO_LEFT)
    ilse.page.locator("#second_language").select_option("")
    ilse.begin()
    places = [point.bounding_box()["x"] for point in points.all()]  # type: ignore[index]
    assert places == sorted(places, reverse=True)
    points.first.click()
    ilse.expect_saved()
    assert server.kept(ilse.token, "tu_one") == 1
