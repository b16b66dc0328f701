"""Receipts of batches that browsers sent, and the keys under which browsers keep what they have no receipt for."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Receipt(Base):
    """One batch of changes that was saved, under the key that the browser gave it. Never updated.

    `content` is the SHA-256 of what the batch held, `document` that of the response's document (canonical JSON) at
    `version`. `conflicting` has the inputs that were not saved since another device changed the same, as JSON; None
    where all was saved. `person_id` is None where a participant filled in alone.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("response_id", "batch"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    batch: Mapped[str] = mapped_column(String(36))
    content: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    document: Mapped[str] = mapped_column(String(64))
    conflicting: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)


class JournalKey(Base):
    """The key (AES-256) of one person's journal of one response, in whichever browsers. `owner` is the person's code,
    or "" where a participant fills in alone."""

    __tablename__ = "journal_key"
    __table_args__ = (UniqueConstraint("response_id", "owner"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    owner: Mapped[str] = mapped_column(String(12))
    key: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
