"""One line of text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from survey.instruments.kinds.question import Question, Raw, Value, line


class Text(Question):
    """An answer of one line, of at most `max_length` characters."""

    kind: Literal["text"]
    max_length: int = Field(default=200, ge=1, le=1000)

    def parse(self, raw: Raw) -> Value:
        return line(raw, self.max_length)
