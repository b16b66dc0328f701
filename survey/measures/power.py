"""What a study of a given size can detect, how large it must be for a given difference, and how sure that is.

Differences are standardised. For one group: the mean change in units of the standard deviation of the changes (d_z).
For two groups: the difference between their means in units of the standard deviation of the scores.
Source: the power of Student's t by the noncentral t, Cohen 1988, Statistical power analysis, ch. 2; with the first
measurement as covariate, Borm, Fransen and Lemmens 2007, Journal of Clinical Epidemiology 60, 1234-1238.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import chdtr, nctdtr, stdtrit

ALPHA = 0.05
POWER = 0.8
"""How often, and with which chance of a false alarm, unless others are asked for."""

LARGEST = 100_000
"""More people than this are not looked for."""

_ERRORS = np.linspace(-9, 9, 8001)
_CHANCES = np.exp(-_ERRORS * _ERRORS / 2) * (_ERRORS[1] - _ERRORS[0]) / math.sqrt(2 * math.pi)
"""Standard normal errors, and the chance of each."""


def power_paired(d: float, n: int, alpha: float = ALPHA) -> float:
    """The chance, 0 to 1, that n pairs show a mean change of d standard deviations of the changes."""
    return _power(d * math.sqrt(n), n - 1, alpha) if n >= 2 else 0.0


def power_between(d: float, first: int, second: int, alpha: float = ALPHA, r: float = 0.0) -> float:
    """The chance that two groups of these sizes show a difference of d standard deviations.

    `r`: how the first and the second measurement correlate, where the first one is a covariate; it takes the part r^2
    out of the variance, and one degree of freedom.
    """
    if first < 2 or second < 2:
        return 0.0
    df = first + second - 2 - (1 if r else 0)
    return _power(d / math.sqrt((1 / first + 1 / second) * (1 - r * r)), df, alpha)


def detectable_paired(n: int, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """The smallest change, in standard deviations of the changes, that n pairs show with this power. None below 2."""
    return _smallest(lambda d: power_paired(d, n, alpha), power) if n >= 2 else None


def detectable_between(
    first: int, second: int, power: float = POWER, alpha: float = ALPHA, r: float = 0.0
) -> float | None:
    """The smallest difference that two groups of these sizes show with this power. None with fewer than 2 in one."""
    return _smallest(lambda d: power_between(d, first, second, alpha, r), power) if min(first, second) >= 2 else None


def needed_paired(d: float, power: float = POWER, alpha: float = ALPHA) -> int | None:
    """The fewest pairs that show a change of d with this power; None where LARGEST are too few."""
    return _fewest(lambda n: power_paired(d, n, alpha), power)


def needed_between(d: float, power: float = POWER, alpha: float = ALPHA, r: float = 0.0) -> int | None:
    """The fewest people in each of two equal groups that show a difference of d; None where LARGEST are too few."""
    return _fewest(lambda n: power_between(d, n, n, alpha, r), power)


def _power(noncentrality: float, df: int, alpha: float) -> float:
    distance = abs(noncentrality)
    bound = float(stdtrit(df, 1 - alpha / 2))
    found = float(1 - nctdtr(df, distance, bound) + nctdtr(df, distance, -bound))
    # Far out, nctdtr says nothing, also where a study of two or three people would still miss the difference.
    return found if math.isfinite(found) else min(1.0, _beyond(distance, df, bound) + _beyond(-distance, df, bound))


def _beyond(noncentrality: float, df: int, bound: float) -> float:
    """The chance of a t beyond a bound: over all errors, that the standard deviation is small enough for it."""
    over = np.maximum(noncentrality + _ERRORS, 0) / bound
    return float(np.sum(_CHANCES * chdtr(df, df * over * over)))


def _smallest(chance: Callable[[float], float], power: float) -> float | None:
    low, high = 0.0, 1.0
    while chance(high) < power:
        high *= 2
        if high > 1e6:
            return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) < power else (low, middle)
    return high


def _fewest(chance: Callable[[int], float], power: float) -> int | None:
    high = 2
    while chance(high) < power:
        high *= 2
        if high > LARGEST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if chance(middle) < power else (low, middle)
    return high
