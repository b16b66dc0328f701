"""Files that translators never send: bombs, links, entities, paths, figures; each is refused quickly and in words."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from fuzzed import NASTY, fuzzed, quickly
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from exports.translator_catalogue import read_texts
from exports.translator_sheet import SheetError

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
MEMORY_BYTES = 100 * 1024 * 1024
CATALOGUE = """
msgid ""
msgstr "Language: ar\\n"

# status: reviewed
#, fuzzy
#| msgid "Older"
msgctxt "client-interview/mood_today/text"
msgid "How are you?"
msgstr "..."
"""


@cache
def parts() -> dict[str, bytes]:
    """The files in a workbook of one text, as openpyxl makes them."""
    made, file = Workbook(), io.BytesIO()
    made.active.title = "Texts (ar)"
    made.active.append(["context", "source", "translation"])
    made.active.append(["client-interview/mood_today/text", "How are you?", "=1+1"])
    made.save(file)
    with ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(path: Path, files: dict[str, bytes], *more: tuple[ZipInfo, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
        for inside, content in more:
            package.writestr(inside, content)
    return path


def changed(change: Callable[[bytes], bytes], part: str = SHEET) -> dict[str, bytes]:
    return {name: change(content) if name == part else content for name, content in parts().items()}


def link() -> tuple[ZipInfo, bytes]:
    inside = ZipInfo("xl/media/zq")
    inside.external_attr = 0o120777 << 16
    return inside, b"/etc/passwd"


def declared(words: str, encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    """Puts declarations before what a part holds."""

    def change(content: bytes) -> bytes:
        body = re.sub(r"^<\?xml.*?\?>", "", content.decode())
        return f'<?xml version="1.0" encoding="{encoding}"?>{words}{body}'.encode(encoding)

    return change


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY b{n} '&a;&a;'>" for n in range(9)) + "]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"

HOSTILE: dict[str, Callable[[Path], Path]] = {
    "zip bomb": lambda path: packed(path, changed(lambda content: content + b" " * 50_000_000)),
    "many small bombs": lambda path: packed(path, parts() | {f"xl/{n}.bin": bytes(900_000) for n in range(99)}),
    "many files": lambda path: packed(path, parts() | {f"xl/{n}": b"" for n in range(500)}),
    "laughs": lambda path: packed(path, changed(declared(LAUGHS))),
    "laughs in another encoding": lambda path: packed(path, changed(declared(LAUGHS, "utf-16"))),
    "laughs in seven bits": lambda path: packed(path, changed(declared(LAUGHS, "utf-7"))),
    "laughs far in": lambda path: packed(path, changed(declared(f"<!--{' ' * 70_000}-->{LAUGHS}"))),
    "entity from outside": lambda path: packed(path, changed(declared(OUTSIDE), BOOK)),
    "path out of it": lambda path: packed(path, parts() | {"../../zq.xml": b"<a/>"}),
    "absolute path": lambda path: packed(path, parts() | {"/tmp/zq": b"zq"}),
    "link": lambda path: packed(path, parts(), link()),
    "no package": lambda path: path.write_bytes(b"PK\x03\x04" + bytes(1000)) and path,
    "cut": lambda path: path.write_bytes(packed(path, parts()).read_bytes()[:-100]) and path,
    "nothing": lambda path: (path.write_bytes(b"") and path) or path,
    "no sheet": lambda path: packed(path, {name: part for name, part in parts().items() if name != SHEET}),
    "figure as a place": lambda path: packed(path, changed(lambda content: content.replace(b'r="A1"', b'r="ZZZZZ9"'))),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_workbook_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = HOSTILE[name](tmp_path / "a.xlsx")
    tracemalloc.start()
    try:
        with quickly(), pytest.raises(SheetError):
            read_texts(path, "ar")
        assert tracemalloc.get_traced_memory()[1] < MEMORY_BYTES
    finally:
        tracemalloc.stop()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlsx"]


def test_rows_that_a_sheet_skips_are_not_made_up(tmp_path: Path) -> None:
    def far(content: bytes) -> bytes:
        return content.replace(b'<row r="2"', b'<row r="1048576"').replace(b'r="A2"', b'r="XFD1048576"')

    with quickly():
        assert read_texts(packed(tmp_path / "a.xlsx", changed(far)), "ar") == []


def test_formula_is_told_of_and_not_run(tmp_path: Path) -> None:
    (row,) = read_texts(packed(tmp_path / "a.xlsx", parts()), "ar")
    assert row.unreadable == "translation"


def test_catalogue_larger_than_any_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_bytes(b"# " + b"a" * 17_000_000)
    with quickly(), pytest.raises(SheetError, match="larger than 16 MB"):
        read_texts(path, "ar")


@fuzzed(20)
@given(cut=st.integers(0, len(CATALOGUE)), other=st.integers(0, len(CATALOGUE)), word=NASTY)
def test_spoilt_catalogue_is_read_or_refused(tmp_path: Path, cut: int, other: int, word: str) -> None:
    path = tmp_path / "a.po"
    path.write_text(CATALOGUE[:cut] + word + CATALOGUE[other:], encoding="utf-8", errors="surrogatepass")
    with quickly(), suppress(SheetError):
        read_texts(path, "ar")


@fuzzed(20)
@given(st.sampled_from(sorted(parts())), st.integers(0, 5000), st.integers(0, 60), st.one_of(NASTY, st.just("")))
def test_spoilt_workbook_is_read_or_refused(tmp_path: Path, part: str, at: int, gone: int, word: str) -> None:
    content = parts()[part]
    at %= len(content) + 1
    spoilt = content[:at] + word.encode("utf-8", "surrogatepass") + content[at + gone :]
    path = packed(tmp_path / "a.xlsx", {**parts(), part: spoilt})
    with quickly(), suppress(SheetError):
        read_texts(path, "ar")
