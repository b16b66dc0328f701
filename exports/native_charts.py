"""Native charts of a workbook, which a reader can restyle: marks for rows, and lines through them such as a cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from openpyxl.chart import LineChart, Reference
from openpyxl.chart import Series as ChartSeries
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet

from exports.tables import Chart, Field, Series

_SHAPES: tuple[Literal["circle", "diamond", "square", "triangle"], ...] = ("circle", "diamond", "square", "triangle")
"""Series differ in the shape of their marks, as colour alone tells nothing to many people."""

_COLOURS = ("1F5673", "B3541E", "3F6B35", "6B4E71")
_LINE, _GRID = "404040", "D9D9D9"
_GAP = 19
"""Rows from the top of one chart to the top of the next, at the height below."""

FEW_ROWS = 40
"""Up to so many rows a chart below them is found at once."""

HEIGHT_CM, LEAST_WIDTH_CM, WIDTH_PER_ROW_CM = 9, 15, 4


_LEVEL = RichText(
    bodyPr=RichTextProperties(rot=0), p=[Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=900)))]
)
"""Names below a chart are broken over lines rather than turned, which would leave little room for what is drawn."""


def add_charts(worksheet: Worksheet, fields: Sequence[Field], charts: Sequence[Chart], heading: int, rows: int) -> None:
    """Put the charts below the rows, or where these are many to the right of them, one below the other.

    `heading` is the number of the heading's row, behind which there are so many `rows`.
    """
    few = rows <= FEW_ROWS
    row, column = (heading + rows + 2, 1) if few else (heading, len(fields) + 2)
    for number, chart in enumerate(charts):
        made = _made(worksheet, [field.name for field in fields], chart, heading + 1)
        made.anchor = worksheet.cell(row + number * _GAP, column).coordinate
        worksheet.add_chart(made)


def _made(worksheet: Worksheet, names: Sequence[str], chart: Chart, begin: int) -> LineChart:
    first, last = begin + chart.first, begin + chart.last

    def cells(field: str) -> Reference:
        column = names.index(field) + 1
        return Reference(worksheet, min_col=column, min_row=first, max_row=last)

    made = LineChart()
    made.title = _title(chart.title)
    made.height = HEIGHT_CM
    made.width = max(LEAST_WIDTH_CM, WIDTH_PER_ROW_CM * (last - first + 1))
    for place, series in enumerate(chart.series):
        drawn = ChartSeries(cells(series.field), title=series.title)
        _style(drawn, series, place)
        made.series.append(drawn)
    made.set_categories(cells(chart.labels))
    made.y_axis.title = chart.said
    made.y_axis.scaling.min, made.y_axis.scaling.max = chart.lowest, chart.highest
    made.y_axis.majorUnit = chart.step
    made.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID, w=6350)))
    # Else the names stand in the middle of a chart that goes below zero.
    made.x_axis.tickLblPos = "low"
    made.x_axis.txPr = _LEVEL
    # Else Excel hides both axes of a chart that openpyxl made.
    made.x_axis.delete = made.y_axis.delete = False
    made.legend = Legend(legendPos="b")
    if chart.joined:
        made.hiLowLines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_LINE, w=19050)))
    return made


def _style(drawn: Any, series: Series, place: int) -> None:
    """Marks without a line between them, or a dashed line without marks."""
    drawn.smooth = False
    if series.shown == "line":
        drawn.marker = Marker(symbol="none")
        drawn.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=_LINE, prstDash="dash", w=25400))
        return
    colour = _COLOURS[place % len(_COLOURS)]
    filled = GraphicalProperties(solidFill=colour)
    filled.line.solidFill = colour
    drawn.marker = Marker(symbol=_SHAPES[place % len(_SHAPES)], size=9, spPr=filled)
    drawn.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    if series.figures:
        drawn.dLbls = DataLabelList(showVal=True, dLblPos="r")
        drawn.dLbls.showSerName = drawn.dLbls.showCatName = drawn.dLbls.showLegendKey = False


def _title(words: str) -> Title:
    letters = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=True))
    rich = RichText(p=[Paragraph(pPr=letters, r=[RegularTextRun(rPr=CharacterProperties(sz=1200, b=True), t=words)])])
    return Title(tx=Text(rich=rich), overlay=False)
