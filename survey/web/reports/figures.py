"""Figures as reports write them, in the reader's language: decimals, intervals, and a dash where nothing is known."""

from __future__ import annotations

from flask_babel import format_decimal, gettext

from survey.measures.rounding import rounded

NOTHING = "–"


def figure(value: float | None, digits: int = 2) -> str:
    """A figure with so many decimals; a dash for none."""
    if value is None:
        return NOTHING
    return str(format_decimal(rounded(value, digits), format="0." + "0" * digits if digits else "0"))


def between(low: float | None, high: float | None, digits: int = 2) -> str:
    """From one figure to another; a dash where one of both is not known."""
    if low is None or high is None:
        return NOTHING
    return str(gettext("%(low)s to %(high)s", low=figure(low, digits), high=figure(high, digits)))


def with_interval(value: float | None, low: float | None, high: float | None, digits: int = 2) -> str:
    """A figure with its 95 % interval behind it, as far as they are known."""
    if value is None or low is None or high is None:
        return figure(value, digits)
    limits = {"low": figure(low, digits), "high": figure(high, digits)}
    return str(gettext("%(value)s (95 %% CI %(low)s to %(high)s)", value=figure(value, digits), **limits))
