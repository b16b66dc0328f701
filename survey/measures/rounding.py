"""Figures as they are printed: rounded so that every program that computes them prints the same."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

DECIMALS = 9
"""Beyond these the order of computing decides, and not the answers."""


def rounded(value: float, digits: int) -> Decimal:
    """A figure with so many decimals; half-way goes to the even digit, and what rounds to nothing has no sign.

    It is rounded to nine decimals first: 0.175 and 0.17499999999999999 are the same mean, added up in another order.
    """
    whole = Decimal(f"{value:.{DECIMALS}f}")
    return whole.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN) + 0
