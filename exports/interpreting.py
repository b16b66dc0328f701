"""How pages went with and without an interpreter: what stayed without an answer, and how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exports.interpreting_words import ALL_PAGES, FEW, FEWER, in_language
from exports.interview import Interview
from exports.labels import GROUP, label
from exports.page_counts import ANSWERED, MISSING, NOT_ASKED, STATES, PageCount, summed
from exports.tables import Cell, Field, Row
from exports.variables import Merged
from survey.instruments.texts import Texts

ALWAYS = ("with", "without", "not_recorded")
WHOLE = None
"""Stands for the whole interview where a page is meant."""

FIELDS = (
    Field("instrument", "string", "the instrument"),
    Field("page", "string", "the page; empty: the whole interview"),
    Field("title", "string", "its title"),
    Field("group", "string", "with, without or not_recorded; below them each kind of interpreter that occurs"),
    Field("label", "string", "the group in words"),
    Field("responses", "integer", "responses in which something on the page was asked"),
    Field("few", "string", f"marks groups of fewer than {FEW} responses"),
    Field("asked", "integer", "questions asked, each item for itself; namely-lines do not count"),
    Field("missing", "integer", "of those: without an answer, for whatever reason"),
    Field("missing_percent", "number", "the same in percent"),
    *(
        one
        for state in MISSING
        for one in (
            Field(state.value, "integer", f"of those asked: {state.value}"),
            Field(f"{state.value}_percent", "number", "the same in percent"),
        )
    ),
    Field("timed", "integer", "responses in which the page was saved, so that its time is known"),
    Field("median_seconds", "number", "the median of the seconds that it took them"),
)


@dataclass
class _Tally:
    """What a group has on one page. `states`: how many questions, by place in STATES. `seconds`: whole seconds -> how
    many responses took so long."""

    responses: int = 0
    states: list[int] = field(default_factory=lambda: [0] * len(STATES))
    seconds: Counter[int] = field(default_factory=Counter)


class Comparison:
    """Counts one instrument's responses, over all its versions, one after another."""

    def __init__(self, merged: Merged, texts: Mapping[int, Texts]) -> None:
        self._instrument = merged.instrument
        self._titles: dict[str, str] = {}
        for version, instrument in merged.versions.items():
            for page in instrument.pages:
                self._titles.setdefault(page.page, texts[version][f"pages/{page.page}/title"].words)
        self._tallies: dict[tuple[str | None, str], _Tally] = {}

    @property
    def interpreted(self) -> bool:
        """Whether there was a response with an interpreter."""
        return (WHOLE, "with") in self._tallies

    def add(self, interview: Interview, counted: Sequence[PageCount]) -> None:
        """Count a response. `counted`: its pages."""
        for page, states in counted:
            self._count(page, interview.groups_on(page), states, interview.page_seconds.get(page))
        total = sum(interview.spent) if interview.saves else None
        self._count(WHOLE, interview.groups, summed(counted), total)

    def _count(self, page: str | None, groups: Sequence[str], states: Sequence[int], seconds: float | None) -> None:
        for group in groups:
            tally = self._tallies.setdefault((page, group), _Tally())
            tally.responses += 1
            tally.states = [before + here for before, here in zip(tally.states, states, strict=True)]
            if seconds is not None:
                tally.seconds[round(seconds)] += 1

    def rows(self, language: str) -> Iterator[Row]:
        """The whole interview first, then its pages; each with, without, not recorded, and by kind of interpreter.

        The whole interview has the first three in any case; pages have no row for a group that occurs nowhere.
        """
        if not self._tallies:
            return
        occurring = {group for _, group in self._tallies}
        for page, title in [(WHOLE, in_language(ALL_PAGES, language)), *self._titles.items()]:
            always = ALWAYS if page is WHOLE else ALWAYS[:2]
            for group in (group for group in GROUP if group in occurring or group in always):
                tally = self._tallies.get((page, group), _Tally())
                few = in_language(FEWER, language) if tally.responses < FEW else None
                yield (
                    self._instrument, page, title, group, label(GROUP, group, language), tally.responses, few,
                    *_counted(tally.states), tally.seconds.total(), median(tally.seconds),
                )  # fmt: skip


def _counted(states: Sequence[int]) -> Iterator[Cell]:
    asked = sum(states) - states[NOT_ASKED]
    yield asked
    for count in (asked - states[ANSWERED], *(states[STATES.index(state)] for state in MISSING)):
        yield count
        yield round(100 * count / asked, 1) if asked else None


def median(seconds: Counter[int]) -> float | None:
    """The median of these; None where there is none. Seconds -> how often."""
    count = seconds.total()
    if count == 0:
        return None
    middle = ((count - 1) // 2, count // 2)
    found = []
    passed = 0
    for value in sorted(seconds):
        passed += seconds[value]
        found += [value] * sum(1 for place in middle if passed - seconds[value] <= place < passed)
    return sum(found) / 2
