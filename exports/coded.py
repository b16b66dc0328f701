"""Variables as a statistics program holds them: numbers with words for their codes, real dates, and missing codes.

SPSS and Stata keep words and missing codes with numbers only. So a code that is a text becomes a number here, and a
variable that stays text gets a companion that says why there is no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from exports import long, wide
from exports.about import SHARED, TOLD
from exports.instrument_tables import Chosen
from exports.tables import Field, Value
from exports.variables import Variable
from survey.answers.missing import CODES, State
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.scale import Scale
from survey.instruments.library import Library

Level = Literal["nominal", "ordinal", "scale"]
MISSING = range(min(CODES.values()), max(code for code in CODES.values() if code < 0) + 1)
"""The codes -99 to -94."""


@dataclass(frozen=True)
class Coded:
    """One variable of a statistics file.

    `source` is its field in the table it comes from, `kind` what stands in it ("reason": the code of Status).
    `numbers` has the number of each code, `words` what the numbers mean, and `reasons` what the missing codes mean that
    can stand in it (none in a text).
    """

    name: str
    title: str
    source: int
    kind: Literal["number", "date", "datetime", "text", "reason"]
    level: Level = "nominal"
    numbers: Mapping[Value, int] = field(default_factory=dict)
    words: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    decimals: int = 0

    @property
    def has_state(self) -> bool:
        """Whether the code of Status stands in it where there is no answer."""
        return bool(self.reasons)


def plain_variables(fields: Sequence[Field]) -> tuple[Coded, ...]:
    """Variables without reasons, such as the columns before the answers.

    Several codes can stand together there, so codes stay texts.
    """
    found = []
    for position, one in enumerate(fields):
        match one.type:
            case "datetime":
                found.append(Coded(one.name, one.title, position, "datetime", "scale"))
            case "integer" | "number":
                decimals = 2 if one.type == "number" else 0
                found.append(Coded(one.name, one.title, position, "number", "scale", decimals=decimals))
            case _:
                found.append(Coded(one.name, one.title, position, "text"))
    return tuple(found)


def data_variables(
    one: Chosen, fields: Sequence[Field], library: Library, apart: Collection[int] = ()
) -> tuple[Coded, ...]:
    """The variables of a file made of Data, whose fields these are: in their order, each companion behind its own.

    `apart`: the positions of numbers that get a companion too, because no missing code can stand among them.
    """
    found = list(plain_variables(fields[: len(TOLD)]))
    taken = {one_field.name for one_field in fields}
    for position, (variable, one_field) in enumerate(
        zip(one.merged.variables, fields[len(TOLD) :], strict=True), start=len(TOLD)
    ):
        coded = _variable(one, variable, position, one_field, library)
        alone = coded.kind == "text" or position in apart
        found.append(coded if alone else replace(coded, reasons=_reasons(one)))
        if alone:
            name = wide.suffixed(coded.name, "r", taken)
            taken.add(name)
            found.append(reason(coded, name, one))
    return tuple(found)


def reason(coded: Coded, name: str, one: Chosen) -> Coded:
    """The companion of a variable: the code that says why there is no answer, 0 where there is one."""
    title = f"{coded.title}: {one.words.why}"
    words = {0: one.words.states[State.ANSWERED]}
    return Coded(name, title, coded.source, "reason", words=words, reasons=_reasons(one))


def _reasons(one: Chosen) -> dict[int, str]:
    return {CODES[state]: said for state, said in one.words.states.items() if CODES[state] in MISSING}


def wide_variables(
    data: Iterable[Coded], fields: Sequence[Field], waves: Sequence[str], width: int
) -> tuple[Coded, ...]:
    """The variables of a file made of Wide, whose fields these are, from those of Data, which has `width` fields."""
    of_field: dict[int, list[Coded]] = {}
    for coded in data:
        of_field.setdefault(coded.source, []).append(coded)
    sources = [*SHARED, *(source for _ in waves for source in wide.per_wave(width))]
    of_wave = [*("" for _ in SHARED), *(wave for wave in waves for _ in wide.per_wave(width))]
    taken = {one.name for one in fields}
    found = []
    for position, (source, wave, one_field) in enumerate(zip(sources, of_wave, fields, strict=True)):
        for coded in of_field[source]:
            name, title = one_field.name, one_field.title
            if coded.kind == "reason":
                name, title = wide.suffixed(coded.name, wave, taken), f"{coded.title} ({wave})"
                taken.add(name)
            found.append(replace(coded, name=name, title=title, source=position))
    return tuple(found)


def _variable(one: Chosen, variable: Variable, position: int, one_field: Field, library: Library) -> Coded:
    made = Coded(one_field.name, one_field.title, position, "text")
    if variable.codes is not None:
        numbers = numbered_codes(one, variable, library)
        if any(number in MISSING for number in numbers.values()):
            return made
        return replace(
            made, kind="number", level=level(variable), numbers=numbers, words=_words(one, variable, numbers)
        )
    if variable.type in ("integer", "number"):
        labelled = (code for column in variable.columns.values() for code, _ in column.labels)
        words = _words(one, variable, numbered(labelled))
        return replace(made, kind="number", level=level(variable), words=words, decimals=_decimals(variable))
    if variable.type == "date":
        return replace(made, kind="date", level="scale")
    return made


def numbered(codes: Iterable[Value]) -> dict[Value, int]:
    """Code -> number: a whole number is its own; texts get 1, 2, ... in their order, past numbers that are taken."""
    order = list(dict.fromkeys(codes))
    taken = {code for code in order if isinstance(code, int)}
    found: dict[Value, int] = {}
    following = 1
    for code in order:
        if isinstance(code, int):
            found[code] = code
            continue
        while following in taken:
            following += 1
        found[code] = following
        following += 1
    return found


def numbered_codes(one: Chosen, variable: Variable, library: Library) -> dict[Value, int]:
    """Code -> number, counted over all versions there are, the oldest first: so they are the same in each file,
    whichever versions its responses are of."""
    columns = [
        column
        for instrument in library.versions(one.name)
        for column in instrument.columns
        if column.name == variable.name
    ]
    return numbered(
        code
        for column in columns
        for code in ((1, 0) if column.type == "flag" else (code for code, _ in column.labels))
    )


def _words(one: Chosen, variable: Variable, numbers: Mapping[Value, int]) -> dict[int, str]:
    """Number -> words, as the newest version that has words for it says them; a number without words needs none."""
    found: dict[int, str] = {}
    for version, column in variable.columns.items():
        for code, said in long.labels(column, one.texts[version], one.words).items():
            if isinstance(said, str):
                found.setdefault(numbers[code], said)
            elif isinstance(code, str):
                found.setdefault(numbers[code], code)
    return dict(sorted(found.items()))


def level(variable: Variable) -> Level:
    """The level of measurement. Points of a scale are ordered: items of a scale, options with faces or bars, and
    options that are whole numbers; options with a name are not."""
    column = variable.newest
    question = column.unit.question
    if column.type != "code" or column.measure != "nominal":
        return column.measure
    pictured = question.pictograms in ("faces", "bars")
    points = len(column.labels) > 1 and all(isinstance(code, int) for code, _ in column.labels)
    return "ordinal" if pictured or points or isinstance(question, Scale) else "nominal"


def _decimals(variable: Variable) -> int:
    questions = [column.unit.question for column in variable.columns.values()]
    return max((question.decimals for question in questions if isinstance(question, Number)), default=0)
