"""An instrument: its pages, shared option lists and scores, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from survey.instruments.expressions import Expression, parse
from survey.instruments.kinds.choice import Choice as ChoiceQuestion
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.note import Note
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.question import (
    Choices,
    Column,
    Condition,
    Frozen,
    Name,
    Question,
    Reason,
    Unit,
    Words,
)
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.several import Several
from survey.instruments.kinds.share import Share
from survey.instruments.kinds.text import Text

AnyQuestion = Annotated[
    Text | Open | Number | Date | Duration | ChoiceQuestion | Several | Scale | Share | Note,
    Field(discriminator="kind"),
]

# 24 letters leave room for "Labels " within the 31 that a sheet's name may have.
InstrumentId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=24)]
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
Language = Annotated[str, StringConstraints(pattern=LANGUAGE)]


class Page(Frozen):
    """One topic: what stands on one screen."""

    page: Name = Field(description="the page's name, part of its address")
    title: Words
    intro: Words | None = None
    interviewer: Words | None = Field(default=None, description="for the interviewer only")
    when: Condition | None = None
    questions: Annotated[tuple[AnyQuestion, ...], Field(min_length=1)]

    def texts(self) -> dict[str, str]:
        """Text key -> source words of the page and its questions."""
        words = {"title": self.title, "intro": self.intro, "interviewer": self.interviewer}
        found = {f"pages/{self.page}/{part}": text for part, text in words.items() if text}
        for question in self.questions:
            found |= question.texts()
        return found

    def units(self) -> Iterator[Unit]:
        """All that can be answered on this page, in order."""
        for step in self.steps:
            for unit, _ in step.units:
                yield unit

    @cached_property
    def gate(self) -> Expression | None:
        """The condition of the page, read."""
        return parse(self.when) if self.when else None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The questions with all their conditions read, once: a flow walks over them on every request."""
        return tuple(_step(question) for question in self.questions)


@dataclass(frozen=True)
class Step:
    """One question on the path: its condition, and its units each with a condition of its own (None: always)."""

    question: Question
    gate: Expression | None
    units: tuple[tuple[Unit, Expression | None], ...]


def _step(question: Question) -> Step:
    items = question.items if isinstance(question, Scale) else {}
    units = []
    for unit in question.units():
        own = items[unit.name].when if unit.role == "item" else None
        units.append((unit, chosen(unit) if unit.role == "other" else parse(own) if own else None))
    return Step(question, parse(question.when) if question.when else None, tuple(units))


def chosen(unit: Unit) -> Expression:
    """The condition under which a namely-text is asked: its option is the one, or among those, chosen."""
    name, code = unit.question.name, unit.question.other_code
    return parse(f"{code!r} in {name}" if unit.question.kind == "several" else f"{name} == {code!r}")


class Score(Frozen):
    """A scale score over items: which, how, and how many must be answered at least."""

    title: Words
    items: Annotated[tuple[Name, ...], Field(min_length=2)]
    reversed: tuple[Name, ...] = ()
    method: Literal["mean", "sum"] = "mean"
    least: int | None = Field(default=None, ge=1, description="least number of items answered; else half of them")


class Interpreter(Frozen):
    """Whether an instrument suits a talk through an interpreter; `why` explains what is not a plain yes."""

    suits: Literal["yes", "caution", "no"] = "yes"
    why: Words | None = Field(default=None, description="for the interviewer: why it takes caution, or does not suit")


class Instrument(Frozen):
    """A questionnaire, of one version. Published versions never change: a changed text is a new version."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, title="Krachtmeting instrument")

    instrument: InstrumentId
    version: int = Field(ge=1, strict=True)
    language: Language = Field(description="the language in which the texts stand here")
    title: Words
    about: Literal["participant", "person"] = Field(
        description="whose response it is: a participant's, or a professional's (a coach, an observer)"
    )
    role: Literal["interviewer", "coach", "observer", "participant"] = Field(
        description="who fills it in: an interviewer, a coach or an observer who signs in, or the participant alone"
    )
    purpose: Words = Field(description="what it is for, said before the first page")
    scale_order: Literal["left_to_right", "reading_direction"] = Field(
        default="left_to_right", description="how the points of a scale lie; the stored code never depends on it"
    )
    interpreter: Interpreter = Interpreter()
    missing: tuple[Reason, ...] = ("refused", "dont_know")
    lists: dict[Name, Choices] = Field(default_factory=dict)
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]
    scores: dict[Name, Score] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fill_in_shared(self) -> Instrument:
        """Give each question the options of the shared list it names, and the instrument's missing reasons."""
        pages = tuple(
            page.model_copy(update={"questions": tuple(self._filled(question) for question in page.questions)})
            for page in self.pages
        )
        object.__setattr__(self, "pages", pages)
        return self

    def _filled(self, question: Any) -> Any:
        changes: dict[str, Any] = {}
        if question.missing is None:
            changes["missing"] = self.missing
        shared = getattr(question, "choices", None)
        if isinstance(shared, str) and shared in self.lists:
            changes["choices"] = self.lists[shared]
        filled = question.model_copy(update=changes)
        if "choices" in changes:
            filled._choices_key = f"choices/{shared}"
        return filled

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by name, in order."""
        return {question.name: question for page in self.pages for question in page.questions}

    @cached_property
    def units(self) -> dict[str, Unit]:
        """All units by name, in order."""
        return {unit.name: unit for page in self.pages for unit in page.units()}

    @cached_property
    def page_of(self) -> dict[str, Page]:
        """The page on which each unit stands."""
        return {unit.name: page for page in self.pages for unit in page.units()}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All variables of an export, in order."""
        return tuple(column for unit in self.units.values() for column in unit.columns())

    @cached_property
    def texts(self) -> dict[str, str]:
        """Text key -> source words, of everything that can be read."""
        found = {"title": self.title, "purpose": self.purpose}
        if self.interpreter.why:
            found["interpreter/why"] = self.interpreter.why
        for page in self.pages:
            found |= page.texts()
        return found | {f"scores/{name}/title": score.title for name, score in self.scores.items()}

    def page(self, name: str) -> Page | None:
        """The page of this name."""
        return next((page for page in self.pages if page.page == name), None)
