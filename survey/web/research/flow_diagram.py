"""The flow figure as places on a sheet: boxes of words and numbers, and the lines between them. Pure geometry."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

LINE = 21
PADDING = 12
GAP = 18
INDENT = 14
LETTER = 8.1
"""How wide a letter of 15 pixels is on average, so that words stay within their box."""


@dataclass(frozen=True)
class Line:
    """One line of a box: its words, and how many. `under`: it tells a part of the line before it."""

    words: str
    number: int
    under: bool = False


@dataclass(frozen=True)
class Step:
    """A box of the main line, and the boxes that branch off on the way to it. `asides` have a kind each."""

    lines: tuple[Line, ...]
    asides: tuple[tuple[str, tuple[Line, ...]], ...] = ()


@dataclass(frozen=True)
class Piece:
    """Words at a place, beginning there; or a number, ending there."""

    words: str
    x: float
    y: float
    number: bool = False
    strong: bool = False


@dataclass(frozen=True)
class Box:
    """A box with its words. `kind`: "main", "left" or "waiting"."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Arrow:
    """A straight line with a point at its end."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Diagram:
    """A whole figure of this size."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Sheet:
    """How wide things are: the main boxes, where their line runs, and where the branches stand."""

    main: float
    spine: float
    aside_at: float
    aside: float

    @property
    def width(self) -> float:
        """From edge to edge."""
        return max(self.main, self.aside_at + self.aside) + 2


WIDE = Sheet(main=300, spine=150, aside_at=330, aside=340)
NARROW = Sheet(main=320, spine=22, aside_at=48, aside=300)
"""For a telephone: branches stand between the main boxes."""


def diagram(steps: Sequence[Step], sheet: Sheet) -> Diagram:
    """The figure on a sheet, from top to bottom."""
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    y, bottom = 1.0, None
    for step in steps:
        asides = []
        for kind, lines in step.asides:
            y += GAP
            asides.append(_box(kind, lines, sheet.aside_at, y, sheet.aside))
            y += asides[-1].height
        y += GAP * 2 if asides else 0 if bottom is None else GAP * 2.5
        if bottom is not None:
            arrows.append(Arrow(sheet.spine, bottom, sheet.spine, y))
        for one in asides:
            middle = one.y + min(one.height, LINE + 2 * PADDING) / 2
            arrows.append(Arrow(sheet.spine, middle, sheet.aside_at, middle))
        boxes += [*asides, _box("main", step.lines, 1, y, sheet.main)]
        y = bottom = y + boxes[-1].height
    return Diagram(sheet.width, y + 1, tuple(boxes), tuple(arrows))


def _box(kind: str, lines: Sequence[Line], x: float, y: float, width: float) -> Box:
    pieces: list[Piece] = []
    at = y + PADDING + LINE * 0.72
    for line in lines:
        number, begins = str(line.number), x + PADDING + (INDENT if line.under else 0)
        room = x + width - PADDING - begins - (len(number) + 1.5) * LETTER
        pieces.append(Piece(number, x + width - PADDING, at, number=True, strong=not line.under))
        for words in textwrap.wrap(line.words, max(8, int(room / LETTER))) or [""]:
            pieces.append(Piece(words, begins, at, strong=not line.under))
            at += LINE
    return Box(kind, x, y, width, at - y - LINE * 0.72 + PADDING, tuple(pieces))
