"""Wilcoxon's signed-rank test of pairs, and the rank-biserial correlation that goes with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

EXACT_BELOW = 50
"""With fewer differences, and neither ties nor zeros among them, all orders of signs are counted."""

DECIMALS = 9
"""Differences are rounded to so many decimals, else 0.3 - 0.1 and 0.2 would not tie."""


@dataclass(frozen=True, slots=True)
class SignedRank:
    """`v` is the sum of the ranks of the differences above zero, over `n` differences that are not zero.

    `zeros` pairs did not differ and are left out; `ties`: whether differences of the same size share a rank. `exact`:
    whether p is counted, and not approached by the normal distribution. `rank_biserial` runs from -1 (all went down) to
    1 (all went up). None where nobody differs.
    """

    v: float | None
    n: int
    zeros: int
    ties: bool
    exact: bool
    p: float | None
    rank_biserial: float | None


def signed_rank(before: Sequence[float], after: Sequence[float]) -> SignedRank:
    """The test of after minus before, two-sided, decided as R's wilcox.test decides.

    Sources: Wilcoxon 1945, Biometrics Bulletin 1, 80-83; zeros are dropped and the normal approximation has the
    corrections for ties and continuity, as in Hollander and Wolfe 1973; rank-biserial, Kerby 2014, Comprehensive
    Psychology 3, article 1: the favourable part of the rank sum minus the unfavourable part.
    """
    moves = np.round(np.asarray(after, dtype=float) - np.asarray(before, dtype=float), DECIMALS)
    kept = moves[moves != 0]
    n, zeros = len(kept), len(moves) - len(kept)
    if n == 0:
        return SignedRank(None, 0, zeros, False, False, None, None)
    _, places, counts = np.unique(np.abs(kept), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    v, total = float(ranks[kept > 0].sum()), n * (n + 1) / 2
    ties = bool((counts > 1).any())
    exact = n < EXACT_BELOW and not ties and not zeros
    p = _counted(round(v), n) if exact else _approached(v, n, [int(count) for count in counts])
    return SignedRank(v, n, zeros, ties, exact, p, 2 * v / total - 1)


def _counted(v: int, n: int) -> float:
    chances = _chances(n)
    tail = sum(chances[v:]) if v > n * (n + 1) / 4 else sum(chances[: v + 1])
    return min(1.0, 2 * tail)


@cache
def _chances(n: int) -> tuple[float, ...]:
    """The chance of each rank sum, if every difference is as likely up as down: subsets of 1..n by their sum."""
    ways = [1]
    for rank in range(1, n + 1):
        longer = ways + [0] * rank
        for total, number in enumerate(ways):
            longer[total + rank] += number
        ways = longer
    return tuple(number / 2**n for number in ways)


def _approached(v: float, n: int, counts: list[int]) -> float:
    distance = v - n * (n + 1) / 4
    variance = n * (n + 1) * (2 * n + 1) / 24 - sum(count**3 - count for count in counts) / 48
    distance -= math.copysign(0.5, distance) if distance else 0.0
    z = distance / math.sqrt(variance)
    return min(1.0, 2 * min(float(ndtr(z)), float(ndtr(-z))))
