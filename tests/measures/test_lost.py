"""Who was lost, against published figures."""

from __future__ import annotations

import pytest
from test_paired import FIRST_DRUG, SECOND_DRUG

from survey.measures.apart import apart
from survey.measures.lost import Counted, counted


def test_welch_on_the_sleep_data_as_r_prints_it() -> None:
    # t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, interval -3.3654832 to 0.2054832.
    found = apart(FIRST_DRUG, SECOND_DRUG)
    assert found.df == pytest.approx(17.776, abs=5e-4)
    assert found.difference.value == pytest.approx(-1.58)
    assert found.difference.low == pytest.approx(-3.3654832, abs=5e-8)
    assert found.difference.high == pytest.approx(0.2054832, abs=5e-8)


def test_hedges_1981_corrects_d_for_small_samples() -> None:
    # The factor is near 1 - 3 / (4 * 18 - 1) for two groups of ten; d itself is -0.83.
    found = apart(FIRST_DRUG, SECOND_DRUG)
    assert found.g == pytest.approx(-0.8321811 * (1 - 3 / 71), abs=2e-4)


def test_too_few_say_how_many_and_nothing_else() -> None:
    found = apart([3.0], [1.0, 2.0])
    assert (found.n, found.other_n, found.mean, found.other_mean) == (1, 2, 3.0, 1.5)
    assert (found.difference.low, found.g) == (None, None)
    assert apart([], [1.0]).difference.value is None


def test_background_is_counted_the_most_frequent_first_and_unknown_last() -> None:
    found = counted(["woman", None, "man"], ["woman", "woman", None, None])
    assert found == (Counted("woman", 1, 2), Counted("man", 1, 0), Counted(None, 1, 2))
