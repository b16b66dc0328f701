"""A long answer in the participant's own words, with probes for the interviewer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from survey.instruments.errors import Invalid
from survey.instruments.kinds.question import Question, Raw, Value, Words


class Open(Question):
    """An answer of many lines. `probes` are follow-up questions that the interviewer may use."""

    kind: Literal["open"]
    probes: tuple[Words, ...] = ()
    max_length: int = Field(default=10_000, ge=1, le=100_000)

    def parse(self, raw: Raw) -> Value:
        words = (raw.get("") or ("",))[0].replace("\r\n", "\n").strip()
        if len(words) > self.max_length:
            raise Invalid("text.too_long", limit=self.max_length, length=len(words))
        return words or None

    def own_texts(self) -> dict[str, str]:
        return {f"{self.name}/probes/{i}": probe for i, probe in enumerate(self.probes, start=1)}
