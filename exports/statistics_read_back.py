"""Reads the files for SPSS and Stata back, and compares what is really in them with the answers, cell by cell."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from exports.coded import MISSING, Coded
from exports.collecting import Collected
from exports.comparing import Differs
from exports.statistics_files import LISTS, file_name, readstat
from exports.statistics_frames import Frame, frames
from exports.statistics_labels import Labels
from exports.statistics_programs import LETTERS, Program, Stored
from exports.tables import Row, Value, valued

ROWS_AT_ONCE = 1000
"""So many rows are read at once, so that memory does not grow with them."""

Pair = tuple[Value, Value]
"""An answer and why there is none; one of them is None."""


def changed(collected: Collected, program: Program, file: IO[bytes]) -> int:
    """How many cells, labels and names differ as far as the program demands. Raises Differs for others."""
    count = 0
    with tempfile.TemporaryDirectory(dir=collected.folder) as folder, ZipFile(file) as whole:
        for frame in frames(collected, program):
            part = Path(whole.extract(file_name(frame, program), folder))
            count += _about(frame, program, part) + _cells(frame, program, part)
            part.unlink()
        for name, rows_of in LISTS.items():
            found = csv.reader(io.StringIO(whole.read(name).decode(), newline=""))
            for meant, there in zip(rows_of(collected, program), found, strict=True):
                if [str(cell) for cell in meant] != there:
                    raise Differs(name, str(meant[1]), meant, there)
    return count


def _read(program: Program, part: Path, **how: Any) -> tuple[Mapping[str, Sequence[Stored]], Any]:
    """Columns by name, and what the file says about them."""
    module = readstat()
    read = module.read_dta if program.letters else module.read_sav
    found: tuple[Mapping[str, Sequence[Stored]], Any] = read(
        part, user_missing=True, disable_datetime_conversion=True, output_format="dict", **how
    )
    return found


def _about(frame: Frame, program: Program, part: Path) -> int:
    """Compares names, labels, words, levels, formats and missing codes with what was meant; how many were changed."""
    labels, name = Labels(frame, program), file_name(frame, program)
    _, found = _read(program, part, metadataonly=True)
    texts = {one for one, coded in zip(labels.names, frame.variables, strict=True) if coded.kind == "text"}
    pairs = [
        ("names", labels.names, found.column_names),
        ("title", labels.title, found.file_label or ""),
        ("labels", labels.labels, [label or "" for label in found.column_labels]),
        ("words", labels.words, {one: dict(words) for one, words in found.variable_value_labels.items()}),
        ("texts", texts, {one for one, kind in found.readstat_variable_types.items() if kind == "string"}),
        ("rows", len(frame.table.rows), found.number_rows),
        ("formats", labels.formats, {one: found.original_variable_types[one] for one in labels.formats}),
    ]
    if not program.letters:
        low, high = MISSING[0], MISSING[-1]
        missing = {one: [{"lo": low, "hi": high}] for one in labels.with_reasons}
        pairs += [("levels", labels.levels, found.variable_measure), ("missing values", missing, found.missing_ranges)]
    for what, meant, there in pairs:
        if meant != there:
            raise Differs(name, what, meant, there)
    return len(labels.changes)


def _cells(frame: Frame, program: Program, part: Path) -> int:
    count, first, rows = 0, 0, frame.rows()
    names = program.names([coded.name for coded in frame.variables])
    said = [_Said(program, coded) for coded in frame.variables]
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        found, _ = _read(program, part, row_offset=first, row_limit=ROWS_AT_ONCE)
        for name, coded, known in zip(names, frame.variables, said, strict=True):
            column = found[name]
            if len(column) != len(chunk):
                raise Differs(file_name(frame, program), f"rows of {name}", len(chunk), len(column))
            for number, (there, pair) in enumerate(zip(column, _meant(coded, chunk), strict=True), start=first + 1):
                if known[there] != pair:
                    count += _excused(frame, program, coded, number, chunk[number - first - 1], there)
        first += len(chunk)
    return count


def _meant(coded: Coded, chunk: Sequence[tuple[Row, Row]]) -> Iterator[Pair]:
    """What a variable should say in these rows."""
    source, kind, has_state = coded.source, coded.kind, coded.has_state
    for values, states in chunk:
        value, state = valued(values[source]), valued(states[source])
        if kind == "reason":
            yield None, state
        elif value is None or value == "":
            yield None, (state or None) if has_state else None
        else:
            yield value, None


class _Said(dict[Stored, Pair]):
    """What a cell of one variable says, as an answer or a reason: worked out from the file alone."""

    def __init__(self, program: Program, coded: Coded) -> None:
        super().__init__()
        self._program = program
        self._kind = coded.kind
        self._has_state = coded.has_state
        self._codes = {number: code for code, number in coded.numbers.items()}
        self._states = {letter: code for code, letter in LETTERS.items()}

    def __missing__(self, there: Stored) -> Pair:
        made = self._made(there)
        if len(self) < ROWS_AT_ONCE:
            self[there] = made
        return made

    def _made(self, there: Stored) -> Pair:
        if there is None or there == "":
            return None, None
        if self._kind == "text":
            return there, None
        if isinstance(there, str):
            return None, self._states[there]
        if self._kind == "reason" or (self._has_state and not self._program.letters and there in MISSING):
            return None, there
        if self._kind == "number":
            return (self._codes.get(int(there), there) if there == int(there) else there), None
        return self._moment(there), None

    def _moment(self, there: float) -> str:
        program = self._program
        if self._kind == "date":
            return (program.begin + datetime.timedelta(days=there / program.day)).date().isoformat()
        return (program.begin + datetime.timedelta(seconds=there / program.second)).isoformat(timespec="seconds")


def _excused(frame: Frame, program: Program, coded: Coded, row: int, meant: tuple[Row, Row], there: Stored) -> bool:
    """True where the cell differs as the program demands, and was told of. Raises Differs for others."""
    values, states = meant
    value = valued(values[coded.source])
    fit, change = program.stored(coded, value, valued(states[coded.source]))
    if fit != there or change is None:
        raise Differs(file_name(frame, program), f"row {row}, {coded.name}", value, there)
    return True
