"""The commands of translators' work: sheets and catalogues out and in, how far each translation is, and merging."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from exports.translator_catalogue import read_texts, write_texts
from exports.translator_sheet import SheetError
from survey.commands_beginning import database_of, library_of, now, settings_here
from survey.instruments.catalogues import STATUSES, merge
from survey.instruments.library import Library
from survey.instruments.model import LANGUAGE
from survey.instruments.round_trip import Change, Compared, Fault, Row, compare
from survey.instruments.to_translate import (
    Standing,
    all_texts,
    names,
    own_language,
    rows_of,
    standings,
    texts_to_translate,
)
from survey.storage import audit
from survey.storage.codes import COMMAND_LINE
from survey.storage.database import Database
from survey.storage.recordings import heard
from survey.storage.translations import adopted, keep_edits
from survey.web.settings import Settings

NAMES = {"words": "translation", "draft_1": "draft 1", "draft_2": "draft 2"}
"""What fields are called in a sheet, where that is not their own name."""

SHOWN = 60
"""So many characters of a text are shown in a list of changes."""

FAULTS: dict[str, Callable[[Fault], str]] = {
    "unknown_text": lambda fault: "no instrument has this text (any more)",
    "other_source": lambda fault: f"the source is another one now: {_short(fault.figures['source'])}; export anew",
    "twice": lambda fault: f"this text stands in row {fault.figures['first']} already",
    "unreadable": lambda fault: (
        f"the cell under '{fault.figures['field']}' holds a formula, an error or a date; write the text itself"
    ),
    "control_characters": lambda fault: f"there is a sign that no text can have ({fault.figures['sign']})",
    "unknown_status": lambda fault: f"'{fault.figures['status']}' is no status; use {', '.join(STATUSES)}",
    "status_without_words": lambda fault: f"it is '{fault.figures['status']}', and there is no translation",
    "placeholders": lambda fault: _placeholders(fault),
}
"""Code of a fault -> what is told of it."""


def _placeholders(fault: Fault) -> str:
    parts = [f"{what} {' '.join(fault.figures[kind])}" for what, kind in (("without", "missing"), ("with", "extra"))
             if fault.figures[kind]]  # fmt: skip
    return f"the translation is {' and '.join(parts)}; keep what stands in braces as it is in the source"


def _short(text: str) -> str:
    text = text.replace("\n", " ⏎ ")
    return f"'{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}'"


@click.group()
def translations() -> None:
    """Translations of instruments and of what participants see: out to translators, back, and how far they are."""


@translations.command("export")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--instrument", "instruments", multiple=True, help="Only this one, or 'controls'; may be repeated.")
@click.option("--language", help="The language to translate into; else the name of the file.")
def export_texts(out: Path, instruments: tuple[str, ...], language: str | None) -> None:
    """Write the texts to translate to OUT, an .xlsx sheet or a .po catalogue, with what there is of them.

    A .po of one instrument has the texts of all its versions, and can take the place of the file in translations/.
    """
    language = _language(language or out.stem)
    with _words() as (library, _):
        chosen = _chosen(library, instruments, language)
        _tell_new(library, language)
        whole = out.suffix.lower() == ".po"
        rows = [row for name in chosen for row in rows_of(library, name, language, all_versions=whole)]
        kept = library.catalogue_file(chosen[0], language) if len(chosen) == 1 else None
    try:
        write_texts(out, language, rows, kept)
    except (SheetError, OSError) as error:
        raise click.ClickException(str(error)) from None
    todo = sum(row.open for row in rows)
    click.echo(f"{out}: {len(rows)} texts of {', '.join(chosen)}, {todo} of them to translate or to look at again")


@translations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", help="The language of the translations; else the name of the file.")
@click.option("--yes", is_flag=True, help="Keep the changes without asking.")
def import_texts(file: Path, language: str | None, yes: bool) -> None:
    """Show what FILE, an .xlsx or .po that came back, would change, and keep it on the server.

    If anything in it must be refused, nothing is kept.
    """
    language = _language(language or file.stem)
    settings = settings_here()
    library = library_of(settings)
    with closing(database_of(settings)) as database:
        with database.reading() as session:
            _adopt(library, session)
        _chosen(library, (), language)
        _tell_new(library, language)
        found = _compared(library, file, language)
        place = "line" if file.suffix.lower() == ".po" else "row"
        for change in found.changes:
            click.echo(f"{place} {_told(change)}")
        for refusal in found.refusals:
            click.echo(
                f"{place} {refusal.number}: {refusal.context or 'no text'}: {FAULTS[refusal.fault.code](refusal.fault)}"
            )
        if found.refusals:
            raise click.ClickException(f"refused: {len(found.refusals)}; nothing was changed")
        if not found.changes:
            click.echo("There is nothing new in it.")
            return
        if not yes:
            click.confirm(f"Keep this (changed texts: {len(found.changes)})?", abort=True)
        with database.writing() as session:
            keep_edits(session, language, (one.edited for one in found.changes), None, now())
            about = {"language": language, "texts": len(found.changes)}
            audit.note(session, "imported translations", None, now(), by=COMMAND_LINE, **about)
    click.echo(f"Changed: {len(found.changes)}. Servers that run show it within seconds.")


def _compared(library: Library, file: Path, language: str) -> Compared:
    try:
        returned = read_texts(file, language)
    except SheetError as error:
        raise click.ClickException(str(error)) from None
    present: list[Row] = []
    for name in names(library):
        if own_language(library, name) != language:
            present.extend(rows_of(library, name, language, all_versions=True))
    return compare(present, returned)


def _told(change: Change) -> str:
    parts = [
        f"{NAMES.get(field, field)} {_short(old)} -> {_short(new)}" for field, old, new in change.edited.differences
    ]
    lines = [f"{change.number}: {change.edited.row.context}: {'; '.join(parts)}"]
    if change.edited.back_to_draft:
        lines.append("  other words: a draft again")
    if change.meanwhile:
        row = change.edited.row
        lines.append(
            f"  changed here too since the file was written, by {row.by or 'somebody'}; that would be replaced"
        )
    return "\n".join(lines)


@translations.command("status")
def status() -> None:
    """Print how far each instrument and the controls are in each language, files and database together."""
    with _words() as (library, session):
        table = [_line(library, session, one) for one in standings(library)]
    heading = (
        "instrument",
        "language",
        "participants",
        "all",
        "fuzzy",
        "missing",
        *STATUSES,
        "recordings",
        "offered",
    )
    widths = [max(len(row[i]) for row in [heading, *table]) for i in range(len(heading))]
    for row in [heading, *table]:
        cells = [
            cell.ljust(width) if i < 2 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        click.echo("  ".join(cells).rstrip())


def _line(library: Library, session: Session | None, one: Standing) -> tuple[str, ...]:
    counts = (one.outdated, one.missing, *(one.statuses[status] for status in STATUSES))
    sounding = heard(library, session, one.name, one.language)
    percents = (f"{one.percent_for_participants} %", f"{one.percent} %")
    offered = "" if one.name not in library.newest else "yes" if one.offered else "no"
    return (one.name, one.language, *percents, *map(str, (*counts, sounding)), offered)


@translations.command("merge")
@click.argument("instrument")
@click.argument("language")
def merge_catalogue(instrument: str, language: str) -> None:
    """Bring the catalogue file of INSTRUMENT, or of 'controls', into LANGUAGE up to date with its source texts."""
    library = library_of(settings_here())
    (name,) = _chosen(library, (instrument,), _language(language))
    path = library.catalogue_file(name, language)
    done = merge(path, texts_to_translate(library, name, all_versions=True), language)
    click.echo(f"{path}: {len(done.new)} new, {len(done.fuzzy)} fuzzy, {len(done.gone)} gone")


def _language(code: str) -> str:
    if not re.fullmatch(LANGUAGE, code):
        raise click.ClickException(f"'{code}' is no language to translate into; write its code, such as en or ar")
    return code


def _tell_new(library: Library, language: str) -> None:
    """A slip in the name of a file must not begin another language in silence."""
    if all(language not in library.known_languages(name) for name in names(library)):
        click.echo(f"Nothing has been translated into '{language}' yet.", err=True)


def _chosen(library: Library, instruments: tuple[str, ...], language: str) -> list[str]:
    """The instruments that were named, else all that are not in this language already."""
    known = names(library)
    for name in instruments:
        if name not in known:
            raise click.ClickException(f"there is no instrument '{name}'; there are: {', '.join(known)}")
    chosen = [name for name in instruments or known if own_language(library, name) != language]
    if not chosen or len(chosen) < len(instruments):
        raise click.ClickException(f"'{language}' is no language to translate into: the texts are in it already")
    return chosen


@contextmanager
def _words() -> Iterator[tuple[Library, Session | None]]:
    """The library with what translators wrote on the server, and a session; without a database files alone."""
    settings = settings_here()
    library = library_of(settings)
    database = _database_if_any(settings)
    if database is None:
        click.echo("There is no database with tables of this version: these are the files alone.", err=True)
        yield library, None
        return
    with closing(database), database.reading() as session:
        _adopt(library, session)
        yield library, session


def _database_if_any(settings: Settings) -> Database | None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        # Looking must not make one.
        return None
    database = Database(settings.database_url)
    try:
        if database.current:
            return database
    except DBAPIError as error:
        click.echo(f"The database does not answer: {type(error.orig).__name__}", err=True)
    database.close()
    return None


def _adopt(library: Library, session: Session) -> None:
    library.adopt(adopted(session, all_texts(library)))
