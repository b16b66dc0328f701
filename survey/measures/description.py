"""A row of figures in a few numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NOTHING = 1e-9
"""A spread below this is none: what is left of equal values after computing."""


@dataclass(frozen=True)
class Description:
    """`n` figures: their mean, standard deviation (over n - 1), median, lowest and highest. None: not computable."""

    n: int
    mean: float | None
    sd: float | None
    median: float | None
    lowest: float | None
    highest: float | None


def described(values: Iterable[float | None]) -> Description:
    """The figures that are there; None stands for none."""
    found = np.array([value for value in values if value is not None], dtype=float)
    n = len(found)
    if not n:
        return Description(0, None, None, None, None, None)
    lowest, highest = float(found.min()), float(found.max())
    return Description(n, float(found.mean()), standard_deviation(found), float(np.median(found)), lowest, highest)


def standard_deviation(values: npt.ArrayLike) -> float | None:
    """The standard deviation, over n - 1; None below two values, and 0 where all are equal."""
    found = np.asarray(values, dtype=float)
    if len(found) < 2:
        return None
    sd = float(found.std(ddof=1))
    return sd if sd > NOTHING else 0.0
