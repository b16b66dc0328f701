"""The spreadsheet that goes to a translator and comes back: one text a row, every cell a text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from exports.fitting import fitting
from exports.packed import check_workbook
from exports.whole_file import whole_file
from survey.instruments.catalogues import STATUSES
from survey.instruments.round_trip import Returned, Row
from survey.instruments.texts import direction

README = "Read me"
SHEET = re.compile(r"Texts \((?P<language>[A-Za-z0-9-]+)\)")
"""The name of the sheet with the texts says into which language they go."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, the field of a text in it, and its width.

    `open`: a translator writes in it; `translated`: what stands there is in the language to translate into.
    """

    heading: str
    field: str
    width: int
    open: bool = False
    translated: bool = False


COLUMNS = (
    Column("context", "context", 34),
    Column("where", "where", 34),
    Column("seen by", "seen_by", 13),
    Column("source", "source", 46),
    Column("previous source", "previous", 34),
    Column("translation", "words", 46, True, True),
    Column("status", "status", 13, True),
    Column("comment", "comment", 34, True),
    Column("draft 1", "draft_1", 40, True, True),
    Column("draft 2", "draft_2", 40, True, True),
    Column("by", "by", 14),
    Column("on", "on", 12),
    Column("base", "base", 14),
)
NEEDED = ("context", "source")
UNREADABLE = (
    BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError, TypeError, AttributeError, IndexError,
    OverflowError, zlib.error,
)  # fmt: skip
"""What openpyxl raises for a file that is no workbook, or a broken one: it checks little of what it reads."""

MOST_ROWS, MOST_COLUMNS = 50_000, 100
LINE = 15.0
"""The height of a line, in points."""

_HEADING = PatternFill("solid", fgColor="FFE7EEF3")
_CLOSED = PatternFill("solid", fgColor="FFF4F2EE")
_ATTENTION = PatternFill("solid", fgColor="FFFDF6DD")

HOW_TO: tuple[tuple[str, str], ...] = (
    (
        "One row is one text. Write in the white columns only: translation, status, comment, draft 1 and "
        "draft 2. Leave the grey columns as they are.",
        "Eén rij is één tekst. Schrijf alleen in de witte kolommen: translation (vertaling), status, comment "
        "(opmerking), draft 1 en draft 2 (eerste en tweede versie). Laat de grijze kolommen zoals ze zijn.",
    ),
    (
        "Working with two translators? Each writes a draft without seeing the other's. Together, or with a "
        "third person, you then choose the words that count: those go under translation.",
        "Werkt u met twee vertalers? Elk schrijft een versie zonder die van de ander te zien. Samen, of met "
        "een derde persoon, kiest u daarna de woorden die gelden: die komen onder translation.",
    ),
    (
        "What stands in braces, such as {time}, is filled in later. Keep it exactly as it is; its place in "
        "the sentence is free.",
        "Wat tussen accolades staat, zoals {time}, wordt later ingevuld. Laat het precies zo staan; de plaats "
        "in de zin mag anders zijn.",
    ),
    (
        "Status: draft (translated by one person), reviewed (read by a second person), pretested (tried out "
        "with readers), approved (decided).",
        "Status: draft (door één persoon vertaald), reviewed (door een tweede gelezen), pretested (met lezers "
        "uitgeprobeerd), approved (goedgekeurd).",
    ),
    (
        "Status outdated, in yellow: the source changed after it was translated. Compare with the previous "
        "source. Change the translation, or keep it; then choose another status.",
        "Status outdated (verouderd), in geel: de brontekst veranderde na het vertalen. Vergelijk met "
        "previous source (vorige brontekst). Verander de vertaling of laat haar staan; kies daarna een andere "
        "status.",
    ),
    (
        "If you change words and leave the status, the text becomes a draft again. An empty cell changes nothing.",
        "Verandert u woorden en laat u de status staan, dan wordt de tekst weer draft. Een lege cel verandert niets.",
    ),
    (
        "“Staff” under seen by: participants never see this text.",
        "“Staff” onder seen by: deelnemers zien deze tekst nooit.",
    ),
    (
        "You may move, hide or sort rows and columns, and save as .xlsx with any program. Do not change the "
        "headings, and keep the columns context, source and base.",
        "U mag rijen en kolommen verplaatsen, verbergen of sorteren, en met elk programma opslaan als .xlsx. "
        "Verander de koppen niet, en houd de kolommen context, source en base.",
    ),
)


class SheetError(ValueError):
    """A file that is no sheet of texts; the message says what is wrong with it."""


def write_sheet(target: Path, language: str, rows: Sequence[Row]) -> None:
    """Write the texts into a workbook: a sheet that tells how to, and one with a row for each text.

    `rows` are in the languages of their instruments; `language` is the one to translate into.
    """
    workbook = Workbook()
    workbook.properties.creator = "Krachtmeting"
    workbook.properties.title = f"Texts ({language})"
    readme = workbook.worksheets[0]
    readme.title = README
    _tell(readme)
    sheet = workbook.create_sheet(f"Texts ({language})")
    sheet.sheet_view.rightToLeft = direction(language) == "rtl"
    _head(sheet)
    for number, row in enumerate(rows, start=2):
        _fill(sheet, number, row, language)
        sheet.row_dimensions[number].height = _height(row)
    sheet.freeze_panes = "D2"
    last = len(rows) + 1
    sheet.auto_filter.ref = f"A1:{_letter('base')}{last}"
    choices = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True, showErrorMessage=True)
    choices.error = f"Choose one of: {', '.join(STATUSES)}"
    choices.errorTitle = "Status"
    sheet.add_data_validation(choices)
    choices.add(f"{_letter('status')}2:{_letter('status')}{max(last, 2)}")
    with whole_file(target) as file:
        workbook.save(file)


def _tell(sheet: Worksheet) -> None:
    for letter, heading in (("A", "How to"), ("B", "Zo werkt het")):
        sheet.column_dimensions[letter].width = 80
        sheet[f"{letter}1"].value = heading
        sheet[f"{letter}1"].font = Font(bold=True, size=14)
    for number, both in enumerate(HOW_TO, start=2):
        for column, text in enumerate(both, start=1):
            cell = sheet.cell(number, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = LINE * (0.5 + max(_lines(text, 75) for text in both))


def _head(sheet: Worksheet) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(1, number, column.heading)
        cell.font = Font(bold=True)
        cell.fill = _HEADING
        sheet.column_dimensions[_letter(column.field)].width = column.width
    # Of use to the program only; a translator need not see it.
    sheet.column_dimensions[_letter("base")].hidden = True


def _fill(sheet: Worksheet, number: int, row: Row, language: str) -> None:
    values = {column.field: getattr(row, column.field, "") for column in COLUMNS}
    values["seen_by"] = "staff" if row.staff_only else "participants"
    for position, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(number, position)
        text, _ = fitting(values[column.field])
        if text is not None:
            cell.value = str(text)
            # Never a formula or an error, whatever it looks like.
            cell.data_type = "s"
        # As a text, also what somebody types into it: 1-2 is no date, and =1 no formula.
        cell.number_format = "@"
        # The source's direction follows from its own first letter.
        order = {"ltr": 1, "rtl": 2}[direction(language)] if column.translated else 0
        cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)
        if not column.open:
            cell.fill = _CLOSED
        elif row.outdated:
            cell.fill = _ATTENTION


def _height(row: Row) -> float:
    """Room for the longest text of a row, in points: not every program finds it by itself. A translation may become
    longer than its source.
    """
    lengths = {"words": 1.2 * len(row.source)}
    return LINE * max(
        _lines(getattr(row, column.field, ""), column.width, lengths.get(column.field, 0)) for column in COLUMNS
    )


def _lines(text: str, width: int, at_least: float = 0) -> int:
    # A column that is 40 wide holds about 40 digits; wide letters take more.
    return max(sum(1 + int(len(part) / (0.95 * width)) for part in text.split("\n")), 1 + int(at_least / width))


def _letter(field: str) -> str:
    return chr(65 + next(i for i, column in enumerate(COLUMNS) if column.field == field))


def read_sheet(path: Path, language: str) -> list[Returned]:
    """The rows of a workbook that came back, from any program and with its columns in any order. Raises SheetError."""
    try:
        check_workbook(path)
        with closing(load_workbook(path, read_only=True)) as workbook:
            for sheet in workbook.worksheets:
                # What a sheet says of its own size is not believed: each row that it skips would be made up.
                cells = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
                heading = _heading(next(cells, ()))
                if heading is not None:
                    _same_language(sheet.title, language)
                    return list(_returned(cells, heading))
    except SheetError:
        raise
    except UNREADABLE as error:
        raise SheetError(f"{path.name} cannot be read as a workbook (.xlsx): {error}") from None
    raise SheetError(f"{path.name} has no sheet with the columns {' and '.join(NEEDED)} in its first row")


def _heading(cells: Sequence[Any]) -> Mapping[int, str] | None:
    """Position -> field, where this is the first row of a sheet of texts. Columns of somebody's own are passed over."""
    fields = {column.heading: column.field for column in COLUMNS}
    found = {
        i: fields[name] for i, cell in enumerate(cells) if (name := str(cell.value or "").strip().lower()) in fields
    }
    twice = [field for field in found.values() if list(found.values()).count(field) > 1]
    if twice:
        raise SheetError(f"the column {twice[0].replace('_', ' ')} stands there twice; take one of the two away")
    return found if set(NEEDED) <= set(found.values()) else None


def _same_language(title: str, language: str) -> None:
    there = SHEET.fullmatch(title)
    if there and there["language"] != language:
        raise SheetError(f"this sheet is for the language '{there['language']}', and not for '{language}'")


def _returned(rows: Iterable[Sequence[Any]], heading: Mapping[int, str]) -> Iterator[Returned]:
    known = set(Returned.__dataclass_fields__)
    for number, cells in enumerate(rows, start=2):
        values: dict[str, Any] = {}
        for i, field in heading.items():
            if field in known:
                text = _text(cells[i]) if i < len(cells) else ""
                if text is None:
                    values["unreadable"] = next(column.heading for column in COLUMNS if column.field == field)
                values[field] = text or ""
        if any(values.values()):
            yield Returned(number, **values)


def _text(cell: Any) -> str | None:
    """The text of a cell; None where it holds a formula, an error or a date."""
    if cell.value is None:
        return ""
    if cell.data_type in ("f", "e", "d"):
        return None
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    if isinstance(cell.value, float) and cell.value.is_integer():
        return str(int(cell.value))
    return str(cell.value)
