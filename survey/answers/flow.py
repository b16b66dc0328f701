"""The flow of an interview: what is asked, which answers count, what comes next, how far one is.

Conditions look only back, so one pass over the instrument decides everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from survey.answers.missing import State
from survey.instruments.kinds.question import Unit
from survey.instruments.model import Instrument, Page

Answers = Mapping[str, Any]
"""Unit name -> its answer, or {"missing": reason}. What was never answered has no entry."""


def reason(answer: Any) -> str | None:
    """Why an answer is missing, where it says so."""
    return answer.get("missing") if isinstance(answer, dict) else None


def value(answer: Any) -> Any:
    """The answer's value; None where it is missing."""
    return None if answer is None or reason(answer) is not None else answer


@dataclass(frozen=True)
class Flow:
    """What follows from the answers given so far.

    `asked`: names of the units that are asked, in order. `relevant`: names of the questions on the path, notes too.
    `scope`: the values on the path, for conditions.
    """

    instrument: Instrument
    answers: Answers
    asked: tuple[str, ...]
    relevant: frozenset[str]
    scope: Mapping[str, Any]

    @cached_property
    def on_path(self) -> frozenset[str]:
        """The names of `asked`, for looking up."""
        return frozenset(self.asked)

    def asked_on(self, page: Page) -> list[str]:
        """The units of a page that are asked, in order."""
        return [unit.name for unit in page.units() if unit.name in self.on_path]

    def kept(self) -> dict[str, Any]:
        """The answers that count: those on the path, missing ones with their reason."""
        return {name: self.answers[name] for name in self.asked if name in self.answers}

    def open_units(self, page: Page) -> list[str]:
        """The units of a page that are asked and have neither an answer nor a reason; a namely-text may stay empty."""
        return [
            name
            for name in self.asked_on(page)
            if name not in self.answers and self.instrument.units[name].role != "other"
        ]


def flow(instrument: Instrument, answers: Answers) -> Flow:
    """One pass over the instrument: what these answers make of it."""
    asked: list[str] = []
    relevant: set[str] = set()
    scope: dict[str, Any] = {}
    for page in instrument.pages:
        if page.gate is not None and page.gate.evaluate(scope) is not True:
            continue
        for step in page.steps:
            if step.gate is not None and step.gate.evaluate(scope) is not True:
                continue
            before = len(asked)
            for unit, gate in step.units:
                if gate is not None and gate.evaluate(scope) is not True:
                    continue
                name = unit.name
                asked.append(name)
                known = answers.get(name)
                # As `value` has it, without a call for each of a million answers.
                if known is not None and not (type(known) is dict and "missing" in known):
                    scope[name] = known
            if not step.units or len(asked) > before:
                relevant.add(step.question.name)
    return Flow(instrument, answers, tuple(asked), frozenset(relevant), scope)


def states(flow: Flow) -> Iterator[tuple[Unit, State]]:
    """Each unit of the instrument with its answer state.

    What was asked but has neither answer nor reason was not reached: passed over, or the interview ended before.
    """
    asked = set(flow.asked)
    for name, unit in flow.instrument.units.items():
        if name not in asked:
            yield unit, State.NOT_ASKED
        elif name not in flow.answers:
            yield unit, State.NOT_REACHED
        else:
            why = reason(flow.answers[name])
            yield unit, State(why) if why else State.ANSWERED


Standing = Literal["done", "open", "started", "unreachable"]


@dataclass(frozen=True)
class PageStanding:
    """How a page stands: `asked` units in all, of which `answered` have an answer or a reason."""

    page: Page
    standing: Standing
    asked: int
    answered: int


def page_list(flow: Flow, drafts: Mapping[str, Any] | None = None) -> list[PageStanding]:
    """Every page with how it stands. A page without a question on the path is unreachable for now.

    `drafts` are units with something typed that is no answer yet: their page is not done.
    """
    found = []
    for page in flow.instrument.pages:
        asked = flow.asked_on(page)
        count = [name for name in asked if flow.instrument.units[name].role != "other"]
        left = set(flow.open_units(page)) | (set(drafts or ()) & set(asked))
        reachable = reachable_page(flow, page)
        answered = len([name for name in count if name not in left])
        standing: Standing = "unreachable"
        if reachable:
            standing = "done" if not left else "started" if answered else "open"
        found.append(PageStanding(page, standing, len(count), answered))
    return found


def next_page(flow: Flow, current: str | None) -> Page | None:
    """The first reachable page after `current` (None: from the start); None where the end is reached."""
    return next(_reachable(flow, flow.instrument.pages, current), None)


def previous_page(flow: Flow, current: str | None) -> Page | None:
    """The last reachable page before `current` (None: from the end)."""
    return next(_reachable(flow, tuple(reversed(flow.instrument.pages)), current), None)


def _reachable(flow: Flow, pages: tuple[Page, ...], current: str | None) -> Iterator[Page]:
    names = [page.page for page in pages]
    start = names.index(current) + 1 if current in names else 0
    for page in pages[start:]:
        if reachable_page(flow, page):
            yield page


def reachable_page(flow: Flow, page: Page) -> bool:
    """Whether there is anything on a page to ask or to read out."""
    return any(question.name in flow.relevant for question in page.questions)


@dataclass(frozen=True)
class Progress:
    """How far an interview is: units with an answer or a reason, of those asked so far."""

    answered: int
    asked: int

    @property
    def percent(self) -> int:
        """Whole percents, 100 only when nothing is open."""
        return 100 * self.answered // self.asked if self.asked else 100


def progress(flow: Flow, drafts: Mapping[str, Any] | None = None) -> Progress:
    """How far the whole interview is."""
    pages = page_list(flow, drafts)
    return Progress(sum(page.answered for page in pages), sum(page.asked for page in pages))
