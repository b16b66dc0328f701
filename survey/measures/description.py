"""A row of figures in a few numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


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
    sd = float(found.std(ddof=1)) if n > 1 else None
    # Rounding must not make of equal figures different ones.
    sd = 0.0 if sd is not None and found.min() == found.max() else sd
    return Description(n, float(found.mean()), sd, float(np.median(found)), float(found.min()), float(found.max()))
