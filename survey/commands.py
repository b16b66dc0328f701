"""The krachtmeting command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from survey.instruments.catalogues import merge
from survey.instruments.errors import InstrumentError
from survey.instruments.library import Library, definition_files, shelves
from survey.instruments.model import Instrument
from survey.instruments.reading import read


@click.group()
def main() -> None:
    """Krachtmeting: questionnaires from definition files, in two languages, with exports that need no repair."""


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check definition FILES (else all shipped and own ones) and print every mistake as file:line:column."""
    problems = []
    for path in files or [path for shelf in shelves() for path in definition_files(shelf.definitions)]:
        try:
            read(path)
        except InstrumentError as error:
            problems.extend(error.problems)
    for problem in sorted(problems):
        click.echo(str(problem))
    if problems:
        sys.exit(1)


@main.command()
def schema() -> None:
    """Print the JSON schema of an instrument, for completion in an author's editor."""
    click.echo(json.dumps(Instrument.model_json_schema(), indent=2, ensure_ascii=False))


@main.group()
def translations() -> None:
    """Catalogues of translated instrument texts."""


@translations.command("merge")
@click.argument("instrument")
@click.argument("language")
def merge_catalogue(instrument: str, language: str) -> None:
    """Bring the catalogue of INSTRUMENT into LANGUAGE up to date with its source texts."""
    library = Library(shelves())
    path = library.catalogue_file(instrument, language)
    done = merge(path, library.versions(instrument), language)
    click.echo(f"{path}: {len(done.new)} new, {len(done.fuzzy)} fuzzy, {len(done.gone)} gone")


if __name__ == "__main__":
    main()
