"""What people answered, as one bar a question: each answer has its share, its pattern and its place in the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.web.reports.charts.drawing import (
    SMALL_LETTER,
    Bar,
    Both,
    Drawing,
    Sheet,
    Words,
    block,
    legend,
    on_both,
)

WIDE = Sheet(720, 250, 270, 720)
NARROW = Sheet(340, 340, 0, 340, stacked=True)
BAR = 26
LEAST_SHARE = 0.0005
"""Below this a bar would be thinner than a hair."""


@dataclass(frozen=True)
class LikertRow:
    """One question: how many gave each answer, in the order of the scale. `note`: such as "n = 34"."""

    label: str
    counts: Sequence[int]
    note: str = ""


def likert(rows: Sequence[LikertRow], points: Sequence[str]) -> Both:
    """The chart. `points`: the answers in words, in the order of the scale; every row counts as many."""
    kinds = shades(len(points))
    told = list(zip(kinds, points, strict=True))
    return on_both(lambda sheet: _on(sheet, rows, told, kinds), WIDE, NARROW)


def shades(points: int) -> list[str]:
    """The look of each answer: hatched and denser to the one end, plain in the middle, filled and darker to the other.

    They hold without any colour, and in one of a few copies of a copy.
    """
    half = points // 2
    if half > 5:
        raise ValueError("a bar has at most eleven parts")
    below = [f"below-{one}" for one in range(half, 0, -1)]
    above = [f"above-{one}" for one in range(1, half + 1)]
    return [*below, *(["middle"] if points % 2 else []), *above]


def shares(counts: Sequence[int]) -> list[float]:
    """Each count as a part of all; nothing of nothing is none."""
    of = sum(counts)
    return [one / of if of else 0.0 for one in counts]


def _on(sheet: Sheet, rows: Sequence[LikertRow], told: Sequence[tuple[str, str]], kinds: Sequence[str]) -> Drawing:
    above = legend(told, sheet.width, boxes=True)
    bars, words = list(above.bars), list(above.words)
    y = above.height + 8
    for row in rows:
        label, under = block(row.label, 0, y + 6, sheet.label)
        note, bottom = block(row.note, 0, under, sheet.label, small=True, kind="quiet")
        if sheet.stacked:
            top, y = bottom + 4, bottom + 4 + BAR + 12
        else:
            first = y + 6
            y = max(bottom, first + BAR) + 8
            top = first + (max(bottom - first, BAR) - BAR) / 2
        words += [*label, *note]
        drawn, figures = _bar(sheet, row.counts, kinds, top)
        bars += drawn
        words += figures
    return Drawing(sheet.width, y, tuple(bars), (), (), tuple(words))


def _bar(sheet: Sheet, counts: Sequence[int], kinds: Sequence[str], top: float) -> tuple[list[Bar], list[Words]]:
    """The parts of one bar, each with its whole percents where there is room for them; of nobody an empty outline."""
    bars: list[Bar] = []
    words: list[Words] = []
    x, long = sheet.begins, sheet.ends - sheet.begins
    if not sum(counts):
        return [Bar("nobody", x + 1, top, long - 2, BAR)], []
    for share, kind in zip(shares(counts), kinds, strict=True):
        width = share * long
        if share > LEAST_SHARE:
            bars.append(Bar(kind, x, top, width, BAR))
            figure = f"{share * 100:.0f} %"
            if width >= (len(figure) + 1) * SMALL_LETTER:
                light = kind.startswith("above") and kind != "above-1"
                words.append(
                    Words(figure, x + width / 2, top + 18, "middle", small=True, kind="light" if light else "strong")
                )
        x += width
    return bars, words
