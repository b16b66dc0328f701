"""A date: whole, or month and year, or year alone, for people who do not remember the day."""

from __future__ import annotations

import datetime
from typing import Literal

from survey.instruments.errors import Invalid
from survey.instruments.kinds.number import western
from survey.instruments.kinds.question import Column, Question, Raw, Unit, Value, first

PARTS = {"day": ("day", "month", "year"), "month": ("month", "year"), "year": ("year",)}


class Date(Question):
    """A date kept as ISO text of its precision: "2023-04-01", "2023-04" or "2023". The inputs are day, month and year.

    `earliest` and `latest` are ISO texts of the same precision.
    """

    kind: Literal["date"]
    precision: Literal["day", "month", "year"] = "day"
    earliest: str | None = None
    latest: str | None = None

    def parse(self, raw: Raw) -> Value:
        typed = {part: western(first(raw, part)) for part in PARTS[self.precision]}
        if not any(typed.values()):
            return None
        if not all(typed.values()):
            raise Invalid("date.incomplete")
        if not all(text.isascii() and text.isdigit() for text in typed.values()) or len(typed["year"]) != 4:
            raise Invalid("date.unreadable")
        try:
            whole = datetime.date(int(typed["year"]), int(typed.get("month", 1)), int(typed.get("day", 1)))
        except ValueError:
            raise Invalid("date.unreadable") from None
        value = whole.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]
        if self.earliest and value < self.earliest:
            raise Invalid("date.too_early", earliest=self.earliest)
        if self.latest and value > self.latest:
            raise Invalid("date.too_late", latest=self.latest)
        return value

    def show(self, value: Value) -> dict[str, list[str]]:
        parts = zip(("year", "month", "day"), value.split("-"), strict=False)
        return {part: [text if part == "year" else str(int(text))] for part, text in parts}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return (Column(unit.name, unit, "integer" if self.precision == "year" else "date", measure="scale"),)

    def cells(self, value: Value) -> tuple[str | int | float, ...]:
        return (int(value),) if self.precision == "year" else (value,)
