"""The rows of a sheet as XML, prepared column by column, so that most cells are one look-up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import getitem

from exports.fitting import TEXT_LIMIT, day_number, fitting, time_number
from exports.losses import Losses
from exports.tables import ROW, Cell, Field, Row, Value

KEPT_AT_MOST = 512
"""So many different cells of one column are remembered."""

_SHORT = 64
_CHUNK = 1 << 18
_ROW = ROW
"""Stands for the row's number in a prepared cell, formulas included; no text has it, as XML does not allow it."""

# An underscore that Excel would read as the beginning of an escaped sign, like _x0041_ for A.
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPACED = re.compile(r"\A\s|\s\Z|[\t\n\r]|  ")


@dataclass(frozen=True)
class Styles:
    """Numbers of cell styles in the workbook; 0 is the plain one."""

    plain: int = 0
    date: int = 0
    time: int = 0
    heading: int = 0
    two: int = 0
    three: int = 0

    def of(self, field: Field) -> int:
        """The style of a field's cells, but for dates."""
        return {None: self.plain, 2: self.two, 3: self.three}[field.decimals]


def letters(column: int) -> str:
    """The letters of a column, counted from 0: A, B ... Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def escaped(text: str) -> str:
    """A text as XML, in which Excel finds no escape of its own. Text of a cell is never read as a formula."""
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    # A parser would make a line feed of it.
    return text.replace("\r", "&#13;") if "\r" in text else text


class SheetStream:
    """Turns rows into XML from row 1 on; what had to be changed goes to `losses` under the sheet's name."""

    def __init__(self, sheet: str, fields: Sequence[Field], styles: Styles, losses: Losses) -> None:
        self.sheet = sheet
        self.row = 0
        self._losses = losses
        self._fields = fields
        self._styles = styles
        self._prepared = [_Prepared(self, letters(i), field, styles) for i, field in enumerate(fields)]

    def lines(self, texts: Iterable[str]) -> bytes:
        """The XML of a row for each of these texts, which stands in the first cell of it."""
        found = []
        for text in texts:
            self.row += 1
            cell = _Prepared(self, letters(0), Field("line"), Styles())[text]
            found.append(f'<row r="{_ROW}">{cell}</row>'.replace(_ROW, str(self.row)))
        return "".join(found).encode()

    def heading(self) -> bytes:
        """The XML of a row with the names of the fields."""
        self.row += 1
        style = Styles(plain=self._styles.heading)
        cells = [
            _Prepared(self, letters(i), Field(field.name), style)[field.name] for i, field in enumerate(self._fields)
        ]
        return f'<row r="{_ROW}">{"".join(cells)}</row>'.replace(_ROW, str(self.row)).encode()

    def chunks(self, rows: Iterable[Row]) -> Iterator[bytes]:
        """The XML of the rows, in pieces of some hundred thousand bytes."""
        parts: list[str] = []
        length = 0
        prepared = self._prepared
        for row in rows:
            self.row += 1
            number = str(self.row)
            text = f'<row r="{_ROW}">{"".join(map(getitem, prepared, row))}</row>'.replace(_ROW, number)
            parts.append(text)
            length += len(text)
            if length > _CHUNK:
                yield "".join(parts).encode()
                parts, length = [], 0
        yield "".join(parts).encode()

    def lost(self, column: str, what: str) -> None:
        """Note that the cell of this column in the present row had to be changed."""
        self._losses.add(self.sheet, f"{column}{self.row}", what)


class _Prepared(dict[Cell, str]):
    """Value -> its cell's XML in one column, made when first met."""

    def __init__(self, stream: SheetStream, column: str, field: Field, styles: Styles) -> None:
        super().__init__({None: ""})
        self._stream = stream
        self._column = column
        self._type = field.type
        self._dates = field.type in ("date", "datetime")
        self._computed = field.computed
        self._latest: Cell = None
        self._start = f'<c r="{column}{_ROW}"' + (f' s="{styles.of(field)}"' if styles.of(field) else "")
        self._text = f'{self._start} t="inlineStr"><is><t>'
        self._dated = f'<c r="{column}{_ROW}" s="{styles.time if field.type == "datetime" else styles.date}"'

    def __missing__(self, value: Cell) -> str:
        if isinstance(value, str) and not self._dates and _ordinary(value):
            # Free text is met once only, so it is worth a way of its own.
            xml = f"{self._text}{value}</t></is></c>"
            if len(value) <= _SHORT:
                self._keep(value, xml)
            return xml
        fit, change = fitting(value)
        xml = self._xml(fit)
        if change is not None:
            # Not remembered: every cell that is changed is told of.
            self._stream.lost(self._column, change)
        elif not isinstance(value, str) or len(value) <= _SHORT:
            self._keep(value, xml)
        return xml

    def _keep(self, value: Cell, xml: str) -> None:
        if len(self) > KEPT_AT_MOST:
            # Full of what came first; one place is for the latest, as some values come in runs.
            del self[self._latest]
        self[value] = xml
        self._latest = value

    def _xml(self, value: Cell) -> str:
        if value is None:
            return ""
        if isinstance(value, tuple):
            return self._formula(*value)
        if isinstance(value, str):
            if self._dates:
                number = day_number(value) if self._type == "date" else time_number(value)
                if number is not None:
                    return f"{self._dated}><v>{number!r}</v></c>"
            space = ' xml:space="preserve"' if _SPACED.search(value) else ""
            return f'{self._start} t="inlineStr"><is><t{space}>{escaped(value)}</t></is></c>'
        return f"{self._start}><v>{_number(value)}</v></c>"

    def _formula(self, text: str, value: Value) -> str:
        if not self._computed:
            raise TypeError(f"no formula belongs in {self._stream.sheet}, column {self._column}")
        if isinstance(value, int | float):
            return f"{self._start}><f>{escaped(text)}</f><v>{_number(value)}</v></c>"
        return f'{self._start} t="str"><f>{escaped(text)}</f><v>{escaped(value or "")}</v></c>'


def _number(value: int | float) -> str:
    """A number as XML. Minus zero is zero, and a truth is 1 or 0."""
    return repr(int(value) if isinstance(value, bool) or value == 0 else value)


def _ordinary(text: str) -> bool:
    """Whether a text can stand in XML and in a cell as it is."""
    return (
        0 < len(text) < TEXT_LIMIT // 2
        and text.isprintable()
        and "&" not in text
        and "<" not in text
        and ">" not in text
        and "_x" not in text
        and "  " not in text
        and text[0] != " "
        and text[-1] != " "
    )
