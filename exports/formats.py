"""The formats of an export, and the one function that writes a whole file in any of them."""

from __future__ import annotations

import datetime
import hashlib
import importlib.util
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from exports import change_scripts, csv_zip, ddi, qdpx, statistics_files, statistics_read_back, xlsx
from exports.collecting import Collected, Collector
from exports.comparing import Differs, changed
from exports.fitting import fitting
from exports.losses import Losses
from exports.read_back import Workbook
from exports.readme import rows as readme_rows
from exports.sheet_stream import letters
from exports.statistics_programs import SPSS, STATA, Program
from exports.tables import Row
from exports.whole_file import whole_file
from survey.instruments.library import Library
from survey.storage.database import Database
from survey.storage.reading import Selection


@dataclass(frozen=True)
class Format:
    """A kind of file: `write` fills it and tells the losses and the Readme's rows; `changed` reads it back, compares it
    cell by cell and counts the cells that differ as far as the format demands, or raises Differs. `needs` are modules
    that a server runs without."""

    title: str
    media_type: str
    write: Callable[[Collected, IO[bytes]], tuple[Losses, list[Row]]]
    changed: Callable[[Collected, list[Row], IO[bytes]], int]
    needs: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The modules it needs that are not installed here: they come with the extra [stats]."""
        return tuple(name for name in self.needs if importlib.util.find_spec(name) is None)


def _write_xlsx(collected: Collected, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    return xlsx.write(
        collected.tables,
        lambda notes, losses: list(readme_rows(collected.facts, collected.tables, notes, losses)),
        collected.facts.study_title,
        file,
    )


def _changed_xlsx(collected: Collected, readme: list[Row], file: IO[bytes]) -> int:
    workbook = Workbook(file)
    meant = list(xlsx.expected(collected.tables, readme))
    if workbook.sheets != [name for name, _, _ in meant]:
        raise Differs("workbook", "sheets", [name for name, _, _ in meant], workbook.sheets)
    count = sum(
        changed(
            name, rows, workbook.rows(name, len(fields)), fitting, lambda row, column: f"{letters(column)}{row + 1}"
        )
        for name, fields, rows in meant
    )
    found = list(xlsx.fingerprints({name: workbook.digests[name] for name in workbook.sheets[1:]}))
    if readme[-len(found) :] != found:
        raise Differs(xlsx.README, "fingerprints of the sheets", readme[-len(found) :], found)
    return count


def _write_zip(collected: Collected, file: IO[bytes]) -> tuple[Losses, list[Row]]:
    return csv_zip.write(
        collected.tables,
        collected.facts,
        lambda notes, losses: list(readme_rows(collected.facts, collected.tables, notes, losses)),
        file,
        change_scripts.files(collected.tables),
    )


def _changed_zip(collected: Collected, readme: list[Row], file: IO[bytes]) -> int:
    for name, text in change_scripts.files(collected.tables).items():
        if csv_zip.text(file, name) != text:
            raise Differs(name, "text", text, csv_zip.text(file, name))
    return sum(
        changed(
            csv_zip.file_name(table),
            csv_zip.expected(table),
            csv_zip.read(file, table),
            csv_zip.fitting,
            lambda row, column, table=table: csv_zip.place(table, row, column),  # type: ignore[misc]
        )
        for table in collected.tables
    )


def _statistics(program: Program, title: str) -> Format:
    return Format(
        title,
        "application/zip",
        lambda collected, file: statistics_files.write(collected, program, file),
        lambda collected, readme, file: statistics_read_back.changed(collected, program, file),
        statistics_files.NEEDS,
    )


FORMATS: dict[str, Format] = {
    ".xlsx": Format(
        "Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _write_xlsx,
        _changed_xlsx,
    ),
    ".zip": Format("CSV files with a data package", "application/zip", _write_zip, _changed_zip),
    ".sav.zip": _statistics(SPSS, "SPSS files"),
    ".dta.zip": _statistics(STATA, "Stata files"),
    ".xml": Format(
        "Description of the variables (DDI-Codebook), without answers",
        "application/xml",
        ddi.write,
        lambda collected, readme, file: ddi.changed(collected, file),
    ),
    ".qdpx": Format(
        "Open answers with codes, for qualitative analysis (REFI-QDA)",
        "application/zip",
        qdpx.write,
        lambda collected, readme, file: qdpx.changed(collected, file),
    ),
}
"""Suffix -> format: the one list of them."""


EXTRA = 'pip install "krachtmeting[stats]"'
"""How to get the modules that some formats need; from the source of the server: pip install -e ".[stats]"."""


class NeedsExtra(RuntimeError):
    """A format needs modules that are not installed here: `modules`."""

    def __init__(self, suffix: str, modules: tuple[str, ...]) -> None:
        self.modules = modules
        super().__init__(f"{suffix} needs {' and '.join(modules)}, which come with the extra [stats]: {EXTRA}")


def suffix_of(name: str) -> str:
    """The suffix of FORMATS in which a file's name ends, the longest one; else whatever it ends in."""
    lower = name.lower()
    fitting = [suffix for suffix in FORMATS if lower.endswith(suffix)]
    return max(fitting, key=len) if fitting else Path(lower).suffix


class UnknownFormat(ValueError):
    """A file name ends in no suffix of FORMATS; `suffix` is what it ends in."""

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix
        super().__init__(f"'{suffix}' is no format of an export; known are {', '.join(FORMATS)}")


@dataclass(frozen=True)
class Written:
    """A file that was written and read back: its fingerprint, its size in bytes, how many responses it has, the rows of
    each table, and what had to be changed in it."""

    path: Path
    sha256: str
    size: int
    responses: int
    rows: Mapping[str, int]
    losses: Losses


def write(
    database: Database,
    library: Library,
    selection: Selection,
    target: Path,
    *,
    now: datetime.datetime,
    by: str,
    language: str | None = None,
) -> Written:
    """Write the selected responses to `target` in the format of its suffix, and read them back from there.

    `by` is the code of the person who asked; `language` that of the words, else each instrument's own.
    Raises UnknownFormat; NeedsExtra; exports.collecting.Unknown for a study or instrument version that is not there;
    exports.xlsx.TooWide; exports.comparing.Differs and exports.read_back.Unreadable where the file read back is not
    what was meant. On any error an older file at `target` stays as it was.
    """
    suffix = suffix_of(target.name)
    kind = FORMATS.get(suffix)
    if kind is None:
        raise UnknownFormat(suffix)
    if kind.missing:
        raise NeedsExtra(suffix, kind.missing)
    with closing(Collector(target.parent)) as collector:
        with database.reading() as session:
            if not database.sqlite:
                # Responses and trail of one moment; SQLite's transactions see one moment anyway.
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            collected = collector.collect(session, library, selection, now=now, by=by, language=language)
        with whole_file(target) as file:
            losses, readme = kind.write(collected, file)
            found = kind.changed(collected, readme, file)
            if found != losses.count:
                raise Differs(target.name, "changed cells", losses.count, found)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
        rows = {table.name: len(table.rows) for table in collected.tables}
    return Written(target, digest, size, collected.facts.responses, rows, losses)
