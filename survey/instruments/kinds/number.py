"""A whole or decimal number, with bounds and a unit."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pydantic import Field, FiniteFloat

from survey.instruments.errors import Invalid
from survey.instruments.kinds.question import (
    Column,
    Question,
    Raw,
    Unit,
    Value,
    Words,
    first,
)

_GROUPED = re.compile(
    r"(?P<whole>[+-]?[1-9]\d{0,2}([ .,'\u00a0\u202f\u066c])\d{3}(\2\d{3}){0,3})(?P<fraction>(?!\2)[.,\u066b]\d+)?"
)
_PLAIN = re.compile(r"[+-]?\d{1,15}([.,\u066b]\d+)?")


def western(typed: str) -> str:
    """Digits of any script as 0-9, and the minus signs that keyboards offer as "-"."""
    digits = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed)
    return digits.replace("\u2212", "-").replace("\u2013", "-")


def number(typed: str, decimals: int) -> int | float | None:
    """The number in what was typed, with a decimal comma or point; None where nothing was. Raises Invalid.

    "1.500" with at most two decimals is fifteen hundred: a point before three digits groups thousands in Dutch.
    """
    text = western(typed).strip()
    if not text:
        return None
    plain, grouped = _PLAIN.fullmatch(text), _GROUPED.fullmatch(text)
    if grouped and (decimals < 3 or not plain):
        text = re.sub(r"[^\d+-]", "", grouped["whole"]) + (grouped["fraction"] or "")
    elif not plain:
        raise Invalid("number.unreadable")
    whole, _, fraction = re.sub(r"[,\u066b]", ".", text).partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        raise Invalid("number.whole") if decimals == 0 else Invalid("number.decimals", decimals=decimals)
    return float(f"{whole}.{fraction}") if fraction else int(whole)


class Number(Question):
    """A number from `min` to `max`, with at most `decimals` decimals, in `unit` (shown behind the input)."""

    kind: Literal["number"]
    min: int | FiniteFloat | None = None
    max: int | FiniteFloat | None = None
    decimals: int = Field(default=0, ge=0, le=6)
    unit: Words | None = None

    def parse(self, raw: Raw) -> Value:
        value = number(first(raw), self.decimals)
        if value is not None and self.min is not None and value < self.min:
            raise Invalid("number.too_small", min=self.min)
        if value is not None and self.max is not None and value > self.max:
            raise Invalid("number.too_large", max=self.max)
        return value

    def show(self, value: Value) -> dict[str, list[str]]:
        # Python would write a millionth as 1e-06.
        written = f"{value:.{self.decimals}f}" if isinstance(value, float) else str(value)
        return {"": [written.rstrip("0").rstrip(".") if "." in written else written]}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return (Column(unit.name, unit, "decimal" if self.decimals else "integer", measure="scale"),)

    def own_texts(self) -> dict[str, str]:
        return {f"{self.name}/unit": self.unit} if self.unit else {}
