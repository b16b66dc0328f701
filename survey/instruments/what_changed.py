"""What changed between two wordings, word by word, for the eye of a translator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Part = tuple[Literal["same", "gone", "new"], str]
_WORDS = re.compile(r"\s+|[^\s]+")


def what_changed(old: str, new: str) -> list[Part]:
    """The old wording and the new one in one line: the parts that stayed, that are gone, and that are new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return list(_parts(before, after))


def _parts(before: list[str], after: list[str]) -> Iterator[Part]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(before[a:b])
        else:
            if a < b:
                yield "gone", "".join(before[a:b])
            if c < d:
                yield "new", "".join(after[c:d])
