"""What the page on who is where says: the flow figure with its numbers in words, tasks, and how people were reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from survey.forms.course_words import REASON_WORDS, STATUS_WORDS
from survey.instruments.protocols.model import Protocol, said
from survey.measures.course_counts import Level, Tally
from survey.storage.progress import LEAVING, Course
from survey.storage.tables import Wave
from survey.web.research.flow_diagram import NARROW, WIDE, Diagram, Line, Step, diagram


@dataclass(frozen=True)
class Row:
    """One row of the table beside the figure: its words, how many, and how many in each arm.

    `kind`: "main", "left", "waiting"; "under" for a part of the row before it.
    """

    words: str
    number: int
    arms: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Flow:
    """The figure, wide and narrow, and the table with the same numbers. `arms` are titles, where there are several."""

    wide: Diagram
    narrow: Diagram
    rows: tuple[Row, ...]
    arms: tuple[str, ...]


def flow_of(course: Course, protocol: Protocol | None, language: str) -> Flow:
    """The flow of a study in words."""
    arms = _arms(course, protocol, language)
    titles = wave_titles(course.waves, protocol, language)
    done = [gettext("%(moment)s: done", moment=titles[wave.code]) for wave in course.waves]
    blocks = [
        [_row(gettext("Asked to take part"), _everybody(course.levels[0]), arms, "main")],
        _block(course.levels[0], gettext("Agreed to take part"), gettext("No answer yet"), arms),
        *(_block(level, title, gettext("Not yet"), arms) for level, title in zip(course.levels[1:], done, strict=True)),
    ]
    steps = [_step(block, tuple(arms.values())) for block in blocks]
    rows = tuple(row for block in blocks for row in block)
    return Flow(diagram(steps, WIDE), diagram(steps, NARROW), rows, tuple(arms.values()))


def wave_titles(waves: Iterable[Wave], protocol: Protocol | None, language: str) -> dict[str, str]:
    """Waves by code with their title, in the reader's language where the protocol has it."""
    planned = protocol.waves if protocol else {}
    return {
        wave.code: said(planned[wave.code].title, language) if wave.code in planned else wave.title for wave in waves
    }


def _arms(course: Course, protocol: Protocol | None, language: str) -> dict[str | None, str]:
    """The arms of which there are several, and what those are called who have none."""
    if protocol is None or len(protocol.arms) < 2:
        return {}
    named: dict[str | None, str] = {code: said(title, language) for code, title in protocol.arms.items()}
    return {**named, None: gettext("no arm")} if _everybody(course.levels[0])[None] else named


def _everybody(level: Level) -> Tally:
    return sum((level.waiting, *level.left.values()), Counter(level.passed))


def _block(level: Level, title: str, waiting: str, arms: Mapping[str | None, str]) -> list[Row]:
    """The rows of one step: who left on the way and why, who is still to come, and who passed."""
    rows = []
    for status in LEAVING:
        tally = level.left_as(status)
        if not tally:
            continue
        rows.append(_row(str(STATUS_WORDS[status]), tally, arms, "left"))
        reasons = {reason: one for (left_as, reason), one in level.left.items() if left_as == status}
        if set(reasons) != {None}:
            rows += [_row(_reason(reason), one, arms, "under") for reason, one in reasons.items()]
    if level.waiting:
        rows.append(_row(waiting, level.waiting, arms, "waiting"))
    rows.append(_row(title, level.passed, arms, "main"))
    if level.skipped:
        rows.append(_row(gettext("of whom only at a later moment"), level.skipped, arms, "under"))
    return rows


def _reason(code: str | None) -> str:
    return str(REASON_WORDS[code]) if code in REASON_WORDS else gettext("No reason known")


def _row(words: str, tally: Tally, arms: Mapping[str | None, str], kind: str) -> Row:
    return Row(words, tally.total(), tuple(tally[arm] for arm in arms), kind)


def _step(block: Sequence[Row], arms: Sequence[str]) -> Step:
    """The same rows as boxes: what stands under a row stands in its box, and the arms in those of the main line."""
    boxes: list[tuple[str, list[Line]]] = []
    for row in block:
        if row.kind != "under":
            boxes.append((row.kind, []))
        boxes[-1][1].append(Line(row.words, row.number, under=row.kind == "under"))
        if row.kind == "main":
            boxes[-1][1].extend(
                Line(words, number, under=True) for words, number in zip(arms, row.arms, strict=True) if number
            )
    main = boxes.pop()
    return Step(tuple(main[1]), tuple((kind, tuple(lines)) for kind, lines in boxes))
