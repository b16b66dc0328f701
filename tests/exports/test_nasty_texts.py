"""Texts and numbers that other exports have tripped over: formulas, errors, escapes, control signs, lengths."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from fieldwork import META, Fieldwork
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from exports import xlsx
from exports.fitting import TEXT_LIMIT, fitting
from exports.losses import Loss
from exports.read_back import Workbook
from exports.tables import Cell, Field, Row, Spool, Table
from survey.storage.tables import Study

_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

TEXTS = [
    "=1+1", "+31 6", "-5", "@sum", "\tx", "#N/A", "#REF!", "TRUE", "1e5", "007", "2023-04-01", "_x0041_",
    "_x0041_x0042_", "a_x005F_b", " voor en na ", "twee  spaties", "regel\nregel", "<b>&amp;</b>", "]]>", "\"'",
    "é😀", '12"', '2" s="3"', '<c r="A1"', "{=1}", "שלום", "\u200e", "\ufffd", "a\x85b\u2028c", "x" * TEXT_LIMIT,
]  # fmt: skip


def test_text_is_text_in_every_cell_as_it_was_typed(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: open, name: why, text: Waarom?, max_length: 100000")
    for number, text in enumerate(TEXTS):
        fieldwork.said({"why": text}, f"P{number:02}")
    written = fieldwork.export()
    workbook = openpyxl.load_workbook(written.path)
    for sheet in ("Data", "Labels"):
        cells = [workbook[sheet].cell(2 + number, META + 1) for number in range(len(TEXTS))]
        assert [(cell.data_type, unescape(str(cell.value))) for cell in cells] == [("s", text) for text in TEXTS]
    assert {loss.table for loss in written.losses.listed} == {"Trail"}


def test_negative_and_decimal_numbers_stay_numbers(fieldwork: Fieldwork) -> None:
    fieldwork.ask(
        """
        kind: number, name: debts, text: Schuld?
        kind: number, name: part, text: Deel?, decimals: 6
        """
    )
    fieldwork.said({"debts": -5, "part": -0.000001})
    assert fieldwork.table()[1] == (-5, -0.000001)


def test_signs_that_xml_forbids_are_replaced_and_told_of(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: open, name: why, text: Waarom?")
    fieldwork.said({"why": "a\x00b\x1bc\ufffed"})
    written = fieldwork.export()
    what = "signs that no workbook can hold, replaced by \ufffd: 3"
    # The trail's JSON writes the first two as escapes, which fit.
    assert written.losses.listed == [
        *(Loss(sheet, cell, what) for sheet, cell in (("Data", "AO2"), ("Wide", "AN2"), ("Labels", "AO2"))),
        Loss("Trail", "O2", what.replace("3", "1")),
    ]
    workbook = openpyxl.load_workbook(written.path)
    assert workbook["Data"]["AO2"].value == "a\ufffdb\ufffdc\ufffdd"
    rows = list(workbook["Readme"].iter_rows(values_only=True))
    at = rows.index(("What had to be changed", None, None))
    assert rows[at + 1 : at + 3] == [(None, "Data, AO2", what), (None, "Wide, AN2", what)]


@pytest.mark.parametrize(("sign", "kept"), [("x", TEXT_LIMIT), ("😀", TEXT_LIMIT // 2)])
def test_text_beyond_the_limit_is_cut_and_told_of(fieldwork: Fieldwork, sign: str, kept: int) -> None:
    fieldwork.ask("kind: open, name: why, text: Waarom?, max_length: 100000")
    fieldwork.said({"why": sign * 33_000})
    written = fieldwork.export()
    assert openpyxl.load_workbook(written.path)["Data"]["AO2"].value == sign * kept
    length = len(sign.encode("utf-16-le")) // 2 * 33_000
    what = f"cut after 32,767 of {length:,} signs, the most that a cell holds"
    assert [loss for loss in written.losses.listed if loss.table == "Data"] == [Loss("Data", "AO2", what)]


@pytest.mark.parametrize(
    ("value", "kept", "changed"),
    [
        (2**53, 2**53, False),
        (2**53 + 1, "9007199254740993", True),
        (float("nan"), "nan", True),
        (float("-inf"), "-inf", True),
        ("", None, False),
        (None, None, False),
        ("x" * TEXT_LIMIT, "x" * TEXT_LIMIT, False),
        ("\ud800", "\ufffd", True),
    ],
)
def test_a_cell_holds_what_fits(value: Cell, kept: Cell, changed: bool) -> None:
    fit, what = fitting(value)
    assert (fit, what is not None) == (kept, changed)


CELLS = st.one_of(
    st.none(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
    st.sampled_from(TEXTS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20))
@example([("x", None, 2), (None, None, None), (None, 1.5, 'a 4" s="1"'), ("_x000a_", "\r", -0.0)])
def test_all_readers_find_the_same_cells(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    spool = Spool(tmp_path_factory.getbasetemp())
    spool.extend(rows)
    fields = (Field("first"), Field("second", "any"), Field("third", "number"))
    file = io.BytesIO()
    xlsx.write([Table("Data", "data", "", fields, spool)], lambda notes, losses: [], "Title", file)
    spool.close()
    meant = [tuple(fitting(value)[0] for value in row) for row in rows]
    assert list(Workbook(file).rows("Data", 3))[1:] == meant
    by_openpyxl = openpyxl.load_workbook(file)["Data"]
    assert [tuple(cell.value for cell in row) for row in by_openpyxl.iter_rows(2, 1 + len(rows), 1, 3)] == [
        tuple(_as_openpyxl(value) for value in row) for row in meant
    ]
    assert all(cell.data_type in "ns" for row in by_openpyxl.iter_rows() for cell in row)
    file.seek(0)
    found = CalamineWorkbook.from_filelike(file).get_sheet_by_name("Data").to_python(skip_empty_area=False)[1:]
    while meant and not any(value is not None for value in meant[-1]):
        meant.pop()
    assert [_of_calamine(row) for row in found[: len(meant)]] == [
        [_as_calamine(value) for value in row] for row in meant
    ]


def _as_openpyxl(value: Cell) -> Any:
    """openpyxl leaves Excel's escape of an underscore as it stands in the file."""
    return value if not isinstance(value, str) else _ESCAPE.sub("_x005F_", value)


def _of_calamine(row: list[Any]) -> list[Any]:
    """calamine gives "" for an empty cell, and fills up a short row not at all."""
    return [*row, *[""] * (3 - len(row))]


def _as_calamine(value: Cell) -> Any:
    return "" if value is None else float(value) if not isinstance(value, str) else value


def test_title_of_a_study_can_have_signs_that_no_workbook_holds(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: open, name: why, text: Waarom?")
    fieldwork.said({"why": "x"})
    with fieldwork.database.writing() as session:
        session.scalars(select(Study)).one().title = "=1+1\x01"
    assert openpyxl.load_workbook(fieldwork.export().path).properties.title == "=1+1\ufffd"
