"""Parts that add up to 100 %."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from survey.instruments.errors import Invalid
from survey.instruments.kinds.number import number
from survey.instruments.kinds.question import (
    Column,
    Name,
    Question,
    Raw,
    Unit,
    Value,
    Words,
    first,
)

WHOLE = 100


class Share(Question):
    """Whole percentages by part, together 100. A part left empty is 0 once another part is filled in."""

    kind: Literal["share"]
    parts: Annotated[dict[Name, Words], Field(min_length=2)]

    def parse(self, raw: Raw) -> Value:
        typed = {part: number(first(raw, part).rstrip("%"), decimals=0) for part in self.parts}
        if all(value is None for value in typed.values()):
            return None
        shares = {part: int(value or 0) for part, value in typed.items()}
        if any(not 0 <= value <= WHOLE for value in shares.values()):
            raise Invalid("share.bounds")
        total = sum(shares.values())
        if total != WHOLE:
            raise Invalid("share.total", total=total)
        return shares

    def show(self, value: Value) -> dict[str, list[str]]:
        return {part: [str(value[part])] for part in self.parts if part in value}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return tuple(
            Column(
                f"{unit.name}_{part}", unit, "integer", part=part, part_key=f"{self.name}/parts/{part}", measure="scale"
            )
            for part in self.parts
        )

    def cells(self, value: Value) -> tuple[str | int | float, ...]:
        return tuple(value.get(part, 0) for part in self.parts)

    def own_texts(self) -> dict[str, str]:
        return {f"{self.name}/parts/{part}": text for part, text in self.parts.items()}
