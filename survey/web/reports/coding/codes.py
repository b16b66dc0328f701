"""The codes of a study in words: those of its code book by group, and those that it added itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.code_books.model import CodeBook
from survey.instruments.code_books.reading import OWN, OWN_COLOUR
from survey.instruments.protocols.model import said
from survey.storage import coding
from survey.web.server import server


@dataclass(frozen=True)
class ShownCode:
    """One code in the reader's language. `memo` is that of a code that the study added; the rest is "" there."""

    name: str
    title: str
    colour: str
    definition: str = ""
    use: str = ""
    not_use: str = ""
    example: str = ""
    memo: str = ""


@dataclass(frozen=True)
class ShownGroup:
    """Codes that belong together."""

    name: str
    title: str
    about: str
    codes: tuple[ShownCode, ...]


@dataclass(frozen=True)
class Codes:
    """All codes that can be given in a study. `declared`: its protocol names the book; `book` is None without any."""

    groups: tuple[ShownGroup, ...]
    book: CodeBook | None
    declared: bool
    title: str = ""

    @property
    def by_name(self) -> dict[str, ShownCode]:
        """Code -> how it is shown."""
        return {code.name: code for group in self.groups for code in group.codes}

    def shown(self, name: str) -> ShownCode:
        """A code; by its bare name where the book does not have it any more."""
        return self.by_name.get(name) or ShownCode(name, name, OWN_COLOUR)


def codes_of(session: Session, study_id: int, language: str) -> Codes:
    """The codes of a study, in this language."""
    book, declared = coding.book_of(session, study_id, server().code_books)
    groups = [
        ShownGroup(
            name, said(group.title, language), said(group.about, language),
            tuple(
                ShownCode(
                    code, said(one.title, language), one.colour, said(one.definition, language),
                    said(one.use, language), said(one.not_use, language), said(one.example, language),
                )
                for code, one in group.codes.items()
            ),
        )
        for name, group in (book.groups if book else {}).items()
    ]  # fmt: skip
    own = tuple(
        ShownCode(one.code, one.title, OWN_COLOUR, memo=one.memo) for one in coding.own_codes(session, study_id)
    )
    if own:
        about = gettext("Codes that this study added while coding.")
        groups.append(ShownGroup(OWN, gettext("Added by this study"), about, own))
    return Codes(tuple(groups), book, declared, said(book.title, language) if book else "")
