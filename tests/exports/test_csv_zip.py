"""The CSV files: the same as the workbook's sheets, harmless in spreadsheets, and described."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from fieldwork import META, Fieldwork

from exports.csv_zip import fitting
from exports.losses import Loss

QUESTIONS = """
kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
kind: several, name: worry, text: Zorgen?, choices: {debt: Schulden, home: Wonen}
kind: number, name: debts, text: Schuld?, decimals: 2
kind: date, name: born, text: Geboren?
kind: open, name: why, text: Waarom?
"""
ANSWERS = {"housed": "yes", "worry": ["home"], "debts": -12.5, "born": "1975-02-28", "why": 'Zo, "ja"\nen nee'}


def files(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


def as_text(value: Any) -> str:
    """A cell of the workbook as CSV has it: dates in ISO."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def test_files_hold_what_the_sheets_hold(fieldwork: Fieldwork) -> None:
    fieldwork.ask(QUESTIONS)
    fieldwork.said(ANSWERS, "P01", done=True)
    fieldwork.said({"housed": "no"}, "P02", "t1")
    sheets = fieldwork.sheets()
    found = files(fieldwork.export("out.zip").path)
    assert list(found) == [
        "data.csv", "wide.csv", "labels.csv", "status.csv", "quality.csv", "interpreting.csv", "long.csv",
        "segments.csv", "events.csv", "codebook.csv", "trail.csv", "README.txt", "datapackage.json",
    ]  # fmt: skip
    for sheet in ("Data", "Wide", "Labels", "Status", "Codebook", "Trail"):
        meant = [[as_text(value) for value in row] for row in sheets[sheet]]
        # A whole date is a date and time for openpyxl.
        meant = [[text.removesuffix("T00:00:00") for text in row] for row in meant]
        assert rows(found[f"{sheet.lower()}.csv"]) == meant


def test_two_instruments_have_a_folder_each(fieldwork: Fieldwork) -> None:
    for name in ("one", "two"):
        fieldwork.ask("kind: text, name: why, text: Waarom?", name=name)
        fieldwork.said({"why": "zo"}, instrument=name)
    assert list(files(fieldwork.export("out.zip").path))[:5] == [
        "one/data.csv", "one/wide.csv", "one/labels.csv", "one/status.csv", "two/data.csv",
    ]  # fmt: skip


def test_lines_end_as_rfc_4180_has_it(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: open, name: why, text: Waarom?")
    fieldwork.said({"why": 'a,b "c"\nd'})
    data = files(fieldwork.export("out.zip").path)["data.csv"]
    assert data.endswith(b',420,"a,b ""c""\nd"\r\n')
    assert data.count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+31 6", "'+31 6"),
        ("-niet", "'-niet"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("-5", "-5"),
        ("-5,25", "-5,25"),
        ("+31612345678", "+31612345678"),
        ("a=b", "a=b"),
        ("a\x00b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("a\x1bb", "a\x1bb"),
    ],
)
def test_free_text_never_becomes_a_formula_and_numbers_stay(text: str, kept: str) -> None:
    fit, what = fitting(text)
    assert (fit, what is not None) == (kept, kept != text)


def test_negative_numbers_are_not_touched_and_formulas_are_told_of(fieldwork: Fieldwork) -> None:
    fieldwork.ask(QUESTIONS)
    fieldwork.said({"debts": -12.5, "why": "=1+1"})
    written = fieldwork.export("out.zip")
    heading, row = rows(files(written.path)["data.csv"])
    cells = dict(zip(heading, row, strict=True))
    assert (cells["debts"], cells["why"]) == ("-12.5", "'=1+1")
    what = "an apostrophe was put before it, so that no spreadsheet reads it as a formula"
    places = [("data.csv", "row 1, why"), ("wide.csv", "row 1, why_t0"), ("labels.csv", "row 1, why")]
    assert written.losses.listed == [Loss(file, place, what) for file, place in places]
    lines = files(written.path)["README.txt"].decode().split("\r\n")
    assert lines[-4:] == [*(f"{file}, {place}: {what}" for file, place in places), ""]


def test_data_package_describes_every_file(fieldwork: Fieldwork) -> None:
    fieldwork.ask(QUESTIONS)
    fieldwork.said(ANSWERS)
    found = files(fieldwork.export("out.zip").path)
    package = json.loads(found["datapackage.json"])
    assert (package["profile"], package["name"]) == ("tabular-data-package", "demo")
    assert [resource["path"] for resource in package["resources"]] == [name for name in found if name[-4:] == ".csv"]
    for resource in package["resources"]:
        content = found[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        heading, *values = rows(content)
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == heading
        for row in values:
            for field, text in zip(fields, row, strict=True):
                assert fits(field, text), (resource["name"], field, text)
    data = package["resources"][0]["schema"]
    assert data["primaryKey"] == ["km_response"]
    assert {field["name"]: field["type"] for field in data["fields"][META:]} == {
        "housed": "string",
        "worry_debt": "integer",
        "worry_home": "integer",
        "debts": "number",
        "born": "date",
        "why": "string",
    }
    labels = package["resources"][2]["schema"]["foreignKeys"]
    assert labels == [{"fields": ["km_response"], "reference": {"resource": "data", "fields": ["km_response"]}}]


def fits(field: dict[str, Any], text: str) -> bool:
    """Whether a text is a value of a Frictionless field."""
    if text == "":
        return True
    casts: dict[str, Any] = {"integer": int, "number": float}
    value = casts.get(field["type"], str)(text)
    allowed = field.get("constraints", {}).get("enum")
    return allowed is None or value in allowed
