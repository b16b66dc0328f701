"""Reads a workbook back, row by row, without any of the code that wrote it: what is really in the file."""

from __future__ import annotations

import codecs
import datetime
import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from operator import itemgetter, lt
from typing import IO
from xml.etree import ElementTree  # nosec B405
from zipfile import ZipFile

from exports.tables import Cell, Formula, Row, Value

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 18
KEPT_AT_MOST = 1 << 14
END = 1 << 20
"""Stands for the column of no cell, beyond all real ones."""
_SHORT = 100

_CONTROL = bytes(sign for sign in range(32) if sign not in b"\t\n\r")
# What can stand between tags as it is. Anything else goes the careful way, through an XML parser.
_CONTENT = r"[^<>\r]*"
_PIECE = re.compile(
    r'(?: s="(?P<style>\d+)")?(?: t="(?P<type>\w+)")?>'
    rf"(?:<f>(?P<formula>{_CONTENT})</f><v>(?P<result>{_CONTENT})</v>"
    rf'|<v>(?P<value>[-+.0-9eE]+)</v>|<is><t(?: xml:space="preserve")?>(?P<text>{_CONTENT})</t></is>)</c>'
    r'(?:<c r="(?P<next>[A-Z]{1,3}))?'
)
_TEXT_START, _TEXT_END = ' t="inlineStr"><is><t>', "</t></is></c>"
_FIRST_PIECE = '><c r="'
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#(\d{1,7}));")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SIGN = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile("[A-Z]{1,3}")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)")


class Unreadable(Exception):
    """The file is no workbook as Excel wants it; the message says where."""


class _Unclear(Exception):
    """A row that the quick way does not understand; the careful way reads it."""


class Workbook:
    """A workbook in an open file: `sheets` in order, the rows of each, and the sha256 of those that were read."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises Unreadable, and BadZipFile."""
        self._package = ZipFile(file)
        book = _parsed(self._package.read("xl/workbook.xml"))
        related = _parsed(self._package.read("xl/_rels/workbook.xml.rels"))
        targets = {str(one.get("Id")): str(one.get("Target")).lstrip("/") for one in related}
        self._parts: dict[str, str] = {}
        for sheet in book.iter(f"{_MAIN}sheet"):
            target = targets[str(sheet.get(_RELATED))]
            self._parts[str(sheet.get("name"))] = target if target.startswith("xl/") else f"xl/{target}"
        self.digests: dict[str, str] = {}
        self._dated = _dated_styles(_parsed(self._package.read("xl/styles.xml")))

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets in order."""
        return list(self._parts)

    def rows(self, sheet: str, width: int) -> Iterator[Row]:
        """The rows of a sheet from 1 on, `width` cells each; dates as ISO text, formulas with what they come to.

        Raises Unreadable where the XML is not well-formed, rows are out of order, or a cell stands beyond the width.
        """
        known = _Known(self._dated)
        digest = hashlib.sha256()
        for number, text in enumerate(self._row_texts(self._parts[sheet], digest), start=1):
            try:
                yield _quick(text, number, width, known)
            except (_Unclear, ValueError):
                yield _careful(text, number, width, known, sheet)
        self.digests[sheet] = digest.hexdigest()

    def _row_texts(self, name: str, digest: hashlib._Hash) -> Iterator[str]:
        """Each row's XML without its closing tag. What stands around the rows must be well-formed by itself."""
        decode = codecs.getincrementaldecoder("utf-8")().decode
        before, rest = "", ""
        with self._package.open(name) as part:
            for chunk in _ahead(part, digest):
                rest += decode(chunk)
                if len(chunk.translate(None, _CONTROL)) < len(chunk) or "\ufffe" in rest or "\uffff" in rest:
                    raise Unreadable(f"{name} is not well-formed: it has signs that XML does not allow")
                if not before:
                    head, begun, after = rest.partition("<sheetData>")
                    if not begun:
                        continue
                    before, rest = head + begun, after
                *rows, rest = rest.split("</row>")
                yield from rows
        try:
            _parsed(before + rest + decode(b"", True))
        except ElementTree.ParseError as error:
            raise Unreadable(f"{name}: what stands around the rows is not well-formed: {error}") from None
        if not rest.startswith("</sheetData>"):
            raise Unreadable(f"{name}: something stands behind the last row: {rest[:60]!r}")


def _same(cells: Row) -> Row:
    return cells


def _parsed(xml: str | bytes) -> ElementTree.Element:
    # It is the file that was written a moment ago, and no stranger's.
    return ElementTree.fromstring(xml)  # noqa: S314  # nosec B314


def _ahead(part: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    """The bytes of a part in chunks, all of which go into the digest; the next one is unpacked while this one is looked
    at."""

    def read() -> bytes:
        chunk = part.read(_CHUNK)
        digest.update(chunk)
        return chunk

    with ThreadPoolExecutor(1) as worker:
        coming = worker.submit(read)
        while chunk := coming.result():
            coming = worker.submit(read)
            yield chunk


class _Known(dict[str, tuple[Cell, int]]):
    """Piece of a row -> the cell that ends in it, and the column of the one that begins in it (END: none).

    Only what matches the grammar of a cell in full is known, so a row of known pieces is well-formed.
    """

    def __init__(self, dated: dict[int, bool]) -> None:
        super().__init__()
        self.dated = dated
        self.places: tuple[int, ...] = ()
        """Columns of the cells of a row before, which the next row often has too, and how to order such cells."""
        self.length = 0
        """How many cells the last row had, and one: as many again may mean the same columns again."""
        self.order: Callable[[Row], Row] = _same
        self._columns: dict[str, int] = {}
        self._nexts: dict[str, int] = {"": END}
        self._styles: dict[str, int] = {}

    def __missing__(self, piece: str) -> tuple[Cell, int]:
        found = self._simple(piece) or self._matched(piece)
        # A formula names its row, so none is met twice.
        if len(piece) < _SHORT and not isinstance(found[0], tuple):
            if len(self) >= KEPT_AT_MOST:
                self.clear()
            self[piece] = found
        return found

    def _simple(self, piece: str) -> tuple[Cell, int] | None:
        """As `_matched`, quicker, for texts without anything special and plain numbers; None for all else."""
        if piece.startswith(_TEXT_START):
            text, _, following = piece[len(_TEXT_START) :].partition(_TEXT_END)
            special = "<" in text or "&" in text or ">" in text or "_" in text or "\r" in text
            return None if special or following not in self._nexts else (text, self._nexts[following])
        style, _, rest = piece.partition("><v>")
        digits, _, following = rest.partition("</v></c>")
        if style not in self._styles or following not in self._nexts or not digits.isascii():
            return None
        if not digits.isdigit() and not digits.replace(".", "", 1).isdigit():
            return None
        return self._number(digits, self._styles[style]), self._nexts[following]

    def _matched(self, piece: str) -> tuple[Cell, int]:
        match = _PIECE.fullmatch(piece)
        if match is None:
            raise _Unclear
        style, kind, formula, result, number, text, following = match.groups()
        cell: Cell
        if formula is None:
            cell = self.cell(int(style or 0), kind, number if text is None else _plain(text))
        else:
            cell = self.formula(int(style or 0), kind, _plain(formula), _plain(result))
        if following is None:
            return cell, END
        # Seen once in full, so that the simple way may take it.
        column = self._nexts[f'<c r="{following}'] = self.column(following)
        if kind is None:
            self._styles[f' s="{style}"' if style else ""] = int(style or 0)
        return cell, column

    def column(self, name: str) -> int:
        """The column of these letters, counted from 0. Raises _Unclear where they are none."""
        if name not in self._columns:
            if not _LETTERS.fullmatch(name):
                raise _Unclear
            number = 0
            for letter in name:
                number = number * 26 + ord(letter) - 64
            self._columns[name] = number - 1
        return self._columns[name]

    def cell(self, style: int, kind: str | None, content: str) -> Value:
        """The value of a cell of this style and type. Raises _Unclear for types that no export of ours has."""
        if kind in ("inlineStr", "str"):
            return _SIGN.sub(lambda match: chr(int(match[1], 16)), content)
        if kind not in (None, "n"):
            raise _Unclear
        return self._number(content, style)

    def formula(self, style: int, kind: str | None, text: str, result: str) -> Formula:
        """A formula and what it comes to. Raises as `cell` does."""
        value = self.cell(style, kind, result)
        return text, None if value == "" else value

    def _number(self, content: str, style: int) -> Value:
        number = int(content) if content.isdigit() else float(content)
        # A negative or large whole number is a float here; what a sheet holds is one anyway.
        return number if style not in self.dated else _iso(number, timed=self.dated[style])


def _quick(text: str, number: int, width: int, known: _Known) -> Row:
    """The cells of a row: cut at each 'row number and quote', what is left recurs from row to row."""
    start, first, *pieces = (*text.split(f'{number}"'), "")
    if start != '<row r="' or not first.startswith(_FIRST_PIECE) or pieces.pop() or not pieces:
        raise _Unclear
    cells, following = zip(*map(known.__getitem__, pieces), strict=True)
    places = (known.column(first[len(_FIRST_PIECE) :]), *following)
    if places == known.places:
        return known.order((*cells, None))
    # Columns rise, the last cell is followed by none, and all are within the width.
    if not all(map(lt, places, following)) or following[-1] != END or places[-2] >= width:
        raise _Unclear
    if len(places) == known.length and width > 1:
        positions = dict(zip(places, range(len(cells)), strict=False))
        order: Callable[[Row], Row] = itemgetter(*(positions.get(column, -1) for column in range(width)))
        known.order, known.places = order, places
        return order((*cells, None))
    known.length = len(places)
    found: list[Cell] = [None] * width
    for column, cell in zip(places, cells, strict=False):
        found[column] = cell
    return tuple(found)


def _careful(text: str, number: int, width: int, known: _Known, sheet: str) -> Row:
    """The cells of any row, by an XML parser."""
    try:
        row = _parsed(f"{text}</row>")
    except ElementTree.ParseError as error:
        raise Unreadable(f"{sheet}, row {number}: {error}") from None
    if row.get("r") != str(number):
        raise Unreadable(f"{sheet}: row {row.get('r')} stands where row {number} should")
    found: list[Cell] = [None] * width
    last = -1
    for cell in row:
        place = _REFERENCE.fullmatch(cell.get("r", ""))
        if place is None or place[2] != str(number):
            raise Unreadable(f"{sheet}, row {number}: a cell says that it is {cell.get('r')}")
        column = known.column(place[1])
        if not last < column < width:
            raise Unreadable(f"{sheet}: {cell.get('r')} is out of order or beyond the last column")
        last = column
        found[column] = _content(cell, known, f"{sheet}, {cell.get('r')}")
    return tuple(found)


def _content(cell: ElementTree.Element, known: _Known, place: str) -> Cell:
    text = cell.find("is/t") if cell.get("t") == "inlineStr" else cell.find("v")
    formula = cell.find("f")
    if text is None:
        if formula is not None:
            raise Unreadable(f"{place} has a formula without what it comes to")
        return None
    try:
        style, kind, content = int(cell.get("s", 0)), cell.get("t"), text.text or ""
        return (
            known.cell(style, kind, content)
            if formula is None
            else known.formula(style, kind, formula.text or "", content)
        )
    except (_Unclear, ValueError):
        raise Unreadable(f"{place} is of type {cell.get('t')} and holds {text.text!r}") from None


def _plain(text: str) -> str:
    """A text without XML's entities."""
    if "&" not in text:
        return text
    plain, found = _ENTITY.subn(lambda match: _ENTITIES[match[1]] if match[1] else chr(int(match[2])), text)
    if found != text.count("&"):
        raise _Unclear
    return plain


def _dated_styles(styles: ElementTree.Element) -> dict[int, bool]:
    """Number of each style that shows a date -> whether it shows a time too."""
    formats = {int(one.get("numFmtId", 0)): str(one.get("formatCode")) for one in styles.iter(f"{_MAIN}numFmt")}
    cells = styles.find(f"{_MAIN}cellXfs")
    found: dict[int, bool] = {}
    for number, style in enumerate(cells if cells is not None else ()):
        code = formats.get(int(style.get("numFmtId", 0)), "")
        if "yy" in code:
            found[number] = "h" in code
    return found


def _iso(number: int | float, *, timed: bool) -> str:
    """The date, or date and time to the second, that Excel means by a number."""
    day = int(number)
    if not timed:
        return _date(day)
    seconds = round((number - day) * 86_400)
    if seconds == 86_400:
        day, seconds = day + 1, 0
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_date(day)}T{hour:02}:{minute:02}:{second:02}"


@lru_cache(maxsize=KEPT_AT_MOST)
def _date(day: int) -> str:
    return (datetime.date(1899, 12, 30) + datetime.timedelta(days=day)).isoformat()
