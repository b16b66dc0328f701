"""Everybody's way from the first moment to the last, and the mean of all with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from survey.web.reports.charts.drawing import (
    LINE,
    SMALL_LINE,
    Anchor,
    Both,
    Drawing,
    Mark,
    Sheet,
    Stroke,
    Words,
    lines,
    on_both,
    ticks,
)

MOST = 400
"""More lines than this nobody can tell apart, and a page would grow with them."""
HEIGHT = 320
MANY = 3
"""So many people on one line make it heavier."""

WIDE = Sheet(720, 60, 200, 520)
NARROW = Sheet(340, 28, 112, 228)
"""Here `label` is where the scale's numbers end, and `begins` and `ends` are the two moments."""


@dataclass(frozen=True)
class Mean:
    """One moment: its words, the mean of the people drawn (None: cannot be said) with its figure in words, the interval
    if there is one, and a note such as the interval in words."""

    moment: str
    value: float | None
    figure: str = ""
    low: float | None = None
    high: float | None = None
    note: str = ""


def paired(pairs: Sequence[tuple[float, float]], *, before: Mean, after: Mean, lowest: float, highest: float) -> Both:
    """The chart. `pairs`: first and last value of each person, on the scale from `lowest` to `highest`."""
    counts = Counter(pairs)
    drawn = sorted(counts)
    if len(drawn) > MOST:
        drawn = [drawn[number * len(drawn) // MOST] for number in range(MOST)]
    left_out = len(pairs) - sum(counts[one] for one in drawn)
    ways = [(first, last, counts[first, last]) for first, last in drawn]
    return on_both(lambda sheet: _on(sheet, ways, (before, after), (lowest, highest), left_out), WIDE, NARROW)


def _on(
    sheet: Sheet,
    ways: Sequence[tuple[float, float, int]],
    means: tuple[Mean, Mean],
    scale: tuple[float, float],
    left_out: int,
) -> Drawing:
    room = min(sheet.ends - sheet.begins - 12, 2 * (sheet.begins - sheet.label))
    heads = [lines(one.moment, room) for one in means]
    top = max(map(len, heads)) * LINE + 14
    bottom = top + HEIGHT
    lowest, highest = scale

    def up(value: float) -> float:
        share = (value - lowest) / (highest - lowest) if highest > lowest else 0.5
        return bottom - min(1.0, max(0.0, share)) * HEIGHT

    strokes = [Stroke("grid", sheet.label + 6, up(one), sheet.width, up(one)) for one in ticks(lowest, highest)]
    words = [
        Words(str(one), sheet.label, up(one) + 5, "end", small=True, kind="quiet") for one in ticks(lowest, highest)
    ]
    strokes += [Stroke("axis", x, top, x, bottom) for x in (sheet.begins, sheet.ends)]
    for head, x in zip(heads, (sheet.begins, sheet.ends), strict=True):
        words += [Words(line, x, (number + 0.75) * LINE, "middle", kind="strong") for number, line in enumerate(head)]
    strokes += [
        Stroke("people" if people >= MANY else "person", sheet.begins, up(first), sheet.ends, up(last))
        for first, last, people in ways
    ]
    marks: list[Mark] = []
    sides: tuple[tuple[float, Anchor, float, float], ...] = (
        (sheet.begins, "end", sheet.begins - 16, sheet.begins - sheet.label - 24),
        (sheet.ends, "start", sheet.ends + 16, sheet.width - sheet.ends - 16),
    )
    if means[0].value is not None and means[1].value is not None:
        strokes.append(Stroke("mean", sheet.begins, up(means[0].value), sheet.ends, up(means[1].value)))
    for one, (x, anchor, beside, room) in zip(means, sides, strict=True):
        if one.value is None:
            continue
        if one.low is not None and one.high is not None:
            strokes.append(Stroke("interval", x, up(one.low), x, up(one.high)))
            strokes += [Stroke("interval", x - 6, at, x + 6, at) for at in (up(one.low), up(one.high))]
        marks.append(Mark("mean", x, up(one.value)))
        words += _said(one, up(one.value), beside, room, anchor, (top, bottom))
    return Drawing(sheet.width, bottom + 12, (), tuple(strokes), tuple(marks), tuple(words), left_out)


def _said(mean: Mean, at: float, x: float, room: float, anchor: Anchor, frame: tuple[float, float]) -> list[Words]:
    """The figure of a mean and its note below, beside the point and within the frame."""
    note = lines(mean.note, room, small=True)
    top = at - LINE / 2
    top = min(max(top, frame[0]), frame[1] - LINE - len(note) * SMALL_LINE)
    below = top + LINE
    return [
        Words(mean.figure, x, top + 0.75 * LINE, anchor, kind="strong"),
        *(
            Words(line, x, below + (number + 0.75) * SMALL_LINE, anchor, small=True, kind="quiet")
            for number, line in enumerate(note)
        ),
    ]
