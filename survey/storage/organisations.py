"""Who people are at their organisation's own sign-in (OpenID Connect): an issuer, and a subject there."""

from __future__ import annotations

import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from survey.storage.tables import OidcIdentity, Person


class Taken(ValueError):
    """Somebody else's account is linked to this subject already."""


def person_of(session: Session, issuer: str, subject: str) -> Person | None:
    """The person who is linked to this subject, where their account is open."""
    query = select(Person).join(OidcIdentity, OidcIdentity.person_id == Person.id)
    here = (OidcIdentity.issuer == issuer, OidcIdentity.subject == subject, Person.closed_at.is_(None))
    return session.scalar(query.where(*here))


def subject_of(session: Session, issuer: str, person_id: int) -> str | None:
    """The subject to which a person is linked; None for none."""
    mine = (OidcIdentity.issuer == issuer, OidcIdentity.person_id == person_id)
    return session.scalar(select(OidcIdentity.subject).where(*mine))


def link(session: Session, issuer: str, subject: str, person_id: int, now: datetime.datetime) -> None:
    """Link a person to a subject, in the place of one before. Raises Taken."""
    owner = select(OidcIdentity.person_id).where(OidcIdentity.issuer == issuer, OidcIdentity.subject == subject)
    if session.scalar(owner) not in (None, person_id):
        raise Taken
    unlink(session, issuer, person_id)
    row = {"issuer": issuer, "subject": subject, "person_id": person_id, "made_at": now}
    session.execute(insert(OidcIdentity), row)


def unlink(session: Session, issuer: str, person_id: int) -> bool:
    """Take the link of a person away; whether there was one."""
    mine = delete(OidcIdentity).where(OidcIdentity.issuer == issuer, OidcIdentity.person_id == person_id)
    return session.execute(mine.returning(OidcIdentity.id)).first() is not None
