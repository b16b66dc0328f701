"""What the documents on security name as proof exists, and every line of the standard is there once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
STANDINGS = {"met", "partly", "not met", "operator", "not here"}


@pytest.mark.parametrize("document", ["security.md", "asvs.md", "reliability.md", "accessibility.md"])
def test_every_test_that_is_named_as_proof_exists(document: str) -> None:
    text = (DOCS / document).read_text(encoding="utf-8")
    # Files of tests have names of their own, so one can be named without its folder.
    there = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    files = set(re.findall(r"`(?:tests/[\w/]*)?(test_\w+\.py)`", text))
    paths = set(re.findall(r"`(tests/[\w/]+(?:/|\.py))`", text))
    assert (sorted(files - there), sorted(path for path in paths if not (ROOT / path).exists())) == ([], [])


def test_every_line_of_the_standard_stands_somewhere_once() -> None:
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \| (.+?) \|$", (DOCS / "asvs.md").read_text(), re.M)
    numbers = [number for number, *_ in rows]
    # Version 5.0.0 has 70 lines of level 1 and 183 of level 2.
    assert (len(numbers), len(set(numbers))) == (253, 253)
    assert {standing for _, _, standing, _ in rows} == STANDINGS
    text = (DOCS / "asvs.md").read_text(encoding="utf-8")
    told = re.search(r"at once: ([\d., ]+)\.\n", text)
    assert told is not None
    assert told[1].split(", ") == [number for number, _, standing, _ in rows if standing in ("partly", "not met")]
