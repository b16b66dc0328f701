"""The report on change, from measurements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from small_instruments import instrument
from test_ancova import LEPROSY

from survey.instruments.protocols.model import Outcomes
from survey.measures.change import ChangeReport, OutcomeChange, change
from survey.measures.holm import holm
from survey.measures.measurement import Measurement, Measurer, Subject
from survey.measures.paired import paired

RATED = instrument(
    """
    lists:
      often: {1: Never, 2: Sometimes, 3: Often, 4: Always, 5: More}
    pages:
    - page: one
      title: One
      questions:
      - kind: choice
        name: home
        text: Home?
        choices: {own: Own, none: None}
      - kind: number
        name: age
        text: Age?
      - kind: scale
        name: items
        text: How often?
        choices: often
        items: {a: A, b: B, c: C, d: D}
    scores:
      good: {title: Good, items: [a, b], least: 1}
      bad: {title: Bad, items: [c, d]}
    """
)
MEASURER = Measurer(RATED)
FAMILY = Outcomes.model_validate(
    {"instrument": "small", "first": "t0", "last": "t1",
     "scores": {"good": {"better": "higher", "reliability": 0.8, "source": "Somebody 2020"},
                "bad": {"better": "lower"}}}
)  # fmt: skip


def measured(
    who: str, wave: str, arm: str = "one", *, interpreted: bool = False, team: str = "north", **answers: Any
) -> Measurement:
    subject = Subject(who, team, arm)
    return MEASURER.measurement(f"{who}-{wave}", wave, subject, answers, mode="interview", interpreted=interpreted)


def both(who: str, before: Mapping[str, int], after: Mapping[str, int], **more: Any) -> list[Measurement]:
    return [measured(who, "t0", **before, **more), measured(who, "t1", **after, **more)]


def items(a: int, b: int, c: int, d: int) -> dict[str, int]:
    return {"a": a, "b": b, "c": c, "d": d}


FOUR = [
    *both("P1", items(1, 2, 5, 4), items(3, 3, 4, 4)),
    *both("P2", items(2, 2, 4, 4), items(4, 5, 3, 2), interpreted=True),
    *both("P3", items(3, 3, 2, 3), items(3, 4, 1, 1)),
    *both("P4", items(4, 5, 1, 1), items(4, 4, 1, 2)),
]

TWELVE = [replace(one, subject_of=Subject(f"{copy}-{one.subject}", arm="one")) for copy in "abc" for one in FOUR]


def reported(measurements: list[Measurement], outcomes: Any = FAMILY, **more: Any) -> ChangeReport:
    return change(measurements, outcomes, more.pop("arms", ["one"]), instrument=RATED, **more)


def of(report: ChangeReport, score: str) -> OutcomeChange:
    return next(one for one in report.outcomes if one.score == score)


def test_each_outcome_is_that_of_its_pairs() -> None:
    found = of(reported(FOUR), "good")
    assert [(one.before, one.after) for one in found.people] == [(1.5, 3.0), (2.0, 4.5), (3.0, 3.5), (4.5, 4.0)]
    assert found.paired == paired([1.5, 2.0, 3.0, 4.5], [3.0, 4.5, 3.5, 4.0])
    assert found.ranks.v == 8.5
    assert (found.better, found.trust.value, found.trust.source) == ("higher", 0.8, "Somebody 2020")


def test_who_interpreted_or_left_out_an_item_is_left_out_of_the_other_rows() -> None:
    prorated = both("P5", {"a": 2, "c": 2, "d": 2}, items(3, 3, 2, 2))
    report = reported(FOUR + prorated)
    assert (of(report, "good").paired.n, of(report, "good").strict.n, of(report, "good").alone.n) == (5, 4, 4)
    assert (report.both, report.interpreted) == (5, 1)


def test_missing_pairs_are_told_by_why() -> None:
    more = [
        measured("P5", "t0", **items(1, 1, 1, 1)),
        measured("P6", "t1", **items(1, 1, 1, 1)),
        *both("P7", {"c": 1}, items(1, 1, 1, 1)),
        *both("P8", items(1, 1, 1, 1), {"c": 1}),
        *both("P9", {}, {}),
    ]
    report = reported(FOUR + more)
    assert of(report, "good").missing == (1, 1, 1, 1, 1)
    assert (report.with_first, report.with_last, report.both) == (8, 8, 7)
    assert of(report, "good").first_n == 6


def test_holm_is_over_the_declared_family_and_its_first_step_is_told() -> None:
    report = reported(FOUR)
    ps = sorted(one.paired.p or 0 for one in report.outcomes)
    assert sorted(one.holm or 0 for one in report.outcomes) == pytest.approx([2 * ps[0], max(2 * ps[0], ps[1])])
    assert (report.detectable.n, report.detectable.family) == (4, 2)
    assert report.detectable.at_alpha and report.detectable.at_first_step
    assert report.detectable.at_alpha < report.detectable.at_first_step


def test_reliable_change_goes_by_what_is_better() -> None:
    found = of(reported(FOUR), "good").reliable
    assert found and [one.verdict for one in found.people] == ["unchanged", "improved", "unchanged", "unchanged"]


def test_alpha_stands_in_where_nothing_was_declared_and_enough_people_answered() -> None:
    few, enough = of(reported(FOUR), "bad"), of(reported(TWELVE), "bad")
    assert few.trust.alpha and (few.trust.alpha.n, few.trust.value, few.reliable) == (4, None, None)
    assert enough.trust.alpha and enough.trust.value == enough.trust.alpha.value
    assert enough.reliable and [one.verdict for one in enough.reliable.people[:4]] == [
        "unchanged", "improved", "improved", "unchanged"
    ]  # fmt: skip


def test_without_a_declared_family_all_scores_are_told_and_no_direction_is_better() -> None:
    report = reported(TWELVE, None)
    assert not report.declared
    assert [(one.score, one.better) for one in report.outcomes] == [("good", None), ("bad", None)]
    reliable = of(report, "bad").reliable
    assert reliable and {one.verdict for one in reliable.people} == {"unchanged", "down"}


def test_who_was_lost_is_told_beside_who_stayed() -> None:
    gone = [measured("P5", "t0", **items(5, 5, 5, 5), home="none", age=30, team="south"),
            measured("P6", "t0", **items(5, 4, 5, 5), age=40)]  # fmt: skip
    report = reported(FOUR + gone, background={"home": None, "age": (18.0, 30.0)})
    assert (report.lost.lost, report.lost.stayed) == (("P5", "P6"), 4)
    assert report.lost.outcomes["good"].difference.value == pytest.approx(4.75 - 2.75)
    assert report.lost.background["home"] == (("none", 1, 0), (None, 1, 4))
    assert report.lost.numbers["age"].mean == 35
    assert report.lost.circumstances == {
        "team": (("north", 1, 4), ("south", 1, 0)),
        "interpreted": ((False, 2, 3), (True, 0, 1)),
    }


def test_two_arms_are_compared_and_one_is_not() -> None:
    rows = [(arm, pair) for arm in ("A", "F") for pair in LEPROSY[arm]]
    both_arms = [
        one
        for number, (arm, (before, after)) in enumerate(rows)
        for one in both(f"P{number}", {"a": before % 5 + 1, "b": 3}, {"a": after % 5 + 1, "b": 3}, arm=arm)
    ]
    family = FAMILY.model_copy(update={"comparison": "F"})
    report = reported(both_arms, family, arms=["F", "A"])
    good = of(report, "good")
    assert report.arms == ("A", "F") and report.detectable.sizes == (10, 10)
    assert list(good.by_arm) == ["A", "F"] and good.by_arm["A"].n == 10
    assert good.ancova and [(one.arm, one.reference) for one in good.ancova.contrasts] == [("A", "F")]
    assert reported(both_arms, arms=["F", "A"]).arms == ()
    assert reported(FOUR, family.model_copy(update={"comparison": "two"}), arms=["one", "two"]).arms == ()


def test_p_of_every_outcome_and_arm_is_one_family() -> None:
    measurements = [
        one
        for arm in LEPROSY
        for number, (before, after) in enumerate(LEPROSY[arm])
        for one in both(
            f"{arm}{number}", items(before % 5 + 1, 3, after % 4 + 1, 2), items(after % 5 + 1, 3, before % 3 + 1, 4),
            arm=arm,
        )
    ]  # fmt: skip
    report = reported(measurements, FAMILY.model_copy(update={"comparison": "F"}), arms=["A", "D", "F"])
    contrasts = [contrast for one in report.outcomes if one.ancova for contrast in one.ancova.contrasts]
    assert [one.arm for one in contrasts] == ["A", "D", "A", "D"]
    assert [one.holm for one in contrasts] == holm([one.p for one in contrasts])


def test_nobody_measured_is_a_report_too() -> None:
    report = reported([])
    assert (report.both, report.detectable.at_alpha, of(report, "good").paired.n) == (0, None, 0)
