"""One interview as it goes, page by page: what is sent when, with slips, changes of mind and what stays open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from survey.answers.document import Key
from survey.answers.flow import Flow, flow, next_page, reason
from survey.answers.taking import problems, take
from survey.demo.voice import Voice
from survey.instruments import expressions
from survey.instruments.kinds.question import Unit
from survey.instruments.model import Instrument, Page

ROUNDS = 12
"""More often than this no page is looked at again."""

UNREADABLE = "8 of 9"
"""What was typed as a number when nobody was sure."""

SECONDS_A_PAGE, SECONDS_AN_ANSWER, SECONDS_IN_OWN_WORDS = 15, 11, 30


@dataclass(frozen=True)
class Slip:
    """A unit of which something else was said first. `later`: it is noticed only at the end of the interview."""

    unit: str
    later: bool = False


@dataclass(frozen=True)
class Course:
    """How an interview goes.

    `pages`: how many of the instrument's pages are reached (None: all, and it is handed in). `draft`: a number that was
    typed so that nobody can read it; where there is no such unit, in the first number asked. `pace`: 1 is usual.
    `relayed`: question -> codes of how it was relayed, once it has an answer or a reason.
    """

    pages: int | None = None
    slips: tuple[Slip, ...] = ()
    draft: str | None = None
    pace: float = 1.0
    notes: tuple[str, ...] = ()
    note_chance: float = 0.012
    relayed: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """What one send of a page brings, so many seconds after the one before."""

    kind: Literal["page", "autosave"]
    page: str
    seconds: int
    values: Mapping[Key, Any]


@dataclass
class Conversation:
    """An interview under way. `sends` gives what is sent; afterwards `finished` says whether it may be handed in."""

    instrument: Instrument
    voice: Voice
    course: Course = field(default_factory=Course)

    def __post_init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.drafts: dict[str, Any] = {}
        self.finished = False
        self._flow: Flow | None = None
        self._notes: dict[str, str] = {}
        self._passed: set[str] = set()
        self._slips = {slip.unit: slip for slip in self.course.slips}
        self._meant: dict[str, Any] = {}
        self._draft_wanted = self.course.draft is not None

    @property
    def flow(self) -> Flow:
        """What the answers so far make of the interview."""
        if self._flow is None:
            self._flow = flow(self.instrument, dict(self.answers))
        return self._flow

    def _put(self, name: str, answer: Any) -> None:
        """Write an answer down, or take it away where it is None."""
        self._flow = None
        self.answers.pop(name, None)
        if answer is not None:
            self.answers[name] = answer

    def sends(self) -> Iterator[Sent]:
        """Everything that is sent, in order."""
        page = next_page(self.flow, None)
        reached = 0
        while page is not None and (self.course.pages is None or reached < self.course.pages):
            yield from self._page(page)
            reached += 1
            page = next_page(self.flow, page.page)
        if self.course.pages is None:
            yield from self._changes_of_mind()
            yield from self._settled()

    def _page(self, page: Page) -> Iterator[Sent]:
        before = len(self.answers)
        self._fill(page)
        slipped = [
            name for name in self._meant if self.instrument.page_of[name] is page and not self._slips[name].later
        ]
        if slipped:
            yield self._sent("autosave", page, before)
            before = len(self.answers)
            for name in slipped:
                self._put(name, self._meant.pop(name))
            self._fill(page)
        self._note(page)
        yield self._sent("page", page, before)

    def _fill(self, page: Page) -> None:
        """Answer what is asked on a page, and what that makes newly relevant, until nothing is open."""
        for _ in range(ROUNDS):
            found = self.flow
            said = dict(found.scope)
            left = [name for name in found.asked_on(page) if name not in self.answers and name not in self._passed]
            if not left:
                return
            for name in left:
                self._answer(self.instrument.units[name], said)

    def _answer(self, unit: Unit, said: dict[str, Any]) -> None:
        if self._drafted(unit):
            self.drafts[unit.name] = {"": [UNREADABLE]}
            self._passed.add(unit.name)
            return
        answer = self.voice.answer(unit)
        if answer is not None and reason(answer) is None:
            if unit.name in self._slips and unit.name not in self._meant:
                answer = self._slipped(unit, answer)
            answer = self._fitting(unit, answer, said)
        if answer is None:
            self._passed.add(unit.name)
            return
        self._put(unit.name, answer)
        if reason(answer) is None:
            said[unit.name] = answer

    def _drafted(self, unit: Unit) -> bool:
        wished = self.course.draft
        here = unit.name == wished or (wished not in self.instrument.units and unit.question.kind == "number")
        if not (self._draft_wanted and here and take(unit, {"": [UNREADABLE]}).invalid):
            return False
        self._draft_wanted = False
        return True

    def _slipped(self, unit: Unit, answer: Any) -> Any:
        first = self.voice.different(unit, answer)
        if first != answer:
            self._meant[unit.name] = answer
        return first

    def _fitting(self, unit: Unit, answer: Any, said: Mapping[str, Any]) -> Any:
        """An answer that the question's own check lets pass; else none."""
        check = unit.question.check
        if check is None:
            return answer
        holds = expressions.parse(check.that)
        for _ in range(40):
            if answer is None or holds.evaluate({**said, unit.name: answer}) is not False:
                return answer
            answer = self.voice.another(unit)
        least = take(unit, {"": [str(getattr(unit.question, "min", None) or 0)]}).answer
        return least if least is not None and holds.evaluate({**said, unit.name: least}) is not False else None

    def _changes_of_mind(self) -> Iterator[Sent]:
        """Back to pages where something was said that is seen otherwise by now."""
        for name in list(self._meant):
            before = len(self.answers)
            self._put(name, self._meant.pop(name))
            page = self.instrument.page_of[name]
            self._fill(page)
            yield self._sent("page", page, before)

    def _settled(self) -> Iterator[Sent]:
        """The last page: what is open or does not fit yet is looked at again. `finished` where nothing hinders."""
        for _ in range(ROUNDS):
            changed = False
            for page in self.instrument.pages:
                found = self.flow
                wrong = problems(found, page, self.drafts)
                for name in wrong:
                    self._look_again(name, found)
                before = len(self.answers)
                self._fill(page)
                if wrong or len(self.answers) != before:
                    changed = True
                    yield self._sent("page", page, before)
            if not changed:
                break
        found = self.flow
        self.finished = not any(problems(found, page, self.drafts) for page in self.instrument.pages)

    def _look_again(self, name: str, found: Flow) -> None:
        self.drafts.pop(name, None)
        self._passed.discard(name)
        unit = self.instrument.units[name]
        said = {other: value for other, value in found.scope.items() if other != name}
        answer = self._fitting(unit, self.voice.another(unit), said)
        self._put(name, answer)
        if answer is None and not unit.question.required:
            self._passed.add(name)

    def _note(self, page: Page) -> None:
        random, relevant = self.voice.random, self.flow.relevant
        for question in page.questions:
            if self.course.notes and question.name in relevant and random.random() < self.course.note_chance:
                self._notes[question.name] = random.choice(self.course.notes)

    def _sent(self, kind: Literal["page", "autosave"], page: Page, before: int) -> Sent:
        """The page's inputs as they are now: those without an answer, draft, note or code are sent empty."""
        values: dict[Key, Any] = {}
        for unit in page.units():
            values["answers", unit.name] = self.answers.get(unit.name)
            values["drafts", unit.name] = self.drafts.get(unit.name)
        for question in page.questions:
            values["notes", question.name] = self._notes.get(question.name)
            if question.name in self.course.relayed:
                told = any(unit.name in self.answers for unit in question.units())
                values["relay", question.name] = self.course.relayed[question.name] if told else None
        return Sent(kind, page.page, self._seconds(page, max(0, len(self.answers) - before)), values)

    def _seconds(self, page: Page, answered: int) -> int:
        open_units = sum(1 for unit in page.units() if unit.question.kind == "open" and unit.name in self.answers)
        own_words = SECONDS_IN_OWN_WORDS * min(open_units, answered)
        usual = SECONDS_A_PAGE + SECONDS_AN_ANSWER * answered + own_words
        return max(4, round(usual * self.course.pace * self.voice.random.lognormvariate(0, 0.25)))
