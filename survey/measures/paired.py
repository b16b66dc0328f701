"""Two measurements of the same people: means, the mean difference with its interval, d_z and d_av, and the paired t."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.measures.description import standard_deviation
from survey.measures.estimate import LEVEL, UNKNOWN, Estimate, around, noncentral, two_sided

LEAST = 2
"""Below two pairs there is no spread, so no interval."""


@dataclass(frozen=True, slots=True)
class Paired:
    """`n` pairs; before and after with mean and standard deviation; the difference is after minus before.

    `sd` is the standard deviation of the differences, `r` the correlation of the two measurements. `d_z` is the
    difference in units of `sd`, `d_av` in units of the square root of the mean of the two variances. None where there
    are too few pairs, or where nobody differs from anybody.
    """

    n: int
    before_mean: float | None
    before_sd: float | None
    after_mean: float | None
    after_sd: float | None
    difference: Estimate
    sd: float | None
    t: float | None
    df: int | None
    p: float | None
    r: float | None
    d_z: Estimate
    d_av: Estimate


def paired(before: Sequence[float], after: Sequence[float], level: float = LEVEL) -> Paired:
    """The figures of pairs, `before[i]` and `after[i]` of the same person. Raises ValueError for unequal lengths.

    Sources: the t of pairs, Student 1908, Biometrika 6; d_z, Cohen 1988, Statistical power analysis, formula 2.3.5,
    its interval from the noncentral t (Steiger and Fouladi 1997); d_av with the square root of the mean variance as
    its unit, Cumming 2012, Understanding the new statistics, ch. 11; its interval, Algina and Keselman 2003,
    Educational and Psychological Measurement 63, 537-553: the limits of the noncentrality times
    sqrt(2 sd^2 / (n (s1^2 + s2^2))). Neither d is corrected for small samples.
    """
    if len(before) != len(after):
        raise ValueError("pairs have two values each")
    n = len(before)
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if n < LEAST:
        one, two = (float(first[0]), float(second[0])) if n else (None, None)
        moved = UNKNOWN if one is None or two is None else Estimate(two - one)
        return Paired(n, one, None, two, None, moved, None, None, None, None, None, UNKNOWN, UNKNOWN)
    moves = second - first
    mean, df = float(moves.mean()), n - 1
    sd, before_sd, after_sd = (standard_deviation(values) or 0.0 for values in (moves, first, second))
    error, average = sd / math.sqrt(n), math.sqrt((before_sd**2 + after_sd**2) / 2)
    t = mean / error if sd else None
    return Paired(
        n=n,
        before_mean=float(first.mean()),
        before_sd=before_sd,
        after_mean=float(second.mean()),
        after_sd=after_sd,
        difference=around(mean, error, df, level),
        sd=sd,
        t=t,
        df=None if t is None else df,
        p=None if t is None else two_sided(t, df),
        r=_correlation(first, second, before_sd, after_sd),
        d_z=UNKNOWN if t is None else _in_units(t, df, 1 / math.sqrt(n), level),
        d_av=UNKNOWN if t is None or not average else _in_units(t, df, error / average, level),
    )


def _in_units(t: float, df: int, unit: float, level: float) -> Estimate:
    low, high = noncentral(t, df, level)
    return Estimate(t * unit, low * unit, high * unit)


def _correlation(
    first: np.ndarray[tuple[int], np.dtype[np.float64]],
    second: np.ndarray[tuple[int], np.dtype[np.float64]],
    first_sd: float,
    second_sd: float,
) -> float | None:
    if not (first_sd and second_sd):
        return None
    together = float(((first - first.mean()) * (second - second.mean())).sum()) / (len(first) - 1)
    return max(-1.0, min(1.0, together / (first_sd * second_sd)))
