"""Two or more arms: how much they differ at the last moment between people who began alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey.measures.estimate import LEVEL, Estimate, around, two_sided


@dataclass(frozen=True, slots=True)
class Contrast:
    """One arm against the reference: the difference in change, adjusted for the first measurement.

    `raw` is the plain difference between the two mean changes. `n` people in the arm, `reference_n` in the other.
    `holm`: p over a family of outcomes and all their contrasts, where there is one.
    """

    arm: str
    reference: str
    n: int
    reference_n: int
    adjusted: Estimate
    error: float
    t: float
    p: float
    raw: float
    holm: float | None = None


@dataclass(frozen=True, slots=True)
class Ancova:
    """The contrasts, the slope on the first measurement, and the degrees of freedom of the residual."""

    contrasts: tuple[Contrast, ...]
    slope: float
    df: int


def ancova(
    before: Sequence[float], after: Sequence[float], arms: Sequence[str], reference: str, level: float = LEVEL
) -> Ancova | None:
    """Each arm against `reference`: after on arm and before, with one slope. None with too few people.

    As change is after minus before, the difference in change so adjusted is the difference at the last moment so
    adjusted. Source: least squares; Fisher 1932, Statistical methods for research workers, 4th ed., section 49.1; for
    trials, Vickers and Altman 2001, BMJ 323, 1123-1124. There must be two people in each arm at least, one degree of
    freedom, and some spread before.
    """
    others = [arm for arm in dict.fromkeys(arms) if arm != reference]
    sizes = {arm: arms.count(arm) for arm in (*others, reference)}
    df = len(arms) - len(others) - 2
    if not others or min(sizes.values()) < 2 or df < 1:
        return None
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    groups = {arm: np.asarray([one == arm for one in arms]) for arm in sizes}
    design = np.column_stack([np.ones(len(arms)), first, *(groups[arm].astype(float) for arm in others)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    turned = np.linalg.inv(design.T @ design)
    weights = turned @ design.T @ second
    residual = second - design @ weights
    errors = np.sqrt(np.diag(turned) * float(residual @ residual) / df)
    moves = second - first
    contrasts = []
    for place, arm in enumerate(others, start=2):
        value, error = float(weights[place]), float(errors[place])
        if error <= 1e-9:
            return None
        raw = float(moves[groups[arm]].mean() - moves[groups[reference]].mean())
        t = value / error
        contrasts.append(
            Contrast(
                arm, reference, sizes[arm], sizes[reference], around(value, error, df, level), error, t,
                two_sided(t, df), raw,
            )
        )  # fmt: skip
    return Ancova(tuple(contrasts), float(weights[1]), df)
