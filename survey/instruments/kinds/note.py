"""Words to read out, without an answer."""

from __future__ import annotations

from typing import Literal

from survey.instruments.kinds.question import Question, Raw, Unit, Value


class Note(Question):
    """A text between questions."""

    kind: Literal["note"]

    def units(self) -> tuple[Unit, ...]:
        return ()

    def parse(self, raw: Raw) -> Value:
        return None
