"""A table of an export: named fields, and rows that wait in a file until a format writes them."""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Cell = str | int | float | None
"""What stands in a cell. Dates and moments are ISO text here, and the field's type says so; None is an empty cell."""

Row = tuple[Cell, ...]

FieldType = Literal["string", "integer", "number", "date", "datetime", "any"]
"""As in a Frictionless table schema. "date" is a whole date, "datetime" a wall-clock time to the second."""


@dataclass(frozen=True)
class Field:
    """One column: its `name` in the heading, its `title` in words, and the `codes` it is confined to (None: any)."""

    name: str
    type: FieldType = "string"
    title: str = ""
    codes: tuple[Cell, ...] | None = None


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
            yield marshal.loads(read(int.from_bytes(read(4), "little")))  # noqa: S302

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()


@dataclass(frozen=True)
class Table:
    """One sheet or CSV file. `name` is its sheet's, `path` its file's without suffix, `frozen` the number of fields
    that stay in sight, `key` the fields that identify a row, `parent` the path and fields that `belongs` refers to.

    `above` are lines above the heading of its sheet, and `empty` is what the sheet says instead of rows where there are
    none; CSV has both in its Readme. Rows with something in the field `grey` are shown in grey.
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
