"""What proves at the sign-in, besides a password, who somebody is; and who they are at an institute's own sign-in."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Totp(Base):
    """The secret of a person's authenticator app (RFC 6238), sealed under the master key. It counts from `confirmed_at`
    on. `last_step` is the newest time step that was used: no code works twice."""

    __tablename__ = "totp"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    master: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0, server_default="0")


class Passkey(Base):
    """A passkey (WebAuthn) of a person. `credential` is its id as base64url, `transports` as the browser told them."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_person_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    transports: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    used_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class RecoveryCode(Base):
    """A code that takes the place of a lost device, once. Only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_person_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    used_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class OidcIdentity(Base):
    """Who a person is at an OpenID provider: its issuer and the subject there."""

    __tablename__ = "oidc_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index("ix_oidc_identity_person_id", "person_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
