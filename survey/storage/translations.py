"""What translators wrote on the server: keeping each edit, and reading what of it counts."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, insert, select, text
from sqlalchemy.orm import Session

from survey.instruments.catalogues import STATUSES, Catalogue, Sources, Translation
from survey.instruments.round_trip import Edited
from survey.storage.codes import COMMAND_LINE
from survey.storage.tables import Person, TranslationEdit


@dataclass(frozen=True)
class Edit:
    """One text in one language as somebody left it. `by` is a person's code, or COMMAND_LINE."""

    id: int
    language: str
    context: str
    source: str
    draft_1: str
    draft_2: str
    words: str
    status: str
    comment: str
    at: datetime.datetime
    by: str


def keep_edit(session: Session, language: str, edited: Edited, person_id: int | None, now: datetime.datetime) -> None:
    """Keep a text as it was edited. `person_id` None: it came in from the command line."""
    keep_edits(session, language, [edited], person_id, now)


def keep_edits(
    session: Session, language: str, edited: Iterable[Edited], person_id: int | None, now: datetime.datetime
) -> None:
    """Keep many texts at once; None of them takes the place of an earlier edit, which stays on record."""
    rows = [
        {
            "language": language,
            "context": one.row.context,
            "source": one.source,
            "draft_1": one.draft_1,
            "draft_2": one.draft_2,
            "words": one.words,
            "status": one.status,
            "comment": one.comment,
            "person_id": person_id,
            "at": now,
        }
        for one in edited
    ]
    if rows:
        session.execute(insert(TranslationEdit), rows)


def edits(session: Session, language: str, context: str) -> list[Edit]:
    """All edits of one text, oldest first."""
    return list(_edits(session, TranslationEdit.language == language, TranslationEdit.context == context))


def _edits(session: Session, *which: ColumnElement[bool]) -> Iterator[Edit]:
    of_edit = (getattr(TranslationEdit, name) for name in list(Edit.__dataclass_fields__)[:-1])
    query = select(*of_edit, Person.code.label("by")).outerjoin(Person, TranslationEdit.person_id == Person.id)
    query = query.where(*which).order_by(TranslationEdit.id)
    for row in session.execute(query):
        yield Edit(**{**row._mapping, "by": row.by or COMMAND_LINE})


def newest_edit(session: Session, language: str, context: str, *, for_writing: bool = False) -> int:
    """The number of the newest edit of one text, 0 where there is none.

    `for_writing`: nobody else can look so until this transaction ends, so that of two translators who save at the same
    moment the second sees what the first wrote.
    """
    if for_writing:
        hold(session, language, context)
    query = select(func.max(TranslationEdit.id))
    query = query.where(TranslationEdit.language == language, TranslationEdit.context == context)
    return session.scalar(query) or 0


def hold(session: Session, language: str, context: str) -> None:
    """Let nobody else hold this text until the transaction ends. There may be no row of it yet that could be locked."""
    # SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"translation {language} {context}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def stamp(session: Session) -> int:
    """A number that changes whenever an edit was kept.

    It is how many there are. The highest number would not do: of two transactions the one with the lower number can end
    last, and would never be noticed.
    """
    return session.scalar(select(func.count(TranslationEdit.id))) or 0


@dataclass
class _Text:
    """What counts of a text in a language: its newest edit, and the first of those that left words and status so."""

    newest: Edit
    since: Edit = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.newest

    def then(self, edit: Edit) -> None:
        """Go on with the next edit."""
        if (edit.words, edit.status) != (self.newest.words, self.newest.status):
            self.since = edit
        self.newest = edit

    def translation(self, source: str) -> Translation:
        """What it is as a translation of these words."""
        edit, outdated = self.newest, self.newest.source != source
        return Translation(
            edit.words,
            edit.status if edit.status in STATUSES else "draft",  # type: ignore[arg-type]
            outdated,
            edit.source if outdated else "",
            by=self.since.by,
            on=self.since.at.date().isoformat(),
            draft_1=edit.draft_1,
            draft_2=edit.draft_2,
            comment=edit.comment,
        )


def adopted(session: Session, sources: Sources) -> dict[str, Catalogue]:
    """Language -> what translators wrote, for Library.adopt. `sources` are the texts of all versions, oldest first.

    An edit belongs to the words that were translated. Other words under the same context, where nobody translated those
    yet, get the newest edit of the context as outdated, with the earlier words: by context, never by likeness.
    """
    by_words: dict[tuple[str, str], dict[str, _Text]] = {}
    newest: dict[tuple[str, str], Edit] = {}
    for edit in _edits(session):
        place = (edit.language, edit.context)
        there = by_words.setdefault(place, {})
        if edit.source in there:
            there[edit.source].then(edit)
        else:
            there[edit.source] = _Text(edit)
        newest[place] = edit
    wordings = _wordings(sources)
    found: dict[str, dict[tuple[str, str], Translation]] = {}
    for (language, context), there in by_words.items():
        for source in wordings.get(context, ()):
            one = there.get(source) or there[newest[language, context].source]
            if one.newest.source == source or one.newest.words:
                found.setdefault(language, {})[context, source] = one.translation(source)
    return dict(found)


def _wordings(sources: Sources) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for context, source in sources:
        found.setdefault(context, []).append(source)
    return found
