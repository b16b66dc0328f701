"""How long the pages of an interview took, from the moments at which they were saved."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

LONGEST = 600
"""Seconds after which a gap between two saves is a pause, of which no more than this counts as time for a question."""

K = TypeVar("K", bound=Hashable)


def seconds_spent(began: datetime.datetime, saves: Sequence[datetime.datetime]) -> list[float]:
    """The seconds that each save took: from the one before it, the first from when the interview began.

    At most LONGEST each. Never less than 0: the clocks of two servers may differ by a little.
    """
    found = []
    before = began
    for at in saves:
        found.append(min(float(LONGEST), max(0.0, (at - before).total_seconds())))
        before = max(before, at)
    return found


def summed(keys: Iterable[K], seconds: Iterable[float]) -> dict[K, float]:
    """Key -> its seconds in all, where each save has a key, such as its page: time belongs to the page saved."""
    found: dict[K, float] = {}
    for key, spent in zip(keys, seconds, strict=True):
        found[key] = found.get(key, 0.0) + spent
    return found
