"""Figures as they are printed."""

from __future__ import annotations

import pytest

from survey.measures.rounding import rounded


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (0.175, 2, "0.18"),
        (0.17499999999999996, 2, "0.18"),
        (0.165, 2, "0.16"),
        (-0.004, 2, "0.00"),
        (3.375, 2, "3.38"),
        (27, 0, "27"),
        (0.0994999, 3, "0.099"),
    ],
)
def test_half_way_goes_to_the_even_digit_however_it_was_added_up(value: float, digits: int, printed: str) -> None:
    assert str(rounded(value, digits)) == printed
