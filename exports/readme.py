"""The Readme of an export: what it is, of when and of whom, and what had to be changed in it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from exports.losses import LISTED_AT_MOST, Losses
from exports.moments import Moments
from exports.tables import Row, Table
from exports.words import ENGLISH, Words
from survey.answers.missing import CODES
from survey.storage.reading import Count, Selection


@dataclass(frozen=True)
class VersionUsed:
    """One instrument version of which there are responses; `sha256` is its definition file's fingerprint."""

    instrument: str
    version: int
    title: str
    sha256: str
    language: str
    words: Words


@dataclass(frozen=True)
class Facts:
    """What the Readme tells about an export, apart from its tables and losses."""

    study: str
    study_title: str
    zone: str
    now: datetime.datetime
    by: str
    software: str
    database: str
    selection: Selection
    counts: tuple[Count, ...]
    versions: tuple[VersionUsed, ...]
    shortened: tuple[str, ...] = ()

    @property
    def responses(self) -> int:
        """How many responses there are in all."""
        return sum(count.responses for count in self.counts)


MakeReadme = Callable[[Sequence[str], Losses], list[Row]]
"""Makes the Readme's rows out of a format's notes and the losses."""


MISSING = "Data and Wide hold answers only: where there is none the cell is empty, never 0. Status says why."


def rows(
    facts: Facts, tables: Sequence[Table], notes: Iterable[str], losses: Losses, *, missing: str = MISSING
) -> Iterator[Row]:
    """Rows of three cells: a heading, an item under it, and what is said about it.

    `notes` are the format's own, such as what stands where Excel's dates begin; `missing` is what it says about missing
    values.
    """
    yield from _what(facts)
    yield from _counts(facts)
    yield from _instruments(facts)
    yield "What stands where", None, None
    for table in tables:
        said = f"{table.description} {len(table.rows):,} rows, {len(table.fields):,} columns."
        yield None, table.name, f"{said} {table.empty}" if table.empty and len(table.rows) == 0 else said
    for table in tables:
        if table.above:
            yield f"How {table.name} is made", None, None
            for number, line in enumerate(table.above, start=1):
                yield None, number, line
    yield from _reading(facts, notes, missing)
    yield from _losses(losses)


def _what(facts: Facts) -> Iterator[Row]:
    selection = facts.selection
    yield "Krachtmeting export", None, None
    yield None, "Study", f"{facts.study_title} ({facts.study})"
    yield None, "Made at", Moments(facts.zone).said(facts.now)[0]
    yield None, "Made by", facts.by
    yield None, "Software", facts.software
    yield None, "Database", facts.database
    yield "What was chosen", None, None
    yield None, "Instruments", "all" if selection.instruments is None else ", ".join(selection.instruments)
    yield None, "Waves", "all" if selection.waves is None else ", ".join(selection.waves)
    yield None, "Responses", "submitted ones only" if selection.submitted_only else "submitted and started ones"
    if selection.teams is not None:
        yield None, "Teams", "only those in which the person who made it is a researcher"
    if selection.but_meetings:
        yield None, "Left out", "meetings that the person who made it observes, and may not compare with others yet"
    if selection.response is not None:
        yield None, "One response", selection.response


def _counts(facts: Facts) -> Iterator[Row]:
    yield "How many responses", None, None
    submitted = sum(count.submitted for count in facts.counts)
    yield None, "In all", f"{facts.responses:,}, of which {submitted:,} submitted"
    for name in dict.fromkeys((count.instrument, count.wave) for count in facts.counts):
        here = [count for count in facts.counts if (count.instrument, count.wave) == name]
        responses, submitted = sum(count.responses for count in here), sum(count.submitted for count in here)
        yield None, f"{name[0]}, wave {name[1]}", f"{responses:,}, of which {submitted:,} submitted"


def _instruments(facts: Facts) -> Iterator[Row]:
    yield "Instrument versions", None, None
    for used in facts.versions:
        here = [c.responses for c in facts.counts if (c.instrument, c.version) == (used.instrument, used.version)]
        said = f"{used.title}. {sum(here):,} responses. Words in: {used.language}. Definition's sha256: {used.sha256}"
        yield None, f"{used.instrument}, version {used.version}", said


def _reading(facts: Facts, notes: Iterable[str], missing: str) -> Iterator[Row]:
    yield "How to read it", None, None
    yield None, "Missing values", missing
    yield (
        None,
        "Several answers",
        "Each option is a column of its own: 1 chosen, 0 not chosen, and never 0 where there is no answer.",
    )
    yield (
        None,
        "Not on the path",
        "An answer to a question that is no longer asked is left out here; Trail still has it.",
    )
    yield (
        None,
        "Interpreters",
        "Several interpreters, modes or codes of one response have + between them, in order and each once. An empty "
        "cell means that nothing was recorded; that nobody interpreted is 'none'.",
    )
    yield (
        None,
        "Versions",
        "Versions of one instrument share a column by variable; what a version lacks is 'not asked'.",
    )
    yield (
        None,
        "Times",
        f"In the time zone {facts.zone}: as text with its offset from UTC, and beside it as local time, to the second.",
    )
    for note in notes:
        yield None, "This format", note
    for name in facts.shortened:
        yield None, "Shortened heading", name
    yield "Codes in Status", None, None
    spoken = {used.language: used.words for used in facts.versions if used.words is not ENGLISH}
    for state, code in CODES.items():
        others = [f"{words.states[state]} ({language})" for language, words in spoken.items()]
        yield None, code, ", ".join([ENGLISH.states[state], *others])


def _losses(losses: Losses) -> Iterator[Row]:
    yield "What had to be changed", None, None
    if losses.count == 0:
        yield None, "Nothing", "Every cell holds what was answered."
    for loss in losses.listed:
        yield None, f"{loss.table}, {loss.cell}", loss.what
    if losses.count > LISTED_AT_MOST:
        yield None, "And more", f"{losses.count:,} cells in all were changed; the first {LISTED_AT_MOST:,} are listed."
