"""Kappa with and without weights, against published tables."""

from __future__ import annotations

import pytest

from survey.measures.kappa import Kappa, Weights, kappa, of_table

COUPLES = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
"""Hout, Duncan and Sobel (1987): 91 couples, husband by wife, in Agresti (1990) and Friendly (2000), p. 91."""


@pytest.mark.parametrize(
    ("weights", "value", "error"), [("none", 0.1293, 0.0686), ("linear", 0.2374, 0.0783), ("quadratic", 0.3320, 0.0973)]
)
def test_kappas_and_standard_errors_are_those_of_friendly_for_couples(
    weights: Weights, value: float, error: float
) -> None:
    """Friendly, Visualizing Categorical Data (2000), section 3.3, and his vcd for R: Kappa(SexualFun)."""
    found = of_table(COUPLES, weights)
    assert round(found.value or 0, 4) == value
    assert ((found.high or 0) - (found.low or 0)) / 2 / 1.959964 == pytest.approx(error, abs=6e-5)
    assert (found.n, found.varied) == (91, True)
    assert found.exact == pytest.approx(33 / 91)


def test_kappa_is_that_of_fleiss_for_two_raters_of_100_patients() -> None:
    """Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: .68, s.e. .087
    (worked out by hand there, with two decimals in between)."""
    found = of_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    assert (round(found.value or 0, 2), found.exact) == (0.68, 0.89)
    assert ((found.high or 0) - (found.low or 0)) / 2 / 1.959964 == pytest.approx(0.087, abs=1e-3)


def test_kappa_is_that_of_agresti_for_two_film_critics() -> None:
    """Agresti and Winner (1997), Chance 10, 10-14: Siskel and Ebert, 160 films, kappa 0.389, s.e. 0.060."""
    found = of_table([[24, 8, 13], [8, 13, 11], [10, 9, 64]])
    assert round(found.value or 0, 3) == 0.389
    assert ((found.high or 0) - (found.low or 0)) / 2 / 1.959964 == pytest.approx(0.060, abs=5e-4)


def test_answers_and_a_table_give_the_same() -> None:
    points = range(1, 5)
    pairs = [(row + 1, column + 1) for row in range(4) for column in range(4) for _ in range(COUPLES[row][column])]
    first, second = zip(*pairs, strict=True)
    assert kappa(first, second, points, "linear") == of_table(COUPLES, "linear")


def test_where_one_used_a_single_category_there_is_no_kappa_however_much_they_agree() -> None:
    assert kappa([4, 4, 4], [4, 4, 4], [1, 2, 3, 4, 5]) == Kappa(None, None, None, 3, 1.0, varied=False)
    assert kappa([4, 4, 4], [4, 4, 5], [4, 5], "quadratic").value is None
    assert kappa([], [], [1, 2]) == Kappa(None, None, None, 0, None, varied=False)


def test_nearly_one_category_gives_a_kappa_that_is_not_varied() -> None:
    """The paradox of Feinstein and Cicchetti (1990): much agreement, and a low kappa."""
    found = of_table([[18, 1], [1, 0]])
    assert (found.exact, found.varied) == (0.9, False)
    assert found.value is not None and found.value < 0


def test_complete_agreement_has_no_interval() -> None:
    assert kappa([1, 2, 3], [1, 2, 3], [1, 2, 3], "linear") == Kappa(1.0, None, None, 3, 1.0, varied=True)


def test_answer_that_is_in_no_category_is_told() -> None:
    with pytest.raises(ValueError, match="in no category: \\['6'\\]"):
        kappa([1, 6], [1, 1], [1, 2])
    with pytest.raises(ValueError, match="both people"):
        kappa([1], [1, 2], [1, 2])
