"""What one response says about how it was filled in: counts, seconds and patterns by page and question, no answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from survey.answers.flow import flow, reason
from survey.answers.missing import State
from survey.answers.page_times import seconds_spent, summed
from survey.instruments.model import Instrument
from survey.measures.relayed import Relayed
from survey.measures.straight import Rated, Scales


class Tally(NamedTuple):
    """How many of the units that were asked are in which state. The fields are called as the states are.

    Each item of a scale is a unit. Namely-lines do not count: they may stay empty.
    """

    answered: int = 0
    refused: int = 0
    dont_know: int = 0
    not_applicable: int = 0
    not_reached: int = 0
    technical: int = 0

    @property
    def asked(self) -> int:
        """How many were asked."""
        return sum(self)

    @property
    def missing(self) -> int:
        """How many of those have no answer, for whatever reason."""
        return sum(self) - self.answered

    @property
    def share(self) -> float | None:
        """The missing ones as a part of those asked, 0 to 1; None where nothing was asked."""
        return self.missing / self.asked if self.asked else None


MISSING: tuple[State, ...] = tuple(State(name) for name in Tally._fields if name != State.ANSWERED)
"""Why a unit that was asked has no answer."""

_PLACES = {State(name).value: place for place, name in enumerate(Tally._fields)}
_ANSWERED = _PLACES["answered"]


def together(tallies: Iterable[Tally]) -> Tally:
    """The sum of these."""
    return Tally(*map(sum, zip(*tallies, strict=True)))


class Save(NamedTuple):
    """One save: its page (None: handing in), and when it was."""

    page: str | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """How one response was filled in, without its answers.

    `tallies`: page -> tally, for the pages on which something was asked; `whole` is their sum. `seconds`: page ->
    seconds, for the pages that were saved; `total`: the seconds of the whole, handing in among them, None where nothing
    was saved. `rated`: the questions with enough statements answered. `relayed`: None where nobody interpreted.
    """

    tallies: Mapping[str, Tally]
    whole: Tally
    seconds: Mapping[str, float]
    total: float | None
    rated: tuple[Rated, ...]
    relayed: Relayed | None

    @property
    def straight(self) -> tuple[Rated, ...]:
        """The questions of which all statements got the same answer."""
        return tuple(one for one in self.rated if one.same)


class Digester:
    """Makes digests of responses on one instrument version, of which it looks at the definition once."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._page = {
            unit.name: page.page for page in instrument.pages for unit in page.units() if unit.role != "other"
        }
        self._notes = {question.name for question in instrument.questions.values() if not question.units()}
        self._scales = Scales(instrument)
        # Thousands of responses have the same few tallies: each is kept once.
        self._known: dict[Any, Any] = {}

    def digest(
        self,
        answers: Mapping[str, Any],
        relay: Mapping[str, Sequence[str]],
        began: datetime.datetime,
        saves: Sequence[Save],
        *,
        interpreted: bool,
    ) -> Digest:
        """The digest of one response. `saves`: in order, without corrections, which come after the interview.

        `interpreted`: whether something was saved while somebody interpreted.
        """
        path = flow(self._instrument, answers)
        counts: dict[str, list[int]] = {}
        for name in path.asked:
            page = self._page.get(name)
            if page is None:
                continue
            count = counts.get(page) or counts.setdefault(page, [0] * len(Tally._fields))
            if name in path.scope:
                count[_ANSWERED] += 1
            else:
                count[_PLACES[reason(answers.get(name)) or "not_reached"]] += 1
        tallies = {page: self._once(Tally(*count)) for page, count in counts.items()}
        seconds = seconds_spent(began, [save.at for save in saves])
        by_page = summed([save.page for save in saves], seconds)
        return Digest(
            tallies,
            self._once(together(tallies.values())),
            {page: spent for page, spent in by_page.items() if page is not None},
            sum(seconds) if saves else None,
            tuple(self._once(one) for one in self._scales.rated(path.scope)),
            self._relayed(path.relevant, relay) if interpreted else None,
        )

    def _relayed(self, relevant: frozenset[str], relay: Mapping[str, Sequence[str]]) -> Relayed:
        return {name: tuple(relay.get(name, ())) for name in relevant - self._notes}

    def _once(self, value: Any) -> Any:
        return self._known.setdefault(value, value)


@dataclass(frozen=True)
class PageMissing:
    """One page over many responses: in how many something on it was asked, and what became of what was asked."""

    page: str
    responses: int
    tally: Tally


def missing_by_page(digests: Iterable[Digest], pages: Sequence[str]) -> list[PageMissing]:
    """Each of these pages, in order, also where nobody was asked anything on it."""
    found: dict[str, list[Tally]] = {page: [] for page in pages}
    for digest in digests:
        for page, tally in digest.tallies.items():
            if page in found:
                found[page].append(tally)
    return [PageMissing(page, len(tallies), together(tallies)) for page, tallies in found.items()]
