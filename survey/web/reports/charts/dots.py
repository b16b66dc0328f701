"""Dots on a scale, one row a thing, with the line from which something is called well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.web.reports.charts.drawing import (
    LINE,
    SMALL_LINE,
    Both,
    Drawing,
    Mark,
    Sheet,
    Stroke,
    Words,
    block,
    legend,
    lines,
    on_both,
    ticks,
    within,
)

SIGNS = ("well", "on_the_way", "low", "plain", "unknown")
"""Each has a shape of its own: filled, half filled, a ring, a small filled one, a dash."""

WIDE = Sheet(720, 250, 280, 630)
ROOMY = Sheet(720, 370, 395, 650)
"""For long labels."""
NARROW = Sheet(340, 340, 14, 326, stacked=True)
FIGURE = 60
"""So much room has the figure at the end of a row."""


@dataclass(frozen=True)
class DotRow:
    """One row: what it is about, its value (None: nothing can be said), and the figure and note in words.

    `sign`: one of SIGNS. `beside`: a second value to compare with.
    """

    label: str
    value: float | None
    figure: str
    sign: str = "plain"
    note: str = ""
    beside: float | None = None


@dataclass(frozen=True)
class Cut:
    """From where something is called well, and the words at the line."""

    at: float
    words: str


def dots(
    rows: Sequence[DotRow],
    signs: Mapping[str, str],
    *,
    cut: Cut | None = None,
    lowest: float = 1.0,
    highest: float = 5.0,
    beside: str = "",
    roomy: bool = False,
) -> Both:
    """The chart. `signs`: sign -> its words in the legend, where those that occur are told; `beside`: the words of the
    second mark. `roomy`: more room for labels, less for the scale."""
    scale = (lowest, highest)
    used = {row.sign if row.value is not None else "unknown" for row in rows}
    told = [(sign, signs[sign]) for sign in SIGNS if sign in used and sign in signs]
    if beside and any(row.beside is not None for row in rows):
        told.append(("beside", beside))
    return on_both(lambda sheet: _on(sheet, rows, told, cut, scale), ROOMY if roomy else WIDE, NARROW)


def _on(
    sheet: Sheet, rows: Sequence[DotRow], told: Sequence[tuple[str, str]], cut: Cut | None, scale: tuple[float, float]
) -> Drawing:
    placed: list[Words] = []
    marks: list[Mark] = []
    strokes: list[Stroke] = []
    y = top = 4.0
    if cut is not None:
        said = lines(cut.words, sheet.width, small=True)
        for number, line in enumerate(said):
            at = sheet.at(cut.at, *scale)
            written = Words(line, at, y + (number + 0.75) * SMALL_LINE, "middle", small=True, kind="strong")
            placed.append(within(written, 0, sheet.width))
        y = top = y + len(said) * SMALL_LINE + 4
    for row in rows:
        words, here, bottom = _row(sheet, row, y)
        placed += words
        strokes.append(Stroke("axis", sheet.begins, here, sheet.ends, here))
        if sheet.stacked:
            strokes += _upright(sheet, here - 11, here + 11, cut, scale)
        if row.beside is not None:
            marks.append(Mark("beside", sheet.at(row.beside, *scale), here))
        if row.value is None:
            marks.append(Mark("unknown", (sheet.begins + sheet.ends) / 2, here))
        else:
            marks.append(Mark(row.sign, sheet.at(row.value, *scale), here))
        y = bottom
    if not sheet.stacked:
        strokes = _upright(sheet, top, y, cut, scale) + strokes
    numbers = [
        Words(str(one), sheet.at(one, *scale), y + 14, "middle", small=True, kind="quiet") for one in ticks(*scale)
    ]
    y += 28
    below = legend(told, sheet.width)
    whole = Drawing(sheet.width, y + below.height, (), tuple(strokes), tuple(marks), (*placed, *numbers))
    return whole.plus(below, y)


def _upright(sheet: Sheet, top: float, bottom: float, cut: Cut | None, scale: tuple[float, float]) -> list[Stroke]:
    """The faint lines of the scale, and the line from which something is called well."""
    found = [Stroke("grid", at, top, at, bottom) for at in (sheet.at(one, *scale) for one in ticks(*scale))]
    if cut is not None:
        at = sheet.at(cut.at, *scale)
        found.append(Stroke("cut", at, top, at, bottom))
    return found


def _row(sheet: Sheet, row: DotRow, top: float) -> tuple[list[Words], float, float]:
    """The words of one row, where its line runs, and where it ends."""
    room = sheet.label - (FIGURE if sheet.stacked else 0)
    label, under = block(row.label, 0, top + 6, room, kind="strong")
    note, bottom = block(row.note, 0, under, room, small=True, kind="quiet")
    if sheet.stacked:
        figure = Words(row.figure, sheet.width, top + 6 + 0.75 * LINE, "end", kind="strong")
        return [*label, *note, figure], bottom + 16, bottom + 34
    bottom = max(bottom, top + 34) + 6
    middle = (top + bottom) / 2
    return [*label, *note, Words(row.figure, sheet.ends + 22, middle + 5, kind="strong")], middle, bottom
