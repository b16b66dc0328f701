"""All code books by id, from the shipped folder and an institute's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from survey.instruments.code_books.model import CodeBook
from survey.instruments.code_books.reading import read_code_book
from survey.instruments.filed import files, read_all
from survey.instruments.library import Shelf

KIND = "code_books"


def code_book_files(folder: Path) -> list[Path]:
    """The code book files of a folder of definitions, in order."""
    return files(folder, KIND)


def read_code_books(shelves: Sequence[Shelf]) -> dict[str, CodeBook]:
    """The code books of these shelves, by id. Raises InstrumentError with the problems of all files."""
    return read_all(shelves, KIND, read_code_book, lambda one: one.code_book)
