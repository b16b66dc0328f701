"""What a study can detect, against published tables."""

from __future__ import annotations

import pytest

from survey.measures import power


@pytest.mark.parametrize(("n", "d"), [(35, 0.49), (30, 0.53), (25, 0.58)])
def test_smallest_change_that_the_published_study_could_detect(n: int, d: float) -> None:
    found = power.detectable_paired(n)
    assert found is not None and round(found, 2) == d
    assert power.power_paired(found, n) == pytest.approx(0.8)


def test_at_the_first_of_six_steps_of_holm() -> None:
    found = power.detectable_paired(35, alpha=0.05 / 6)
    assert found is not None and round(found, 2) == 0.62


def test_cohen_1988_sizes_for_a_difference_of_half_a_standard_deviation() -> None:
    # Statistical power analysis, table 2.4.1 (64 in each of two groups) and 2.4 for pairs, as G*Power gives it: 34.
    assert power.needed_between(0.5) == 64
    assert power.needed_paired(0.5) == 34
    assert power.needed_between(0.2) == 394
    assert power.needed_between(0.8) == 26


@pytest.mark.parametrize(
    ("n", "alpha", "d"), [(2, 0.05, 11.54989), (3, 0.05, 3.264044), (3, 0.05 / 6, 8.019398), (4, 0.05 / 6, 3.95806)]
)
def test_few_pairs_detect_what_r_says(n: int, alpha: float, d: float) -> None:
    # power.t.test(n = n, power = 0.8, type = "one.sample", sig.level = alpha, strict = TRUE), R 4.2.2.
    assert power.detectable_paired(n, alpha=alpha) == pytest.approx(d, rel=1e-5)


def test_first_measurement_as_covariate_spares_the_part_r_squared() -> None:
    # Borm, Fransen and Lemmens 2007: (1 - r^2) times the size; 64 becomes 48, and one more for its degree of freedom.
    assert power.needed_between(0.5, r=0.5) in (48, 49)


def test_needed_and_detectable_answer_each_other() -> None:
    for wanted in (0.3, 0.45, 1.1):
        n = power.needed_paired(wanted, 0.9)
        assert n is not None
        at_n, before = power.detectable_paired(n, 0.9), power.detectable_paired(n - 1, 0.9)
        assert at_n is not None and before is not None and at_n <= wanted < before


def test_far_too_small_a_study_or_difference_has_no_figure() -> None:
    assert power.detectable_paired(1) is None
    assert power.detectable_between(1, 50) is None
    assert power.needed_paired(0.0001) is None
