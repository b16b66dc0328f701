"""Wilcoxon's test, against published figures."""

from __future__ import annotations

import pytest
from test_paired import FIRST_DRUG, SECOND_DRUG

from survey.measures.signed_rank import signed_rank


def test_student_1908_sleep_has_a_zero_and_ties() -> None:
    # As R prints wilcox.test of its data set "sleep": V = 0 for the first minus the second, p = 0.009091, not exact.
    found = signed_rank(SECOND_DRUG, FIRST_DRUG)
    assert (found.v, found.n, found.zeros, found.ties, found.exact) == (0, 9, 1, True, False)
    assert found.p == pytest.approx(0.009091, abs=5e-7)
    assert signed_rank(FIRST_DRUG, SECOND_DRUG).v == 45


def test_hollander_and_wolfe_1973_depression_before_and_after() -> None:
    # Nonparametric statistical methods, p. 29: nine patients, V = 40, one-sided p = 0.0195, two-sided 0.0391.
    first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = signed_rank(second, first)
    assert (found.v, found.exact) == (40, True)
    assert found.p == pytest.approx(0.0390625)


def test_kerby_2014_favourable_minus_unfavourable() -> None:
    # His simple difference formula (Comprehensive Psychology 3, article 1), on the same nine patients: of 45 in all the
    # ranks for come to 40 and those against to 5, so .89 minus .11.
    first = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    assert signed_rank(second, first).rank_biserial == pytest.approx(40 / 45 - 5 / 45)


def test_nobody_differs() -> None:
    assert signed_rank([1, 2], [1, 2]).v is None
    assert signed_rank([], []).p is None


def test_what_computing_leaves_over_is_no_difference() -> None:
    found = signed_rank([0.1, 0.3, 1.0], [0.3, 0.1, 1.2])
    assert found.ties and found.zeros == 0
