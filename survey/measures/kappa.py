"""Cohen's kappa: how far two people agree beyond what chance would give, with weights for answers that are near."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Weights = Literal["none", "linear", "quadratic"]

NORMAL_95 = 1.959963984540054
"""So many standard errors lie on either side in a 95 % interval."""

MOSTLY = 0.9
"""Somebody who gave this share of all answers to one category used nearly one category: kappa is then low although
they agree (Feinstein and Cicchetti 1990, Journal of Clinical Epidemiology 43, 543-549)."""


@dataclass(frozen=True)
class Kappa:
    """Kappa over `n` answers of two people, its 95 % interval from `low` to `high`, and the share that is `exact`.

    `value` is None where chance alone leaves nothing to agree on: one of both used a single category. `low` and `high`
    are None there, and where they agree on everything: the interval of large samples has no width then. `varied` is
    False where one of both used (nearly) one category.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    exact: float | None
    varied: bool


def kappa(
    first: Sequence[Hashable], second: Sequence[Hashable], categories: Sequence[Hashable], weights: Weights = "none"
) -> Kappa:
    """Kappa of two people's answers to the same things, in the same order; `categories` in the order of the scale.

    Cohen (1960), Educational and Psychological Measurement 20, 37-46; weighted: Cohen (1968), Psychological Bulletin
    70, 213-220, with weights 1 - d / (k - 1) (linear) or 1 - d² / (k - 1)² (quadratic; Fleiss and Cohen 1973) for
    answers d places apart on k categories. Raises ValueError for an answer that is in no category.
    """
    if len(first) != len(second):
        raise ValueError("both people must have said something of each thing")
    place = {category: index for index, category in enumerate(categories)}
    unknown = {answer for answer in (*first, *second) if answer not in place}
    if unknown:
        raise ValueError(f"in no category: {sorted(map(str, unknown))}")
    table = np.zeros((len(place), len(place)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1
    return of_table(table, weights)


def of_table(table: Any, weights: Weights = "none") -> Kappa:
    """Kappa of a square table of counts: a row for each category of one person, a column for each of the other."""
    counts = np.asarray(table, dtype=float)
    n = round(float(counts.sum()))
    if not n:
        return Kappa(None, None, None, 0, None, False)
    shares = counts / n
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    exact, most = float(np.trace(shares)), max(float(rows.max()), float(columns.max()))
    if most >= 1:
        return Kappa(None, None, None, n, exact, False)
    weight = _weights(len(counts), weights)
    by_chance = float((weight * np.outer(rows, columns)).sum())
    value = (float((weight * shares).sum()) - by_chance) / (1 - by_chance)
    error = _standard_error(shares, weight, value, by_chance, n)
    if error < _NOTHING:
        return Kappa(value, None, None, n, exact, most < MOSTLY)
    low, high = max(-1.0, value - NORMAL_95 * error), min(1.0, value + NORMAL_95 * error)
    return Kappa(value, low, high, n, exact, most < MOSTLY)


_NOTHING = 1e-6
"""A standard error below this is what is left of rounding."""


def _weights(size: int, weights: Weights) -> Any:
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(1, size - 1)
    if weights == "none":
        return np.eye(size)
    return 1 - (apart if weights == "linear" else apart**2)


def _standard_error(shares: Any, weight: Any, value: float, by_chance: float, n: int) -> float:
    """The large-sample standard error: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, 323-327, formula 13
    (formula 8 where the weights are 0 and 1)."""
    of_rows, of_columns = weight @ shares.sum(axis=0), weight.T @ shares.sum(axis=1)
    mean = of_rows[:, None] + of_columns[None, :]
    spread = float((shares * (weight - mean * (1 - value)) ** 2).sum()) - (value - by_chance * (1 - value)) ** 2
    return math.sqrt(max(0.0, spread) / n) / (1 - by_chance)
