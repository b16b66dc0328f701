"""Scale scores: items turned back, the least number of them, proration and the strict version."""

from __future__ import annotations

from typing import Any

import pytest

from survey.answers.missing import State
from survey.instruments.reading import read_text
from survey.measures.measurement import Measurer, Subject, by_subject
from survey.measures.scales import Scored, ends, item_values, scored

TEXT = """
instrument: rated
version: 1
language: en
title: Rated
about: participant
role: participant
purpose: To try something out
missing: [refused, dont_know]
lists:
  often: {1: Never, 2: Sometimes, 3: Often, 4: Always, 5: More}
  far: {0: Not, 10: Wholly}
pages:
  - page: one
    title: One
    questions:
      - kind: choice
        name: family
        text: Family?
        choices: {yes: Some, no: None}
      - kind: scale
        name: items
        text: How often?
        choices: often
        when: family != 'no'
        items: {a: First, b: Second, c: Third, d: Turned round}
      - kind: scale
        name: others
        text: How far?
        choices: far
        items: {e: Fifth}
      - kind: open
        name: words
        text: In words?
scores:
  all: {title: All, items: [a, b, c, d], reversed: [d], least: 3}
  summed: {title: Summed, items: [a, b, c, d], reversed: [d], least: 3, method: sum}
  half: {title: Half, items: [a, b]}
  mixed: {title: Of two lengths, items: [a, e]}
"""
INSTRUMENT = read_text(TEXT, "rated.yaml")
FULL = {"a": 5, "b": 4, "c": 3, "d": 1}
THREE = {"a": 5, "b": 4, "c": 3}


@pytest.mark.parametrize(
    ("name", "values", "score"),
    [
        ("all", FULL, Scored(4.25, 4, 4, 4.25)),
        ("all", THREE, Scored(4.0, 3, 4, None)),
        ("all", {"a": 5, "d": 5}, Scored(None, 2, 4, None)),
        ("all", {}, Scored(None, 0, 4, None)),
        ("summed", FULL, Scored(17.0, 4, 4, 17.0)),
        # The mean of those answered stands for the one that was not: 4 times 4.
        ("summed", THREE, Scored(16.0, 3, 4, None)),
        # Without a word about it, half of the items is enough.
        ("half", {"b": 2}, Scored(2.0, 1, 2, None)),
    ],
)
def test_score_has_its_items_turned_back_and_says_how_many_were_answered(
    name: str, values: dict[str, Any], score: Scored
) -> None:
    assert scored(INSTRUMENT, name, values) == score
    assert scored(INSTRUMENT, name, values).prorated == (score.value is not None and score.strict is None)


def test_items_keep_their_points_and_only_those_turned_round_are_turned_back() -> None:
    assert item_values(INSTRUMENT, "all", FULL) == [5.0, 4.0, 3.0, 5.0]
    assert item_values(INSTRUMENT, "all", {"d": 4, "a": True}) == [None, None, None, 2.0]


def test_ends_of_a_sum_are_the_sums_of_the_ends() -> None:
    assert ends(INSTRUMENT, "all") == (1.0, 5.0)
    assert ends(INSTRUMENT, "summed") == (4.0, 20.0)
    assert ends(INSTRUMENT, "mixed") == (0.0, 10.0)


def measured(answers: dict[str, Any], subject: str = "AAA-111", wave: str = "t0") -> Any:
    return Measurer(INSTRUMENT).measurement(
        "token", wave, Subject(subject, "north"), answers, mode="signed_in", interpreted=False
    )


def test_measurement_has_values_that_count_and_says_why_an_item_has_none() -> None:
    answers = {"family": "yes", "a": 5, "b": {"missing": "refused"}, "e": 10, "words": "Much"}
    one = measured(answers)
    assert dict(one.values) == {"family": "yes", "a": 5, "e": 10}
    assert dict(one.items) == {"a": 5.0, "e": 10.0}
    assert one.states == {"b": State.REFUSED, "c": State.NOT_REACHED, "d": State.NOT_REACHED}
    assert one.scores["half"] == Scored(5.0, 1, 2, None)


def test_answers_on_a_hidden_branch_count_in_no_score() -> None:
    one = measured({"family": "no"} | FULL)
    assert one.scores["all"] == Scored(None, 0, 4, None)
    assert one.states["a"] == State.NOT_ASKED
    assert dict(one.values) == {"family": "no"}


def test_measurements_are_found_by_subject_and_wave() -> None:
    first, last = measured(FULL), measured(THREE, wave="t1")
    other = measured(FULL, "BBB-222")
    assert by_subject([first, other, last]) == {
        "AAA-111": {"t0": first, "t1": last},
        "BBB-222": {"t0": other},
    }
