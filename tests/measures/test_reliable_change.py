"""Reliable change, against the example of who thought of it."""

from __future__ import annotations

import pytest

from survey.measures.reliable_change import reliable_change


def test_jacobson_and_truax_1991_their_own_example() -> None:
    # Journal of Consulting and Clinical Psychology 59, p. 14: from 32.5 to 47.5, SD 10, r .80: 15 / 6.32 = 2.37.
    found = reliable_change([(32.5, 47.5)], 10, 0.8, "higher")
    assert found is not None
    assert round(found.error, 2) == 6.32
    assert [(round(one.rci, 2), one.verdict) for one in found.people] == [(2.37, "improved")]
    assert found.least == pytest.approx(1.96 * 6.3245553)


@pytest.mark.parametrize(
    ("better", "verdicts"),
    [
        ("higher", ["improved", "unchanged", "worsened"]),
        ("lower", ["worsened", "unchanged", "improved"]),
        (None, ["up", "unchanged", "down"]),
    ],
)
def test_what_counts_as_improved_follows_from_which_way_is_better(better: object, verdicts: list[str]) -> None:
    found = reliable_change([(1, 3), (1, 1.5), (3, 1)], 1, 0.75, better)  # type: ignore[arg-type]
    assert found is not None and [one.verdict for one in found.people] == verdicts
    assert found.number("unchanged") == 1


@pytest.mark.parametrize(("sd", "r"), [(None, 0.8), (0, 0.8), (1, None), (1, 1.0), (1, -0.2)])
def test_without_spread_or_with_no_reliability_nothing_is_said(sd: float | None, r: float | None) -> None:
    assert reliable_change([(1, 2)], sd, r, "higher") is None
