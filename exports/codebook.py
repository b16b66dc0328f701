"""The code book: what every variable means, one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from exports.about import TOLD
from exports.labels import both
from exports.long import asked, labels
from exports.tables import Field, Row
from exports.variables import Merged, Variable, field_type
from exports.words import Words
from survey.answers.missing import State
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.question import Column, Unit
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.several import Several
from survey.instruments.kinds.share import WHOLE, Share
from survey.instruments.model import Instrument
from survey.instruments.texts import Texts

FIELDS = (
    Field("variable", "string", "the heading in Data, Labels and Status; in Wide the wave's code follows it"),
    Field("instrument", "string", "the instrument; empty for what is known about every response"),
    Field("versions", "string", "the versions of the instrument that have the variable"),
    Field("position", "integer", "its place in the instrument, counted from 1"),
    Field("page", "string", "the page on which it is asked"),
    Field("question", "string", "the question's name"),
    Field("text", "string", "the question as it is read out"),
    Field("part", "string", "the item, option or part that the variable stands for"),
    Field("type", "string", "what its values are"),
    Field("unit", "string", "the unit of its numbers"),
    Field("least", "any", "the lowest value that is taken"),
    Field("most", "any", "the highest value that is taken"),
    Field("codes", "string", "codes and what they mean"),
    Field("states", "string", "the codes that can stand in Status"),
    Field("when", "string", "the condition under which it is asked; empty: always"),
    Field("required", "string", "whether the page asks for an answer or a reason before it lets go"),
    Field("language", "string", "the language of these words"),
)

TYPES = {
    "text": "text",
    "integer": "whole number",
    "decimal": "decimal number",
    "date": "date",
    "code": "code",
    "flag": "1 or 0",
}
PRECISION = {"day": "date", "month": "month, as text like 2023-04", "year": "year"}

_ALWAYS = (State.NOT_ASKED, State.NOT_REACHED, State.TECHNICAL)


def about_rows(prefix: str) -> Iterator[Row]:
    """The rows of the columns that stand before the variables, in English and Dutch."""
    said = {"integer": "whole number", "datetime": "date and time"}
    for told in TOLD:
        blank = [None] * len(FIELDS)
        row: list[Any] = [prefix + told.name, *blank[1:]]
        row[6], row[16] = f"{told.english} / {told.dutch}", "en / nl"
        row[8] = "codes, + between them" if told.joined else said.get(told.type, "code" if told.codes else "text")
        row[12] = both(told.codes) if told.codes else None
        yield tuple(row)


def rows(merged: Merged, texts: Mapping[int, Texts], words: Words) -> Iterator[Row]:
    """One row per variable. Where versions differ, each says its own, the newest first."""
    for position, variable in enumerate(merged.variables, start=1):
        yield _row(merged, texts, words, position, variable)


def _row(merged: Merged, texts: Mapping[int, Texts], words: Words, position: int, variable: Variable) -> Row:
    def over_versions(said: Callable[[int, Column], str | int | float | None]) -> str | int | float | None:
        found = {version: said(version, column) for version, column in variable.columns.items()}
        if len(set(found.values())) == 1:
            return next(iter(found.values()))
        return "\n".join(f"version {version}: {'–' if value is None else value}" for version, value in found.items())

    def page(version: int, column: Column) -> str:
        key = merged.versions[version].page_of[column.unit.name].page
        return texts[version][f"pages/{key}/title"].words

    def required(version: int, column: Column) -> str:
        return words.yes if column.unit.question.required and column.unit.role != "other" else words.no

    return (
        variable.name,
        merged.instrument,
        ", ".join(str(version) for version in sorted(variable.columns)),
        position,
        over_versions(page),
        over_versions(lambda version, column: column.unit.question.name),
        over_versions(lambda version, column: asked(column, texts[version])[0]),
        over_versions(lambda version, column: asked(column, texts[version])[1] or None),
        over_versions(lambda version, column: _type(column)),
        over_versions(lambda version, column: unit_words(column, texts[version])),
        over_versions(lambda version, column: bounds(column)[0]),
        over_versions(lambda version, column: bounds(column)[1]),
        over_versions(lambda version, column: _codes(column, texts[version], words)),
        over_versions(lambda version, column: words.legend(states(column.unit))),
        over_versions(lambda version, column: when(column.unit, merged.versions[version])),
        over_versions(required),
        over_versions(lambda version, column: texts[version][f"{column.unit.question.name}/text"].language),
    )


def _type(column: Column) -> str:
    question = column.unit.question
    if column.type in ("date", "integer") and isinstance(question, Date):
        return PRECISION[question.precision]
    if column.type == "code":
        return {"integer": "code, a whole number", "string": "code, a text"}.get(field_type(column), "code")
    return TYPES[column.type]


def unit_words(column: Column, texts: Texts) -> str | None:
    """The unit of its numbers, in words."""
    question = column.unit.question
    if column.unit.role == "other":
        return None
    if isinstance(question, Number) and question.unit:
        return texts[f"{question.name}/unit"].words
    return "min" if isinstance(question, Duration) else "%" if isinstance(question, Share) else None


def bounds(column: Column) -> tuple[str | int | float | None, str | int | float | None]:
    """The lowest and the highest value that is taken."""
    question = column.unit.question
    match question:
        case Number() | Duration():
            return question.min, question.max
        case Date():
            return question.earliest, question.latest
        case Share():
            return 0, WHOLE
    return None, None


def _codes(column: Column, texts: Texts, words: Words) -> str | None:
    known = labels(column, texts, words)
    return "; ".join(f"{code} = {said}" for code, said in known.items()) or None


def states(unit: Unit) -> tuple[State, ...]:
    """The states that its answers can have."""
    # "answered" comes first, so that the text begins with no minus, which a spreadsheet would take for a formula.
    return (State.ANSWERED, *(State(reason) for reason in unit.missing), *_ALWAYS)


def when(unit: Unit, instrument: Instrument) -> str | None:
    """All conditions that must be true, those of page, question and item together."""
    question = unit.question
    conditions = [instrument.page_of[unit.name].when, question.when]
    if unit.role == "item" and isinstance(question, Scale):
        conditions.append(question.items[unit.name].when)
    if unit.role == "other":
        code = repr(question.other_code)
        conditions.append(
            f"{code} in {question.name}" if isinstance(question, Several) else f"{question.name} == {code}"
        )
    given = [condition for condition in conditions if condition]
    return " and ".join(f"({condition})" for condition in given) if len(given) > 1 else next(iter(given), None)
