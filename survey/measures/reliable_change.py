"""Whether one person's change is larger than what the inaccuracy of a scale gives by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

BOUND = 1.96
"""An index beyond this happens in one of twenty without any change."""

Verdict = Literal["improved", "unchanged", "worsened", "up", "down"]
"""`up` and `down` where nobody said which way is better."""


class PersonChange(NamedTuple):
    """One person's reliable change index, and what it says."""

    rci: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """The figures of the formula, and each person in the order given.

    `sd`: the standard deviation used, `reliability`: the r used, `error`: the standard error of a difference,
    `least`: the smallest difference in points that counts as reliable.
    """

    sd: float
    reliability: float
    error: float
    least: float
    people: tuple[PersonChange, ...]

    def number(self, verdict: Verdict) -> int:
        """How many people have this verdict."""
        return sum(1 for person in self.people if person.verdict == verdict)


def reliable_change(
    pairs: Sequence[tuple[float, float]],
    sd: float | None,
    reliability: float | None,
    better: Literal["higher", "lower"] | None,
) -> ReliableChange | None:
    """The index of each pair, (after - before) / (sd * sqrt(2) * sqrt(1 - reliability)). None where it has no meaning.

    That is without a spread, and where the reliability is not from 0 up to, and not with, 1.
    Source: Jacobson and Truax 1991, Journal of Consulting and Clinical Psychology 59, 12-19.
    """
    if sd is None or reliability is None or sd <= 0 or not 0 <= reliability < 1:
        return None
    error = sd * math.sqrt(2) * math.sqrt(1 - reliability)
    found = [(after - before) / error for before, after in pairs]
    people = tuple(PersonChange(rci, verdict(rci, better)) for rci in found)
    return ReliableChange(sd, reliability, error, BOUND * error, people)


def verdict(rci: float, better: Literal["higher", "lower"] | None) -> Verdict:
    """What an index says: beyond the bound, in which direction."""
    if abs(rci) <= BOUND:
        return "unchanged"
    if better is None:
        return "up" if rci > 0 else "down"
    return "improved" if (rci > 0) == (better == "higher") else "worsened"
