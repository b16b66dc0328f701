"""Pairs, against published figures."""

from __future__ import annotations

import math

import pytest

from survey.measures.estimate import noncentral
from survey.measures.paired import paired

# Student 1908, Biometrika 6, p. 20: hours of sleep that ten patients gained with each of two drugs.
FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def test_student_1908_sleep_of_ten_patients() -> None:
    found = paired(FIRST_DRUG, SECOND_DRUG)
    assert (found.n, found.df) == (10, 9)
    assert found.before_mean == pytest.approx(0.75)
    assert found.after_mean == pytest.approx(2.33)
    assert found.difference.value == pytest.approx(1.58)
    # As R's t.test prints it for its own data set "sleep".
    assert found.t == pytest.approx(4.0621, abs=5e-5)
    assert found.p == pytest.approx(0.002833, abs=5e-7)
    assert found.difference.low == pytest.approx(0.7001142, abs=5e-8)
    assert found.difference.high == pytest.approx(2.4598858, abs=5e-8)


def test_lakens_2013_two_films_of_ten_people() -> None:
    # Frontiers in Psychology 4, article 863, table 1 with its text: t(9) = 4.74, r = .73, d_z = 1.50, d_av = 1.13.
    first, second = [9, 7, 8, 9, 8, 9, 9, 10, 9, 9], [9, 6, 7, 8, 7, 9, 8, 8, 8, 7]
    found = paired(second, first)
    figures = (found.t, found.r, found.d_z.value, found.d_av.value)
    assert [round(figure or 0, 2) for figure in figures] == [4.74, 0.73, 1.5, 1.13]


def test_intervals_of_d_hold_for_both_signs_and_contain_the_figure() -> None:
    up, down = paired(FIRST_DRUG, SECOND_DRUG), paired(SECOND_DRUG, FIRST_DRUG)
    # The same data in the documentation of R's package effectsize: -1.28 [-2.12, -0.41].
    assert [round(value, 2) for value in down.d_z if value is not None] == [-1.28, -2.12, -0.41]
    for one, other in ((up.d_z, down.d_z), (up.d_av, down.d_av)):
        assert one.value is not None and one.low is not None and one.high is not None
        assert other == pytest.approx((-one.value, -one.high, -one.low), abs=1e-6)
        assert one.low < one.value < one.high


def test_interval_of_d_av_is_that_of_d_z_in_other_units() -> None:
    found = paired(FIRST_DRUG, SECOND_DRUG)
    assert found.sd is not None and found.before_sd is not None and found.after_sd is not None
    unit = found.sd / math.sqrt((found.before_sd**2 + found.after_sd**2) / 2)
    assert [value * unit for value in found.d_z if value is not None] == pytest.approx(list(found.d_av))


@pytest.mark.parametrize(("before", "after"), [([], []), ([1], [2]), ([1, 2, 3], [2, 3, 4]), ([1.1, 1.1], [1.1, 1.1])])
def test_too_few_or_no_spread_gives_no_interval(before: list[float], after: list[float]) -> None:
    found = paired(before, after)
    assert (found.difference.low, found.t, found.p, found.d_z.value) == (None, None, None, None)
    assert found.n == len(before)


def test_pairs_have_two_values_each() -> None:
    with pytest.raises(ValueError, match="two values"):
        paired([1, 2], [1])


def test_interval_of_a_change_that_all_but_one_share_is_told_at_once() -> None:
    before, after = [2.0] * 5000, [3.0] * 4999 + [3.1]
    found = paired(before, after)
    assert found.d_z.low is not None and found.d_z.value is not None and found.d_z.high is not None
    assert found.d_z.low < found.d_z.value < found.d_z.high
    near, far = noncentral(999.9, 9), noncentral(1000.1, 9)
    assert far == pytest.approx(near, rel=1e-3)
