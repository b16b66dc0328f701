"""Emergency files: what a browser had no receipt for, saved by hand, still sealed; opened with the keys of journals.

Whatever stands in such a file came from outside: everything is looked at for its kind and size before it is used, and
what does not open says why.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage import receipts
from survey.storage.tables import Person

FORMAT = "krachtmeting emergency "
EDITION = "1"

LARGEST = 1_800_000
"""Bytes of a file, so that it can go along in a form. A whole interview is about a fifth of it."""

MOST_JOURNALS, MOST_ENTRIES, MOST_FIELDS, LONGEST_VALUE, NONCE_BYTES = 50, 4000, 2000, 200_000, 12
LONGEST_NAME, LONGEST_KEY = 120, 36

Why = Literal["too_large", "half", "not_ours", "newer"]
"""Larger than such a file can be; it breaks off in the middle; another kind of file; of a later version of this."""

Unopened = Literal["other_response", "no_key", "changed"]
"""This server has no such response; nobody had such a journal of it here; not what was sealed."""

EntryKind = Literal["answers", "layout", "hand-in"]
KINDS: tuple[EntryKind, ...] = get_args(EntryKind)


class NotAFile(Exception):
    """What was sent cannot be read as an emergency file, and why."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


@dataclass(frozen=True)
class SealedEntry:
    """One entry of a journal as it stands in the file; `sealed` ends with the tag."""

    nonce: bytes
    sealed: bytes


@dataclass(frozen=True)
class SealedJournal:
    """One person's journal of one response. `owner` is a person's code, or the mark of a personal link."""

    token: str
    owner: str
    entries: tuple[SealedEntry, ...]


@dataclass(frozen=True)
class Entry:
    """Something that was filled in, or done. `fields` are the names and values as a page sends them; `at` is when, by
    the device's clock. Only what belongs to its kind is there, the rest is empty."""

    kind: EntryKind
    at: datetime.datetime
    batch: str = ""
    page: str = ""
    units: str = ""
    base: int = 0
    tab: str = ""
    texts: str = ""
    layout: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Opened:
    """A journal that was opened: whose by number (None: a participant alone), and what stands in it, the oldest first.

    `broken`: how many entries are not what was sealed, or make no sense.
    """

    person_id: int | None
    alone: bool
    entries: tuple[Entry, ...]
    broken: int


class CannotOpenJournal(Exception):
    """Nothing of a journal can be opened here, and why."""

    def __init__(self, why: Unopened) -> None:
        self.why: Unopened = why
        super().__init__(why)


def read_file(content: bytes) -> tuple[SealedJournal, ...]:
    """The journals of a file, sealed as they are. Raises NotAFile. What the file is called says nothing."""
    if len(content) > LARGEST:
        raise NotAFile("too_large")
    found = _parsed(content)
    said = found.get("format") if isinstance(found, dict) else None
    if not isinstance(said, str) or not said.startswith(FORMAT):
        raise NotAFile("not_ours")
    if said != FORMAT + EDITION:
        raise NotAFile("newer")
    journals = found.get("journals")
    if not isinstance(journals, list) or not 0 < len(journals) <= MOST_JOURNALS:
        raise NotAFile("not_ours")
    read = tuple(_journal(one) for one in journals)
    if sum(len(one.entries) for one in read) > MOST_ENTRIES:
        raise NotAFile("too_large")
    return read


def _parsed(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        # A file that breaks off within a letter is still one of ours.
        raise NotAFile("half" if _begins_as_ours(content[: wrong.start].decode()) else "not_ours") from None
    try:
        return _strict(text)
    except ValueError:
        raise NotAFile("half" if _begins_as_ours(text) else "not_ours") from None


def _strict(text: str) -> Any:
    """What JSON says. Raises ValueError, also for what is nested without end, and for numbers that are none."""

    def refused(constant: str) -> Any:
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refused)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _begins_as_ours(text: str) -> bool:
    return FORMAT in text[:100] and text.lstrip().startswith("{")


def _journal(found: Any) -> SealedJournal:
    if not isinstance(found, dict) or not isinstance(found.get("entries"), list):
        raise NotAFile("not_ours")
    token, owner = (_text(found.get(name), LONGEST_KEY) for name in ("response", "owner"))
    if token is None or owner is None:
        raise NotAFile("not_ours")
    return SealedJournal(token, owner, tuple(_sealed(one) for one in found["entries"]))


def _sealed(found: Any) -> SealedEntry:
    """An entry; one that cannot be read is empty, and does not open."""
    parts = (found.get("iv"), found.get("sealed")) if isinstance(found, dict) else (None, None)
    try:
        nonce, sealed = (base64.b64decode(part, validate=True) for part in parts if isinstance(part, str))
    except (ValueError, binascii.Error):
        return SealedEntry(b"", b"")
    return SealedEntry(nonce, sealed)


def _text(found: Any, longest: int) -> str | None:
    return found if isinstance(found, str) and len(found) <= longest else None


def opened(session: Session, journal: SealedJournal, response_id: int) -> Opened:
    """What stands in a journal of a response. Raises CannotOpenJournal."""
    person_id = session.scalar(select(Person.id).where(Person.code == journal.owner))
    key = receipts.journal_key(session, response_id, journal.owner if person_id is not None else "")
    if key is None:
        raise CannotOpenJournal("no_key")
    bound = f"krachtmeting journal 1/{journal.token}/{journal.owner}".encode()
    entries = tuple(_opened(AESGCM(key), journal, bound))
    if journal.entries and not entries:
        raise CannotOpenJournal("changed")
    return Opened(person_id, person_id is None, entries, len(journal.entries) - len(entries))


def _opened(key: AESGCM, journal: SealedJournal, bound: bytes) -> Iterator[Entry]:
    for one in journal.entries:
        try:
            if len(one.nonce) == NONCE_BYTES:
                yield _entry(_strict(key.decrypt(one.nonce, one.sealed, bound).decode()))
        except (InvalidTag, ValueError, OverflowError, OSError):
            continue


def _entry(found: Any) -> Entry:
    """An entry as it was written. Raises ValueError, OverflowError and OSError for what no browser of ours writes."""
    if not isinstance(found, dict) or found.get("kind") not in KINDS:
        raise ValueError("no entry")
    at = found.get("at")
    if not isinstance(at, int | float):
        raise ValueError("no moment")
    about: dict[str, Any] = {
        name: _said(found.get(name) or "", longest)
        for name, longest in (("batch", LONGEST_KEY), ("page", LONGEST_NAME), ("tab", LONGEST_NAME), ("texts", 200))
    }
    if found["kind"] == "answers":
        units = found.get("units")
        base = int(_said(str(found.get("base", "")), 9))
        if not about["batch"] or base < 0:
            raise ValueError("no batch")
        about |= {
            "units": _said(" ".join(map(str, units)) if isinstance(units, list) else units, LONGEST_VALUE),
            "base": base,
            "fields": _fields(found.get("fields")),
        }
    layout = _said(found.get("layout") or "", LONGEST_NAME)
    return Entry(found["kind"], datetime.datetime.fromtimestamp(at / 1000, datetime.UTC), layout=layout, **about)


def _said(found: Any, longest: int) -> str:
    text = _text(found, longest)
    if text is None:
        raise ValueError("no text")
    # PostgreSQL cannot hold this sign, and it is left out of forms too.
    return text.replace("\0", "")


def _fields(found: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, list) or len(found) > MOST_FIELDS:
        raise ValueError("no fields")
    pairs = [tuple(one) for one in found if isinstance(one, list) and len(one) == 2]
    if len(pairs) != len(found):
        raise ValueError("no pairs")
    return tuple((_said(name, LONGEST_NAME), _as_sent(_said(value, LONGEST_VALUE))) for name, value in pairs)


def _as_sent(value: str) -> str:
    """A value as a form sends it: each line ends with both signs."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
