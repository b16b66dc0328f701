"""People who sign in: making, finding and closing their accounts, and their roles in studies."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.codes import ALPHABET, new_code
from survey.storage.scopes import Scope, Scopes, scopes_of_rows
from survey.storage.tables import Membership, Participant, Person, SignInSession

ROLES = ("interviewer", "coach", "observer", "team_leader", "researcher", "translator")
"""Roles in a study, or in one team of it. An admin is one for the whole server, and sees no answers."""

PASSWORD_LENGTH = 12

# OWASP's second argon2id profile: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

INITIAL_FOR = datetime.timedelta(days=14)
"""A password that the server made works for so long, and only for choosing an own one."""


@cache
def _nobodys_hash() -> str:
    """What an unknown name's password is compared with, so that it takes as long as a known one's."""
    return HASHER.hash("nobody's password")


class LastAdmin(ValueError):
    """Without this admin nobody could let people in any more."""


@dataclass(frozen=True)
class Somebody:
    """A person who is asking: who they are, and what they may do where.

    `roles`: study id -> roles. `scopes`: study id -> role -> ids of teams, None for the whole study. `id` is None, and
    there are no roles, where a participant fills in alone.
    """

    id: int | None
    name: str
    code: str
    language: str
    admin: bool
    scopes: Mapping[int, Scopes] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[int, frozenset[str]]:
        """Study id -> the roles there, in whichever teams."""
        return {study_id: frozenset(scopes) for study_id, scopes in self.scopes.items()}

    def scope(self, study_id: int, *roles: str) -> Scope:
        """The teams of a study in which the person has one of these roles: None for all of it, empty for none."""
        mine = [scope for role, scope in self.scopes.get(study_id, {}).items() if role in roles]
        return None if None in mine else frozenset().union(*(scope for scope in mine if scope is not None))


def tidy_name(typed: str) -> str:
    """A sign-in name as it is kept: without white space around it, in small letters."""
    return typed.strip().lower()


def new_password() -> str:
    """A password that is easy to read out: sixteen random signs in fours, nearly 80 bits."""
    return "-".join("".join(secrets.choice(ALPHABET.lower()) for _ in range(4)) for _ in range(4))


def add_person(
    session: Session,
    name: str,
    password: str,
    now: datetime.datetime,
    *,
    admin: bool = False,
    language: str = "nl",
    initial: bool = False,
) -> int:
    """The id of a new person. Raises ValueError where the name is taken or the password too short.

    `initial`: the password was made for them, and is to be replaced by an own one (see INITIAL_FOR).
    """
    if len(password) < PASSWORD_LENGTH:
        raise ValueError(f"a password has at least {PASSWORD_LENGTH} characters")
    if session.scalar(select(Person.id).where(Person.name == tidy_name(name))) is not None:
        raise ValueError(f"there is a person called {tidy_name(name)} already")
    row = {
        "name": tidy_name(name),
        "code": free_code(session),
        "password_hash": HASHER.hash(password),
        "language": language,
        "admin": admin,
        "made_at": now,
        "initial_until": now + INITIAL_FOR if initial else None,
    }
    return int(session.execute(insert(Person).returning(Person.id), row).scalar_one())


def free_code(session: Session) -> str:
    """A code that no person and no participant has: exports must not mix them up."""
    while True:
        code = new_code()
        taken = (
            select(Person.code)
            .where(Person.code == code)
            .union(select(Participant.code).where(Participant.code == code))
        )
        if session.execute(taken).first() is None:
            return code


def set_password(
    session: Session,
    person_id: int,
    password: str,
    now: datetime.datetime,
    keep: str | None = None,
    *,
    initial: bool = False,
) -> None:
    """Give a person a new password and end their sessions, but for the one with the token hash `keep`.

    `initial`: it was made for them, and is to be replaced by an own one. Raises ValueError where it is too short.
    """
    if len(password) < PASSWORD_LENGTH:
        raise ValueError(f"a password has at least {PASSWORD_LENGTH} characters")
    values = {"password_hash": HASHER.hash(password), "initial_until": now + INITIAL_FOR if initial else None}
    session.execute(update(Person).where(Person.id == person_id).values(values))
    end_sessions(session, person_id, now, keep)


def person_with(session: Session, name: str, password: str) -> Person | None:
    """The person with this name and password. Takes as long for an unknown name as for a known one."""
    person = session.scalar(select(Person).where(Person.name == tidy_name(name), Person.closed_at.is_(None)))
    try:
        HASHER.verify(person.password_hash if person else _nobodys_hash(), password)
    except Argon2Error:
        return None
    return person


def has_password(session: Session, person_id: int, password: str) -> bool:
    """Whether this is the person's password."""
    kept = session.scalar(select(Person.password_hash).where(Person.id == person_id))
    try:
        return HASHER.verify(kept or _nobodys_hash(), password) and kept is not None
    except Argon2Error:
        return False


def person_by_id(session: Session, person_id: int) -> Person | None:
    """The person of this number, closed or not."""
    return session.get(Person, person_id)


def name_taken(session: Session, name: str) -> bool:
    """Whether somebody signs in with this name, or did so before their account was closed."""
    return session.scalar(select(Person.id).where(Person.name == tidy_name(name))) is not None


def set_language(session: Session, person_id: int, language: str) -> None:
    """Choose the language in which a person sees the interface."""
    session.execute(update(Person).where(Person.id == person_id).values(language=language))


def set_admin(session: Session, person_id: int, admin: bool) -> None:
    """Make somebody an admin, or no longer. Raises LastAdmin where nobody else is one."""
    if not admin:
        _keep_an_admin(session, person_id)
    session.execute(update(Person).where(Person.id == person_id).values(admin=admin))


def _keep_an_admin(session: Session, person_id: int) -> None:
    # The rows are held, so that two admins cannot close each other's account in the same second.
    query = select(Person.id).where(Person.admin, Person.closed_at.is_(None)).order_by(Person.id).with_for_update()
    if list(session.scalars(query)) == [person_id]:
        raise LastAdmin


def close_account(session: Session, person_id: int, now: datetime.datetime) -> None:
    """Close an account and end its sessions; what the person did stays on record. Raises LastAdmin."""
    _keep_an_admin(session, person_id)
    session.execute(update(Person).where(Person.id == person_id).values(closed_at=now))
    end_sessions(session, person_id, now)


def reopen_account(session: Session, person_id: int) -> None:
    """Open a closed account again."""
    session.execute(update(Person).where(Person.id == person_id).values(closed_at=None))


def end_sessions(session: Session, person_id: int, now: datetime.datetime, keep: str | None = None) -> None:
    """End all sessions of a person, but for the one with the token hash `keep`."""
    live = (
        SignInSession.person_id == person_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.token_hash != (keep or ""),
    )
    session.execute(update(SignInSession).where(*live).values(revoked_at=now))


def scopes(session: Session, person_id: int) -> dict[int, dict[str, Scope]]:
    """Study id -> role -> where it holds, of a person."""
    columns = (Membership.study_id, Membership.role, Membership.team_id)
    rows = session.execute(select(*columns).where(Membership.person_id == person_id)).all()
    return scopes_of_rows((row[0], row[1], row[2]) for row in rows)


def members(session: Session, study_id: int, *having: str) -> dict[int, frozenset[str]]:
    """Person id -> those of these roles that they have in a study, of all with an open account."""
    query = select(Membership.person_id, Membership.role).join(Person, Membership.person_id == Person.id)
    query = query.where(Membership.study_id == study_id, Membership.role.in_(having), Person.closed_at.is_(None))
    found: dict[int, frozenset[str]] = {}
    for person_id, role in session.execute(query.order_by(Membership.person_id)):
        found[person_id] = found.get(person_id, frozenset()) | {role}
    return found


def set_roles(session: Session, person_id: int, study_id: int, wished: Iterable[str]) -> None:
    """Give a person exactly these roles in a whole study. Raises ValueError for a role that does not exist."""
    set_scopes(session, person_id, study_id, dict.fromkeys(wished))


def set_scopes(session: Session, person_id: int, study_id: int, wished: Scopes) -> None:
    """Give a person exactly these roles in a study, each in these teams. Raises ValueError for an unknown role."""
    if wished.keys() - set(ROLES):
        raise ValueError(f"there is no role {', '.join(sorted(wished.keys() - set(ROLES)))}")
    mine = (Membership.person_id == person_id, Membership.study_id == study_id)
    session.execute(delete(Membership).where(*mine))
    rows = [
        {"person_id": person_id, "study_id": study_id, "role": role, "team_id": team_id}
        for role, scope in sorted(wished.items())
        for team_id in ([None] if scope is None else sorted(scope))
    ]
    if rows:
        session.execute(insert(Membership), rows)
