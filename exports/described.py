"""What a description of the variables tells, in all languages that a questionnaire has: made from definitions alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from exports.about import TOLD
from exports.codebook import bounds, states, unit_words, when
from exports.coded import level, numbered_codes
from exports.collecting import Collected
from exports.fitting import for_xml
from exports.instrument_tables import Chosen
from exports.tables import Table, Value
from exports.variables import Variable, field_type
from exports.words import WORDS
from survey.answers.missing import CODES
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.question import Column
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.several import Several
from survey.instruments.library import Library
from survey.instruments.texts import Texts

Said = Mapping[str, str]
"""Language -> words."""


@dataclass(frozen=True)
class Category:
    """A value that a variable can have: its words, and the number that stands for it in .sav and .dta files."""

    value: str
    words: Said
    missing: bool = False
    number: str = ""


@dataclass(frozen=True)
class Described:
    """One variable. `group` is the question that it is a part of, where that has several."""

    name: str
    label: Said
    question: Said = field(default_factory=dict)
    represented: Literal["text", "numeric", "code", "datetime"] = "text"
    nature: Literal["", "nominal", "ordinal", "interval"] = ""
    unit: str = ""
    least: str = ""
    most: str = ""
    universe: str = ""
    versions: str = ""
    categories: tuple[Category, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Group:
    """A question of several variables: the options of a multiple choice, or the items of a scale."""

    name: str
    kind: Literal["multipleResp", "grid"]
    label: Said


@dataclass(frozen=True)
class DescribedFile:
    """One file of the package of CSV files, with its variables."""

    name: str
    about: str
    cases: int
    variables: tuple[Described, ...]
    groups: tuple[Group, ...] = ()
    fields: int = 0


def files(collected: Collected) -> Iterator[DescribedFile]:
    """Data of each instrument with its variables, and Wide, which repeats them for each moment."""
    tables = {table.path: table for table in collected.tables}
    for one in collected.chosen:
        folder = "" if len(collected.chosen) == 1 else f"{one.name}/"
        data, wider = tables[f"{folder}data"], tables[f"{folder}wide"]
        texts = _texts(one, collected.library)
        columns = [_variable(one, variable, texts, collected.library) for variable in one.merged.variables]
        prefix = data.fields[0].name.removesuffix(TOLD[0].name)
        yield _file(data, data.description, (*_before(prefix), *columns), tuple(_groups(one, texts)))
        said = "Its variables are those of Data, with the code of the moment behind the name, such as trust_t0."
        yield _file(wider, f"{wider.description} {said}", (), ())


def _file(table: Table, about: str, variables: tuple[Described, ...], groups: tuple[Group, ...]) -> DescribedFile:
    return DescribedFile(f"{table.path}.csv", about, len(table.rows), variables, groups, len(table.fields))


def _texts(one: Chosen, library: Library) -> dict[int, list[Texts]]:
    """Version -> its words in every language that it has, beginning with those of the export."""
    found = {}
    for version, instrument in one.merged.versions.items():
        languages = [one.texts[version].language, *library.known_languages(one.name)]
        found[version] = [library.texts(instrument, language) for language in dict.fromkeys(languages)]
    return found


def said_in(texts: list[Texts], *keys: str) -> dict[str, str]:
    """Language -> the words of these texts with a dash between them, for each language that has them all."""
    found = {}
    for words in texts:
        if all(words[key].translated for key in keys):
            found[words.language] = for_xml(" – ".join(words[key].words for key in keys))
    return found


def _before(prefix: str) -> Iterator[Described]:
    for told in TOLD:
        categories = () if told.codes is None or told.joined else told.codes.items()
        yield Described(
            f"{prefix}{told.name}",
            {"en": told.english, "nl": told.dutch},
            represented="datetime" if told.type == "datetime" else "numeric" if told.type == "integer" else "text",
            categories=tuple(Category(code, {"en": english, "nl": dutch}) for code, (english, dutch) in categories),
        )


def _variable(one: Chosen, variable: Variable, texts: Mapping[int, list[Texts]], library: Library) -> Described:
    version, column = next(iter(variable.columns.items()))
    here, question = texts[version], column.unit.question
    part = column.part_key or (column.unit.key if column.unit.role != "question" else "")
    keys = [f"{question.name}/text", *([part] if part in here[0] else [])]
    least, most = bounds(column)
    return Described(
        variable.name,
        said_in(here, *keys),
        said_in(here, keys[0]),
        _represented(variable),
        _nature(variable),
        for_xml(unit_words(column, one.texts[version]) or ""),
        "" if least is None else str(least),
        "" if most is None else str(most),
        when(column.unit, one.merged.versions[version]) or "",
        ", ".join(str(number) for number in sorted(variable.columns)),
        (*_categories(one, variable, texts, library), *_missing(variable)),
        question.name if _grouped(column) else "",
    )


def _represented(variable: Variable) -> Literal["text", "numeric", "code", "datetime"]:
    if variable.codes is not None:
        return "code"
    if variable.type in ("integer", "number"):
        return "numeric"
    dated = variable.type == "date" and field_type(variable.newest) == "date"
    return "datetime" if dated and isinstance(variable.newest.unit.question, Date) else "text"


def _nature(variable: Variable) -> Literal["", "nominal", "ordinal", "interval"]:
    found = level(variable)
    if variable.codes is None and variable.type == "string":
        return ""
    return "interval" if found == "scale" else found


def _categories(
    one: Chosen, variable: Variable, texts: Mapping[int, list[Texts]], library: Library
) -> Iterator[Category]:
    """All codes of all versions, each as the newest version says it that has it."""
    numbers = numbered_codes(one, variable, library) if variable.codes is not None else {}
    words: dict[Value, Said] = {}
    for version, column in variable.columns.items():
        for code, key in _labels(column):
            if code not in words:
                words[code] = said_in(texts[version], key) if key else {}
    if variable.newest.type == "flag":
        words = {1: {one: said.yes for one, said in WORDS.items()}, 0: {one: said.no for one, said in WORDS.items()}}
    for value, said in words.items():
        number = numbers.get(value)
        yield Category(str(value), said, number="" if number == value or number is None else str(number))


def _labels(column: Column) -> tuple[tuple[str | int, str], ...]:
    return () if column.type == "flag" else column.labels


def _missing(variable: Variable) -> Iterator[Category]:
    possible = {state for column in variable.columns.values() for state in states(column.unit)}
    for state, code in sorted(CODES.items(), key=lambda item: item[1]):
        if state in possible and code < 0:
            yield Category(str(code), {one: said.states[state] for one, said in WORDS.items()}, missing=True)


def _grouped(column: Column) -> bool:
    question = column.unit.question
    return isinstance(question, Scale) or (isinstance(question, Several) and column.unit.role == "question")


def _groups(one: Chosen, texts: Mapping[int, list[Texts]]) -> Iterator[Group]:
    seen: set[str] = set()
    for variable in one.merged.variables:
        version, column = next(iter(variable.columns.items()))
        question = column.unit.question
        if _grouped(column) and question.name not in seen:
            seen.add(question.name)
            kind: Literal["multipleResp", "grid"] = "grid" if isinstance(question, Scale) else "multipleResp"
            yield Group(question.name, kind, said_in(texts[version], f"{question.name}/text"))
