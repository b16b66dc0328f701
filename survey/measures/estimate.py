"""An estimate with its interval, and the two distributions from which intervals of means and of d come."""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy.special import chdtri, nctdtrinc, stdtr, stdtrit

LEVEL = 0.95
"""How often an interval made in this way holds the true value."""

FAR = 1000.0
"""Beyond this t, an interval of a d is computed in another way."""


class Estimate(NamedTuple):
    """A figure with the lowest and highest value that go with the data. None where it cannot be said."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def zero_within(self) -> bool | None:
        """Whether the interval includes 0; None without an interval."""
        return None if self.low is None or self.high is None else self.low <= 0 <= self.high


UNKNOWN = Estimate(None)
"""What cannot be said."""


def around(value: float, error: float, df: float, level: float = LEVEL) -> Estimate:
    """A mean or difference with the interval by Student's t: `error` is its standard error."""
    if not (error > 0 and df > 0):
        return Estimate(value)
    margin = float(stdtrit(df, 0.5 + level / 2)) * error
    return Estimate(value, value - margin, value + margin)


def two_sided(t: float, df: float) -> float:
    """The two-sided p of a t."""
    return min(1.0, 2 * float(stdtr(df, -abs(t))))


def noncentral(t: float, df: float, level: float = LEVEL) -> tuple[float, float]:
    """The noncentrality parameters under which this t, or a larger or smaller one, has the chance (1 - level) / 2.

    Source: Steiger and Fouladi 1997, in Harlow, Mulaik and Steiger (eds), What if there were no significance tests?
    Beyond FAR the normal part of t does not count beside the noncentrality, and what is left is the chi-square of the
    spread; the noncentral distribution itself would take minutes there.
    """
    tail = (1 - level) / 2
    if abs(t) > FAR:
        ends = (t * math.sqrt(float(chdtri(df, chance)) / df) for chance in (1 - tail, tail))
        low, high = sorted(ends)
        return low, high
    return float(nctdtrinc(df, 1 - tail, t)), float(nctdtrinc(df, tail, t))
