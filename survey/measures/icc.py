"""The intraclass correlation: how much of what differs between ratings is about what was rated, and not the rater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import fdtri

MODEL = "ICC(2,1), ICC(2,k)"
"""Two-way random, absolute agreement, as Shrout and Fleiss (1979) name it; McGraw and Wong (1996) write A,1 and A,k."""

Grade = Literal["poor", "moderate", "good", "excellent"]

GRADES: tuple[tuple[float, Grade], ...] = ((0.9, "excellent"), (0.75, "good"), (0.5, "moderate"))
"""From where up a correlation is called so (Koo and Li 2016, Journal of Chiropractic Medicine 15, 155-163). Above 0.9
is excellent, 0.9 itself good."""


def grade(value: float) -> Grade:
    """What a correlation is called, by its two decimals as they are printed: else .90 could be called two things."""
    value = round(value, 2)
    if value > GRADES[0][0]:
        return "excellent"
    return next((name for limit, name in GRADES[1:] if value >= limit), "poor")


@dataclass(frozen=True)
class Icc:
    """Absolute agreement of `raters` raters over `n` things rated, raters being a sample of all there could be.

    `single`: of one rater, ICC(2,1); `mean`: of the mean of these raters, ICC(2,k); each with its interval. None where
    it cannot be computed: fewer than two things, fewer than two raters, or nothing that differs. The limits are None
    too where the raters say exactly the same.
    """

    single: float | None
    low: float | None
    high: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    n: int
    raters: int
    model: str = MODEL

    @property
    def grades(self) -> tuple[Grade, Grade] | None:
        """What one rater's correlation may be called: at the lower end of its interval and at the upper one."""
        return None if self.low is None or self.high is None else (grade(self.low), grade(self.high))


def icc(table: Sequence[Sequence[float]], level: float = 0.95) -> Icc:
    """The correlation of ratings: a row for each thing rated, a value of each rater, none missing.

    Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428, case 2; the interval (Satterthwaite's degrees of
    freedom) as in McGraw and Wong (1996), Psychological Methods 1, 30-46, table 7.
    """
    rated = np.array(table, dtype=float)
    n, k = rated.shape if rated.ndim == 2 else (len(table), 0)
    if n < 2 or k < 2:
        return _nothing(n, k)
    middle = rated.mean()
    things, raters = rated.mean(axis=1), rated.mean(axis=0)
    between = k * float(((things - middle) ** 2).sum()) / (n - 1)
    of_raters = n * float(((raters - middle) ** 2).sum()) / (k - 1)
    rest = float(((rated - things[:, None] - raters[None, :] + middle) ** 2).sum()) / ((n - 1) * (k - 1))
    all_of_it = between + (k - 1) * rest + k * (of_raters - rest) / n
    of_mean = between + (of_raters - rest) / n
    if between <= _NOTHING or all_of_it <= _NOTHING or of_mean <= _NOTHING:
        return _nothing(n, k)
    single, mean = (between - rest) / all_of_it, (between - rest) / of_mean
    limits = _limits(single, (between, of_raters, rest), n, k, (1 - level) / 2)
    if limits is None:
        return Icc(single, None, None, mean, None, None, n, k)
    low, high = limits
    return Icc(single, low, high, mean, _stepped_up(low, k), _stepped_up(high, k), n, k)


_NOTHING = 1e-12


def _nothing(n: int, k: int) -> Icc:
    return Icc(None, None, None, None, None, None, n, k)


def _limits(
    single: float, squares: tuple[float, float, float], n: int, k: int, tail: float
) -> tuple[float, float] | None:
    """The interval of ICC(2,1). `squares`: mean squares between things, of raters, and of what is left."""
    between, of_raters, rest = squares
    if 1 - single <= _NOTHING:
        return None
    a = k * single / (n * (1 - single))
    b = 1 + k * single * (n - 1) / (n * (1 - single))
    below = (a * of_raters) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    if below <= _NOTHING:
        return None
    freedom = (a * of_raters + b * rest) ** 2 / below
    if freedom <= _NOTHING:
        return None
    lower, upper = float(fdtri(n - 1, freedom, 1 - tail)), float(fdtri(freedom, n - 1, 1 - tail))
    within = k * of_raters + (k * n - k - n) * rest
    low = n * (between - lower * rest) / (lower * within + n * between)
    return low, n * (upper * between - rest) / (within + n * upper * between)


def _stepped_up(single: float, k: int) -> float:
    """The correlation of the mean of k raters from that of one (Spearman and Brown)."""
    return k * single / (1 + (k - 1) * single)
