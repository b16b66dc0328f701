"""Collects an export: one pass over the responses fills all tables at once."""

from __future__ import annotations

import datetime
import importlib.metadata
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from exports import codebook, long, readme, trail, wide
from exports.about import FROZEN, About, free_prefix
from exports.moments import Moments
from exports.tables import Field, Spool, Table
from exports.variables import Merged, merged
from exports.words import Words, words
from survey.instruments import reading as definitions
from survey.instruments.library import Library
from survey.instruments.texts import Texts
from survey.storage import reading
from survey.storage.reading import Count, Selection
from survey.storage.tables import Study


class Unknown(LookupError):
    """The study does not exist, or an instrument version of which there are responses is not in the library."""


@dataclass(frozen=True)
class Collected:
    """The tables of an export in order, and what its Readme tells."""

    tables: tuple[Table, ...]
    facts: readme.Facts


@dataclass(frozen=True)
class _Chosen:
    """One instrument of the export: its merged versions, the words for each, and its waves in order."""

    merged: Merged
    texts: dict[int, Texts]
    words: Words
    waves: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.merged.instrument


@dataclass(frozen=True)
class _Filled:
    """An instrument's four tables while the responses come in, and the maker of cells for each version."""

    data: Spool
    wide: Spool
    labels: Spool
    status: Spool
    cells: dict[int, long.Long]


class Collector:
    """Makes tables, whose rows wait in nameless files in `folder` until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()

    def close(self) -> None:
        """Let all rows go."""
        self._open.close()

    def _spool(self) -> Spool:
        spool = Spool(self._folder)
        self._open.callback(spool.close)
        return spool

    def collect(
        self,
        session: Session,
        library: Library,
        selection: Selection,
        *,
        now: datetime.datetime,
        by: str,
        language: str | None,
    ) -> Collected:
        """The tables of these responses. `language`: that of the words; else each instrument's own. Raises Unknown."""
        study = session.get(Study, selection.study_id)
        if study is None:
            raise Unknown(f"there is no study {selection.study_id}")
        counts = tuple(reading.counts(session, selection))
        chosen = [
            _chosen(name, library, selection, counts, language) for name in _instruments(selection, counts, library)
        ]
        moments = Moments(study.time_zone)
        prefix = free_prefix({variable.name for one in chosen for variable in one.merged.variables})
        about = About(study.slug, moments, prefix)
        filled = {one.name: self._filled(one) for one in chosen}
        for response in reading.exported(session, selection):
            instrument = filled[response.record.instrument]
            said = about.cells(response)
            values, labels, states = instrument.cells[response.record.instrument_version].cells(response.record.answers)
            instrument.data.append(said + values)
            instrument.labels.append(said + labels)
            instrument.status.append(said + states)
        changes = self._spool()
        changes.extend(trail.rows(reading.trail(session, selection), moments))
        tables: list[Table] = []
        for one in chosen:
            tables += _tables(one, filled[one.name], about, alone=len(chosen) == 1)
        tables.append(self._codebook(chosen, about))
        tables.append(_trail(changes, prefix, "data" if len(chosen) == 1 else None))
        facts = _facts(session, study, library, selection, counts, chosen, now, by)
        return Collected(tuple(tables), facts)

    def _filled(self, one: _Chosen) -> _Filled:
        cells = {
            version: long.Long(instrument, one.merged, one.texts[version], one.words)
            for version, instrument in one.merged.versions.items()
        }
        return _Filled(self._spool(), self._spool(), self._spool(), self._spool(), cells)

    def _codebook(self, chosen: list[_Chosen], about: About) -> Table:
        rows = self._spool()
        rows.extend(codebook.about_rows(about.fields))
        for one in chosen:
            rows.extend(codebook.rows(one.merged, one.texts, one.words))
        said = "Every variable: the question, its codes and labels, when it is asked, and in which versions."
        return Table("Codebook", "codebook", said, codebook.FIELDS, rows, frozen=1, wraps=True)


def _instruments(selection: Selection, counts: tuple[Count, ...], library: Library) -> list[str]:
    """Those with responses, and those asked for by name."""
    asked = [name for name in selection.instruments or () if name in library.newest]
    return sorted({*asked, *(count.instrument for count in counts)})


def _chosen(
    name: str, library: Library, selection: Selection, counts: tuple[Count, ...], language: str | None
) -> _Chosen:
    here = [count for count in counts if count.instrument == name]
    numbers = {count.version for count in here} or {library.newest[name].version}
    try:
        versions = [library.instrument(name, number) for number in numbers]
    except KeyError:
        known = ", ".join(str(instrument.version) for instrument in library.versions(name)) or "none"
        raise Unknown(f"there are responses to {name} version {sorted(numbers)}, and definitions of: {known}") from None
    both = merged(versions)
    texts = {number: library.texts(one, language or one.language) for number, one in both.versions.items()}
    spoken = words(language or next(iter(both.versions.values())).language)
    waves = tuple(dict.fromkeys(count.wave for count in here)) or selection.waves or ()
    return _Chosen(both, texts, spoken, waves)


def _tables(one: _Chosen, filled: _Filled, about: About, *, alone: bool) -> Iterator[Table]:
    """Data, Wide, Labels and Status of one instrument; its name stands with theirs where there are more."""
    behind = "" if alone else f" {one.name}"
    folder = "" if alone else f"{one.name}/"
    response, subject = f"{about.prefix}response", f"{about.prefix}subject"

    def long_table(name: str, said: str, fields: tuple[Field, ...], rows: Spool) -> Table:
        path = f"{folder}{name.lower()}"
        belongs = {} if name == "Data" else {"belongs": (response,), "parent": f"{folder}data"}
        return Table(f"{name}{behind}", path, said, (*about.fields, *fields), rows, FROZEN, (response,), **belongs)  # type: ignore[arg-type]

    fields = long.data_fields(one.merged, one.texts)
    data = long_table("Data", "One row per response, answers as values.", fields, filled.data)
    yield data
    filled.wide.extend(wide.rows(filled.data, one.waves, len(data.fields)))
    said = "One row per participant or person, the waves side by side."
    yield Table(f"Wide{behind}", f"{folder}wide", said, wide.fields(data.fields, one.waves), filled.wide, 1, (subject,))
    said = "As Data, answers in words; where there is none, the reason in square brackets."
    yield long_table("Labels", said, long.label_fields(one.merged, one.texts), filled.labels)
    said = "As Data, with a code that says why a value is missing; 0 where it is not."
    yield long_table("Status", said, long.status_fields(one.merged, one.texts), filled.status)


def _trail(rows: Spool, prefix: str, parent: str | None) -> Table:
    said = "Every change of every answer, with the old and the new one, who made it and when."
    fields = trail.fields(prefix)
    return Table("Trail", "trail", said, fields, rows, 1, belongs=(fields[0].name,) if parent else (), parent=parent)


def _facts(
    session: Session,
    study: Study,
    library: Library,
    selection: Selection,
    counts: tuple[Count, ...],
    chosen: list[_Chosen],
    now: datetime.datetime,
    by: str,
) -> readme.Facts:
    versions = [
        readme.VersionUsed(
            one.name,
            number,
            instrument.title,
            definitions.sha256(library.files[one.name, number]),
            one.texts[number].language,
            one.words,
        )
        for one in chosen
        for number, instrument in sorted(one.merged.versions.items())
    ]
    shortened = tuple(
        f"{name} at wave {wave} is {wide.suffixed(name, wave)} in Wide"
        for one in chosen
        for wave in one.waves
        for name in (variable.name for variable in one.merged.variables)
        if not wide.suffixed(name, wave).startswith(f"{name}_")
    )
    return readme.Facts(
        study.slug, study.title, study.time_zone, now, by, _software(), _database(session), selection, counts,
        tuple(versions), shortened,
    )  # fmt: skip


def _software() -> str:
    try:
        return f"krachtmeting {importlib.metadata.version('krachtmeting')}"
    except importlib.metadata.PackageNotFoundError:
        return "krachtmeting, run from its source"


def _database(session: Session) -> str:
    dialect = session.connection().dialect
    version = ".".join(str(part) for part in dialect.server_version_info or ())
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return f"{dialect.name} {version}, tables at revision {revision}"
