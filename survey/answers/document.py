"""The document of a response: its answers, its drafts, the interviewer's notes, and how questions were relayed."""

from __future__ import annotations

from typing import Any, Literal

Part = Literal["answers", "drafts", "notes", "relay"]
PARTS: tuple[Part, ...] = ("answers", "drafts", "notes", "relay")
OF_QUESTIONS: frozenset[Part] = frozenset({"notes", "relay"})
"""The parts that are kept by question; the others are kept by unit."""

Key = tuple[Part, str]
"""Part of the document and name of the unit, or of the question."""

Document = dict[Part, dict[str, Any]]
"""Unit -> answer or {"missing": reason}; unit -> what was typed and is no answer yet; question -> note; question ->
codes of how it was relayed."""
