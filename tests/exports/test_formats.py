"""A whole file or none: written beside its target, read back, and only then put in its place."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fieldwork import META, START, Fieldwork

from exports import csv_zip
from exports.collecting import Unknown
from exports.comparing import Differs
from exports.formats import FORMATS, UnknownFormat, write
from exports.losses import LISTED_AT_MOST, Loss, Losses
from exports.read_back import Unreadable
from exports.sheet_stream import SheetStream
from exports.tables import Row, Table
from survey.storage.reading import Selection


@pytest.fixture
def filled(fieldwork: Fieldwork) -> Fieldwork:
    """A study in which somebody trusted 6 and said why."""
    fieldwork.ask(
        """
        kind: number, name: trust, text: Vertrouwen?
        kind: text, name: why, text: Waarom?
        """
    )
    fieldwork.said({"trust": 6, "why": "=zo"})
    return fieldwork


def left(folder: Path) -> list[str]:
    """The files beside the database and the definitions."""
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("test.sqlite"))


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_what_was_written_is_told(filled: Fieldwork, suffix: str) -> None:
    written = filled.export(f"out{suffix}")
    whole = written.path.read_bytes()
    assert (written.sha256, written.size) == (hashlib.sha256(whole).hexdigest(), len(whole))
    assert (written.responses, written.rows["Data"], written.rows["Trail"]) == (1, 1, 2)
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o600
    assert left(filled.folder) == [f"out{suffix}"]


def test_an_older_file_is_replaced(filled: Fieldwork) -> None:
    (filled.folder / "out.xlsx").write_text("older")
    assert filled.table()[1] == (6, "=zo")


def flipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk.replace(b'<c r="AO2"><v>6</v>', b'<c r="AO2"><v>7</v>')


def test_a_flipped_cell_is_found_and_the_older_file_stays(filled: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = SheetStream.chunks
    monkeypatch.setattr(SheetStream, "chunks", lambda stream, rows: flipped(honest(stream, rows)))
    (filled.folder / "out.xlsx").write_text("older")
    with pytest.raises(Differs) as found:
        filled.export()
    assert str(found.value) == "Data, AO2: 6 was meant and 7 is in the file"
    assert (filled.folder / "out.xlsx").read_text() == "older"
    assert left(filled.folder) == ["out.xlsx"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (b'<is><t>=zo</t></is>', b'<is><t>=za</t></is>', "Data, AP2: '=zo' was meant and '=za' is in the file"),
        (b' t="inlineStr"><is><t>=zo</t></is>', b"><f>zo</f>", "Data, AP2 has a formula"),
        (b'<c r="AO2"', b'<c r="AQ2"', "Data: AQ2 is out of order or beyond the last column"),
        (b'<c r="AO2"', b'<c r="AO3"', "Data, row 2: a cell says that it is AO3"),
        (b'<row r="2">', b'<row r="3">', "Readme: row 3 stands where row 2 should"),
        (b'<row r="2">', b'<row r="2"></row><row r="3">', "Readme, B2: "),
    ],
)  # fmt: skip
def test_every_kind_of_damage_is_found(
    filled: Fieldwork, monkeypatch: pytest.MonkeyPatch, before: bytes, after: bytes, told: str
) -> None:
    honest = SheetStream.chunks

    def damaged(stream: SheetStream, rows: Iterable[Row]) -> Iterator[bytes]:
        return (chunk.replace(before, after) for chunk in honest(stream, rows))

    monkeypatch.setattr(SheetStream, "chunks", damaged)
    with pytest.raises((Differs, Unreadable)) as found:
        filled.export()
    assert str(found.value)[: len(told)] == told
    assert left(filled.folder) == []


def test_a_lost_row_is_found(filled: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = SheetStream.chunks
    monkeypatch.setattr(SheetStream, "chunks", lambda stream, rows: honest(stream, list(rows)[:-1]))
    with pytest.raises(Differs) as found:
        filled.export()
    assert (found.value.table, found.value.cell[0], found.value.found) == ("Readme", "A", "no row")


def test_a_flipped_cell_in_csv_is_found(filled: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = csv_zip._chunks

    def damaged(table: Table, losses: Losses) -> Iterator[bytes]:
        return (chunk.replace(b",6,", b",7,") for chunk in honest(table, losses))

    monkeypatch.setattr(csv_zip, "_chunks", damaged)
    with pytest.raises(Differs) as found:
        filled.export("out.zip")
    assert str(found.value) == "data.csv, row 1, trust: '6' was meant and '7' is in the file"


def test_a_change_that_nobody_told_of_is_found(filled: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.said({"why": "a\x00"})
    monkeypatch.setattr(Losses, "add", lambda losses, table, cell, what: None)
    with pytest.raises(Differs) as found:
        filled.export()
    assert (found.value.cell, found.value.meant, found.value.found) == ("changed cells", 0, 3)


def test_only_the_first_losses_are_listed_and_all_are_counted() -> None:
    losses = Losses()
    for number in range(LISTED_AT_MOST + 5):
        losses.add("Data", f"A{number}", "cut")
    assert (losses.count, len(losses.listed), losses.listed[-1]) == (1005, 1000, Loss("Data", "A999", "cut"))


def test_unknown_suffixes_name_the_known_ones(filled: Fieldwork) -> None:
    with pytest.raises(UnknownFormat) as refused:
        filled.export("out.ods")
    assert str(refused.value) == f"'.ods' is no format of an export; known are {', '.join(FORMATS)}"


def test_a_version_without_definition_is_named(filled: Fieldwork) -> None:
    filled.said({}, "P02", version=3)
    with pytest.raises(Unknown) as refused:
        filled.export()
    assert str(refused.value) == "there are responses to small version [1, 3], and definitions of: 1"


def test_a_study_that_is_not_there_is_named(filled: Fieldwork) -> None:
    with pytest.raises(Unknown, match="there is no study 99"):
        write(filled.database, filled.library, Selection(99), filled.folder / "a.zip", now=START, by="ILS-222")


def test_readme_tells_what_when_and_by_whom(filled: Fieldwork) -> None:
    rows = filled.sheets()["Readme"]
    said = {item: text for _, item, text in rows if item is not None}
    digest = hashlib.sha256((filled.folder / "instruments/small/v1.yaml").read_bytes()).hexdigest()
    assert {name: said[name] for name in ("Study", "Made at", "Made by", "Waves", "In all", "small, wave t0")} == {
        "Study": "The demo study (demo)",
        "Made at": "2023-04-01T14:03:00+02:00",
        "Made by": "ILS-222",
        "Waves": "all",
        "In all": "1, of which 0 submitted",
        "small, wave t0": "1, of which 0 submitted",
    }
    assert said["small, version 1"] == f"Klein. 1 responses. Words in: nl. Definition's sha256: {digest}"
    assert said[-99] == "refused, wil niet antwoorden (nl)"
    assert said["Nothing"] == "Every cell holds what was answered."
    assert said["Data"] == f"One row per response, answers as values. 1 rows, {META + 2} columns."
