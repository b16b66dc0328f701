"""Charts keep their words apart and their marks in the frame, whatever the numbers and however long the words."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.web.reports.charts.dots import Cut, DotRow, dots
from survey.web.reports.charts.drawing import Both, Drawing, Words, ticks
from survey.web.reports.charts.dumbbell import DumbbellRow, dumbbell
from survey.web.reports.charts.likert import LikertRow, likert, shades, shares
from survey.web.reports.charts.paired import MOST, Mean, paired

LABELS = st.text("een langere naam ", min_size=1, max_size=70).map(lambda words: f"x{words}")
NOTES = st.sampled_from(["", "n = 28", "on the way, 3 of 6 coaches answered what this is made of"])
VALUES = st.none() | st.floats(1, 5)
DOTS = st.builds(DotRow, LABELS, VALUES, st.sampled_from(["4,2", "–"]), st.sampled_from(["well", "low"]), NOTES, VALUES)
OUTCOMES = st.builds(
    DumbbellRow, LABELS, VALUES, VALUES, st.just(1), st.just(5), st.just("4,12"), st.just("3,9"), NOTES
)
PAIRS = st.lists(st.tuples(st.floats(1, 7), st.floats(1, 7)), max_size=30)
ITEMS = st.builds(LikertRow, LABELS, st.lists(st.integers(0, 30), min_size=5, max_size=5), NOTES)
POINTS = ["Never", "Seldom", "Sometimes", "Quite often, as far as I remember", "Always"]


def edges(one: Words) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a line of words."""
    high = 11.0 if one.small else 13.0
    return one.begins, one.begins + one.width, one.y - high, one.y + 3


def check(both: Both) -> None:
    for drawing in (both.wide, both.narrow):
        _check(drawing)


def _check(drawing: Drawing) -> None:
    for one in drawing.words:
        left, right, top, bottom = edges(one)
        assert left >= -1 and right <= drawing.width + 1 and top >= -1 and bottom <= drawing.height, one
    for one, other in combinations(drawing.words, 2):
        a, b = edges(one), edges(other)
        assert a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2], (one, other)
    for mark in drawing.marks:
        assert 0 <= mark.x <= drawing.width and 0 <= mark.y <= drawing.height, mark
    for stroke in drawing.strokes:
        assert min(stroke.x1, stroke.x2) >= 0 and max(stroke.x1, stroke.x2) <= drawing.width
        assert min(stroke.y1, stroke.y2) >= 0 and max(stroke.y1, stroke.y2) <= drawing.height
    for bar in drawing.bars:
        assert bar.x >= 0 and bar.x + bar.width <= drawing.width + 0.01 and bar.y + bar.height <= drawing.height


@settings(max_examples=40)
@given(st.lists(DOTS, min_size=1, max_size=6), st.floats(1, 5))
def test_dots_stand_in_their_frame(rows: list[DotRow], cut: float) -> None:
    signs = {"well": "carried out well", "low": "low", "unknown": "cannot be said"}
    check(dots(rows, signs, cut=Cut(cut, "carried out well from this line"), beside="mean of the team"))


@settings(max_examples=40)
@given(st.lists(OUTCOMES, min_size=1, max_size=5))
def test_dumbbells_stand_in_their_frame(rows: list[DumbbellRow]) -> None:
    check(dumbbell(rows, before="Start", after="After six months"))


@settings(max_examples=30)
@given(PAIRS, st.none() | st.floats(1, 7), st.floats(1, 7))
def test_ways_stand_in_their_frame(pairs: list[Any], first: float | None, last: float) -> None:
    before = Mean("Start", first, "4,1", 2, 6, "95 % CI 3.7 to 4.5")
    check(paired(pairs, before=before, after=Mean("End of the trajectory", last, "4,6"), lowest=1, highest=7))


@settings(max_examples=40)
@given(st.lists(ITEMS, min_size=1, max_size=5))
def test_bars_stand_in_their_frame(rows: list[LikertRow]) -> None:
    check(likert(rows, POINTS))


def test_dot_stands_where_its_value_is_and_what_is_unknown_is_no_dot() -> None:
    rows = [DotRow("one", 1, "1"), DotRow("four", 4, "4", "well"), DotRow("none", None, "–", "low")]
    found = dots(rows, {"well": "well", "unknown": "unknown"}, cut=Cut(4, "well")).wide
    one, four, none, *legend = found.marks
    cut = next(stroke for stroke in found.strokes if stroke.kind == "cut")
    assert (four.x, four.kind, none.kind) == (cut.x1, "well", "unknown")
    assert one.x < none.x < four.x and one.y < four.y < none.y
    assert [mark.kind for mark in legend] == ["well", "unknown"]


def test_arrow_points_to_where_the_change_went() -> None:
    rows = [DumbbellRow("up", 2, 4, 1, 5), DumbbellRow("down", 4, 2, 1, 5), DumbbellRow("same", 3, 3, 1, 5)]
    found = dumbbell([*rows, DumbbellRow("nothing", None, 4, 1, 5)], before="Start", after="Later").wide
    marks = found.marks[2:]
    assert [mark.kind for mark in marks] == ["before", "after_up", "before", "after_down", "before", "after"]
    assert marks[0].x == marks[3].x < marks[1].x == marks[2].x
    assert len([stroke for stroke in found.strokes if stroke.kind == "change"]) == 2


def test_equal_ways_are_one_line_and_too_many_are_said() -> None:
    nobody = Mean("Start", None)
    same = paired([(1, 2)] * 3 + [(2, 2)], before=nobody, after=nobody, lowest=1, highest=5)
    assert [one.kind for one in same.wide.strokes if one.kind.startswith("p")] == ["people", "person"]
    many = paired([(1 + n / 1000, 3.0) for n in range(1000)], before=nobody, after=nobody, lowest=1, highest=5)
    assert (len([one for one in many.wide.strokes if one.kind == "person"]), many.wide.left_out) == (MOST, 600)


def test_bar_has_its_shares_in_the_order_of_the_scale() -> None:
    found = likert([LikertRow("item", [1, 1, 0, 2, 4])], POINTS).narrow
    parts = [bar for bar in found.bars if bar.height > 20]
    assert [bar.kind for bar in parts] == ["below-2", "below-1", "above-1", "above-2"]
    assert [bar.width for bar in parts] == [42.5, 42.5, 85, 170]
    assert [one.words for one in found.words if "%" in one.words] == ["12 %", "12 %", "25 %", "50 %"]
    assert likert([LikertRow("item", [0] * 5)], POINTS).narrow.bars[-1].kind == "nobody"


def test_every_answer_has_a_look_of_its_own() -> None:
    for points in range(1, 12):
        assert len(set(shades(points))) == points
    assert (shares([0, 0]), shares([1, 3])) == ([0, 0], [0.25, 0.75])
    with pytest.raises(ValueError):
        shades(12)


@pytest.mark.parametrize("ends", [(1, 5), (1, 7), (0, 10), (0, 100), (11, 55)])
def test_scale_has_a_few_whole_numbers(ends: tuple[float, float]) -> None:
    found = ticks(*ends)
    assert 4 <= len(found) <= 8 and found[0] == ends[0]
