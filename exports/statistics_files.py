"""Zips of .sav files for SPSS and of .dta files for Stata: Data and Wide of each instrument, with labels.

pyreadstat writes and reads the files. It comes with the extra [stats], and a server runs without it.
"""

from __future__ import annotations

import csv
import importlib
import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from exports import csv_zip
from exports.coded import MISSING, Coded
from exports.collecting import Collected
from exports.losses import Losses
from exports.readme import rows as readme_rows
from exports.statistics_frames import Frame, columns, frames
from exports.statistics_labels import Labels, one_line
from exports.statistics_programs import LETTERS, Program
from exports.tables import Field, Row

NEEDS = ("pandas", "pyreadstat")
README, CODES_FILE, VARIABLES_FILE = "README.txt", "value_codes.csv", "variables.csv"


def write(collected: Collected, program: Program, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    """Write the package into `file`, which must be seekable: what had to be changed, and the Readme's rows."""
    losses, tables = Losses(), []
    with (
        tempfile.TemporaryDirectory(dir=collected.folder) as folder,
        ZipFile(file, "w", ZIP_DEFLATED) as whole,
    ):
        for frame in frames(collected, program):
            part = Path(folder, f"part{program.suffix}")
            _write_part(frame, program, part, losses)
            whole.write(part, file_name(frame, program))
            fields = tuple(Field(coded.name) for coded in frame.variables)
            tables.append(replace(frame.table, name=file_name(frame, program), fields=fields))
        for name, rows_of in LISTS.items():
            whole.writestr(name, _csv(rows_of(collected, program)))
        rows = list(readme_rows(collected.facts, tables, notes(program), losses, missing=_missing(program)))
        whole.writestr(README, csv_zip.plain(rows).encode("utf-8", errors="replace"))
    return losses, rows


def file_name(frame: Frame, program: Program) -> str:
    """A frame's place in the package."""
    return f"{frame.path}{program.suffix}"


def notes(program: Program) -> tuple[str, ...]:
    """What the Readme says about the format."""
    found = [
        f"Each questionnaire has a file with a row per response, data{program.suffix}, and one with the moments side "
        f"by side, wide{program.suffix}; scores{program.suffix} has a row for each response and scale.",
        f"Variables have their question as label; {VARIABLES_FILE} has it in full where it had to be cut.",
        f"Codes that are texts are numbers here, since {program.name} keeps words with numbers only. {CODES_FILE} says "
        "which number stands for which code. They are counted over all versions of a questionnaire, the oldest first, "
        "so they stay the same in later files.",
        "A variable of text cannot hold a missing code. The variable behind it, of the same name with _r, has it; "
        "there 0 is answered.",
        "White space in labels is one space.",
    ]
    if program.letters:
        said = ", ".join(f".{letter} = {code}" for code, letter in LETTERS.items())
        found.append(f"Missing values are Stata's own, with labels: {said}. Stata knows no level of measurement.")
    else:
        found.append(
            "A number from -99 to -94 that somebody answered would be lost in the range of missing values. Where that "
            "happens its variable declares none, and the variable behind it, of the same name with _r, says why there "
            "is no answer."
        )
    return tuple(found)


def _missing(program: Program) -> str:
    how = "as letters behind a point" if program.letters else "as user-missing values from -99 to -94"
    return (
        f"Where there is no answer the reason stands in its place, {how}. A cell is empty (system-missing) where the "
        "whole response is not there."
    )


def readstat() -> Any:
    """The module pyreadstat. Raises ModuleNotFoundError where the extra [stats] is not installed."""
    # Not at the top: the server must start without it, and need not wait for it where nobody asks.
    return importlib.import_module("pyreadstat")


def _write_part(frame: Frame, program: Program, target: Path, losses: Losses) -> None:
    def told(row: int, coded: Coded, what: str) -> None:
        losses.add(file_name(frame, program), f"row {row}, {coded.name}", what)

    made = columns(frame, program, told, frame.rows())
    labels = Labels(frame, program)
    for cell, what in labels.changes:
        losses.add(file_name(frame, program), cell, what)
    pandas = importlib.import_module("pandas")
    table = pandas.DataFrame(
        {
            name: pandas.Series(column, dtype=object if isinstance(column, list) else "float64")
            for name, column in zip(labels.names, made, strict=True)
        }
    )
    del made
    said: dict[str, Any] = {
        "file_label": labels.title,
        "column_labels": labels.labels,
        "variable_value_labels": labels.words,
        "variable_format": labels.formats,
    }
    if program.letters:
        letters = [*LETTERS.values()]
        readstat().write_dta(table, target, missing_user_values=dict.fromkeys(labels.with_reasons, letters), **said)
        return
    missing = [{"lo": MISSING[0], "hi": MISSING[-1]}]
    readstat().write_sav(
        table, target, row_compress=True, missing_ranges=dict.fromkeys(labels.with_reasons, missing),
        variable_measure=labels.levels, **said,
    )  # fmt: skip


def codes_rows(collected: Collected, program: Program) -> Iterator[Row]:
    """Which number stands for which code, where the codes of a variable are texts: the rows of value_codes.csv."""
    yield "file", "variable", "number", "code", "words"
    for frame in frames(collected, program):
        names = program.names([coded.name for coded in frame.variables])
        for name, coded in zip(names, frame.variables, strict=True):
            if any(isinstance(code, str) for code in coded.numbers):
                for code, number in coded.numbers.items():
                    yield file_name(frame, program), name, number, code, one_line(coded.words.get(number, ""))


def variable_rows(collected: Collected, program: Program) -> Iterator[Row]:
    """Every variable with its name elsewhere, its label in full and its level: the rows of variables.csv."""
    yield "file", "variable", "elsewhere", "label", "level"
    for frame in frames(collected, program):
        names = program.names([coded.name for coded in frame.variables])
        for name, coded in zip(names, frame.variables, strict=True):
            yield file_name(frame, program), name, coded.name, one_line(coded.title), coded.level


LISTS = {CODES_FILE: codes_rows, VARIABLES_FILE: variable_rows}
"""The lists beside the files: name -> the maker of its rows."""


def _csv(rows: Iterator[Row]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode("utf-8", errors="replace")
