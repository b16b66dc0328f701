"""How long pages take, and when one response was very fast beside the others."""

from __future__ import annotations

import pytest

from survey.measures.quality import Digest, Tally, together
from survey.measures.speed import WHOLE, Fast, Spread, spread, times, usual, very_fast


def digest(total: float | None = None, units: int = 10, **pages: float) -> Digest:
    """A response with so many units asked on each of its pages, which took these seconds."""
    tallies = {page: Tally(answered=units) for page in pages or ("home",)}
    return Digest(tallies, together(tallies.values()), pages, total, (), None)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        ([], Spread(0)),
        ([1, 2, 3, 4], Spread(4)),
        # As QUARTILE.INC: a quarter of the way from the first to the last.
        ([10, 40, 20, 30, 50], Spread(5, 20, 30, 40)),
        ([1, 2, 3, 4, 5, 6], Spread(6, 2.25, 3.5, 4.75)),
    ],
)
def test_median_and_quartiles_come_from_five_on(seconds: list[float], found: Spread) -> None:
    assert spread(seconds) == found


def test_times_are_of_the_responses_in_which_a_page_was_saved() -> None:
    five = [digest(60 + n, home=10 + n) for n in range(5)]
    found = times([*five, digest(None), digest(90, money=30)], ["home", "money", "never"])
    assert found == {WHOLE: Spread(6, 61.25, 62.5, 63.75), "home": Spread(5, 11, 12, 13), "money": Spread(1),
                     "never": Spread(0)}  # fmt: skip


def among(one: Digest, others: int = 9, seconds: float = 100.0) -> tuple[Fast, ...]:
    """How fast one is beside so many that took these seconds for the whole and for the page home."""
    same = [digest(seconds, home=seconds) for _ in range(others)]
    return very_fast(one, usual([*same, one]))


def test_less_than_four_tenths_of_the_median_is_very_fast() -> None:
    assert among(digest(39.9, home=60)) == (Fast(WHOLE, 39.9, 100.0, 10),)
    assert among(digest(40, home=60)) == ()


def test_a_page_is_compared_as_the_whole_is() -> None:
    assert among(digest(60, home=39)) == (Fast("home", 39, 100.0, 10),)


def test_nine_responses_are_too_few_to_compare() -> None:
    assert among(digest(5, home=5), others=8) == ()


def test_who_was_asked_less_is_done_sooner_and_not_fast() -> None:
    # Three of the usual ten questions in 35 of the usual 100 seconds.
    assert among(digest(35, units=3, home=35)) == ()
    assert among(digest(35, units=9, home=60)) == (Fast(WHOLE, 35, 100.0, 10),)


def test_a_page_of_a_few_seconds_is_left_alone() -> None:
    assert among(digest(60, home=1), seconds=19.9) == ()
    assert among(digest(60, home=1), seconds=20) == (Fast("home", 1, 20, 10),)


def test_without_a_save_or_a_question_there_is_nothing_to_compare() -> None:
    assert among(digest(None)) == ()
    asked_nothing = Digest({}, Tally(), {"welcome": 1.0}, 1.0, (), None)
    assert among(asked_nothing, others=20) == ()
