"""Any number of options out of a list."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from survey.instruments.errors import Invalid
from survey.instruments.kinds.choice import code_of
from survey.instruments.kinds.question import (
    Column,
    OwnOrShared,
    Question,
    Raw,
    Unit,
    Value,
)


class Several(Question):
    """A list of codes in the order of `choices`, from `at_least` to `at_most` of them.

    An exclusive option stands alone. Each option is a column of its own: 1 chosen, 0 not chosen, empty where not asked.
    """

    kind: Literal["several"]
    choices: OwnOrShared
    at_least: int = Field(default=1, ge=1)
    at_most: int | None = Field(default=None, ge=1)

    def parse(self, raw: Raw) -> Value:
        chosen = {code_of(typed, self.options) for typed in raw.get("", ()) if typed}
        if not chosen:
            return None
        alone = [code for code in chosen if self.options[code].exclusive]
        if alone and len(chosen) > 1:
            raise Invalid("several.exclusive", option=alone[0])
        if not alone and len(chosen) < self.at_least:
            raise Invalid("several.too_few", least=self.at_least)
        if self.at_most is not None and len(chosen) > self.at_most:
            raise Invalid("several.too_many", most=self.at_most)
        return [code for code in self.options if code in chosen]

    def show(self, value: Value) -> dict[str, list[str]]:
        return {"": [str(code) for code in value]}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return tuple(
            Column(f"{unit.name}_{code}", unit, "flag", part=code, part_key=f"{self.choices_key}/{code}")
            for code in self.options
        )

    def cells(self, value: Value) -> tuple[str | int | float, ...]:
        return tuple(int(code in value) for code in self.options)
