"""A .zip of CSV files (UTF-8, RFC 4180) that R reads as they are, described by a Frictionless data package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import getitem
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from exports.datapackage import Resource, descriptor
from exports.losses import Losses
from exports.readme import Facts, MakeReadme
from exports.tables import Cell, Row, Table, valued

README, DESCRIPTOR = "README.txt", "datapackage.json"
LEVEL = 6
NOTES = (
    "CSV files in UTF-8, fields separated by commas, as in RFC 4180; datapackage.json describes every file and field.",
    "A text that begins with = + - @, a tab or a carriage return, and is no number, gets an apostrophe before it, so "
    "that no spreadsheet runs it as a formula; each is listed below. Numbers are never touched.",
    'In R: read.csv("data.csv", na.strings = "").',
)

SCRIPTS = {
    "change_printed.csv": "the table Change as reports print it.",
    "change.R": "computes that table anew from the answers with R, and says where it differs: Rscript change.R",
    "change.sps": "does the same with SPSS or PSPP, without reliable change, arms and interpreters.",
}
"""What the Readme says of files beside the tables."""

_ILLEGAL = re.compile("[\x00\ud800-\udfff]")
_RUNS = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?")
_CHUNK = 1 << 18
KEPT_AT_MOST = 4096
_SHORT = 64


def fitting(value: Cell) -> tuple[Cell, str | None]:
    """What of a value is written, and what had to be changed for it (None: nothing). Of a formula what it comes to."""
    value = valued(value)
    if not isinstance(value, str):
        return value, None
    text, change = plain_signs(value)
    said = [change] if change else []
    if _RUNS.match(text) and not _NUMBER.fullmatch(text):
        text = f"'{text}"
        said.append("an apostrophe was put before it, so that no spreadsheet reads it as a formula")
    return text, "; ".join(said) or None


def plain_signs(words: str) -> tuple[str, str | None]:
    """Words as a text file can hold them, sign for sign, and what had to be changed for it (None: nothing)."""
    text, replaced = _ILLEGAL.subn("\ufffd", words)
    return text, f"signs that no text file can hold, replaced by \ufffd: {replaced}" if replaced else None


def said(value: Cell) -> str:
    """A value as the text that stands in a file; nothing for None."""
    value = valued(value)
    return "" if value is None else str(value)


def write(
    tables: Sequence[Table], facts: Facts, make: MakeReadme, file: IO[bytes], beside: Mapping[str, str] | None = None
) -> tuple[Losses, list[Row]]:
    """Write the package into `file`, which must be seekable: what had to be changed, and the Readme's rows.

    `beside`: name -> content of further files, such as scripts.
    """
    losses = Losses()
    resources = []
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as whole:
        for table in tables:
            digest, size = hashlib.sha256(), 0
            with whole.open(file_name(table), "w", force_zip64=table.rows.size > 1 << 30) as part:
                for chunk in _chunks(table, losses):
                    part.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            resources.append(Resource(table, file_name(table), size, digest.hexdigest()))
        for name, text in (beside or {}).items():
            whole.writestr(name, text.encode())
        rows = make((*NOTES, *(f"{name}: {SCRIPTS[name]}" for name in beside or {} if name in SCRIPTS)), losses)
        whole.writestr(README, plain(rows).encode("utf-8", errors="replace"))
        whole.writestr(DESCRIPTOR, json.dumps(descriptor(facts, resources), ensure_ascii=True, indent=2) + "\n")
    return losses, rows


def file_name(table: Table) -> str:
    """A table's place in the package."""
    return f"{table.path}.csv"


def place(table: Table, row: int, column: int) -> str:
    """A cell as a reader finds it: its row, the heading not counted, and its field."""
    name = table.fields[column].name if column < len(table.fields) else f"field {column + 1}"
    return f"row {row}, {name}"


class _Texts(dict[Cell, str]):
    """Value -> the text to write in one field, made when first met."""

    def __init__(self, writing: _Writing, column: int) -> None:
        super().__init__({None: ""})
        self._writing = writing
        self._column = column

    def __missing__(self, value: Cell) -> str:
        fit, change = fitting(value)
        # A truth and a float equal to a whole number share the whole number's place, so each is said the same way.
        text = said(fit)
        if change is not None:
            self._writing.lost(self._column, change)
        elif isinstance(value, str) and len(value) <= _SHORT:
            if len(self) >= KEPT_AT_MOST:
                self.clear()
                self[None] = ""
            self[value] = text
        return text


class _Writing:
    """Where the writing of a table is, so that a changed cell can be told of."""

    def __init__(self, table: Table, losses: Losses) -> None:
        self.row = 0
        self._table = table
        self._losses = losses

    def lost(self, column: int, what: str) -> None:
        self._losses.add(file_name(self._table), place(self._table, self.row, column), what)


def _chunks(table: Table, losses: Losses) -> Iterator[bytes]:
    writing = _Writing(table, losses)
    texts = [_Texts(writing, column) for column in range(len(table.fields))]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([field.name for field in table.fields])
    for row in table.rows:
        writing.row += 1
        writer.writerow(list(map(getitem, texts, row)))
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def plain(rows: Iterable[Row]) -> str:
    """The Readme as text: headings underlined, items below them."""
    lines: list[str] = []
    for heading, item, text in rows:
        if heading is not None:
            lines += ["", str(heading), "-" * len(str(heading))]
        else:
            lines.append(f"{said(item)}: {said(text)}")
    return "\r\n".join([*lines[1:], ""])


def read(file: IO[bytes], table: Table) -> Iterator[Row]:
    """The rows of a table as they are in the package, all cells as text, the heading first. Raises csv.Error."""
    before = csv.field_size_limit(sys.maxsize)
    try:
        with ZipFile(file) as package, package.open(file_name(table)) as part:
            for row in csv.reader(io.TextIOWrapper(part, encoding="utf-8", newline=""), strict=True):
                yield tuple(row)
    finally:
        csv.field_size_limit(before)


def text(file: IO[bytes], name: str) -> str:
    """A file of the package that is no table."""
    with ZipFile(file) as package:
        return package.read(name).decode()


def expected(table: Table) -> Iterator[Row]:
    """The rows of a table as they are meant to be found in the package."""
    yield tuple(field.name for field in table.fields)
    for row in table.rows:
        yield tuple(map(said, row))
