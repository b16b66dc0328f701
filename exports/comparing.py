"""Compares what was meant to be written with what was read back, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from exports.tables import Cell, Row

Fitting = Callable[[Cell], tuple[Cell, str | None]]
"""What of a value a format can hold, and what had to be changed for it (None: nothing)."""


class Differs(Exception):
    """A file holds something else than was meant: in `table`, at `cell`, `meant` and `found`."""

    def __init__(self, table: str, cell: str, meant: object, found: object) -> None:
        self.table = table
        self.cell = cell
        self.meant = meant
        self.found = found
        super().__init__(f"{table}, {cell}: {_short(meant)} was meant and {_short(found)} is in the file")


def _short(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 80 else f"{said[:77]}..."


def changed(
    table: str, meant: Iterable[Row], found: Iterable[Row], fitting: Fitting, place: Callable[[int, int], str]
) -> int:
    """How many cells differ from what was meant only as far as the format must change them. Raises Differs for others.

    `place` names a cell by row and column, both counted from 0.
    """
    count = 0
    missing = object()
    for row, (due, there) in enumerate(zip_longest(meant, found, fillvalue=missing)):
        if due != there:
            if due is missing or there is missing:
                raise Differs(
                    table, place(row, 0), "no row" if due is missing else due, "no row" if there is missing else there
                )
            count += _cells(table, row, due, there, fitting, place)  # type: ignore[arg-type]
    return count


def _cells(
    table: str, row: int, due: Sequence[Cell], there: Sequence[Cell], fitting: Fitting, place: Callable[[int, int], str]
) -> int:
    count = 0
    for column, (value, found) in enumerate(zip_longest(due, there)):
        if value == found:
            continue
        fit, change = fitting(value)
        if fit != found or type(fit) is not type(found):
            raise Differs(table, place(row, column), value, found)
        count += change is not None
    return count
