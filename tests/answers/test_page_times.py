"""Time per page comes from the moments of saving, and a pause is no question time."""

from __future__ import annotations

import datetime

import pytest

from survey.answers.page_times import LONGEST, seconds_spent, summed

BEGAN = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)


def moments(*seconds: float) -> list[datetime.datetime]:
    return [BEGAN + datetime.timedelta(seconds=one) for one in seconds]


def test_an_interview_without_a_save_took_no_time() -> None:
    assert seconds_spent(BEGAN, []) == []
    assert summed([], []) == {}


def test_each_save_takes_the_time_since_the_one_before_and_the_first_since_the_beginning() -> None:
    assert seconds_spent(BEGAN, moments(30, 50, 50, 125.5)) == [30, 20, 0, 75.5]


@pytest.mark.parametrize(("gap", "counts"), [(599, 599), (600, 600), (601, 600), (86_400, 600)])
def test_a_gap_of_more_than_ten_minutes_counts_as_ten_minutes(gap: int, counts: int) -> None:
    assert LONGEST == 600
    assert seconds_spent(BEGAN, moments(gap, gap + 5)) == [counts, 5]


def test_a_clock_that_is_behind_never_takes_time_away() -> None:
    # The second save came from a server whose clock is 10 s behind; the third is 5 s after the first.
    assert seconds_spent(BEGAN, moments(30, 20, 35)) == [30, 0, 5]


def test_time_belongs_to_the_page_that_is_saved_however_often_one_comes_back() -> None:
    saves = [("money", 40.0), ("home", 15.0), ("money", 5.0), (None, 20.0)]
    pages, seconds = zip(*saves, strict=True)
    assert summed(pages, seconds) == {"money": 45.0, "home": 15.0, None: 20.0}
    assert sum(summed(pages, seconds).values()) == sum(seconds)
