"""Analysis of covariance, against a published example."""

from __future__ import annotations

import pytest

from survey.measures.ancova import ancova

# Snedecor and Cochran 1967, Statistical methods, 6th ed., p. 422: leprosy bacilli before and after, of two drugs and a
# control; as SAS works it out in the documentation of PROC GLM, "Analysis of covariance".
LEPROSY = {
    "A": [(11, 6), (8, 0), (5, 2), (14, 8), (19, 11), (6, 4), (10, 13), (6, 1), (11, 8), (3, 0)],
    "D": [(6, 0), (6, 2), (7, 3), (8, 1), (18, 18), (8, 4), (19, 14), (8, 9), (5, 1), (15, 9)],
    "F": [(16, 13), (13, 10), (11, 18), (9, 5), (21, 23), (16, 12), (12, 5), (12, 16), (7, 1), (12, 20)],
}


def test_snedecor_and_cochran_1967_two_drugs_against_leprosy() -> None:
    rows = [(before, after, drug) for drug, pairs in LEPROSY.items() for before, after in pairs]
    found = ancova([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], "F")
    assert found is not None and found.df == 26
    assert found.slope == pytest.approx(0.987183811, abs=1e-9)
    first, second = found.contrasts
    assert (first.arm, first.adjusted.value) == ("A", pytest.approx(-3.446138280, abs=1e-9))
    assert (first.error, first.t, first.p) == (
        pytest.approx(1.88678065, abs=1e-8), pytest.approx(-1.83, abs=5e-3), pytest.approx(0.0793, abs=5e-5)
    )  # fmt: skip
    assert (second.arm, second.adjusted.value) == ("D", pytest.approx(-3.337166948, abs=1e-9))
    assert (second.error, second.p) == (pytest.approx(1.85386642, abs=1e-8), pytest.approx(0.0835, abs=5e-5))


def test_raw_difference_is_that_of_the_mean_changes() -> None:
    found = ancova([1, 2, 3, 1, 2, 3], [2, 3, 5, 1, 2, 4], ["a", "a", "a", "b", "b", "b"], "b")
    assert found is not None
    assert found.contrasts[0].raw == pytest.approx(4 / 3 - 1 / 3)
    assert (found.contrasts[0].n, found.contrasts[0].reference_n) == (3, 3)


def test_one_arm_or_too_few_or_all_alike_gives_nothing() -> None:
    assert ancova([1, 2, 3], [2, 3, 4], ["a", "a", "a"], "a") is None
    assert ancova([1, 2, 3, 4], [2, 3, 4, 4], ["a", "a", "a", "b"], "b") is None
    assert ancova([2, 2, 2, 2, 2], [1, 2, 3, 4, 5], ["a", "a", "b", "b", "b"], "b") is None
