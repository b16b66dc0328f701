"""The workbook's frame, made by openpyxl: sheets with their widths, filters and styles, and no rows yet.

Beside native_charts.py and translator_sheet.py this is the only file that knows openpyxl.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from exports.fitting import fitting
from exports.native_charts import add_charts
from exports.sheet_stream import Styles, letters
from exports.tables import Chart, Field

DATE_FORMAT = "yyyy-mm-dd"
TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"

_HEADING = PatternFill("solid", fgColor="FFE7EEF3")
_GREY = "FF7F7F7F"
_WIDTHS = {"date": 12, "datetime": 19, "integer": 9, "number": 11, "string": 16, "any": 16}

# Tokens of 24 signs, and moments with their offset.
_LONG_TEXTS = ("km_response", "started_at", "submitted_at", "changed_at", "began_at", "ended_at")
_LONG_NAMES = frozenset({"at", "title", "label", "details", "page_names"})


@dataclass(frozen=True)
class Sheet:
    """What the frame needs to know of a sheet: its name, fields, number of rows and of columns that stay in sight.

    `heading` is False for the Readme, which has none. `widths` overrule those that follow from the fields. `above` is
    the number of lines above the heading; rows with something in the field `grey` are shown in grey. `charts` are those
    over rows that stand in this sheet.
    """

    name: str
    fields: Sequence[Field]
    rows: int
    frozen: int = 0
    heading: bool = True
    wraps: bool = False
    widths: tuple[int, ...] = ()
    above: int = 0
    grey: str | None = None
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The saved frame, and the numbers of the styles in it that rows can use."""

    package: bytes
    styles: Styles
    wrapped: Styles


def frame(sheets: Sequence[Sheet], title: str) -> Frame:
    """An .xlsx package with these sheets in order, as xl/worksheets/sheet1.xml and on."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = str(fitting(title)[0] or "")
    workbook.properties.creator = "Krachtmeting"
    for sheet in sheets:
        _furnish(workbook.create_sheet(sheet.name), sheet)
    styles, wrapped = _styles(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return Frame(saved.getvalue(), styles, wrapped)


def _furnish(worksheet: Worksheet, sheet: Sheet) -> None:
    for i, field in enumerate(sheet.fields):
        width = sheet.widths[i] if sheet.widths else _width(field, sheet)
        worksheet.column_dimensions[letters(i)].width = width
    heading, last = 1 + sheet.above, letters(len(sheet.fields) - 1)
    if sheet.heading:
        worksheet.freeze_panes = f"{letters(sheet.frozen)}{heading + 1}"
        worksheet.auto_filter.ref = f"A{heading}:{last}{heading + sheet.rows}"
    add_charts(worksheet, sheet.fields, sheet.charts, heading, sheet.rows)
    if sheet.grey:
        column = letters([field.name for field in sheet.fields].index(sheet.grey))
        marked = FormulaRule(formula=[f"LEN(${column}{heading + 1})>0"], font=Font(color=_GREY))  # type: ignore[no-untyped-call]
        worksheet.conditional_formatting.add(f"A{heading + 1}:{last}{heading + max(sheet.rows, 1)}", marked)


def _width(field: Field, sheet: Sheet) -> int:
    if field.name in _LONG_NAMES or (field.type == "string" and any(part in field.name for part in _LONG_TEXTS)):
        return 27
    longest = 60 if sheet.wraps and field.name in ("text", "codes", "states") else 28
    return min(max(_WIDTHS[field.type], len(field.name) + 4, longest if longest == 60 else 0), longest)


def _styles(workbook: Workbook) -> tuple[Styles, Styles]:
    """The numbers of the styles, each put on a cell of the first sheet, which keeps none of its cells."""
    date, time, heading, wrapped, two, three = (workbook.worksheets[0][f"A{row}"] for row in range(1, 7))
    date.number_format = DATE_FORMAT
    time.number_format = TIME_FORMAT
    heading.font = Font(name="Calibri", sz=11, bold=True)
    heading.fill = _HEADING
    two.number_format, three.number_format = "0.00", "0.000"
    wrapped.alignment = Alignment(wrap_text=True, vertical="top")
    shared = (date.style_id, time.style_id, heading.style_id, two.style_id, three.style_id)
    return Styles(0, *shared), Styles(wrapped.style_id, *shared)
