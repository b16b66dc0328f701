"""A length of time in hours and minutes, kept as minutes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from survey.instruments.errors import Invalid
from survey.instruments.kinds.number import number
from survey.instruments.kinds.question import Column, Question, Raw, Unit, Value, first


class Duration(Question):
    """Minutes, typed as hours and minutes. `min` and `max` are minutes."""

    kind: Literal["duration"]
    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=1)

    def parse(self, raw: Raw) -> Value:
        hours, minutes = (number(first(raw, part), decimals=0) for part in ("hours", "minutes"))
        if hours is None and minutes is None:
            return None
        if (hours or 0) < 0 or not 0 <= (minutes or 0) < 60:
            raise Invalid("duration.unreadable")
        value = int(hours or 0) * 60 + int(minutes or 0)
        if value < self.min:
            raise Invalid("duration.too_short", hours=self.min // 60, minutes=self.min % 60)
        if self.max is not None and value > self.max:
            raise Invalid("duration.too_long", hours=self.max // 60, minutes=self.max % 60)
        return value

    def show(self, value: Value) -> dict[str, list[str]]:
        return {"hours": [str(value // 60)], "minutes": [str(value % 60)]}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return (Column(unit.name, unit, "integer", measure="scale"),)
