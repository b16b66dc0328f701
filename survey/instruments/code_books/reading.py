"""A code book file becomes a CodeBook, or all its problems at once with file, line and column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ValidationError

from survey.instruments.checks import Finding
from survey.instruments.code_books.model import Code, CodeBook, Group
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.explaining import MOST_MISTAKES, explained
from survey.instruments.reading import file_bytes, marked_file

OWN = "own"
"""The group of the codes that a study adds: no code book has one of this name."""

OWN_COLOUR = "#55646a"
"""The colour of those codes."""


def read_code_book(path: Path) -> CodeBook:
    """The code book in a file. Raises InstrumentError with every problem found, and OSError."""
    return read_code_book_text(file_bytes(path), str(path))


def read_code_book_text(source: str | bytes, file: str = "<text>") -> CodeBook:
    """The code book in a YAML text. Raises InstrumentError with every problem found."""
    found = marked_file(source, file, "code_book: my-study")
    try:
        book = CodeBook.model_validate(found.value)
    except ValidationError as error:
        problems = [
            (place, _explained(part, place)) for part in error.errors()[:MOST_MISTAKES] if (place := tuple(part["loc"]))
        ]
    else:
        problems = list(findings(book))
        if not problems:
            return book
    raise InstrumentError({Problem(file, *found.place(place), what) for place, what in problems})


def findings(book: CodeBook) -> Iterator[Finding]:
    """Mistakes across the codes of a book: a name or a colour that stands twice."""
    names: dict[str, str] = {}
    colours: dict[str, str] = {}
    for of, group in book.groups.items():
        if of == OWN:
            yield ("groups", of), f"'{OWN}' is the group of codes that a study adds; choose another name"
        for name, code in group.codes.items():
            place = ("groups", of, "codes", name)
            if name in names:
                yield place, f"there is a code '{name}' in '{names[name]}' already; give one of them another name"
            names.setdefault(name, of)
            before = colours.setdefault(code.colour.lower(), name)
            if before != name:
                yield (*place, "colour"), f"'{before}' has this colour already; choose one that can be told from it"


def _explained(part: object, place: tuple[str | int, ...]) -> str:
    if isinstance(part, dict) and part["type"] == "string_pattern_mismatch" and place[-1:] == ("colour",):
        return f"{part.get('input')!r} is no colour; write it like '#17595e', in quotes"
    return explained(part, place, _settings(place[:-1]))


def _settings(place: tuple[str | int, ...]) -> list[str]:
    """What can be set at a place of a code book."""
    model: type[BaseModel] = CodeBook
    match place:
        case ("groups", _):
            model = Group
        case ("groups", _, "codes", _):
            model = Code
    return sorted(model.model_fields)
