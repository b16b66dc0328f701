"""What every question has, whatever its kind, and the values that kinds hand to the floors above."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    StringConstraints,
    Tag,
)

from survey.instruments import expressions
from survey.instruments.errors import Invalid

Value = Any
"""A JSON value: str, int, float, list of codes, or mapping of code to number. None means: no answer."""

Raw = Mapping[str, Sequence[str]]
"""What a page sent for one unit: the part of the input ("" for the main one) -> the strings typed or chosen there."""

Reason = Literal["refused", "dont_know", "not_applicable"]

# 28 letters leave room for a wave's suffix within Stata's limit of 32.
NAME_LIMIT = 28
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=NAME_LIMIT)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

_CODE = re.compile(r"[a-z][a-z0-9_]*")


def _code(value: Any) -> Any:
    # Statistics programs keep the code of a value label in four bytes.
    if (type(value) is int and abs(value) < 2**31) or (isinstance(value, str) and _CODE.fullmatch(value)):
        return value
    how = "use a whole number, or small letters, digits and underscores, a letter first"
    raise ValueError(f"{value!r} cannot be a code; {how}")


Code = Annotated[int | str, BeforeValidator(_code)]


def _readable(source: str) -> str:
    expressions.parse(source)
    return source


Condition = Annotated[str, AfterValidator(_readable)]
"""A condition's source text; `expressions.parse` gives its meaning."""


class Frozen(BaseModel):
    """A part of a definition: unknown settings are mistakes, and nothing changes after reading."""

    # Built at first use: each part is built once, within the whole, and not for itself as well.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Check(Frozen):
    """A constraint on answers: `that` must not be false; `message` says kindly what to look at."""

    that: Condition
    message: Words


class Choice(Frozen):
    """One option of a list. `text` may be absent in a scale with labels at its ends only: its number is shown."""

    text: Words | None = None
    other: bool = Field(default=False, description="asks 'namely' with a line of text of its own")
    exclusive: bool = Field(
        default=False, description="cannot be combined with another option, such as 'none of these'"
    )


def _choice(value: Any) -> Any:
    return {"text": value} if value is None or isinstance(value, str) else value


Choices = Annotated[
    dict[Code, Annotated[Choice, BeforeValidator(_choice, json_schema_input_type=Choice | str | None)]],
    Field(min_length=1),
]
"""A list of options: code -> text, or code -> settings."""


def _sort_of_list(value: Any) -> str:
    return "shared" if isinstance(value, str) else "own"


OwnOrShared = Annotated[Annotated[Name, Tag("shared")] | Annotated[Choices, Tag("own")], Discriminator(_sort_of_list)]
"""A list of options of a question's own, or the name of a shared one."""

Pictograms = Literal["faces", "bars", "yes_no", "people", "home", "money", "health", "day"]
TOPICS = ("people", "home", "money", "health", "day")
"""The pictograms of a whole question; the others belong to its options."""


@dataclass(frozen=True)
class Unit:
    """The smallest thing that is answered by itself: a question, one item of a scale, or an "other, namely" text.

    Answers, states and the trail are kept by a unit's name.
    """

    name: str
    question: Question
    role: Literal["question", "item", "other"] = "question"

    @property
    def missing(self) -> tuple[Reason, ...]:
        """The reasons for not answering that are offered here."""
        return () if self.role == "other" else self.question.missing or ()

    @property
    def key(self) -> str:
        """The text key of this unit's own words."""
        if self.role == "item":
            return f"{self.question.name}/items/{self.name}"
        if self.role == "other":
            return f"{self.question.choices_key}/{self.question.other_code}"
        return f"{self.question.name}/text"

    def parse(self, raw: Raw) -> Value:
        """The answer in what was typed; None where nothing was. Raises Invalid."""
        return line(raw, limit=200) if self.role == "other" else self.question.parse(raw)

    def show(self, value: Value) -> dict[str, list[str]]:
        """What the inputs hold for an answer: the inverse of `parse`."""
        if value is None:
            return {}
        return {"": [value]} if self.role == "other" else self.question.show(value)

    def columns(self) -> tuple[Column, ...]:
        """The columns of an export, in order, each cell of which `cells` fills."""
        return (Column(self.name, self, "text"),) if self.role == "other" else self.question.columns(self)

    def cells(self, value: Value) -> tuple[str | int | float, ...]:
        """One cell a column for an answer that is there."""
        return (value,) if self.role == "other" else self.question.cells(value)


@dataclass(frozen=True)
class Column:
    """One variable of an export.

    `type`: "text", "integer", "decimal", "date" (ISO text, whole or partial), "code" (one of `labels`), "flag" (0, 1).
    `part`: the option or part that a column stands for, with `part_key` the text key of its words.
    `labels`: code -> text key, for codes and flags ("" where a number has no words of its own).
    """

    name: str
    unit: Unit
    type: Literal["text", "integer", "decimal", "date", "code", "flag"]
    part: str | int | None = None
    part_key: str | None = None
    labels: tuple[tuple[str | int, str], ...] = ()
    measure: Literal["nominal", "ordinal", "scale"] = "nominal"


class Question(Frozen):
    """What all kinds share. A kind overrides `parse`, `show`, `columns` and `cells`, and nothing else."""

    kind: str
    name: Name = Field(description="the variable's name in every export; never changes its meaning")
    text: Words = Field(description="the question as it is read out")
    hint: Words | None = Field(default=None, description="a short help for the participant")
    interviewer: Words | None = Field(
        default=None, description="for the interviewer only, never shown to the participant"
    )
    required: bool = False
    when: Condition | None = Field(default=None, description="asked only when this is true of earlier answers")
    check: Check | None = None
    missing: tuple[Reason, ...] | None = Field(
        default=None, description="reasons for not answering; else the instrument's"
    )
    pictograms: Pictograms | None = None
    earlier: bool = Field(default=False, description="show the interviewer what was answered at an earlier wave")

    _choices_key: str = PrivateAttr(default="")

    @property
    def choices_key(self) -> str:
        """The text key under which the options' words stand."""
        return self._choices_key or f"{self.name}/choices"

    @property
    def options(self) -> Mapping[Any, Choice]:
        """The options by code, for kinds that have them. A shared list is filled in when the instrument is read."""
        choices = getattr(self, "choices", None)
        return choices if isinstance(choices, dict) else {}

    @property
    def other_code(self) -> str | int | None:
        """The code of the option with a line of text of its own."""
        return next((code for code, choice in self.options.items() if choice.other), None)

    @property
    def topic(self) -> str | None:
        """The pictogram that stands beside the question itself."""
        return self.pictograms if self.pictograms in TOPICS else None

    def picture(self, position: int) -> str | None:
        """The pictogram beside the option at a position, counted from 1."""
        match self.pictograms:
            case "faces":
                return f"face-{position}"
            case "bars":
                return f"bar-{position}"
            case "yes_no" if position <= 2:
                return "yes" if position == 1 else "no"
        return None

    def labels(self) -> tuple[tuple[str | int, str], ...]:
        """Code -> text key of each option; "" for a point of a scale without words."""
        return tuple(
            (code, f"{self.choices_key}/{code}" if option.text else "") for code, option in self.options.items()
        )

    def units(self) -> tuple[Unit, ...]:
        """What is answered here, in order."""
        own = (Unit(self.name, self),)
        return own if self.other_code is None else (*own, Unit(f"{self.name}_namely", self, "other"))

    def texts(self) -> dict[str, str]:
        """Text key -> source words, for all that can be read here."""
        words = {"text": self.text, "hint": self.hint, "interviewer": self.interviewer}
        words["check"] = self.check.message if self.check else None
        found = {f"{self.name}/{part}": text for part, text in words.items() if text}
        for code, option in self.options.items():
            if option.text:
                found[f"{self.choices_key}/{code}"] = option.text
        return found | self.own_texts()

    def own_texts(self) -> dict[str, str]:
        """Text key -> source words of what only this kind has."""
        return {}

    def parse(self, raw: Raw) -> Value:
        """The answer in what was typed; None where nothing was. Raises Invalid."""
        raise NotImplementedError

    def show(self, value: Value) -> dict[str, list[str]]:
        """What the inputs hold for an answer: the inverse of `parse`."""
        return {"": [str(value)]}

    def columns(self, unit: Unit) -> tuple[Column, ...]:
        """The columns of an export for one of this question's units."""
        return (Column(unit.name, unit, "text"),)

    def cells(self, value: Value) -> tuple[str | int | float, ...]:
        """One cell a column for an answer that is there."""
        return (value,)


def first(raw: Raw, part: str = "") -> str:
    """The one string of a part, without the white space around it."""
    values = raw.get(part) or ("",)
    return values[0].strip()


def line(raw: Raw, limit: int) -> str | None:
    """One line of text of at most `limit` characters. Raises Invalid("text.too_long")."""
    words = " ".join(first(raw).split())
    if len(words) > limit:
        raise Invalid("text.too_long", limit=limit, length=len(words))
    return words or None
