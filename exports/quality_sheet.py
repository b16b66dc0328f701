"""How responses were filled in, by instrument, wave and page: what stayed without an answer, and how long they took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from exports.interpreting_words import ALL_PAGES, in_language
from exports.interview import Interview
from exports.page_counts import ANSWERED, MISSING, NOT_ASKED, STATES, PageCount, summed
from exports.path import Found, Gap
from exports.sheet_stream import letters
from exports.tables import ROW, Cell, Field, Row, formula, rounded
from exports.variables import Merged
from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Instrument
from survey.instruments.texts import Texts
from survey.measures.speed import LEAST_TO_SUMMARISE, spread
from survey.measures.straight import LEAST_ITEMS

SAID = "By instrument, wave and page: what stayed without an answer and why, and how long it took."
FIELDS = rounded(
    (
        Field("instrument", "string", "the instrument"),
        Field("wave", "string", "the wave"),
        Field("page", "string", "the page; empty: the whole response"),
        Field("title", "string", "its title"),
        Field("begun", "integer", "responses in this file, handed in or not; only for the whole"),
        Field("responses", "integer", "of those: handed in; of a page: those in which something on it was asked"),
        Field("interpreted", "integer", "of those: responses in which somebody interpreted; only for the whole"),
        Field(
            "straight",
            "integer",
            "of those: with a question of which all statements got one answer; only for the whole",
        ),
        Field("asked", "integer", "questions asked, each item for itself; namely-lines do not count"),
        Field("missing", "integer", "of those: without an answer, for whatever reason", computed=True),
        Field("missing_share", "number", "the same as a part of those asked, 0 to 1", computed=True),
        *(Field(state.value, "integer", f"of those asked: {state.value}") for state in MISSING),
        Field("timed", "integer", "responses in which it was saved, so that its time is known"),
        Field("lower_seconds", "number", "a quarter of them took this long or less"),
        Field("median_seconds", "number", "half of them took this long or less"),
        Field("upper_seconds", "number", "three quarters of them took this long or less"),
    )
)
NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Counted are the responses in this file that were handed in, and of those the answers that count.",
        f"straight: the same answer to all statements of a question with {LEAST_ITEMS} statements or more. A reason to "
        "look, and no proof of anything.",
        "Time: from one save to the next belongs to the page of the later one; a gap counts as 10 minutes at most. Of "
        f"fewer than {LEAST_TO_SUMMARISE} responses no time is told: it would be that of one or two people.",
    ),
    "nl": (
        "Geteld zijn de vragenlijsten in dit bestand die zijn ingeleverd, en daarvan de antwoorden die tellen.",
        f"straight: hetzelfde antwoord op alle uitspraken van een vraag met {LEAST_ITEMS} of meer uitspraken. Een "
        "reden om te kijken, en geen bewijs van iets.",
        "Tijd: van het ene bewaren tot het volgende hoort bij de pagina van het latere; een gat telt als hoogstens 10 "
        f"minuten. Van minder dan {LEAST_TO_SUMMARISE} vragenlijsten staat er geen tijd: dat zou die van een of twee "
        "mensen zijn.",
    ),
}
EMPTY = {
    "en": "There are no rows: this file has no responses.",
    "nl": "Er zijn geen rijen: dit bestand heeft geen ingevulde vragenlijsten.",
}

_NAMES = [one.name for one in FIELDS]
_ASKED, _MISSING, _FIRST, _LAST = (
    letters(_NAMES.index(name)) + ROW for name in ("asked", "missing", MISSING[0].value, MISSING[-1].value)
)
_SUM = f"SUM({_FIRST}:{_LAST})"
_SHARE = f'IF({_ASKED}=0,"",{_MISSING}/{_ASKED})'


@dataclass
class _Tally:
    """One page, or the whole: its questions by place in STATES, and whole seconds -> how many responses."""

    responses: int = 0
    states: list[int] = field(default_factory=lambda: [0] * len(STATES))
    seconds: Counter[int] = field(default_factory=Counter)

    def add(self, states: Sequence[int], seconds: float | None) -> None:
        """Count a response."""
        self.responses += 1
        self.states = [before + here for before, here in zip(self.states, states, strict=True)]
        if seconds is not None:
            self.seconds[round(seconds)] += 1


@dataclass
class _AtWave:
    """One wave: the whole, its pages, and how many responses of which sort."""

    begun: int = 0
    interpreted: int = 0
    straight: int = 0
    whole: _Tally = field(default_factory=_Tally)
    pages: dict[str, _Tally] = field(default_factory=dict)


class Quality:
    """Counts one instrument's responses, over all its versions, one after another."""

    def __init__(self, merged: Merged, texts: Mapping[int, Texts], waves: Sequence[str]) -> None:
        self._instrument = merged.instrument
        self._waves = {wave: _AtWave() for wave in waves}
        self._titles: dict[str, str] = {}
        for version, instrument in merged.versions.items():
            for page in instrument.pages:
                self._titles.setdefault(page.page, texts[version][f"pages/{page.page}/title"].words)
        self._lists = {version: _lists(instrument) for version, instrument in merged.versions.items()}

    def add(self, interview: Interview, counted: Sequence[PageCount], found: Sequence[Found]) -> None:
        """Count a response: its pages, and what `Path.found` says."""
        record = interview.response.record
        wave = self._waves[interview.response.wave]
        wave.begun += 1
        if record.submitted_at is None:
            return
        for page, states in counted:
            wave.pages.setdefault(page, _Tally()).add(states, interview.page_seconds.get(page))
        wave.whole.add(summed(counted), sum(interview.spent) if interview.saves else None)
        wave.interpreted += "with" in interview.groups
        wave.straight += any(_same(statements(found)) for statements in self._lists[record.instrument_version])

    def rows(self, language: str) -> Iterator[Row]:
        """Wave by wave in order: the whole first, then its pages."""
        for code, wave in self._waves.items():
            if not wave.begun:
                continue
            yield from self._row(code, None, in_language(ALL_PAGES, language), wave.whole, wave)
            for page, title in self._titles.items():
                if page in wave.pages:
                    yield from self._row(code, page, title, wave.pages[page])

    def _row(
        self, code: str, page: str | None, title: str, tally: _Tally, wave: _AtWave | None = None
    ) -> Iterator[Row]:
        asked = sum(tally.states) - tally.states[NOT_ASKED]
        missing = asked - tally.states[ANSWERED]
        times = spread(sorted(tally.seconds.elements()))
        yield (
            self._instrument, code, page, title, wave.begun if wave else None, tally.responses,
            wave.interpreted if wave else None, wave.straight if wave else None, asked, formula(_SUM, missing),
            formula(_SHARE, missing / asked if asked else None),
            *(tally.states[STATES.index(state)] for state in MISSING),
            times.count, *map(_whole, (times.lower, times.median, times.upper)),
        )  # fmt: skip


def _whole(seconds: float | None) -> Cell:
    return int(seconds) if seconds is not None and seconds.is_integer() else seconds


def _lists(instrument: Instrument) -> list[Any]:
    """For each question with enough statements what picks their answers out of `Path.found`."""
    positions = {name: i for i, name in enumerate(instrument.units)}
    return [
        itemgetter(*(positions[item] for item in question.items))
        for question in instrument.questions.values()
        if isinstance(question, Scale) and len(question.items) >= LEAST_ITEMS
    ]


def _same(statements: Sequence[Found]) -> bool:
    """Whether enough of these have an answer, and all the same one: the rule of `survey.measures.straight`."""
    given = [answer for answer in statements if type(answer) is not Gap]
    return len(given) >= LEAST_ITEMS and given.count(given[0]) == len(given)
