"""The codes of a study in words: those of its code book by group, and those that it added itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.code_books.in_words import CodeInWords, GroupInWords, in_words
from survey.instruments.code_books.model import CodeBook
from survey.instruments.code_books.reading import OWN
from survey.instruments.protocols.model import said
from survey.storage import coding
from survey.web.server import server


@dataclass(frozen=True)
class Codes:
    """All codes that can be given in a study. `declared`: its protocol names the book; `book` is None without any."""

    groups: tuple[GroupInWords, ...]
    book: CodeBook | None
    declared: bool
    title: str = ""

    @property
    def by_name(self) -> dict[str, CodeInWords]:
        """Code -> how it is shown."""
        return {code.name: code for group in self.groups for code in group.codes}

    def shown(self, name: str) -> CodeInWords:
        """A code; by its bare name where the book does not have it any more."""
        return self.by_name.get(name) or CodeInWords(name, name)


def codes_of(session: Session, study_id: int, language: str) -> Codes:
    """The codes of a study, in this language."""
    book, declared = coding.book_of(session, study_id, server().code_books)
    groups = in_words(book, language)
    own = tuple(CodeInWords(one.code, one.title, memo=one.memo) for one in coding.own_codes(session, study_id))
    if own:
        about = gettext("Codes that this study added while coding.")
        groups.append(GroupInWords(OWN, gettext("Added by this study"), about, own))
    return Codes(tuple(groups), book, declared, said(book.title, language) if book else "")
