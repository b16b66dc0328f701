"""An .xlsx package: the workbook's frame, with the rows of its sheets streamed into it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from exports.losses import Losses
from exports.readme import MakeReadme
from exports.sheet_stream import SheetStream
from exports.tables import ROW, Field, Row, Table
from exports.workbook import Frame, Sheet, frame

ROWS_AT_MOST = 1_048_576
COLUMNS_AT_MOST = 16_384
NAME_LIMIT = 31
LEVEL = 1
"""How hard zlib tries: 1 is several times as quick as 6, for a file that is about a quarter larger."""

README = "Readme"
README_FIELDS = (Field("heading"), Field("item", "any"), Field("said", "any"))
NOTES = (
    "Text is always text: what begins with = + - or @ is no formula here. Dates are real dates; those before March "
    "1900, and those of which only a month or year is known, are text.",
    "A whole number beyond 2 to the power 53 stands as text, because a sheet would round it.",
)
_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_ZIP64_FROM = 1 << 31
_XML_PER_BYTE = 16
"""A generous guess of how much XML one spooled byte makes."""


class TooWide(Exception):
    """A sheet would need more columns than Excel has; `table` and `columns` say which and how many."""

    def __init__(self, table: str, columns: int) -> None:
        self.table = table
        self.columns = columns
        super().__init__(
            f"{table} would have {columns:,} columns, and a sheet has {COLUMNS_AT_MOST:,}; "
            "choose fewer instruments or waves, or write a .zip"
        )


@dataclass(frozen=True)
class Part:
    """A sheet with the rows of a table from `start` on: the whole, or as much as a sheet can hold."""

    sheet: Sheet
    table: Table
    start: int

    def rows(self) -> Iterator[Row]:
        """Its rows; where the table has none, one that says so."""
        if self.table.empty and len(self.table.rows) == 0:
            return iter([(self.table.empty, *(None for _ in self.table.fields[1:]))])
        return islice(self.table.rows, self.start, self.start + self.sheet.rows)


def parts(tables: Iterable[Table]) -> list[Part]:
    """The sheets that these tables need; a long one continues in "Trail (2)". Raises TooWide."""
    found: list[Part] = []
    names: set[str] = {README}
    for table in tables:
        if len(table.fields) > COLUMNS_AT_MOST:
            raise TooWide(table.name, len(table.fields))
        above = len(table.above)
        room = max(1, ROWS_AT_MOST - 1 - above)
        for number, start in enumerate(range(0, max(len(table.rows), 1), room), start=1):
            rows = min(room, len(table.rows) - start)
            name = _free_name(table.name, number, names)
            names.add(name)
            # A table that goes on in a second sheet has its charts in none: each would be of a part.
            charts = table.charts if rows == len(table.rows) else ()
            sheet = Sheet(
                name, table.fields, rows, table.frozen, wraps=table.wraps, above=above, grey=table.grey, charts=charts
            )
            found.append(Part(sheet, table, start))
    return found


def _free_name(name: str, number: int, taken: set[str]) -> str:
    while True:
        suffix = f" ({number})" if number > 1 else ""
        free = name[: NAME_LIMIT - len(suffix)] + suffix
        if free not in taken:
            return free
        number += 1


def write(tables: Sequence[Table], readme: MakeReadme, title: str, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    """Write the workbook into `file`, which must be seekable. Back come what had to be changed, and the Readme's rows.

    Raises TooWide.
    """
    losses = Losses()
    sheets = parts(tables)
    first = Sheet(README, README_FIELDS, 0, heading=False, wraps=True, widths=(24, 34, 110))
    made = frame([first, *(part.sheet for part in sheets)], title)
    with ZipFile(io.BytesIO(made.package)) as package, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as whole:
        streamed = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 2)]
        for name in package.namelist():
            if name not in streamed:
                whole.writestr(name, package.read(name))
        digests = {}
        for name, part in zip(streamed[1:], sheets, strict=True):
            xml, table = package.read(name).decode(), part.table
            digests[part.sheet.name] = _stream(
                xml, whole, name, part.sheet, part.rows(), made, losses, table.rows.size, table.above
            )
        # Last, as it tells what had to be changed in the others, and their fingerprints.
        said = [*readme(NOTES, losses), *fingerprints(digests)]
        _stream(package.read(streamed[0]).decode(), whole, streamed[0], first, said, made, losses, 0)
    return losses, said


def _stream(
    xml: str,
    whole: ZipFile,
    name: str,
    sheet: Sheet,
    rows: Iterable[Row],
    made: Frame,
    losses: Losses,
    size: int,
    above: Sequence[str] = (),
) -> str:
    """Put the lines above, the heading and the rows of a sheet into the place that its frame has for them.

    Back comes the sha256 of the sheet's XML.
    """
    before, after = _halves(xml, sheet.name)
    stream = SheetStream(sheet.name, sheet.fields, made.wrapped if sheet.wraps else made.styles, losses)
    # Excel is wary of zip64, so only what may need it gets it.
    with whole.open(name, "w", force_zip64=size * _XML_PER_BYTE > _ZIP64_FROM) as file:
        part = Hashed(file)
        part.write(f"{before}<sheetData>".encode())
        part.write(stream.lines(above))
        if sheet.heading:
            part.write(stream.heading())
        write_behind(part, stream.chunks(rows))
        part.write(f"</sheetData>{after}".encode())
    return part.digest.hexdigest()


class Hashed:
    """An open file to write to, and the `digest` of what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """Write a chunk."""
        self.digest.update(chunk)
        self._file.write(chunk)


def fingerprints(digests: Mapping[str, str]) -> Iterator[Row]:
    """The rows of the Readme with the sha256 of each sheet's XML."""
    yield "Fingerprints of the sheets", None, None
    said = "The sha256 of each sheet's XML in this file, as it was written: unzip -p FILE PART | sha256sum prints it."
    yield None, "How to check", said
    for number, (name, digest) in enumerate(digests.items(), start=2):
        yield None, f"xl/worksheets/sheet{number}.xml", f"{name}: {digest}"


def write_behind(part: Hashed | IO[bytes], chunks: Iterable[bytes]) -> None:
    """Write the chunks; each is packed while the next one is made."""
    with ThreadPoolExecutor(1) as worker:
        last: Future[object] = worker.submit(part.write, b"")
        for chunk in chunks:
            last.result()
            last = worker.submit(part.write, chunk)
        last.result()


def _halves(xml: str, name: str) -> tuple[str, str]:
    """A sheet's XML before its rows and behind them. The frame's own cells go, and its measure of them."""
    halves = _ROWS.split(_DIMENSION.sub("", xml))
    if len(halves) != 2:
        raise ValueError(f"the frame of {name} has no place for rows")
    return halves[0], halves[1]


def expected(tables: Sequence[Table], readme: list[Row]) -> Iterator[tuple[str, Sequence[Field], Iterable[Row]]]:
    """Each sheet's name, fields and the rows that must be found in it, headings included."""
    yield README, README_FIELDS, readme
    for part in parts(tables):
        heading: Row = tuple(field.name for field in part.sheet.fields)
        yield part.sheet.name, part.sheet.fields, _with_heading(heading, part)


def _with_heading(heading: Row, part: Part) -> Iterator[Row]:
    for line in part.table.above:
        yield (line, *(None for _ in heading[1:]))
    yield heading
    if part.table.computed:
        yield from map(_placed, part.rows(), count(len(part.table.above) + 2))
    else:
        yield from part.rows()


def _placed(row: Row, number: int) -> Row:
    """A row with its own number in its formulas."""
    return tuple((cell[0].replace(ROW, str(number)), cell[1]) if isinstance(cell, tuple) else cell for cell in row)
