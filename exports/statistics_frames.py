"""The files that a statistics program gets, one after the other: Data and Wide of each instrument, and Scores."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from exports import wide
from exports.about import TOLD
from exports.coded import MISSING, Coded, data_variables, plain_variables, wide_variables
from exports.collecting import Collected
from exports.instrument_tables import Chosen
from exports.statistics_programs import Program, Stored
from exports.tables import Row, Table, Value, valued

KEPT_AT_MOST = 4096
NONE = float("nan")


@dataclass(frozen=True)
class Frame:
    """One file: its `path` in the package without suffix, a title, its variables, and the rows of its table with those
    of their states beside them."""

    path: str
    title: str
    table: Table
    variables: tuple[Coded, ...]
    rows: Callable[[], Iterator[tuple[Row, Row]]]


def frames(collected: Collected, program: Program) -> Iterator[Frame]:
    """All files of a package, in order."""
    tables = {table.path: table for table in collected.tables}
    for one in collected.chosen:
        folder = "" if len(collected.chosen) == 1 else f"{one.name}/"
        data, wider, status = (tables[f"{folder}{name}"] for name in ("data", "wide", "status"))
        title = next(iter(one.texts.values()))["title"].words
        width = len(data.fields)
        apart = frozenset() if program.letters else _among_missing(data, one)
        variables = data_variables(one, data.fields, collected.library, apart)
        yield Frame(data.path, title, data, variables, lambda data=data, status=status: _side_by_side(data, status))  # type: ignore[misc]
        yield Frame(
            wider.path,
            title,
            wider,
            wide_variables(variables, wider.fields, one.waves, width),
            lambda wider=wider, status=status, one=one: zip(  # type: ignore[misc]
                wider.rows, wide.rows(status.rows, one.waves, len(status.fields)), strict=True
            ),
        )
    if "scores" in tables:
        # Computed over answers, so nothing in it has a reason of its own.
        scores = tables["scores"]
        yield Frame(
            scores.path, scores.name, scores, plain_variables(scores.fields), lambda: _side_by_side(scores, None)
        )


def _side_by_side(data: Table, status: Table | None) -> Iterator[tuple[Row, Row]]:
    return zip(data.rows, status.rows, strict=True) if status else ((row, row) for row in data.rows)


def _among_missing(data: Table, one: Chosen) -> frozenset[int]:
    """The positions of numbers that somebody answered with one of -99 to -94, which a range of missing codes would
    swallow."""
    free = [
        position
        for position, variable in enumerate(one.merged.variables, start=len(TOLD))
        if variable.codes is None and variable.type in ("integer", "number")
    ]
    low, high = MISSING[0], MISSING[-1]
    found: set[int] = set()
    for row in data.rows if free else ():
        for position in free:
            value = row[position]
            if isinstance(value, int | float) and low <= value <= high:
                found.add(position)
    return frozenset(found)


class _Fitted(dict[tuple[Value, Value], tuple[Stored, str | None]]):
    """Value and state of one variable -> what stands in the file, made when first met."""

    def __init__(self, program: Program, coded: Coded) -> None:
        super().__init__()
        self._make = program.stored
        self._coded = coded

    def __missing__(self, key: tuple[Value, Value]) -> tuple[Stored, str | None]:
        made = self._make(self._coded, *key)
        if self._coded.kind != "text" and len(self) < KEPT_AT_MOST:
            self[key] = made
        return made


Column = Sequence[float] | Sequence[Stored]
"""One variable's cells. A column of numbers is an array, with NaN where there is none."""


def columns(
    frame: Frame, program: Program, told: Callable[[int, Coded, str], None], rows: Iterable[tuple[Row, Row]]
) -> Sequence[Column]:
    """The columns of these rows of a frame, in the order of its variables.

    `told` gets each cell that had to be changed: its row counted from 1, its variable, and what was changed.
    """
    made = [_Fitted(program, coded) for coded in frame.variables]
    found: list[array[float] | list[Stored]] = [
        [] if coded.kind == "text" or (program.letters and coded.has_state) else array("d") for coded in frame.variables
    ]
    plan = list(zip(frame.variables, made, found, strict=True))
    for number, (values, states) in enumerate(rows, start=1):
        for coded, fitted, column in plan:
            stored, change = fitted[valued(values[coded.source]), valued(states[coded.source])]
            if change is not None:
                told(number, coded, change)
            if stored is None and isinstance(column, array):
                stored = NONE
            column.append(stored)  # type: ignore[arg-type]
    return found
