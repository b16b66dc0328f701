"""Collects an export: one pass over the responses fills all tables at once."""

from __future__ import annotations

import datetime
import importlib.metadata
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from exports import codebook, meetings, participants, queries, readme
from exports.about import About, free_prefix
from exports.instrument_tables import Chosen, InstrumentTables
from exports.interview import Interview
from exports.measured_tables import MeasuredTables
from exports.moments import Moments
from exports.open_answers import CodedAnswers, coded_answers
from exports.reported_tables import Reporting
from exports.shared_tables import SharedTables
from exports.tables import Spool, Table
from exports.variables import merged
from exports.words import words
from survey.instruments import reading as definitions
from survey.instruments.library import Library
from survey.storage import reading
from survey.storage.reading import Count, Selection
from survey.storage.tables import Study


class Unknown(LookupError):
    """The study does not exist, or an instrument version of which there are responses is not in the library."""


@dataclass(frozen=True)
class Collected:
    """The tables of an export in order, and what its Readme tells. `chosen` are its instruments, of this `library`;
    `folder` is where a format may put parts of its file while it makes them; `coded` are the open answers."""

    tables: tuple[Table, ...]
    facts: readme.Facts
    chosen: tuple[Chosen, ...]
    library: Library
    folder: Path
    coded: CodedAnswers


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
        spoken = language or (chosen[0].spoken if chosen else "en")
        filled = {one.name: InstrumentTables(one, self._spool) for one in chosen}
        shared = SharedTables(chosen, about, moments, self._spool, spoken)
        measured = MeasuredTables(chosen, about, self._spool, spoken)
        coded = coded_answers(session, library, selection, about, self._spool, by, spoken)
        for response in reading.exported(session, selection):
            record, interview = response.record, Interview(response)
            one = filled[record.instrument].one
            found = one.cells[record.instrument_version].path.found(record.answers)
            filled[record.instrument].add(record.instrument_version, about.cells(interview), found)
            shared.add(interview, one, found)
            measured.add(interview, found)
            coded.add(interview, one.cells[record.instrument_version].path, found)
        tables = [table for one in filled.values() for table in one.tables(about, alone=len(chosen) == 1)]
        tables += measured.tables()
        tables += Reporting(session, library, selection, self._spool, spoken, now).tables()
        tables += [shared.quality(), shared.compared(), shared.by_answer(), shared.segments()]
        tables += [shared.events(reading.events(session, selection)), self._codebook(chosen, about)]
        tables += meetings.tables(session, library, selection, moments, self._spool)
        tables += participants.tables(session, study, selection, moments, self._spool)
        tables += coded.tables(self._spool)
        tables += queries.tables(session, selection, about, moments, self._spool)
        tables.append(shared.trail(reading.trail(session, selection)))
        facts = _facts(session, study, library, selection, counts, chosen, now, by)
        return Collected(tuple(tables), facts, tuple(chosen), library, self._folder, coded)

    def _codebook(self, chosen: list[Chosen], about: About) -> Table:
        rows = self._spool()
        rows.extend(codebook.about_rows(about.prefix))
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
) -> Chosen:
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
    return Chosen(both, texts, spoken, waves)


def _facts(
    session: Session,
    study: Study,
    library: Library,
    selection: Selection,
    counts: tuple[Count, ...],
    chosen: list[Chosen],
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
    return readme.Facts(
        study.slug, study.title, study.time_zone, now, by, software(), _database(session), selection, counts,
        tuple(versions), tuple(said for one in chosen for said in one.shortened),
    )  # fmt: skip


def software() -> str:
    """What made a file or a report: the name and version of this software."""
    try:
        return f"krachtmeting {importlib.metadata.version('krachtmeting')}"
    except importlib.metadata.PackageNotFoundError:
        return "krachtmeting, run from its source"


def _database(session: Session) -> str:
    dialect = session.connection().dialect
    version = ".".join(str(part) for part in dialect.server_version_info or ())
    revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return f"{dialect.name} {version}, tables at revision {revision}"
