"""Several tests at once: p adjusted so that the chance of even one false alarm in the family stays what it is."""

from __future__ import annotations

from collections.abc import Sequence


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Each p adjusted over the family, in the order given. What could not be tested is no part of the family.

    The smallest of m is multiplied by m, the next by m - 1, and so on; none becomes smaller than the one before it, and
    none larger than 1. Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70; as adjusted values, Wright 1992,
    Biometrics 48, 1005-1013.
    """
    there = sorted((p, place) for place, p in enumerate(ps) if p is not None)
    adjusted: list[float | None] = [None] * len(ps)
    least = 0.0
    for step, (p, place) in enumerate(there):
        least = max(least, min(1.0, p * (len(there) - step)))
        adjusted[place] = least
    return adjusted
