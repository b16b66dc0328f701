"""Which passwords will do: long enough, and none that a guesser tries first. No rules about kinds of signs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 128

GUESSED_SIGNS = 72
"""So many signs are looked at for how well they can be guessed: beyond it that takes long and changes nothing."""

STRONG_ENOUGH = 3
"""On zxcvbn's scale from 0 to 4: 3 stands for at least 10^8 guesses."""

OWN_WORDS = ("krachtmeting", "krachtwerk", "interview", "vragenlijst", "onderzoek", "wachtwoord", "welkom")

Problem = Literal["short", "long", "common", "own_words"]


def problem(password: str, about: Iterable[str] = ()) -> Problem | None:
    """Why a new password does not do; None where it does. `about`: what others know of the person, such as the name.

    "common": it stands in lists of much used passwords, or is soon guessed by its pattern. "own_words": it is little
    more than the name of the person, or a word of this project.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    own = _parts([*OWN_WORDS, *about])
    if _little_more_than(own, password.lower()):
        return "own_words"
    if zxcvbn(password[:GUESSED_SIGNS], user_inputs=own, max_length=GUESSED_SIGNS)["score"] < STRONG_ENOUGH:
        return "common"
    return None


def _parts(words: Iterable[str]) -> list[str]:
    """The words, and their parts of three signs and more, the longest first."""
    lower = [word.lower() for word in words]
    parts = {part for word in lower for part in (word, *re.split(r"[\W_]+", word)) if len(part) > 2}
    return sorted(parts, key=lambda part: (-len(part), part))


def _little_more_than(words: Iterable[str], password: str) -> bool:
    """Whether hardly a letter is left of a password without these words: figures after a word hide nothing."""
    left = password
    for word in words:
        left = left.replace(word, " ")
    return left != password and len(re.sub(r"[\W\d_]", "", left)) < SHORTEST // 3
