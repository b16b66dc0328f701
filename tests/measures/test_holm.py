"""Holm's correction, against published p-values."""

from __future__ import annotations

import pytest

from survey.measures.holm import holm

# Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, section 4.1: fifteen endpoints of a trial.
# Corrections that keep the chance of even one false alarm at 5 % leave the first three of them.
ENDPOINTS = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_fifteen_endpoints_of_benjamini_and_hochberg_1995() -> None:
    adjusted = holm(ENDPOINTS)
    assert sum(1 for p in adjusted if p is not None and p <= 0.05) == 3
    assert adjusted[:4] == pytest.approx([15 * 0.0001, 14 * 0.0004, 13 * 0.0019, 12 * 0.0095])


def test_steps_go_by_size_and_never_back() -> None:
    # A usual textbook example: 0.005 and 0.01 remain of four at 5 %, 0.03 and 0.04 do not.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_what_could_not_be_tested_is_no_part_of_the_family() -> None:
    assert holm([0.02, None, 0.6]) == [0.04, None, 0.6]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
