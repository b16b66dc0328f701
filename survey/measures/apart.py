"""Two groups of different people: how far apart they are, with an interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey.measures.description import standard_deviation
from survey.measures.estimate import LEVEL, UNKNOWN, Estimate, around


@dataclass(frozen=True, slots=True)
class Apart:
    """Two groups at one moment: the difference is that of the first group minus the second, with Welch's interval.

    `g` is the difference in units of the pooled standard deviation, corrected for small samples. None where a group has
    fewer than two, or nobody differs.
    """

    n: int
    mean: float | None
    sd: float | None
    other_n: int
    other_mean: float | None
    other_sd: float | None
    difference: Estimate
    df: float | None
    g: float | None


def apart(group: Sequence[float], other: Sequence[float], level: float = LEVEL) -> Apart:
    """How two groups of different people differ.

    Sources: Welch 1947, Biometrika 34, 28-35; g, Hedges 1981, Journal of Educational Statistics 6, 107-128, with the
    exact correction by the gamma function.
    """
    n, m = len(group), len(other)
    mean = math.fsum(group) / n if n else None
    other_mean = math.fsum(other) / m if m else None
    sd, other_sd = standard_deviation(group), standard_deviation(other)
    if mean is None or other_mean is None:
        return Apart(n, mean, sd, m, other_mean, other_sd, UNKNOWN, None, None)
    distance = mean - other_mean
    if sd is None or other_sd is None or not (sd or other_sd):
        return Apart(n, mean, sd, m, other_mean, other_sd, Estimate(distance), None, None)
    one, two = sd**2 / n, other_sd**2 / m
    df = (one + two) ** 2 / (one**2 / (n - 1) + two**2 / (m - 1))
    freedom = n + m - 2
    pooled = math.sqrt(((n - 1) * sd**2 + (m - 1) * other_sd**2) / freedom)
    small = math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom - 1) / 2)) / math.sqrt(freedom / 2)
    difference = around(distance, math.sqrt(one + two), df, level)
    return Apart(n, mean, sd, m, other_mean, other_sd, difference, df, small * distance / pooled)
