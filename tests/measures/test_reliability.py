"""Alpha, its interval and items with the rest, against published figures."""

from __future__ import annotations

import pytest

from survey.measures.description import Description, described
from survey.measures.reliability import Alpha, alpha, feldt, item_rest

# Chatterjee and Price (1977), Regression Analysis by Example: seven percentages of 30 departments; `attitude` in R.
ATTITUDE = """
43,51,30,39,61,92,45 63,64,51,54,63,73,47 71,70,68,69,76,86,48 61,63,45,47,54,84,35 81,78,56,66,71,83,47
43,55,49,44,54,49,34 58,67,42,56,66,68,35 71,75,50,55,70,66,41 72,82,72,67,71,83,31 67,61,45,47,62,80,41
64,53,53,58,58,67,34 67,60,47,39,59,74,41 69,62,57,42,55,63,25 68,83,83,45,59,77,35 77,77,54,72,79,77,46
81,90,50,72,60,54,36 74,85,64,69,79,79,63 65,60,65,75,55,80,60 65,70,46,57,75,85,46 50,58,68,54,64,78,52
50,40,33,34,43,64,33 64,61,52,62,66,80,41 53,66,52,50,63,80,37 40,37,42,58,50,57,49 63,54,42,48,66,75,33
66,77,66,63,88,76,72 78,75,58,74,80,78,49 48,57,44,45,51,83,38 85,85,71,71,77,74,55 82,82,39,59,64,78,39
"""
ROWS = [[float(figure) for figure in row.split(",")] for row in ATTITUDE.split()]


def test_alpha_and_item_rest_are_those_of_the_manual_of_psych_for_the_attitude_data() -> None:
    found = alpha(ROWS)
    assert (round(found.value or 0, 2), found.n, found.items) == (0.84, 30, 7)
    assert [round(one or 0, 2) for one in item_rest(ROWS)] == [0.67, 0.74, 0.56, 0.71, 0.79, 0.27, 0.46]


def test_interval_is_that_of_feldt_in_the_worked_example_of_the_mrc_cognition_and_brain_sciences_unit() -> None:
    """Its statistics wiki, after Evans: alpha .913, 873 people, 20 items: 0.9044024 to 0.9211588."""
    assert feldt(0.913, 873, 20) == pytest.approx((0.9044024, 0.9211588), abs=5e-8)


def test_interval_of_a_study_of_35_people_is_wide() -> None:
    assert [round(limit, 2) for limit in feldt(0.80, 35, 8)] == [0.68, 0.89]


def test_only_people_with_all_items_count() -> None:
    assert alpha([*ROWS, [None, *ROWS[0][1:]]]) == alpha(ROWS)
    assert alpha(ROWS).few is False and alpha(ROWS[1:]).few is True


@pytest.mark.parametrize("rows", [[], [[1, 2], [2, 1]], [[1.0], [2.0], [3.0]], [[3, 3, 3]] * 5, [[None, 1]] * 4])
def test_where_alpha_cannot_be_said_there_is_none(rows: list[list[float | None]]) -> None:
    found = alpha(rows)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert set(item_rest(rows)) <= {None}


def test_item_that_everybody_answers_alike_goes_with_nothing() -> None:
    rows = [[1, 2, 3], [2, 3, 3], [4, 4, 3], [3, 5, 3]]
    assert [one is None for one in item_rest(rows)] == [False, False, True]
    assert isinstance(alpha(rows), Alpha)


def test_description_of_extra_sleep_with_the_second_drug() -> None:
    """Student (1908), The probable error of a mean, Biometrika 6, p. 20: mean 2.33, s.d. 1.90 over n."""
    sleep = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = described([*sleep, None])
    assert (found.n, round(found.mean or 0, 2), found.median) == (10, 2.33, 1.75)
    assert round((found.sd or 0) * (9 / 10) ** 0.5, 1) == 1.9
    assert (found.lowest, found.highest) == (-0.1, 5.5)


def test_description_says_only_what_can_be_said() -> None:
    assert described([None]) == Description(0, None, None, None, None, None)
    assert described([3]) == Description(1, 3, None, 3, 3, 3)
    assert described([0.1, 0.1, 0.1]).sd == 0
