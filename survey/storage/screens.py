"""Participants' own screens: pairing one with a response, what it shows, and when the pairing ends."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.instruments.kinds.number import western
from survey.storage import responses
from survey.storage.events import Kind, last_event, note_event
from survey.storage.record import Record
from survey.storage.sessions import LOCKED_FOR, hashed
from survey.storage.tables import Base, Screen, SignInFailure

CODE_LENGTH = 8
CODE_HOLDS = datetime.timedelta(minutes=10)
LONGEST = datetime.timedelta(hours=12)
"""A pairing ends after this, if nothing ended it before."""

SEEN_EVERY = datetime.timedelta(seconds=5)
"""A screen asks more than twice a second; that it did is written at most this often."""

THERE_WITHIN = datetime.timedelta(seconds=15)
"""A screen that was not seen for longer is not there for now."""

WRONG_CODES = 20
WRONG_WITHIN = datetime.timedelta(minutes=1)
"""So many wrong codes in so much time are taken, in all; then nobody can join by a code for a while. Of a hundred
million codes a guesser tries two hundred while one holds."""

# No hash of a name looks like this, so it cannot be mixed up with somebody who signs in.
_GUESSES = "codes of participants' screens"

Over = Literal["ended", "handed_in", "too_long", "no_right"]


class TooManyWrongCodes(Exception):
    """Too many wrong codes were typed in the last minute, here or elsewhere: no code is looked at for now."""


@dataclass(frozen=True)
class Invitation:
    """What opens a screen, once: the code to type (eight figures), or the link; until when."""

    code: str
    link: str
    until: datetime.datetime


@dataclass(frozen=True)
class Pairing:
    """A screen with what it shows, and of its response what decides how. `key_hash` is None until a device joined.

    `rightful`: whoever made the pairing is an interviewer in the study still.
    """

    id: int
    made_at: datetime.datetime
    made_by: int
    code_until: datetime.datetime
    key_hash: str | None
    joined_at: datetime.datetime | None
    seen_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    blank: bool
    may_tap: bool
    page: str | None
    unit: str | None
    step: int
    response_id: int
    token: str
    instrument: str
    instrument_version: int
    language: str
    second_language: str | None
    version: int
    submitted_at: datetime.datetime | None
    rightful: bool

    def over(self, now: datetime.datetime) -> Over | None:
        """Why this pairing holds no longer; None while it holds."""
        if self.ended_at is not None:
            return "ended"
        if self.submitted_at is not None:
            return "handed_in"
        if now - self.made_at >= LONGEST:
            return "too_long"
        return None if self.rightful else "no_right"

    def there(self, now: datetime.datetime) -> bool:
        """Whether the device was seen just now."""
        return self.seen_at is not None and now - self.seen_at < THERE_WITHIN


_TABLES = Base.metadata.tables
_SCREEN, _RESPONSE, _PERSON, _MEMBERSHIP = (_TABLES[name] for name in ("screen", "response", "person", "membership"))
_RIGHTFUL = exists().where(
    _MEMBERSHIP.c.person_id == _SCREEN.c.made_by,
    _MEMBERSHIP.c.study_id == _RESPONSE.c.study_id,
    _MEMBERSHIP.c.role == "interviewer",
    _MEMBERSHIP.c.team_id.is_(None) | (_MEMBERSHIP.c.team_id == _RESPONSE.c.team_id),
    _PERSON.c.closed_at.is_(None),
)
_OF_SCREEN = list(Pairing.__dataclass_fields__)[:13]
_OF_RESPONSE = list(Pairing.__dataclass_fields__)[14:-1]
_PAIRING = (
    select(
        *(_SCREEN.c[name] for name in _OF_SCREEN),
        _RESPONSE.c.id,
        *(_RESPONSE.c[name] for name in _OF_RESPONSE),
        _RIGHTFUL,
    )
    .join(_RESPONSE, _SCREEN.c.response_id == _RESPONSE.c.id)
    .join(_PERSON, _SCREEN.c.made_by == _PERSON.c.id)
)
_BY_KEY = _PAIRING.where(_SCREEN.c.key_hash == bindparam("key_hash"))
_OF = _PAIRING.where(_SCREEN.c.response_id == bindparam("of"), _SCREEN.c.ended_at.is_(None)).order_by(
    _SCREEN.c.id.desc()
)


def by_key(session: Session, key: str) -> Pairing | None:
    """The pairing of the device with this key, whether it holds or not."""
    row = session.connection().execute(_BY_KEY, {"key_hash": hashed(key)}).first()
    return Pairing(*tuple(row)) if row else None


def of_response(session: Session, response_id: int) -> Pairing | None:
    """The pairing of a response that nobody ended; whether it holds must be asked."""
    row = session.connection().execute(_OF, {"of": response_id}).first()
    return Pairing(*tuple(row)) if row else None


def invite(session: Session, record: Record, person_id: int, now: datetime.datetime) -> Invitation:
    """A new pairing of this response, which a device can join. The one before it ends.

    `record` must have been read for writing in the same transaction.
    """
    before = of_response(session, record.id)
    if before is not None:
        end(session, before, person_id, now)
    # Codes that no longer hold make room: there are only so many.
    session.execute(
        update(Screen).where(Screen.code_until <= now, Screen.code_hash.is_not(None)).values(code_hash=None)
    )
    link = responses.new_token()
    until = now + CODE_HOLDS
    row = {"response_id": record.id, "made_at": now, "made_by": person_id, "code_until": until}
    while True:
        code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
        try:
            with session.begin_nested():
                session.execute(insert(Screen), row | {"code_hash": hashed(code), "link_hash": hashed(link)})
            return Invitation(code, link, until)
        except IntegrityError:
            continue  # The same code is out for another talk just now.


def join_by_code(session: Session, typed: str, now: datetime.datetime) -> str | None:
    """The key of a device that joins with a code, in figures of any script; None where the code is wrong, or was used.

    Raises TooManyWrongCodes. A wrong one is counted: the transaction must be committed.
    """
    code = "".join(sign for sign in western(typed) if sign.isdecimal())
    if len(code) != CODE_LENGTH:
        return None  # A slip: no code can be guessed with it.
    recent = (SignInFailure.name_hash == _GUESSES, SignInFailure.at > now - WRONG_WITHIN)
    if (session.scalar(select(func.count()).where(*recent)) or 0) >= WRONG_CODES:
        raise TooManyWrongCodes
    key = _join(session, Screen.code_hash == hashed(code), "code", now)
    if key is None:
        session.execute(delete(SignInFailure).where(SignInFailure.at < now - LOCKED_FOR))
        session.execute(insert(SignInFailure), {"name_hash": _GUESSES, "at": now})
    return key


def join_by_link(session: Session, link: str, now: datetime.datetime) -> str | None:
    """The key of a device that joins by the link; None where the link is wrong, or was used."""
    return _join(session, Screen.link_hash == hashed(link), "link", now)


def languages_of_link(session: Session, link: str) -> tuple[str, str | None] | None:
    """The two languages of the response to which a link belongs, so that a device is greeted in the right one."""
    query = select(_RESPONSE.c.language, _RESPONSE.c.second_language).join(
        _SCREEN, _SCREEN.c.response_id == _RESPONSE.c.id
    )
    row = session.execute(query.where(_SCREEN.c.link_hash == hashed(link))).first()
    return (row[0], row[1]) if row else None


def _join(session: Session, which: ColumnElement[bool], how: str, now: datetime.datetime) -> str | None:
    key = secrets.token_urlsafe(32)
    free = (Screen.code_until > now, Screen.joined_at.is_(None), Screen.ended_at.is_(None))
    # One statement, so that of two devices with the same code one joins. Neither code nor link opens anything after.
    row = {"key_hash": hashed(key), "joined_at": now, "seen_at": now, "code_hash": None, "link_hash": None}
    joined = session.execute(update(Screen).where(which, *free).values(row).returning(Screen.id)).first()
    pairing = by_key(session, key) if joined else None
    if pairing is None or pairing.over(now):
        return None
    _note(session, pairing, "paired", None, now, how=how)
    return key


def seen(session: Session, pairing: Pairing, now: datetime.datetime) -> None:
    """Note that the device asked."""
    session.execute(update(Screen).where(Screen.id == pairing.id).values(seen_at=now))


@dataclass(frozen=True)
class OnScreen:
    """What stands on a screen: the page and the unit (or a note's name), and the words in which they are shown.

    `texts` is the fingerprint of the words, kept before.
    """

    page: str
    unit: str
    language: str
    texts: str


def show(session: Session, pairing: Pairing, what: OnScreen, person_id: int, now: datetime.datetime) -> None:
    """Show a unit on the screen. Nothing happens where it stands there already, in the same words."""
    if (pairing.page, pairing.unit) != (what.page, what.unit):
        _change(session, pairing, page=what.page, unit=what.unit)
    before = last_event(session, pairing.response_id, ("shown", "paired"))
    last = (before.kind, before.page, before.unit, before.details) if before else None
    details = {"language": what.language, "texts": what.texts}
    if last != ("shown", what.page, what.unit, details):
        _note(session, pairing, "shown", person_id, now, page=what.page, unit=what.unit, **details)


def set_blank(session: Session, pairing: Pairing, dark: bool, person_id: int, now: datetime.datetime) -> None:
    """Make the screen dark and empty, or let it show again."""
    if pairing.blank != dark:
        _change(session, pairing, blank=dark)
        kind: Kind = "blanked" if dark else "unblanked"
        _note(session, pairing, kind, person_id, now, page=pairing.page, unit=pairing.unit)


def let_tap(session: Session, pairing: Pairing, allowed: bool) -> None:
    """Let the participant tap answers on the screen, or let it only show them."""
    if pairing.may_tap != allowed:
        _change(session, pairing, may_tap=allowed)


def turn(session: Session, response_id: int) -> None:
    """Let the screen of a response look again: something about what it shows has changed."""
    mine = (Screen.response_id == response_id, Screen.ended_at.is_(None))
    session.execute(update(Screen).where(*mine).values(step=Screen.step + 1))


def end(session: Session, pairing: Pairing, person_id: int | None, now: datetime.datetime) -> None:
    """End a pairing, once. `person_id` None: it ended by itself, for what `Pairing.over` says."""
    why = pairing.over(now) or "ended"
    mine = (Screen.id == pairing.id, Screen.ended_at.is_(None))
    row = {"ended_at": now, "code_hash": None, "link_hash": None, "step": Screen.step + 1}
    ended = session.execute(update(Screen).where(*mine).values(row).returning(Screen.id)).first()
    if ended and pairing.joined_at is not None:
        _note(session, pairing, "unpaired", person_id, now, page=pairing.page, unit=pairing.unit, why=why)


def _change(session: Session, pairing: Pairing, **values: Any) -> None:
    session.execute(update(Screen).where(Screen.id == pairing.id).values(**values, step=Screen.step + 1))


def _note(
    session: Session, pairing: Pairing, kind: Kind, person_id: int | None, now: datetime.datetime, **about: Any
) -> None:
    record = responses.response(session, pairing.token)
    if record is not None:
        note_event(session, record, kind, person_id, now, **about)
