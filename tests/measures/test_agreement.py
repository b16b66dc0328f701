"""What two observers of meetings agree on."""

from __future__ import annotations

from typing import Any

import pytest
from small_instruments import instrument

from survey.answers.flow import flow
from survey.measures.agreement import AgreementReport, Pair, agreement
from survey.measures.differences import compared
from survey.measures.kappa import of_table

MEETING = instrument("""
lists:
  points: {1: Not, 2: A bit, 3: Half, 4: Mostly, 5: Wholly}
pages:
- page: meeting
  title: Meeting
  questions:
  - {kind: scale, name: steps, text: How far?, choices: points, items: {one: One, two: Two}}
  - {kind: scale, name: whole, text: In all?, choices: {0: Bad, 1: Good}, items: {course: Course}}
  - {kind: choice, name: led, text: Led?, choices: {leader: Leader, nobody: Nobody, other: {text: Other, other: true}}}
  - {kind: number, name: ideas, text: How many?, missing: [dont_know]}
  - {kind: several, name: there, text: Who?, choices: {a: A, b: B}}
  - {kind: open, name: seen, text: What?}
""")


def of(*meetings: tuple[dict[str, Any], dict[str, Any]], people: tuple[str, str] = ("A", "B")) -> AgreementReport:
    return agreement([Pair(people, tuple(compared([flow(MEETING, said) for said in both]))) for both in meetings])


def ten(first: list[int], second: list[int], name: str = "one") -> AgreementReport:
    return of(*(({name: one}, {name: other}) for one, other in zip(first, second, strict=True)))


def test_one_meeting_has_shares_and_no_kappa() -> None:
    said = {"one": 4, "two": 2, "course": 1, "led": "nobody", "ideas": 7, "there": ["a", "b"], "seen": "Much"}
    found = of((said, said | {"two": 3, "ideas": {"missing": "dont_know"}, "there": ["b", "a"], "seen": "Little"}))
    assert (found.meetings, found.people, found.n, found.same, found.exact) == (1, 1, 5, 4, 0.8)
    assert [(one.unit.name, one.sort, one.agreed.same) for one in found.items] == [
        ("one", "scale", 1), ("two", "scale", 0), ("course", "scale", 1), ("led", "choice", 1), ("ideas", "number", 0),
        ("there", "other", 1),
    ]  # fmt: skip
    assert (found.items[4].agreed.n, found.items[4].agreed.one_only, found.items[4].agreed.exact) == (0, 1, None)
    assert found.items[0].agreed.warnings == ("too_few",) and found.items[0].agreed.linear is None


def test_items_with_the_same_points_are_pooled_over_meetings_and_others_are_not() -> None:
    one = {"one": 4, "two": 2, "course": 1}
    found = of((one, one | {"two": 4}), (one, one))
    (steps,) = found.together
    assert (steps.points, steps.items) == ((1, 2, 3, 4, 5), ("one", "two"))
    assert (steps.agreed.n, steps.agreed.same, steps.agreed.near) == (4, 3, 3)


def test_kappas_are_those_of_the_table_of_answers() -> None:
    """The 91 couples of Hout, Duncan and Sobel (1987), in Friendly (2000): .129, linear .237, quadratic .332."""
    couples = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
    pairs = [(row + 1, place + 1) for row in range(4) for place in range(4) for _ in range(couples[row][place])]
    agreed = ten([one for one, _ in pairs], [other for _, other in pairs]).items[0].agreed
    wide = [[*row, 0] for row in couples] + [[0] * 5]  # The scale has a fifth point that nobody gave.
    assert (agreed.unweighted, agreed.linear) == (of_table(wide), of_table(wide, "linear"))
    assert agreed.quadratic == of_table(wide, "quadratic")
    assert [round(one.value or 0, 3) for one in (agreed.unweighted, agreed.quadratic) if one] == [0.129, 0.332]
    assert agreed.icc is not None and (agreed.icc.n, agreed.icc.raters) == (91, 2)


@pytest.mark.parametrize(
    ("first", "second", "warning"),
    [
        ([4] * 9, [4] * 8 + [5], "too_few"),
        ([4] * 12, [4] * 11 + [5], "one_category"),
        ([4] * 11 + [1], [4] * 11 + [5], "no_spread"),
        ([1, 2, 3, 4, 5] * 2, [1, 2, 3, 4, 4] * 2, None),
    ],
)
def test_warning_tells_why_a_figure_says_nothing(first: list[int], second: list[int], warning: str | None) -> None:
    agreed = ten(first, second).items[0].agreed
    assert agreed.warnings == ((warning,) if warning else ())
    assert (agreed.linear is None) is (warning == "too_few")


def test_amounts_have_a_correlation_and_categories_a_plain_kappa() -> None:
    amounts = ten([3, 5, 8, 2, 9, 4, 6, 7, 5, 3], [3, 5, 7, 2, 9, 4, 6, 8, 5, 3], "ideas").items[0].agreed
    assert amounts.unweighted is None and amounts.icc is not None and (amounts.icc.single or 0) > 0.9
    led = of(*([({"led": "leader"}, {"led": "leader"}), ({"led": "nobody"}, {"led": "nobody"})] * 5)).items[0].agreed
    assert (led.unweighted and led.unweighted.value, led.linear, led.icc) == (1, None, None)


def test_without_meetings_nothing_is_said() -> None:
    assert agreement([]) == AgreementReport(0, 0, 0, 0, (), ())
