"""LibreOffice opens the workbook and finds the same cells."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from fieldwork import META, Fieldwork

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"

TEXTS = ["=1+1", "#N/A", "-5", "_x0041_", " spatie ", "regel\nregel", "<&>", "é😀", "007", "a\rb"]


@pytest.fixture
def soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        told = "NOT TESTED: that LibreOffice opens the workbook. To test it, install libreoffice-calc."
        pytest.fail(told) if NOTHING_SKIPPED else pytest.skip(told)
    return str(found)


def as_csv(soffice: str, workbook: Path) -> dict[str, list[list[str]]]:
    """Every sheet as LibreOffice shows it."""
    folder = workbook.parent / "csv"
    # Comma, quotes, UTF-8, every text cell quoted, as shown, formulas not, all sheets.
    filters = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1"
    home = f"-env:UserInstallation=file://{workbook.parent}/office"
    command = [soffice, home, "--headless", "--convert-to", filters, "--outdir", str(folder), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = {}
    for path in folder.iterdir():
        with path.open(newline="", encoding="utf-8") as file:
            found[path.stem.removeprefix(f"{workbook.stem}-")] = list(csv.reader(file))
    return found


@pytest.mark.libreoffice
def test_libreoffice_finds_the_same_cells(fieldwork: Fieldwork, soffice: str) -> None:
    fieldwork.ask(
        """
        kind: number, name: debts, text: Schuld?, decimals: 2
        kind: date, name: born, text: Geboren?
        kind: open, name: why, text: Waarom?
        """
    )
    for number, text in enumerate(TEXTS):
        fieldwork.said({"debts": -1.5 - number, "born": "1975-02-28", "why": text}, f"P{number:02}")
    sheets = as_csv(soffice, fieldwork.export().path)
    assert sorted(sheets) == [
        "Codebook",
        "Data",
        "Events",
        "Interpreting",
        "Labels",
        "Long",
        "Quality",
        "Readme",
        "Segments",
        "Status",
        "Trail",
        "Wide",
    ]
    heading, *rows = sheets["Data"]
    assert heading[10:12] == ["km_started_at", "km_started"]
    assert [row[10:12] for row in rows] == [["2023-04-01T14:03:00+02:00", "2023-04-01 14:03:00"]] * len(TEXTS)
    assert [row[META:] for row in rows] == [
        [str(-1.5 - number), "1975-02-28", text] for number, text in enumerate(TEXTS)
    ]
