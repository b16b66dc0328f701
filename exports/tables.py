"""A table of an export: named fields, and rows that wait in a file until a format writes them."""

from __future__ import annotations

import marshal
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Value = str | int | float | None
"""What a cell says. Dates and moments are ISO text here, and the field's type says so; None is an empty cell."""

Formula = tuple[str, Value]
"""A formula without its "=", and what it comes to (None: an empty text).

Only `formula` makes one, and only a field that is `computed` may hold it. What somebody typed is a `str` everywhere, so
it never is one. Formats without formulas write what it comes to."""

Cell = Value | Formula
"""What stands in a cell."""

Row = tuple[Cell, ...]

ROW = "\0"
"""Stands in a formula for the number of its own row, which is known when the sheet is written."""

FORMULA_LIMIT = 8192
"""The longest formula in Excel, in signs."""

_CODE_SIGN = re.compile("[\x01-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def formula(text: str, value: Value) -> Formula:
    """A formula of our own, like `formula(f"COUNT(P{ROW}:V{ROW})", 7)`.

    Raises ValueError for one that is too long or has signs that belong in no formula, and for a value that is no number
    of a sheet.
    """
    if len(text) > FORMULA_LIMIT - 32 or text.startswith("=") or _CODE_SIGN.search(text):
        raise ValueError(f"this cannot be a formula: {text[:80]!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{text[:80]!r} cannot come to {value}")
    return text, value or None if isinstance(value, str) else value


def valued(cell: Cell) -> Value:
    """What a cell says: of a formula what it comes to."""
    return cell[1] if isinstance(cell, tuple) else cell


FieldType = Literal["string", "integer", "number", "date", "datetime", "any"]
"""As in a Frictionless table schema. "date" is a whole date, "datetime" a wall-clock time to the second."""


@dataclass(frozen=True)
class Field:
    """One column: its `name` in the heading, its `title` in words, and the `codes` it is confined to (None: any).

    `computed`: its cells may be formulas. `decimals`: so many are shown where the format has styles; a cell holds all.
    """

    name: str
    type: FieldType = "string"
    title: str = ""
    codes: tuple[Value, ...] | None = None
    computed: bool = False
    decimals: Literal[2, 3] | None = None


def rounded(fields: Iterable[Field], three: Sequence[str] = ()) -> tuple[Field, ...]:
    """These fields, of which numbers are shown with two decimals, those named in `three` with three."""
    return tuple(
        replace(field, decimals=3 if field.name in three else 2) if field.type == "number" else field
        for field in fields
    )


def blank(fields: Sequence[Field]) -> Row:
    """The cells of these fields, with nothing in them."""
    return (None,) * len(fields)


@dataclass(frozen=True)
class Series:
    """What a chart draws of one field: a mark for each row, or a line through all, such as a cut-off.

    `figures`: the figure stands beside each mark.
    """

    field: str
    title: str
    shown: Literal["marks", "line"] = "marks"
    figures: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart beside a table, over its rows from `first` to `last`, counted from 0, with `labels` (a field) below it.

    `said` stands along the axis, which runs from `lowest` to `highest` by `step`. `joined`: what belongs to one row is
    joined by a line, as in a dumbbell.
    """

    title: str
    labels: str
    series: tuple[Series, ...]
    first: int
    last: int
    said: str
    lowest: float
    highest: float
    joined: bool = False
    step: float = 1


class Spool:
    """Rows on disk, read back in the order in which they came, so that memory does not grow with them.

    The file has no name and is gone when it is closed. One reading at a time.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=1 << 18)  # noqa: SIM115 (`close` closes it)
        self._count = 0
        self.size = 0
        """Bytes written."""

    def append(self, row: Row) -> None:
        """Keep a row."""
        # Version 2 writes no references between objects, which is quicker for cells.
        kept = marshal.dumps(row, 2)
        self._file.write(len(kept).to_bytes(4, "little") + kept)
        self._count += 1
        self.size += len(kept)

    def extend(self, rows: Iterable[Row]) -> None:
        """Keep rows."""
        for row in rows:
            self.append(row)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        read = self._file.read
        for _ in range(self._count):
            # Only this object ever wrote to the file, which has no name.
            yield marshal.loads(read(int.from_bytes(read(4), "little")))  # noqa: S302  # nosec B302

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()


@dataclass(frozen=True)
class Table:
    """One sheet or CSV file. `name` is its sheet's, `path` its file's without suffix, `frozen` the number of fields
    that stay in sight, `key` the fields that identify a row, `parent` the path and fields that `belongs` refers to.

    `above` are lines above the heading of its sheet, and `empty` is what the sheet says instead of rows where there are
    none; CSV has both in its Readme. Rows with something in the field `grey` are shown in grey. `charts` stand
    below or beside the rows, where the format has charts.
    """

    name: str
    path: str
    description: str
    fields: tuple[Field, ...]
    rows: Spool
    frozen: int = 0
    key: tuple[str, ...] = ()
    belongs: tuple[str, ...] = ()
    parent: str | None = None
    wraps: bool = False
    above: tuple[str, ...] = ()
    empty: str = ""
    grey: str | None = None
    charts: tuple[Chart, ...] = ()

    @property
    def computed(self) -> bool:
        """Whether formulas can stand in it."""
        return any(field.computed for field in self.fields)
