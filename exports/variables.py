"""The variables of an instrument over all its versions, merged by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exports.tables import FieldType, Value
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.question import Column
from survey.instruments.model import Instrument


@dataclass(frozen=True)
class Variable:
    """One variable: `columns` has what each version that knows it makes of it, the newest first."""

    name: str
    columns: Mapping[int, Column]

    @property
    def newest(self) -> Column:
        """The column of the newest version that has this variable."""
        return next(iter(self.columns.values()))

    @property
    def type(self) -> FieldType:
        """The type of its cells; "any" where versions or codes differ in it."""
        types = {field_type(column) for column in self.columns.values()}
        if types == {"integer", "number"}:
            return "number"
        return types.pop() if len(types) == 1 else "any"

    @property
    def codes(self) -> tuple[Value, ...] | None:
        """All codes of all versions; None where values are free."""
        found: dict[Value, None] = {}
        for column in self.columns.values():
            if column.type not in ("code", "flag"):
                return None
            found |= dict.fromkeys((1, 0) if column.type == "flag" else (code for code, _ in column.labels))
        return tuple(found)


@dataclass(frozen=True)
class Merged:
    """An instrument as an export sees it: its `versions`, the newest first, and the union of their variables."""

    instrument: str
    versions: Mapping[int, Instrument]
    variables: tuple[Variable, ...]


def field_type(column: Column) -> FieldType:
    """The type of a column's cells."""
    match column.type:
        case "integer" | "flag":
            return "integer"
        case "decimal":
            return "number"
        case "date":
            question = column.unit.question
            return "date" if isinstance(question, Date) and question.precision == "day" else "string"
        case "code":
            whole = {isinstance(code, int) for code, _ in column.labels}
            return "integer" if whole == {True} else "string" if whole == {False} else "any"
        case _:
            return "string"


def merged(versions: Sequence[Instrument]) -> Merged:
    """The variables of these versions of one instrument.

    In the order of the newest; a variable that it no longer has comes behind the one that it used to follow.
    """
    newest_first = sorted(versions, key=lambda instrument: instrument.version, reverse=True)
    columns: dict[str, dict[int, Column]] = {}
    order: list[str] = []
    for instrument in newest_first:
        before: str | None = None
        for column in instrument.columns:
            if column.name not in columns:
                columns[column.name] = {}
                order.insert(0 if before is None else order.index(before) + 1, column.name)
            columns[column.name][instrument.version] = column
            before = column.name
    return Merged(
        newest_first[0].instrument,
        {instrument.version: instrument for instrument in newest_first},
        tuple(Variable(name, columns[name]) for name in order),
    )
