"""A code book in one language: its groups and their codes in words, as pages and files tell them."""

from __future__ import annotations

from dataclasses import dataclass

from survey.instruments.code_books.model import CodeBook
from survey.instruments.code_books.reading import OWN_COLOUR
from survey.instruments.protocols.model import said


@dataclass(frozen=True)
class CodeInWords:
    """One code in one language. `memo` is that of a code that the study added; the rest is "" there."""

    name: str
    title: str
    colour: str = OWN_COLOUR
    definition: str = ""
    use: str = ""
    not_use: str = ""
    example: str = ""
    memo: str = ""


@dataclass(frozen=True)
class GroupInWords:
    """Codes that belong together."""

    name: str
    title: str
    about: str
    codes: tuple[CodeInWords, ...]


def in_words(book: CodeBook | None, language: str) -> list[GroupInWords]:
    """The groups of a book, in this language; none without a book."""
    return [
        GroupInWords(
            name, said(group.title, language), said(group.about, language),
            tuple(
                CodeInWords(
                    code, said(one.title, language), one.colour, said(one.definition, language),
                    said(one.use, language), said(one.not_use, language), said(one.example, language),
                )
                for code, one in group.codes.items()
            ),
        )
        for name, group in (book.groups if book else {}).items()
    ]  # fmt: skip
