"""What a participant can see besides an instrument's own words: buttons, reasons, the own screen, kind messages."""

from __future__ import annotations

from pathlib import Path

from survey.instruments.marked import marked

FILE = Path(__file__).parent / "definitions" / "controls.yaml"
NAME = "controls"
"""The name under which catalogues keep them, beside those of the instruments."""


def _read() -> tuple[str, dict[str, str]]:
    found = marked(FILE.read_text(encoding="utf-8")).value
    return str(found["language"]), {f"{NAME}/{key}": words for key, words in found["texts"].items()}


LANGUAGE, CONTROLS = _read()
"""The language in which they stand in the definition, and text key ("controls/refused") -> words in it."""
