"""Bands over a number: which score or verdict a figure gets. Gaps, overlaps and bands out of reach are found."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field, FiniteFloat

from survey.instruments.kinds.question import Frozen, Words
from survey.instruments.protocols.model import InLanguages

Unit = Literal["percent", "minutes", "participants", "times", "points"]
"""What a figure counts. "points" are those of a rating scale, whatever its ends."""

RANGES: dict[Unit, tuple[float, float]] = {
    "percent": (0, 100),
    "minutes": (0, math.inf),
    "participants": (0, math.inf),
    "times": (0, math.inf),
    "points": (-math.inf, math.inf),
}
"""Between which ends a figure of each unit can be."""


class Limits(Frozen):
    """From where to where a band goes. A side without a limit is open."""

    from_: FiniteFloat | None = Field(default=None, alias="from", description="from this figure on")
    above: FiniteFloat | None = Field(default=None, description="above this figure, without it")
    to: FiniteFloat | None = Field(default=None, description="up to this figure, and with it")
    below: FiniteFloat | None = Field(default=None, description="below this figure, without it")

    @property
    def low(self) -> float:
        """Where it begins."""
        return next((one for one in (self.from_, self.above) if one is not None), -math.inf)

    @property
    def high(self) -> float:
        """Where it ends."""
        return next((one for one in (self.to, self.below) if one is not None), math.inf)

    def holds(self, figure: float) -> bool:
        """Whether a figure lies in it."""
        after = figure > self.above if self.above is not None else self.from_ is None or figure >= self.from_
        before = figure < self.below if self.below is not None else self.to is None or figure <= self.to
        return after and before

    @property
    def written(self) -> str:
        """As the file has it, to point at it."""
        return ", ".join(f"{name}: {value:g}" for name, value in self.sides().items()) or "no limits"

    def sides(self) -> dict[str, float]:
        """The limits that are there, by the word in the file."""
        words = {"from": self.from_, "above": self.above, "to": self.to, "below": self.below}
        return {word: value for word, value in words.items() if value is not None}


class Band(Limits):
    """Figures that get one score."""

    score: FiniteFloat


class BandSet(Frozen):
    """How a figure becomes a score. `step`: figures are rounded to it first, as with whole percentages.

    `source` says where it was published; without one it is `provisional`, and the report says so.
    """

    title: InLanguages
    unit: Unit
    step: float | None = Field(default=None, gt=0, description="figures are rounded to this step first")
    bands: tuple[Band, ...] = Field(min_length=1)
    source: Words | None = None
    provisional: bool = False

    def score(self, figure: float) -> float | None:
        """The score of a figure; None outside of all bands, which a sound set has not."""
        placed = rounded(figure, self.step) if self.step else figure
        return next((band.score for band in self.bands if band.holds(placed)), None)


def rounded(figure: float, step: float) -> float:
    """To the nearest step, halves upwards. Free of the tail that a division leaves behind."""
    return round(math.floor(round(figure / step, 9) + 0.5) * step, 9)


def mistakes(
    bands: Sequence[Limits], ends: tuple[float, float], step: float | None = None
) -> Iterator[tuple[int | None, str]]:
    """What is wrong with bands that should cover all from the lower to the upper end just once.

    Back come the position of a band (None: the whole set), and what to do about it.
    """
    sound = []
    for i, band in enumerate(bands):
        sides = band.sides()
        if {"from", "above"} <= sides.keys() or {"to", "below"} <= sides.keys():
            yield i, "write 'from' or 'above', and 'to' or 'below': one limit on each side"
        elif _empty(band, step):
            yield i, f"nothing lies in this band ({band.written}); swap or change its limits"
        elif band.low > ends[1] or band.high < ends[0] or (band.low == ends[1] and band.above is not None):
            yield i, f"no figure reaches this band ({band.written}): figures lie from {_ends(ends)}; take it away"
        else:
            sound.append((i, band))
    if len(sound) < len(bands):
        return
    sound.sort(key=lambda one: (one[1].low, one[1].above is not None, one[1].high))
    yield from _borders(sound, step)
    i, lowest = sound[0]
    if lowest.low > ends[0] or (lowest.low == ends[0] and lowest.above is not None and math.isfinite(ends[0])):
        yield i, f"figures below this band ({lowest.written}) have no score; begin lower, or leave that limit away"
    i, highest = max(sound, key=lambda one: (one[1].high, one[1].below is None))
    if highest.high < ends[1] or (highest.high == ends[1] and highest.below is not None):
        yield i, f"figures above this band ({highest.written}) have no score; go on higher, or leave that limit away"


def _borders(sound: Sequence[tuple[int, Limits]], step: float | None) -> Iterator[tuple[int, str]]:
    """Where one band ends and the next begins: neither twice nor not at all."""
    before = sound[0][1]
    for i, band in sound[1:]:
        overlap, gap = _border(before, band, step)
        if overlap:
            yield i, f"this band ({band.written}) overlaps with the one before it ({before.written}); change a limit"
        elif gap:
            what = f"between {before.high:g} and {band.low:g} there is no band; let '{_last_word(before)}' and "
            yield i, what + f"'{_first_word(band)}' meet" + ("" if step else ", or give a 'step' to which one rounds")
        before = max(before, band, key=lambda one: (one.high, one.below is None))


def _border(before: Limits, band: Limits, step: float | None) -> tuple[bool, bool]:
    """Whether two neighbours overlap, and whether there is a gap between them."""
    if step is not None:
        last, first = _last(before, step), _first(band, step)
        return first <= last + 1e-9, first > last + step + 1e-9
    both = before.below is None and band.above is None
    neither = before.below is not None and band.above is not None
    overlap = band.low < before.high or (band.low == before.high and both)
    return overlap, band.low > before.high or (band.low == before.high and neither)


def _empty(band: Limits, step: float | None) -> bool:
    """Whether no figure can lie in a band."""
    if step is not None:
        return _first(band, step) > _last(band, step)
    return band.low > band.high or (band.low == band.high and (band.above is not None or band.below is not None))


def _first(band: Limits, step: float | None) -> float:
    """The lowest figure in a band, as far as it can be told."""
    return band.low + (step or 0) if band.above is not None else band.low


def _last(band: Limits, step: float | None) -> float:
    return band.high - (step or 0) if band.below is not None else band.high


def _first_word(band: Limits) -> str:
    return "above" if band.above is not None else "from"


def _last_word(band: Limits) -> str:
    return "below" if band.below is not None else "to"


def _ends(ends: tuple[float, float]) -> str:
    low, high = (f"{end:g}" if math.isfinite(end) else "" for end in ends)
    return f"{low} to {high}" if low and high else f"{low or high} on"
