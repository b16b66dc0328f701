"""One option out of a list."""

from __future__ import annotations

from typing import Literal

from survey.instruments.errors import Invalid
from survey.instruments.kinds.question import (
    Column,
    OwnOrShared,
    Question,
    Raw,
    Unit,
    Value,
    first,
)


def code_of(typed: str, codes: object) -> str | int:
    """The code that was chosen. Raises Invalid("choice.unknown")."""
    known = {str(code): code for code in codes}  # type: ignore[attr-defined]
    if typed not in known:
        raise Invalid("choice.unknown")
    return known[typed]  # type: ignore[no-any-return]


class Choice(Question):
    """One code of `choices`: a list of its own, or the name of a shared one."""

    kind: Literal["choice"]
    choices: OwnOrShared

    def parse(self, raw: Raw) -> Value:
        typed = first(raw)
        return code_of(typed, self.options) if typed else None

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        return (Column(unit.name, unit, "code", labels=self.labels()),)
