"""How a question was relayed between two people who do not share a language: codes that an interviewer taps."""

from __future__ import annotations

from collections.abc import Iterable

RELAY = (
    "not_as_written",
    "not_fully",
    "difficulty",
    "repeated",
    "side_talk",
    "read_out",
    "on_sight",
    "card",
)
"""Question not relayed as written; answer not relayed fully; participant had difficulty; question repeated; side talk
not relayed; read out from the text; translated on sight; show card used. Meanings: docs/interviewers.md."""


def tidied(codes: Iterable[str]) -> list[str] | None:
    """The known ones among these codes, each once and in their order; None where none is left."""
    there = set(codes)
    return [code for code in RELAY if code in there] or None
