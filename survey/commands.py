"""The krachtmeting command line."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from exports.collecting import Unknown
from exports.formats import FORMATS, NeedsExtra, Written, suffix_of, write
from exports.xlsx import TooWide
from survey.commands_beginning import INSTANCE, database_of, library_of, now, settings_here
from survey.commands_care import backup, restore, verify
from survey.commands_keys import rewrap_keys
from survey.commands_reminders import remind_command
from survey.commands_study import person, study
from survey.commands_translations import translations
from survey.demo import SignIn, make_demo
from survey.demo.sign_ins import sign_ins_file
from survey.instruments.code_books.collection import code_book_files, read_code_books
from survey.instruments.code_books.reading import read_code_book
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.fidelity.collection import model_files, read_models
from survey.instruments.fidelity.reading import read_model
from survey.instruments.filed import known_ids
from survey.instruments.library import Library, definition_files, shelves
from survey.instruments.model import Instrument
from survey.instruments.protocols.checks import NAMED
from survey.instruments.protocols.collection import protocol_files, read_protocols
from survey.instruments.protocols.reading import read_protocol
from survey.instruments.reading import read
from survey.storage import audit, downloads, studies
from survey.storage.codes import COMMAND_LINE
from survey.storage.database import Database
from survey.storage.downloads import HandedOut
from survey.storage.reading import Selection
from survey.storage.sealing import Sealer
from survey.web.app import create_app
from survey.web.running import logs, metrics
from survey.web.running.serving import serve as serve_app
from survey.web.settings import Settings


@click.group()
def main() -> None:
    """Krachtmeting: questionnaires from definition files, in two languages, with exports that need no repair."""


@main.command()
@click.option(
    "--demo", is_flag=True, help="Bring the tables up to date, and load the demo study if the database is empty."
)
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--notice", default=0, show_default=True, type=click.IntRange(0, 300),
    help="Seconds to go on after being told to stop, while /ready says no, for a proxy that looks there.",
)  # fmt: skip
def serve(demo: bool, threads: int, notice: int) -> None:
    """Serve the pages on HOST and PORT, until told to stop: then what is being answered is finished first."""
    settings = settings_here()
    if demo:
        settings = _without_second_factor(settings)
        _prepare_demo(settings)
    database_of(settings).close()
    try:
        app = create_app(settings)
    except InstrumentError as error:
        raise click.ClickException(str(error)) from None
    try:
        metrics.serve(app, settings.metrics_port)
    except OSError:
        raise click.ClickException(
            f"the port {settings.metrics_port} is taken; give another one in KRACHTMETING_METRICS_PORT"
        ) from None
    click.echo(f"\nKrachtmeting listens on http://{settings.host}:{settings.port}  (stop with Ctrl+C)\n", err=True)
    # With a demo somebody looks on, and wants to read who can sign in.
    logs.begin(level=logging.WARNING if demo else logging.INFO)
    serve_app(
        app, host=settings.host, port=settings.port, threads=threads, notice=notice,
        # Else it leaves out the very header by which a proxy tells who asks.
        clear_untrusted_proxy_headers=not settings.proxies,
    )  # fmt: skip


def _without_second_factor(settings: Settings) -> Settings:
    """The demo goes without a second factor, unless the variable says that it is to be tried out."""
    if "KRACHTMETING_SECOND_FACTOR" in os.environ:
        return settings
    click.echo("The demo asks for no second step at the sign-in (KRACHTMETING_SECOND_FACTOR=1 does).", err=True)
    return replace(settings, second_factor=False)


def _prepare_demo(settings: Settings) -> None:
    database = Database(settings.database_url)
    database.upgrade()
    kept = sign_ins_file(INSTANCE)
    with database.reading() as session:
        empty = not studies.studies(session)
    if empty:
        click.echo("Making the demo study with invented people ...", err=True)
        made = make_demo(database, library_of(settings), now=now(), sealer=Sealer(settings.master_key))
        kept.keep(made.sign_ins)
    _tell_sign_ins(kept.kept())
    database.close()


def _tell_sign_ins(sign_ins: Iterable[SignIn]) -> None:
    for one in sign_ins:
        click.echo(f"  {one.role:<12} name: {one.name:<14} password: {one.password}", err=True)


@main.command()
def migrate() -> None:
    """Bring the tables of the database to this version."""
    database = Database(settings_here().database_url)
    if (database.ahead or 0) > 0:
        raise click.ClickException("the tables are of a newer version than this one; migrate with that one")
    database.upgrade()
    click.echo("The tables are up to date.")


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check definition FILES (else all shipped and own ones) and print every mistake as file:line:column."""
    problems: list[Problem] = []
    own = shelves(settings_here().own_definitions)
    library = None
    try:
        library = Library(own)
    except InstrumentError as error:
        problems.extend(() if files else error.problems)
    for path in files:
        try:
            match path.parent.name:
                case "protocols":
                    read_protocol(path, library.newest if library else {}, known_ids(own, *NAMED.values()))
                case "fidelity":
                    read_model(path, library.newest if library else {})
                case "code_books":
                    read_code_book(path)
                case _:
                    read(path)
        except InstrumentError as error:
            problems.extend(error.problems)
    if not files:
        if library is not None:
            problems += _beside_instruments(library)
        kinds = (definition_files, protocol_files, model_files, code_book_files)
        files = tuple(path for shelf in own for kind in kinds for path in kind(shelf.definitions))
    for problem in sorted(problems):
        click.echo(str(problem))
    if problems:
        sys.exit(1)
    click.echo(f"{len(files)} definitions, no mistakes")


def _beside_instruments(library: Library) -> list[Problem]:
    """The mistakes of protocols, fidelity models and code books."""
    problems: list[Problem] = []
    readers = (read_protocols, read_models, lambda library: read_code_books(library.shelves))
    for reader in readers:
        try:
            reader(library)
        except InstrumentError as error:
            problems.extend(error.problems)
    return problems


@main.command()
def schema() -> None:
    """Print the JSON schema of an instrument, for completion in an author's editor."""
    click.echo(json.dumps(Instrument.model_json_schema(), indent=2, ensure_ascii=False))


@main.command()
@click.option("--participants", default=35, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, type=int)
def demo(participants: int, seed: int) -> None:
    """Make the demo study with invented people, and print a sign-in for each role."""
    settings = settings_here()
    database = database_of(settings)
    try:
        made = make_demo(
            database, library_of(settings), participants=participants, seed=seed, now=now(),
            sealer=Sealer(settings.master_key),
        )  # fmt: skip
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    sign_ins_file(INSTANCE).keep(made.sign_ins)
    _tell_sign_ins(made.sign_ins)


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--study", "slug", help="The study's short name; may be left out where there is one study.")
@click.option("--instrument", "instruments", multiple=True, help="Only this instrument; may be given several times.")
@click.option("--wave", "waves", multiple=True, help="Only this wave; may be given several times.")
@click.option("--submitted-only", is_flag=True, help="Leave out what was not handed in.")
@click.option("--language", help="Language of the labels; else each instrument's own.")
def export(
    out: Path,
    slug: str | None,
    instruments: tuple[str, ...],
    waves: tuple[str, ...],
    submitted_only: bool,
    language: str | None,
) -> None:
    """Write the responses of a study to OUT, and read them back: an .xlsx workbook, a .zip of CSV files, a .sav.zip of
    files for SPSS, a .dta.zip of files for Stata, an .xml that describes them by DDI, or a .qdpx of open answers with
    their codes."""
    settings = settings_here()
    database, library = database_of(settings), library_of(settings)
    suffix = suffix_of(out.name)
    if suffix not in FORMATS:
        raise click.ClickException(f"'{suffix}' is no format; known are {', '.join(FORMATS)}")
    with database.reading() as session:
        known = {study.slug: study.id for study in studies.studies(session)}
        if slug is None and len(known) == 1:
            slug = next(iter(known))
        if slug not in known:
            raise click.ClickException(f"name a study with --study; there are: {', '.join(known) or 'none'}")
        known_waves = [wave.code for wave in studies.waves(session, known[slug])]
    for given, possible, what in ((instruments, list(library.newest), "instrument"), (waves, known_waves, "wave")):
        for one in given:
            if one not in possible:
                raise click.ClickException(f"there is no {what} '{one}'; there are: {', '.join(possible)}")
    selection = Selection(known[slug], instruments or None, waves or None, submitted_only)
    with database.reading() as session:
        before = downloads.erased_count(session, known[slug])
    try:
        written = write(database, library, selection, out, now=now(), by=COMMAND_LINE, language=language)
    except (NeedsExtra, Unknown, TooWide, OSError) as error:
        raise click.ClickException(str(error)) from None
    made = HandedOut(suffix, written.sha256, written.responses, written.losses.count)
    with database.writing() as session:
        downloads.note(session, selection, made, None, now(), erased_before=before)
        audit.note(session, "exported", None, now(), study=slug, sha256=written.sha256, responses=written.responses)
    _tell(written)


def _tell(written: Written) -> None:
    click.echo(f"{written.path}: {written.responses} responses, {written.size:,} bytes, read back and compared")
    for loss in written.losses.listed:
        click.echo(f"  changed to fit: {loss.table} {loss.cell}: {loss.what}")
    if written.losses.count > len(written.losses.listed):
        click.echo(f"  and {written.losses.count - len(written.losses.listed)} more")
    click.echo(f"sha256 {written.sha256}")


main.add_command(study)
main.add_command(person)
main.add_command(translations)
main.add_command(rewrap_keys)
main.add_command(remind_command)
main.add_command(backup)
main.add_command(restore)
main.add_command(verify)


if __name__ == "__main__":
    main()
