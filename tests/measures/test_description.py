"""Figures in a few numbers, where computing leaves something of nothing."""

from __future__ import annotations

import pytest

from survey.measures.description import Description, described, standard_deviation


@pytest.mark.parametrize("value", [0.1, 0.2, 0.7, 1 / 3, 4.2])
def test_equal_figures_have_no_spread(value: float) -> None:
    assert [standard_deviation([value] * n) for n in (2, 3, 5, 11, 25)] == [0.0] * 5


def test_what_is_not_there_is_left_out_and_one_figure_has_no_spread() -> None:
    assert described([None, 2.0, None]) == Description(1, 2.0, None, 2.0, 2.0, 2.0)
    assert described([None]) == Description(0, None, None, None, None, None)
    assert described([2.0, None, 4.0, 9.0]) == Description(3, 5.0, pytest.approx(13**0.5), 4.0, 2.0, 9.0)
