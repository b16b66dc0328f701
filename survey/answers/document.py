"""The document of a response: its answers, its drafts, and the interviewer's notes."""

from __future__ import annotations

from typing import Any, Literal

Part = Literal["answers", "drafts", "notes"]
PARTS: tuple[Part, ...] = ("answers", "drafts", "notes")

Key = tuple[Part, str]
"""Part of the document and name of the unit (for a note: of the question)."""

Document = dict[Part, dict[str, Any]]
"""Unit -> answer or {"missing": reason}; unit -> what was typed and is no answer yet; question -> note."""
