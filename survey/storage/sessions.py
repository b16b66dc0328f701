"""Sessions of signed-in browsers, kept on the server so that they can be ended there, and lock-out after failures."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.people import Somebody, tidy_name
from survey.storage.scopes import scopes_of_rows
from survey.storage.tables import Base, SignInFailure, SignInSession

SEEN_EVERY = datetime.timedelta(seconds=30)
"""A sign of life is written at most this often, so that looking at pages writes nothing."""

LONGEST = datetime.timedelta(hours=12)
"""A session ends after this, however busy it is."""

FAILURES = 5
FAILURES_OF_ADDRESS = 30
"""More than a whole office mistypes in LOCKED_FOR; few enough that guessing names from one place goes nowhere."""

LOCKED_FOR = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class Live:
    """A session that holds: whose it is, and since when nobody has been seen."""

    person: Somebody
    token_hash: str
    made_at: datetime.datetime
    seen_at: datetime.datetime
    factor: str | None = None
    """What was shown besides the password; None for nothing."""


def hashed(text: str) -> str:
    """The form in which tokens and typed names are kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def start_session(
    session: Session, person_id: int, now: datetime.datetime, agent: str, factor: str | None = None
) -> str:
    """The token of a new session: 256 random bits, of which only a hash is kept. `factor`: shown besides a password."""
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": hashed(token), "person_id": person_id, "made_at": now, "seen_at": now, "agent": agent[:200],
        "factor": factor,
    }  # fmt: skip
    session.execute(insert(SignInSession), row)
    return token


def renew(session: Session, token_hash: str, now: datetime.datetime, factor: str | None = None) -> str:
    """The token of a session in the place of this one, which ends: a copy of the old token opens nothing any more.

    It lasts no longer than the old one would have. `factor`: what was shown since; else it stays.
    """
    old = session.get_one(SignInSession, token_hash)
    token = start_session(session, old.person_id, now, old.agent, factor or old.factor)
    made = update(SignInSession).where(SignInSession.token_hash == hashed(token)).values(made_at=old.made_at)
    session.execute(made)
    revoke(session, token_hash, now)
    return token


_PERSON, _SESSION = Base.metadata.tables["person"], Base.metadata.tables["sign_in_session"]
_MEMBERSHIP = Base.metadata.tables["membership"]
_LIVE = (
    select(
        *(_PERSON.c[name] for name in ("id", "name", "code", "language", "admin")),
        _SESSION.c.token_hash,
        _SESSION.c.made_at,
        _SESSION.c.seen_at,
        _SESSION.c.factor,
        _MEMBERSHIP.c.study_id,
        _MEMBERSHIP.c.role,
        _MEMBERSHIP.c.team_id,
    )
    .join(_PERSON, _SESSION.c.person_id == _PERSON.c.id)
    .outerjoin(_MEMBERSHIP, _MEMBERSHIP.c.person_id == _PERSON.c.id)
    .where(
        _SESSION.c.token_hash == bindparam("token_hash"), _SESSION.c.revoked_at.is_(None), _PERSON.c.closed_at.is_(None)
    )
)


def live_session(session: Session, token: str, now: datetime.datetime, idle: datetime.timedelta) -> Live | None:
    """The session of this token, if it holds: not ended, not idle too long, and its account open."""
    rows = session.connection().execute(_LIVE, {"token_hash": hashed(token)}).all()
    if not rows:
        return None
    scopes = scopes_of_rows((study_id, role, team_id) for *_, study_id, role, team_id in rows if role is not None)
    live = Live(Somebody(*rows[0][:5], scopes), *rows[0][5:9])
    return live if now - live.seen_at < idle and now - live.made_at < LONGEST else None


def owner(session: Session, token: str) -> int | None:
    """Whose session this is or was, ended or not."""
    return session.scalar(select(SignInSession.person_id).where(SignInSession.token_hash == hashed(token)))


def revoke_of(session: Session, person_id: int, token_hash: str, now: datetime.datetime) -> bool:
    """End one session of this person; False where they have no such session."""
    mine = (
        SignInSession.token_hash == token_hash,
        SignInSession.person_id == person_id,
        SignInSession.revoked_at.is_(None),
    )
    ended = session.execute(
        update(SignInSession).where(*mine).values(revoked_at=now).returning(SignInSession.token_hash)
    )
    return ended.first() is not None


def seen(session: Session, token_hash: str, now: datetime.datetime) -> None:
    """Note a sign of life."""
    session.execute(update(SignInSession).where(SignInSession.token_hash == token_hash).values(seen_at=now))


def revoke(session: Session, token_hash: str, now: datetime.datetime) -> None:
    """End one session."""
    session.execute(update(SignInSession).where(SignInSession.token_hash == token_hash).values(revoked_at=now))


def sessions_of(
    session: Session, person_id: int, now: datetime.datetime, idle: datetime.timedelta
) -> list[SignInSession]:
    """The sessions of a person that hold, newest first."""
    mine = (SignInSession.person_id == person_id, SignInSession.revoked_at.is_(None))
    holds = (SignInSession.seen_at > now - idle, SignInSession.made_at > now - LONGEST)
    return list(session.scalars(select(SignInSession).where(*mine, *holds).order_by(SignInSession.seen_at.desc())))


def locked_until(session: Session, name: str, now: datetime.datetime) -> datetime.datetime | None:
    """Until when nobody can sign in under this name, known or not; None where it is open."""
    recent = (SignInFailure.name_hash == hashed(tidy_name(name)), SignInFailure.at > now - LOCKED_FOR)
    count, first = session.execute(select(func.count(), func.min(SignInFailure.at)).where(*recent)).one()
    return first + LOCKED_FOR if count >= FAILURES else None


def locked_names(session: Session, names: Sequence[str], now: datetime.datetime) -> frozenset[str]:
    """Those of these names under which nobody can sign in for now."""
    by_hash = {hashed(tidy_name(name)): name for name in names}
    recent = (SignInFailure.name_hash.in_(by_hash), SignInFailure.at > now - LOCKED_FOR)
    query = (
        select(SignInFailure.name_hash)
        .where(*recent)
        .group_by(SignInFailure.name_hash)
        .having(func.count() >= FAILURES)
    )
    return frozenset(by_hash[found] for found in session.scalars(query))


def address_locked_until(
    session: Session, address_hash: str | None, now: datetime.datetime
) -> datetime.datetime | None:
    """Until when nobody can sign in from this address; None where it is open.

    While it is locked nothing is counted, so it opens by itself, at most LOCKED_FOR after the last attempt that was.
    """
    if address_hash is None:
        return None
    recent = (SignInFailure.address_hash == address_hash, SignInFailure.at > now - LOCKED_FOR)
    query = select(SignInFailure.at).where(*recent).order_by(SignInFailure.at.desc())
    decisive = session.scalar(query.offset(FAILURES_OF_ADDRESS - 1).limit(1))
    return None if decisive is None else decisive + LOCKED_FOR


def note_failure(session: Session, name: str, now: datetime.datetime, address_hash: str | None = None) -> None:
    """Count a failed attempt under this name and from this address, and forget those that no longer matter."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - LOCKED_FOR))
    row = {"name_hash": hashed(tidy_name(name)), "at": now, "address_hash": address_hash}
    session.execute(insert(SignInFailure), row)


def forget_failures(session: Session, name: str) -> None:
    """Open a name again: after a sign-in that succeeded, or by an admin."""
    session.execute(delete(SignInFailure).where(SignInFailure.name_hash == hashed(tidy_name(name))))
