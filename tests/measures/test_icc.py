"""The intraclass correlation, against the table of Shrout and Fleiss."""

from __future__ import annotations

import pytest

from survey.measures.icc import MODEL, Icc, grade, icc

SHROUT_AND_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss (1979), Psychological Bulletin 86, table 2: four judges, six targets."""


def test_correlations_are_those_of_shrout_and_fleiss() -> None:
    """Their table 4: ICC(2,1) = .29 and ICC(2,4) = .62. The limits are those of the manual of psych for R."""
    found = icc(SHROUT_AND_FLEISS)
    assert [round(one or 0, 2) for one in (found.single, found.mean)] == [0.29, 0.62]
    assert [round(one or 0, 3) for one in (found.low, found.mean_low)] == [0.019, 0.071]
    assert [round(one or 0, 2) for one in (found.high, found.mean_high)] == [0.76, 0.93]
    assert (found.n, found.raters, found.model) == (6, 4, MODEL)
    assert found.grades == ("poor", "good")


def test_rater_who_is_always_one_point_higher_does_not_agree_completely() -> None:
    found = icc([[1, 2], [2, 3], [3, 4], [4, 5]])
    assert found.single is not None and 0.7 < found.single < 1
    assert icc([[1, 1], [2, 2], [4, 4]]) == Icc(1, None, None, 1, None, None, 3, 2)


@pytest.mark.parametrize("table", [[], [[1, 2]], [[1], [2], [3]], [[3, 3], [3, 3]], [[2, 4], [4, 2]]])
def test_where_nothing_differs_or_too_little_is_there_nothing_is_said(table: list[list[float]]) -> None:
    found = icc(table)
    assert (found.single, found.low, found.mean, found.grades) == (None, None, None, None)


def test_grades_are_those_of_koo_and_li() -> None:
    assert [grade(one) for one in (-0.2, 0.49, 0.496, 0.74, 0.75, 0.904, 0.91)] == [
        "poor", "poor", "moderate", "moderate", "good", "good", "excellent",
    ]  # fmt: skip
