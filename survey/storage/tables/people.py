"""People who sign in, what each may do in which study, and their sessions."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Person(Base):
    """Somebody who signs in. `code` is the pseudonym that stands in exports; `name` is chosen for signing in."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12), default="nl")
    admin: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    initial_until: Mapped[datetime.datetime | None] = mapped_column(Moment)
    """Until when a password that the server made works, for choosing an own one; None for an own one."""


class Membership(Base):
    """One role of one person in one study: in one team, or in all of it where `team_id` is None."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "study_id", "role", "team_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    role: Mapped[str] = mapped_column(String(20))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))


class SignInSession(Base):
    """One signed-in browser. Only a hash of its token is kept, so that a stolen copy of this table opens nothing.

    `factor` is what was shown besides a password: "totp", "passkey", "recovery" or "oidc"; None for nothing.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_person_id", "person_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime.datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    agent: Mapped[str] = mapped_column(String(200), default="")
    factor: Mapped[str | None] = mapped_column(String(12))


class SignInFailure(Base):
    """A failed attempt to sign in, under a hash of the name that was typed, known or not, and one of the network
    address from which it came."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_name_hash", "name_hash", "at"),
        Index("ix_sign_in_failure_address_hash", "address_hash", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    address_hash: Mapped[str | None] = mapped_column(String(64))
