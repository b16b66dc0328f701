"""What an emergency file would bring, question by question, before anything of it is saved; and the words for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.answers.document import Key
from survey.instruments.model import Page
from survey.storage.database import Database
from survey.storage.rescue import CannotOpenJournal, NotAFile, SealedJournal
from survey.web.admin.rescuing import HandIn, Loaded, Standing, Told, Wishes, load
from survey.web.filling_in.conflict import in_words, label_of
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject, subject_of
from survey.web.server import server


@dataclass(frozen=True)
class Row:
    """One question: what the file says of it, how that stands, and what another device made of it, by whom and when."""

    name: str
    label: str
    mine: str
    standing: Standing
    at: str
    theirs: str = ""
    by: str = ""
    their_time: str = ""


@dataclass(frozen=True)
class Shown:
    """One journal of a file: why it does not open, or whose it is and what it brings, page by page."""

    number: int
    token: str
    problem: str = ""
    owner: str = ""
    subject: Subject | None = None
    title: str = ""
    language: str = ""
    batches: int = 0
    before: int = 0
    broken: int = 0
    first: str = ""
    last: str = ""
    version: int = 0
    submitted: bool = False
    locked: bool = False
    hand_in: HandIn = ""
    hindered_by: tuple[str, ...] = ()
    pages: tuple[tuple[str, tuple[Row, ...]], ...] = ()

    @property
    def news(self) -> bool:
        """Whether saving would change anything."""
        return self.batches > self.before or self.open > 0 or self.hand_in == "done"

    @property
    def open(self) -> int:
        """How many questions have two versions of which one must be chosen."""
        return sum(row.standing == "both" for _, rows in self.pages for row in rows)


class _OnlyLooked(Exception):
    """Ends a transaction of which nothing may stay."""


def looked(database: Database, journals: tuple[SealedJournal, ...]) -> list[Shown]:
    """What each journal would bring. It is saved and taken back, so that looking tells exactly what saving does."""
    found: list[Shown] = []
    for number, journal in enumerate(journals):
        try:
            with database.writing() as writing:
                found.append(_shown(writing, number, journal))
                raise _OnlyLooked
        except _OnlyLooked:
            continue
    return found


def _shown(session: Session, number: int, journal: SealedJournal) -> Shown:
    try:
        loaded = load(session, journal, Wishes(reason="-", looking=True))
    except CannotOpenJournal as why:
        return Shown(number, journal.token, unopened_words(why))
    here, subject, now = loaded.here, subject_of(session, loaded.here.record), server().now()
    moments = [_moment(here, entry.at, now) for entry in loaded.opened.entries]
    return Shown(
        number,
        journal.token,
        owner=_owner(loaded, journal),
        subject=subject,
        title=here.texts["title"].words,
        language=here.texts.language,
        batches=loaded.batches,
        before=loaded.before,
        broken=loaded.broken,
        first=subject.filled_in(min(moments), now) if moments else "",
        last=subject.filled_in(max(moments), now) if moments else "",
        version=loaded.version,
        submitted=loaded.was_submitted,
        locked=loaded.was_locked,
        hand_in=loaded.hand_in,
        hindered_by=tuple(label_of(here, ("answers", unit)) for _, unit, _ in loaded.hindered_by),
        pages=tuple(_pages(loaded, subject, now)),
    )


def _owner(loaded: Loaded, journal: SealedJournal) -> str:
    if not loaded.opened.alone:
        return journal.owner
    if loaded.here.alone == "coach":
        return gettext("the coach, by a personal link")
    return gettext("the participant, by a personal link")


def _pages(loaded: Loaded, subject: Subject, now: datetime.datetime) -> Iterator[tuple[str, tuple[Row, ...]]]:
    by_page: dict[str, list[Row]] = {}
    for name, told in loaded.told.items():
        if told.standing == "here" and all(value is None for value in told.values.values()):
            # An empty note goes along with each answer.
            continue
        by_page.setdefault(told.page.page, []).append(_row(loaded.here, subject, name, told, now))
    for page in loaded.here.instrument.pages:
        if page.page in by_page:
            yield _title(loaded.here, page), tuple(by_page[page.page])


def _moment(here: Sitting, at: datetime.datetime, now: datetime.datetime) -> datetime.datetime:
    """When something was filled in, as it is saved: a device's clock may be wrong."""
    return min(max(at, here.record.started_at), now)


def _title(here: Sitting, page: Page) -> str:
    return here.texts[f"pages/{page.page}/title"].words


def _row(here: Sitting, subject: Subject, name: str, told: Told, now: datetime.datetime) -> Row:
    label = label_of(here, next(iter(told.values)))
    mine, at = _words(here, told.values), subject.filled_in(_moment(here, told.at, now), now)
    if not told.theirs:
        return Row(name, label, mine, told.standing, at)
    theirs = _words(here, {key: here.record.document[key[0]].get(key[1]) for key in told.values})
    one = next(iter(told.theirs.values()))
    by = one.by or gettext("the participant")
    return Row(name, label, mine, told.standing, at, theirs, by, subject.filled_in(one.at, now))


def _words(here: Sitting, values: Mapping[Key, Any]) -> str:
    """What one input holds: an answer, or else what is no answer yet."""
    for key, value in values.items():
        if value is not None:
            return in_words(here, key, value)
    return gettext("(empty)")


def unopened_words(why: CannotOpenJournal) -> str:
    """Why a journal does not open, and what to do."""
    return {
        "other_response": gettext(
            "This server does not know the response. The file may be of another server, or the answers were erased. "
            "Nothing was saved, and the file is as it was."
        ),
        "no_key": gettext(
            "This server has no key for this. The file may be of another server, or of before a backup was put back, "
            "or the answers were erased. Nothing was saved, and the file is as it was."
        ),
        "changed": gettext(
            "This does not open: it is not as the browser sealed it. Ask for the file once more, as it was made on the "
            "device. Nothing was saved."
        ),
    }[why.why]


def refusal_words(why: NotAFile) -> str:
    """Why a file cannot be read, and what to do."""
    return {
        "too_large": gettext(
            "This file is too large for an emergency file. Choose the file that was made on the device."
        ),
        "half": gettext(
            "This file breaks off in the middle. Copy it once more from the device; there it is still whole. Nothing "
            "was saved."
        ),
        "not_ours": gettext(
            "This is no emergency file. Such a file is made on the device, with “Save as a file”, and its name begins "
            "with “krachtmeting”. Nothing was saved."
        ),
        "newer": gettext(
            "This file was made by a later version of Krachtmeting. Load it on the server from which it came. "
            "Nothing was saved."
        ),
    }[why.why]
