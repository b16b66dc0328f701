"""What every chart is made of: bars, strokes, marks and words at places, on a wide sheet and on a narrow one."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Anchor = Literal["start", "middle", "end"]

LETTER = 8.1
"""How wide a letter of 15 pixels is on average; with more than that, words would leave their column."""
SMALL_LETTER = 7.0
"""The same for small words, of 13 pixels."""
LINE = 20
SMALL_LINE = 17


@dataclass(frozen=True)
class Words:
    """One line of words. `y` is where the letters stand. `small`: of 13 pixels.

    `kind`: "", "strong", "quiet" or "light".
    """

    words: str
    x: float
    y: float
    anchor: Anchor = "start"
    small: bool = False
    kind: str = ""

    @property
    def width(self) -> float:
        """How much room they take, rather more than less."""
        return len(self.words) * (SMALL_LETTER if self.small else LETTER)

    @property
    def begins(self) -> float:
        """Their left edge."""
        return self.x - self.width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]


@dataclass(frozen=True)
class Stroke:
    """A straight line of a kind: "grid", "axis", "cut", "person", "change" ..."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Mark:
    """A sign with its middle at a place. Kinds differ by shape, never by colour alone."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class Bar:
    """A filled box of a kind."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """A whole chart of this size. `left_out`: so many lines are not drawn, since nobody could tell them apart."""

    width: float
    height: float
    bars: tuple[Bar, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    marks: tuple[Mark, ...] = ()
    words: tuple[Words, ...] = ()
    left_out: int = 0

    def plus(self, other: Drawing, below: float = 0.0) -> Drawing:
        """Both in one, the other one moved down by so much; the size stays this one's."""
        return replace(
            self,
            bars=self.bars + tuple(replace(one, y=one.y + below) for one in other.bars),
            strokes=self.strokes + tuple(replace(one, y1=one.y1 + below, y2=one.y2 + below) for one in other.strokes),
            marks=self.marks + tuple(replace(one, y=one.y + below) for one in other.marks),
            words=self.words + tuple(replace(one, y=one.y + below) for one in other.words),
        )


@dataclass(frozen=True)
class Sheet:
    """How wide things are. Labels stand from 0 to `label`, beside what is drawn from `begins` to `ends`; with `stacked`
    they stand above it, over the whole width."""

    width: float
    label: float
    begins: float
    ends: float
    stacked: bool = False

    def at(self, value: float, lowest: float, highest: float) -> float:
        """Where a value stands; what lies beyond the scale stands at its end."""
        if highest <= lowest:
            return (self.begins + self.ends) / 2
        share = min(1.0, max(0.0, (value - lowest) / (highest - lowest)))
        return self.begins + share * (self.ends - self.begins)


@dataclass(frozen=True)
class Both:
    """The same chart for a wide screen and paper, and for a telephone."""

    wide: Drawing
    narrow: Drawing


def on_both(draw: Callable[[Sheet], Drawing], wide: Sheet, narrow: Sheet) -> Both:
    """A chart on both sheets."""
    return Both(draw(wide), draw(narrow))


def lines(words: str, room: float, *, small: bool = False) -> list[str]:
    """Words as lines that fit into so much room."""
    letters = max(6, int(room / (SMALL_LETTER if small else LETTER)))
    return textwrap.wrap(words, letters) if words else []


def block(
    words: str, x: float, top: float, room: float, *, anchor: Anchor = "start", small: bool = False, kind: str = ""
) -> tuple[list[Words], float]:
    """Words as lines one below the other, and where the next thing can begin. `top`: the upper edge."""
    height = SMALL_LINE if small else LINE
    found = lines(words, room, small=small)
    placed = [Words(line, x, top + (number + 0.75) * height, anchor, small, kind) for number, line in enumerate(found)]
    return placed, top + len(found) * height


def within(words: Words, left: float, right: float) -> Words:
    """The same words, moved sideways as far as needed to stand between these edges."""
    over = max(0.0, left - words.begins) - max(0.0, words.begins + words.width - right)
    return replace(words, x=words.x + over)


def legend(entries: Iterable[tuple[str, str]], width: float, *, boxes: bool = False) -> Drawing:
    """Signs with their words, from left to right and then on the next line. With `boxes` a sign is a filled box."""
    bars: list[Bar] = []
    marks: list[Mark] = []
    placed: list[Words] = []
    x, top = 0.0, 0.0
    for kind, words in entries:
        found = lines(words, width - 26)
        needed = 26 + max((len(line) for line in found), default=0) * LETTER
        if x and x + needed > width:
            x, top = 0.0, top + LINE + 4
        if boxes:
            bars.append(Bar(kind, x, top + 2, 18, 14))
        else:
            marks.append(Mark(kind, x + 9, top + 10))
        for number, line in enumerate(found):
            placed.append(Words(line, x + 26, top + (number + 0.75) * LINE, kind="quiet"))
        if len(found) > 1:
            x, top = 0.0, top + (len(found) - 1) * LINE + LINE + 4
        else:
            x += needed + 18
    height = max((one.y for one in placed), default=0.0) + (8 if placed else 0)
    return Drawing(width, height, bars=tuple(bars), marks=tuple(marks), words=tuple(placed))


def ticks(lowest: float, highest: float) -> Sequence[int]:
    """Whole numbers at which a scale is marked: at most seven or so."""
    first, last = int(-(-lowest // 1)), int(highest // 1)
    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 10**9) if (last - first) / one <= 7)
    return range(first, last + 1, step)
