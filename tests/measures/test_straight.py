"""The same answer to every statement, and when it contradicts itself."""

from __future__ import annotations

from typing import Any

import pytest
from small_instruments import instrument

from survey.measures.straight import Rated, Scales, StraightLining, straight_lining

SCALE = """
pages:
- page: one
  title: One
  questions:
  - kind: scale
    name: views
    text: How much do you agree?
    choices: {1: Not, 2: A bit, 3: Partly, 4: Mostly, 5: Wholly}
    items: {calm: I am calm, proud: I am proud, tired: I am tired, free: I am free, glad: I am glad}
"""
REVERSED = SCALE + "scores:\n  ease: {title: Ease, items: [calm, proud, tired, free], reversed: [tired]}\n"


def rated(answers: dict[str, int], definition: str = REVERSED) -> tuple[Rated, ...]:
    return Scales(instrument(definition)).rated(answers)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"calm": 5, "proud": 5, "tired": 5, "free": 5, "glad": 5}, Rated("views", 5, True, True)),
        ({"calm": 5, "proud": 5, "tired": 5, "free": 5}, Rated("views", 4, True, True)),
        ({"calm": 5, "proud": 5, "tired": 1, "free": 5, "glad": 5}, Rated("views", 5, False, False)),
        # What is in no score, or is not answered, contradicts nothing; nor does the middle.
        ({"calm": 5, "proud": 5, "free": 5, "glad": 5}, Rated("views", 4, True, False)),
        ({"calm": 3, "proud": 3, "tired": 3, "free": 3, "glad": 3}, Rated("views", 5, True, False)),
    ],
)
def test_same_answer_everywhere_is_told_and_stronger_where_a_statement_is_reversed(
    answers: dict[str, int], found: Rated
) -> None:
    assert rated(answers) == (found,)


def test_three_answers_say_nothing_however_many_statements_there_are() -> None:
    assert rated({"calm": 5, "proud": 5, "tired": 5}) == ()


def test_a_question_with_three_statements_is_not_looked_at() -> None:
    short = SCALE.replace(", free: I am free, glad: I am glad", "")
    assert rated({"calm": 5, "proud": 5, "tired": 5}, short) == ()


def test_without_a_reversed_statement_nothing_contradicts() -> None:
    assert rated({"calm": 5, "proud": 5, "tired": 5, "free": 5}, SCALE) == (Rated("views", 4, True, False),)


def test_a_score_that_turns_all_of_its_statements_contradicts_nothing() -> None:
    turned = SCALE + "scores:\n  ease: {title: Ease, items: [calm, proud], reversed: [calm, proud]}\n"
    assert rated({"calm": 5, "proud": 5, "tired": 5, "free": 5}, turned) == (Rated("views", 4, True, False),)


def test_in_a_list_of_even_length_every_point_has_its_opposite() -> None:
    four = REVERSED.replace(", 5: Wholly", "")
    given: dict[str, Any] = {"calm": 3, "proud": 3, "tired": 3, "free": 3}
    assert rated(given, four) == (Rated("views", 4, True, True),)


def test_responses_are_counted_by_question_in_the_order_of_the_instrument() -> None:
    many = [
        (Rated("later", 4, True, False), Rated("first", 4, True, True)),
        (Rated("first", 5, True, False),),
        (Rated("first", 5, False, False),),
        (),
    ]
    assert straight_lining(many, ["first", "never", "later"]) == [
        StraightLining("first", responses=3, same=2, contradicts=1),
        StraightLining("later", responses=1, same=1, contradicts=0),
    ]
