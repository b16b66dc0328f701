"""The sheet and the catalogue that go to a translator, and what is read from them when they come back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polib
import pytest
from openpyxl import Workbook, load_workbook

from exports.translator_catalogue import read_texts, write_texts
from exports.translator_sheet import COLUMNS, README, SheetError
from survey.instruments.catalogues import STATUSES, Translation, merge, read_catalogue
from survey.instruments.library import Library, shelves
from survey.instruments.round_trip import FIELDS, Returned, Row, compare
from survey.instruments.to_translate import names, own_language, rows_of, texts_to_translate

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"

NASTY = [
    "=1+1",
    "#N/A",
    "-5",
    "+31 6",
    "@x",
    "_x0041_",
    "007",
    "1-2",
    "<&>\"'",
    "é😀",
    "TRUE",
    "regel\nregel",
    "'x",
    "a  b",
]
ROWS = [
    Row("a/title", "Titel", "Blad", False, Translation("عنوان", "reviewed", False, by="ABC-222", on="2025-03-03")),
    Row("a/new", "Nieuw", "Blad › Vraag", False),
    Row("a/old", "Hoe oud?", "Blad", True, Translation("كم عمرك؟", "approved", True, previous="Leeftijd?")),
    Row("a/all", "x", "", False, Translation("w", "draft", False, draft_1="een\ntwee", draft_2="d2", comment="c")),
    *(Row(f"a/n{i}", text, text, False, Translation(text, "draft", False)) for i, text in enumerate(NASTY)),
]


def returned(path: Path, language: str = "ar") -> list[Returned]:
    return read_texts(path, language)


def values(row: Returned | Row) -> tuple[str | None, ...]:
    return (row.context, row.source, *(getattr(row, field) for field in FIELDS))


@pytest.fixture(params=[".xlsx", ".po"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"ar{request.param}"
    write_texts(path, "ar", ROWS)
    return path


def test_every_text_comes_back_as_it_went(file: Path) -> None:
    assert [values(row) for row in returned(file)] == [values(row) for row in ROWS]
    assert compare(ROWS, returned(file)) == compare([], [])


def test_every_shipped_text_comes_back_as_it_went(tmp_path: Path) -> None:
    library = Library(shelves())
    rows = [row for name in names(library) for row in rows_of(library, name, "ar")]
    for suffix in (".xlsx", ".po"):
        write_texts(path := tmp_path / f"ar{suffix}", "ar", rows)
        assert [values(row) for row in returned(path)] == [values(row) for row in rows]


def test_wrong_language_and_format_are_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match=r"for the language 'ar', and not for 'tr'"):
        read_texts(file, "tr")
    with pytest.raises(SheetError, match=r"'\.ods' is no format"):
        write_texts(tmp_path / "ar.ods", "ar", ROWS)
    with pytest.raises(SheetError, match=r"'\.txt' is no format"):
        read_texts(tmp_path / "ar.txt", "ar")


def test_file_that_is_none_is_told(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".po"):
        path = tmp_path / f"ar{suffix}"
        path.write_bytes(b"\x00\xff nonsense")
        with pytest.raises(SheetError, match=f"ar{suffix} cannot be read"):
            read_texts(path, "ar")


# The workbook


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "ar.xlsx"
    write_texts(path, "ar", ROWS)
    return path


def test_sheet_is_furnished_for_its_language(tmp_path: Path, sheet: Path) -> None:
    write_texts(tmp_path / "tr.xlsx", "tr", ROWS)
    arabic, turkish = load_workbook(sheet), load_workbook(tmp_path / "tr.xlsx")
    assert arabic.sheetnames == [README, "Texts (ar)"]
    assert [bool(one.worksheets[1].sheet_view.rightToLeft) for one in (arabic, turkish)] == [True, False]
    texts = arabic["Texts (ar)"]
    assert [cell.value for cell in texts[1]] == [column.heading for column in COLUMNS]
    assert (texts.freeze_panes, texts.auto_filter.ref) == ("D2", f"A1:M{len(ROWS) + 1}")
    (choices,) = texts.data_validations.dataValidation
    assert (choices.formula1, str(choices.sqref)) == (f'"{",".join(STATUSES)}"', f"G2:G{len(ROWS) + 1}")
    assert len(arabic[README]["A"]) == len(arabic[README]["B"]) > 5


def test_no_cell_is_anything_but_text(sheet: Path) -> None:
    cells = [cell for row in load_workbook(sheet)["Texts (ar)"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells if cell.row > 1} == {"@"}


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    workbook = load_workbook(path)
    change(workbook["Texts (ar)"])
    workbook.save(path)
    return path


def test_columns_may_stand_in_any_order_and_others_beside_them(sheet: Path) -> None:
    def reorder(texts: Any) -> None:
        rows = [[cell.value for cell in row] for row in texts.iter_rows()]
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate([*reversed(row), "Notes" if number == 1 else "mine"], start=1):
                cell = texts.cell(number, position)
                cell.value = value
                cell.data_type = "s" if value is not None else "n"
        texts.cell(1, 1).value = " BASE "

    assert [values(row) for row in returned(edited(sheet, reorder))] == [values(row) for row in ROWS]


def test_column_that_was_taken_away_changes_nothing(sheet: Path) -> None:
    back = returned(edited(sheet, lambda texts: texts.delete_cols(8)))
    assert {row.comment for row in back} == {None}
    assert compare(ROWS, back).changes == ()


def test_number_typed_as_a_translation_is_text(sheet: Path) -> None:
    def number(texts: Any) -> None:
        for row, value in ((3, 5), (4, 5.0), (5, 5.5), (6, True)):
            texts.cell(row, 6).value = value

    assert [row.words for row in returned(edited(sheet, number))][1:5] == ["5", "5", "5.5", "TRUE"]


@pytest.mark.parametrize("value", ["=A1&B1", "#NAME?"])
def test_formula_is_no_translation(sheet: Path, value: str) -> None:
    back = returned(edited(sheet, lambda texts: texts.cell(3, 6, value)))
    assert [(row.number, row.unreadable) for row in back if row.unreadable] == [(3, "translation")]
    assert [one.fault.code for one in compare(ROWS, back).refusals] == ["unreadable"]


def test_row_numbers_are_those_of_the_sheet_and_empty_rows_are_passed_over(sheet: Path) -> None:
    back = returned(edited(sheet, lambda texts: texts.insert_rows(3)))
    assert [row.number for row in back][:3] == [2, 4, 5]


def test_sheet_without_the_needed_columns_is_told(sheet: Path, tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="no sheet with the columns context and source"):
        returned(edited(sheet, lambda texts: texts.delete_cols(1)))
    empty = Workbook()
    empty.save(tmp_path / "empty.xlsx")
    with pytest.raises(SheetError, match="no sheet with the columns"):
        read_texts(tmp_path / "empty.xlsx", "ar")


def test_column_that_stands_twice_is_told(sheet: Path) -> None:
    with pytest.raises(SheetError, match="the column words stands there twice"):
        returned(edited(sheet, lambda texts: texts.cell(1, 14, "Translation")))


@pytest.mark.libreoffice
def test_sheet_as_libreoffice_saves_it_has_the_same_texts(sheet: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        told = "NOT TESTED: a sheet as LibreOffice saves it. To test it, install libreoffice-calc."
        pytest.fail(told) if NOTHING_SKIPPED else pytest.skip(told)

    def work(texts: Any) -> None:
        texts.cell(3, 6, "جديد")
        texts.cell(3, 7, "reviewed")

    edited(sheet, work)
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    # To its own format and back: what it keeps in between is LibreOffice's own.
    for kind, path in (("ods", sheet), ("xlsx", tmp_path / "saved" / "ar.ods")):
        command = [soffice, home, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "saved"), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    saved = tmp_path / "saved" / "ar.xlsx"
    assert load_workbook(saved)["Texts (ar)"].sheet_view.rightToLeft
    found = compare(ROWS, returned(saved))
    assert found.refusals == ()
    assert [(one.number, one.edited.differences, one.meanwhile) for one in found.changes] == [
        (3, [("words", "", "جديد"), ("status", "", "reviewed")], False)
    ]


# The catalogue


def test_catalogue_can_take_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    library = Library(shelves())
    for name in ("client-interview", "controls"):
        shipped = library.catalogue_file(name, "ar")
        rows = rows_of(library, name, "ar", all_versions=True)
        path = tmp_path / f"{name}.po"
        write_texts(path, "ar", rows, kept=shipped)
        made = {key: one for key, one in read_catalogue(path).items() if one.words}
        assert made == {key: one for key, one in read_catalogue(shipped).items() if one.words}
        before = path.read_bytes()
        merge(path, texts_to_translate(library, name, all_versions=True), "ar")
        assert path.read_bytes() == before
        assert own_language(library, name) == "nl"


def test_texts_that_no_version_has_any_more_go_along(tmp_path: Path) -> None:
    kept, path = tmp_path / "kept.po", tmp_path / "ar.po"
    merge(kept, [("a/gone", "Weg"), ("a/title", "Titel")], "ar")
    file = polib.pofile(str(kept))
    for entry in file:
        entry.msgstr = "x"
    file.save()
    write_texts(path, "ar", ROWS, kept=kept)
    assert [(one.msgctxt, one.msgstr) for one in polib.pofile(str(path)) if one.obsolete] == [("a/gone", "x")]


def test_fuzzy_mark_taken_away_says_that_the_words_hold(tmp_path: Path) -> None:
    write_texts(path := tmp_path / "ar.po", "ar", ROWS)
    file = polib.pofile(str(path))
    (old,) = [entry for entry in file if entry.fuzzy]
    assert (old.msgctxt, old.previous_msgid) == ("a/old", "Leeftijd?")
    old.flags.remove("fuzzy")
    file.save()
    (change,) = compare(ROWS, returned(path)).changes
    assert (change.edited.differences, change.edited.outdated) == ([("status", "outdated", "approved")], False)
