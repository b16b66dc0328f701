"""One shared list of points over several items, shown as rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from survey.instruments.kinds.choice import code_of
from survey.instruments.kinds.question import (
    Column,
    Condition,
    Frozen,
    Name,
    OwnOrShared,
    Question,
    Raw,
    Unit,
    Value,
    Words,
    first,
)


class Item(Frozen):
    """One row of a scale."""

    text: Words
    when: Condition | None = None


def _item(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


class Scale(Question):
    """One code per item. Points are whole numbers; a point without words shows its number."""

    kind: Literal["scale"]
    choices: OwnOrShared
    items: Annotated[
        dict[Name, Annotated[Item, BeforeValidator(_item, json_schema_input_type=Item | str)]], Field(min_length=1)
    ]

    def units(self) -> tuple[Unit, ...]:
        return tuple(Unit(name, self, "item") for name in self.items)

    def parse(self, raw: Raw) -> Value:
        typed = first(raw)
        return code_of(typed, self.options) if typed else None

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return (Column(unit.name, unit, "code", labels=self.labels(), measure="ordinal"),)

    def own_texts(self) -> dict[str, str]:
        return {f"{self.name}/items/{name}": item.text for name, item in self.items.items()}
