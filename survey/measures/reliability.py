"""How far the items of a scale go together: Cronbach's alpha with its interval, and each item with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import fdtri

FEW = 30
"""With fewer people than this the interval is so wide that alpha says little: it is told beside the figure."""

LEAST_FOR_ALPHA = 10
"""With fewer people than this it is told nowhere, and nobody is judged by it: one person more would turn it round."""

Table = Sequence[Sequence[float | None]] | Any
"""A row for each person with a value for each item, turned back; None, or NaN in an array, where there is no answer."""


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of `items` items over the `n` people who answered all of them, from `low` to `high`.

    None where it cannot be computed: fewer than three people, fewer than two items, or everybody alike.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    items: int

    @property
    def few(self) -> bool:
        """Whether so few people stand behind it that it says little."""
        return self.n < FEW


def alpha(rows: Table, level: float = 0.95) -> Alpha:
    """Alpha over rows; only those count in which all items were answered.

    Cronbach (1951), Psychometrika 16, 297-334: k / (k - 1) * (1 - sum of the items' variances / variance of their
    sum), with variances over n - 1.
    """
    items = len(rows[0]) if len(rows) else 0
    table = _complete(rows)
    n = len(table)
    total = float(table.sum(axis=1).var(ddof=1)) if n > 2 and items > 1 else 0.0
    if total <= _NOTHING:
        return Alpha(None, None, None, n, items)
    value = items / (items - 1) * (1 - float(table.var(axis=0, ddof=1).sum()) / total)
    return Alpha(value, *feldt(value, n, items, level), n, items)


def feldt(value: float, n: int, items: int, level: float = 0.95) -> tuple[float, float]:
    """The interval of an alpha of `items` items over `n` people.

    Feldt (1965), Psychometrika 30, 357-370; formulas 6 and 7 of Feldt, Woodruff and Salih (1987), Applied
    Psychological Measurement 11, 93-103: (1 - true) / (1 - found) has an F distribution with n - 1 and
    (n - 1)(items - 1) degrees of freedom.
    """
    first, second, tail = n - 1, (n - 1) * (items - 1), (1 - level) / 2
    upper, lower = float(fdtri(first, second, 1 - tail)), float(fdtri(first, second, tail))
    return 1 - (1 - value) * upper, 1 - (1 - value) * lower


def item_rest(rows: Table) -> list[float | None]:
    """For each item its correlation with the sum of the other items, over complete rows; None where nothing varies.

    Nunnally and Bernstein (1994), Psychometric Theory, p. 304: the item itself must not be part of the sum.
    """
    items = len(rows[0]) if len(rows) else 0
    table = _complete(rows)
    if len(table) < 3 or items < 2:
        return [None] * items
    total = table.sum(axis=1)
    return [_correlation(table[:, place], total - table[:, place]) for place in range(items)]


_NOTHING = 1e-12
"""A variance below this is none: what is left of rounding."""


def _complete(rows: Table) -> Any:
    if not len(rows):
        return np.empty((0, 0))
    table = np.array(rows, dtype=float).reshape(len(rows), len(rows[0]))
    return table[~np.isnan(table).any(axis=1)]


def _correlation(one: Any, other: Any) -> float | None:
    if one.var() <= _NOTHING or other.var() <= _NOTHING:
        return None
    return float(np.corrcoef(one, other)[0, 1])
