"""All code books by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from survey.instruments.code_books.model import CodeBook
from survey.instruments.code_books.reading import read_code_book
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.library import Shelf


def code_book_files(folder: Path) -> list[Path]:
    """The code book files of a folder of definitions, in order."""
    return sorted((folder / "code_books").glob("*.yaml"))


def read_code_books(shelves: Sequence[Shelf]) -> dict[str, CodeBook]:
    """The code books of these shelves, by id. Raises InstrumentError with the problems of all files."""
    found: dict[str, CodeBook] = {}
    problems: list[Problem] = []
    for shelf in shelves:
        for path in code_book_files(shelf.definitions):
            try:
                book = read_code_book(path)
            except InstrumentError as error:
                problems.extend(error.problems)
                continue
            if path.stem != book.code_book:
                what = f"this is '{book.code_book}'; keep it as code_books/{book.code_book}.yaml"
                problems.append(Problem(str(path), 1, 1, what))
            elif book.code_book in found:
                what = f"'{book.code_book}' stands in another folder as well; give one of them another id"
                problems.append(Problem(str(path), 1, 1, what))
            else:
                found[book.code_book] = book
    if problems:
        raise InstrumentError(problems)
    return found
