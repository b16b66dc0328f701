"""How long pages and whole responses took, and which were very fast beside others. A hint to look, and no judgement.

A response is very fast when all of this holds:

- at least LEAST_TO_COMPARE responses stand beside it, itself among them: with fewer the median moves with each of them;
- its active time is below SHARE of their median. Time is skewed to the long side, so that a distance in standard
  deviations would never flag anybody; a share of the median is easy to say and does not move with a few long pauses.
  There is no agreed figure. SHARE is a choice: less than half, so that a practised reader with little to tell does not
  appear, and more than what nobody could read in;
- its time for each unit that was asked is below SHARE of the median of that, too. Whom the conditions spare half of the
  questions is done sooner, and not fast.

The same holds for one page among its kind, with one more condition: the median of the page is at least SHORTEST
seconds, since on a shorter one the difference is a few seconds, which says nothing.

Beside it stand only responses that were handed in, of the same instrument at the same wave: who stops halfway is done
sooner, and a second interview goes faster than a first.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.measures.quality import Digest, Tally

LEAST_TO_SUMMARISE = 5
"""Of fewer there is no median here: it would be the time of one or two people."""

LEAST_TO_COMPARE = 10
SHARE = 0.4
SHORTEST = 20.0

WHOLE = None
"""Stands for the whole response where a page is meant."""


@dataclass(frozen=True)
class Spread:
    """The median and quartiles of so many seconds; None where there are fewer than LEAST_TO_SUMMARISE.

    Quartiles interpolate between the ordered values, the ends among them, as QUARTILE.INC of spreadsheets does.
    """

    count: int
    lower: float | None = None
    median: float | None = None
    upper: float | None = None


def spread(seconds: Sequence[float]) -> Spread:
    """The spread of these seconds."""
    if len(seconds) < LEAST_TO_SUMMARISE:
        return Spread(len(seconds))
    return Spread(len(seconds), *statistics.quantiles(seconds, n=4, method="inclusive"))


def times(digests: Iterable[Digest], pages: Sequence[str]) -> dict[str | None, Spread]:
    """WHOLE and each of these pages -> the spread of its seconds, over the responses in which it was saved."""
    found: dict[str | None, list[float]] = {WHOLE: [], **{page: [] for page in pages}}
    for digest in digests:
        if digest.total is not None:
            found[WHOLE].append(digest.total)
        for page, seconds in digest.seconds.items():
            if page in found:
                found[page].append(seconds)
    return {page: spread(seconds) for page, seconds in found.items()}


@dataclass(frozen=True)
class Usual:
    """What is usual for one page, or WHOLE: median seconds, and median seconds for each unit asked, of so many."""

    count: int
    seconds: float
    each: float


@dataclass(frozen=True)
class Fast:
    """A page, or WHOLE, that took so many seconds, where the median of so many responses is `median`."""

    page: str | None
    seconds: float
    median: float
    count: int


def usual(digests: Iterable[Digest]) -> dict[str | None, Usual]:
    """What is usual among these, for WHOLE and each page that can be compared: see the rule above."""
    taken: dict[str | None, tuple[list[float], list[float]]] = {}
    for digest in digests:
        for page, seconds, each in _paces(digest):
            both = taken.setdefault(page, ([], []))
            both[0].append(seconds)
            both[1].append(each)
    found = {
        page: Usual(len(seconds), statistics.median(seconds), statistics.median(each))
        for page, (seconds, each) in taken.items()
        if len(seconds) >= LEAST_TO_COMPARE
    }
    return {page: one for page, one in found.items() if page is WHOLE or one.seconds >= SHORTEST}


def very_fast(digest: Digest, beside: Mapping[str | None, Usual]) -> tuple[Fast, ...]:
    """WHOLE first, then the pages, as far as they were very fast beside these."""
    found = []
    for page, seconds, each in _paces(digest):
        one = beside.get(page)
        if one is not None and seconds < SHARE * one.seconds and each < SHARE * one.each:
            found.append(Fast(page, seconds, one.seconds, one.count))
    return tuple(found)


def _paces(digest: Digest) -> list[tuple[str | None, float, float]]:
    """WHOLE and each page on which something was asked and saved: seconds, and seconds for each unit asked."""
    pages: list[tuple[str | None, float | None, Tally | None]] = [(WHOLE, digest.total, digest.whole)]
    pages += [(page, seconds, digest.tallies.get(page)) for page, seconds in digest.seconds.items()]
    return [
        (page, seconds, seconds / tally.asked)
        for page, seconds, tally in pages
        if seconds is not None and tally is not None and tally.asked
    ]
