"""Formulas and native charts of a workbook: only our own, read back with what they come to, and computed anew."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from exports import csv_zip, xlsx
from exports.losses import Losses
from exports.read_back import Workbook
from exports.tables import ROW, Cell, Chart, Field, Row, Series, Spool, Table, formula, valued

FIELDS = (
    Field("name"),
    Field("one", "integer"),
    Field("two", "integer"),
    Field("mean", "number", computed=True),
    Field("says", "string", computed=True),
)
SAYS = f'IF(D{ROW}>=3,"high & mighty","")'
CHART = Chart(
    "Means", "name", (Series("mean", "Mean"), Series("two", "Two", "line")), 0, 1, "points", 1, 5, joined=True
)


def mean_of(one: int | None, two: int | None) -> Cell:
    given = [value for value in (one, two) if value is not None]
    value = sum(given) / len(given) if given else None
    return formula(f'IF(COUNT(B{ROW}:C{ROW})>0,AVERAGE(B{ROW}:C{ROW}),"")', value)


def row(name: str, one: int | None, two: int | None) -> Row:
    mean = mean_of(one, two)
    value = valued(mean)
    return name, one, two, mean, formula(SAYS, "high & mighty" if isinstance(value, float) and value >= 3 else None)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with closing(Spool(tmp_path)) as spool:
        spool.extend([row('=1+1"2"', 1, 2), row("<f>", 5, None), row("none", None, None)])
        yield Table("Scores", "scores", "Said.", FIELDS, spool, above=("=a line",), charts=(CHART,))


def written(table: Table) -> io.BytesIO:
    file = io.BytesIO()
    xlsx.write([table], lambda notes, losses: [], "Title", file)
    return file


def test_formulas_are_written_with_what_they_come_to(table: Table) -> None:
    file = written(table)
    by_text = openpyxl.load_workbook(file)["Scores"]
    by_value = openpyxl.load_workbook(file, data_only=True)["Scores"]
    assert [cell.value for cell in by_text["D"][2:]] == [
        f'=IF(COUNT(B{n}:C{n})>0,AVERAGE(B{n}:C{n}),"")' for n in (3, 4, 5)
    ]
    assert [cell.value for cell in by_value["D"][2:]] == [1.5, 5, None]
    assert [cell.value for cell in by_value["E"][2:]] == [None, "high & mighty", None]
    # What was typed is text, whatever it looks like.
    assert [(cell.value, cell.data_type) for cell in by_text["A"][2:4]] == [('=1+1"2"', "s"), ("<f>", "s")]


def test_formulas_are_read_back_with_their_text_and_value(table: Table) -> None:
    file = written(table)
    workbook = Workbook(file)
    found = list(workbook.rows("Scores", len(FIELDS)))
    ((_, _, meant),) = [one for one in xlsx.expected([table], []) if one[0] == "Scores"]
    assert found == list(meant)
    assert found[3][3:] == (
        ('IF(COUNT(B4:C4)>0,AVERAGE(B4:C4),"")', 5.0), ('IF(D4>=3,"high & mighty","")', "high & mighty")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"AVERAGE(B4:C4)", b"AVERAGE(B4:D4)"), (b"<v>5.0</v></c><c r=\"E4\"", b"<v>5.1</v></c><c r=\"E4\"")],
)  # fmt: skip
def test_a_damaged_formula_or_value_differs(table: Table, before: bytes, after: bytes) -> None:
    with ZipFile(written(table)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    assert before in parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"].replace(before, after)
    damaged = io.BytesIO()
    with ZipFile(damaged, "w") as whole:
        for name, content in parts.items():
            whole.writestr(name, content)
    ((_, _, meant),) = [one for one in xlsx.expected([table], []) if one[0] == "Scores"]
    assert list(Workbook(damaged).rows("Scores", len(FIELDS))) != list(meant)


def test_csv_has_what_formulas_come_to(table: Table) -> None:
    text = b"".join(csv_zip._chunks(table, Losses())).decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1:] == [
        ['\'=1+1"2"', "1", "2", "1.5", ""],
        ["<f>", "5", "", "5.0", "high & mighty"],
        ["none", "", "", "", ""],
    ]


def test_no_formula_fits_in_a_column_that_is_not_computed(tmp_path: Path) -> None:
    with closing(Spool(tmp_path)) as spool:
        spool.append((formula("1+1", 2),))
        with pytest.raises(TypeError, match="no formula belongs in Data, column A"):
            written(Table("Data", "data", "", (Field("why"),), spool))


@pytest.mark.parametrize(
    ("text", "value"),
    [("=1", 1), ("1\n", 1), ("1" * 9000, 1), ("1/0", float("nan")), ("1/0", float("inf")), ("\ud800", 1)],
)
def test_what_is_no_formula_of_ours_is_refused(text: str, value: float) -> None:
    with pytest.raises(ValueError, match="cannot"):
        formula(text, value)


def test_a_chart_stands_beside_its_rows_and_names_their_cells(table: Table) -> None:
    file = written(table)
    (chart,) = openpyxl.load_workbook(file)["Scores"]._charts
    assert (chart.anchor._from.col, chart.anchor._from.row) == (0, 6)
    assert [one.val.numRef.f for one in chart.series] == ["'Scores'!$D$3:$D$4", "'Scores'!$C$3:$C$4"]
    assert [re.sub(r".*!", "", (one.cat.numRef or one.cat.strRef).f) for one in chart.series] == ["$A$3:$A$4"] * 2
    assert [one.marker.symbol for one in chart.series] == ["circle", None]


def test_a_table_that_goes_on_in_a_second_sheet_has_no_chart(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS_AT_MOST", 4)
    workbook = openpyxl.load_workbook(written(table))
    assert {sheet.title: len(sheet._charts) for sheet in workbook.worksheets} == {
        "Readme": 0,
        "Scores": 0,
        "Scores (2)": 0,
    }
    # The own row of a formula is that of the second sheet.
    assert str(workbook["Scores (2)"]["D3"].value) == '=IF(COUNT(B3:C3)>0,AVERAGE(B3:C3),"")'
