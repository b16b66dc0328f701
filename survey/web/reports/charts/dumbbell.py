"""Two moments in one row: a ring where it began, a point where it came to, and the way between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.web.reports.charts.drawing import Both, Drawing, Mark, Sheet, Stroke, Words, block, legend, on_both

WIDE = Sheet(720, 250, 320, 600)
NARROW = Sheet(340, 340, 52, 288, stacked=True)
CLEAR = 13
"""So far from the middle of a mark its figure begins."""
SAME = 6
"""Closer together than this, there is no way to draw between two marks."""


@dataclass(frozen=True)
class DumbbellRow:
    """One outcome on a scale of its own, with a note such as "n = 28". Without both values only the scale is drawn."""

    label: str
    before: float | None
    after: float | None
    lowest: float
    highest: float
    before_figure: str = ""
    after_figure: str = ""
    note: str = ""


def dumbbell(rows: Sequence[DumbbellRow], *, before: str, after: str) -> Both:
    """The chart. `before`, `after`: the words of the two moments."""
    told = [("before", before), ("after_up", after)]
    return on_both(lambda sheet: _on(sheet, rows, told), WIDE, NARROW)


def _on(sheet: Sheet, rows: Sequence[DumbbellRow], told: Sequence[tuple[str, str]]) -> Drawing:
    above = legend(told, sheet.width)
    whole, y = above, above.height + 8
    for row in rows:
        drawn, y = _row(sheet, row, y)
        whole = whole.plus(drawn)
    return Drawing(sheet.width, y + 2, whole.bars, whole.strokes, whole.marks, whole.words)


def _row(sheet: Sheet, row: DumbbellRow, top: float) -> tuple[Drawing, float]:
    label, under = block(row.label, 0, top + 6, sheet.label, kind="strong")
    note, bottom = block(row.note, 0, under, sheet.label, small=True, kind="quiet")
    if sheet.stacked:
        middle, ends = bottom + 14, bottom + 38
    else:
        ends = max(bottom, top + 46) + 6
        middle = (top + ends) / 2 - 4
    strokes = [Stroke("axis", sheet.begins, middle, sheet.ends, middle)]
    strokes += [Stroke("axis", x, middle - 4, x, middle + 4) for x in (sheet.begins, sheet.ends)]
    scale = [
        Words(f"{row.lowest:g}", sheet.begins, middle + 20, "middle", small=True, kind="quiet"),
        Words(f"{row.highest:g}", sheet.ends, middle + 20, "middle", small=True, kind="quiet"),
    ]
    marks: list[Mark] = []
    figures: list[Words] = []
    if row.before is not None and row.after is not None:
        first, last = (sheet.at(one, row.lowest, row.highest) for one in (row.before, row.after))
        rises = last >= first
        if abs(last - first) > SAME:
            strokes.append(Stroke("change", first, middle, last, middle))
            kind = "after_up" if rises else "after_down"
        else:
            kind = "after"
        marks = [Mark("before", first, middle), Mark(kind, last, middle)]
        outside = -1 if rises else 1
        figures = [
            Words(row.before_figure, first + outside * CLEAR, middle + 5, "end" if rises else "start"),
            Words(row.after_figure, last - outside * CLEAR, middle + 5, "start" if rises else "end", kind="strong"),
        ]
    return Drawing(sheet.width, ends, (), tuple(strokes), tuple(marks), (*label, *note, *scale, *figures)), ends
