"""The audit trail: who did what with people, sessions and downloads."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class AuditEntry(Base):
    """One action. `details` is JSON without personal data. Never updated.

    `number` is its place in the chain, from 1 on, and `chain` the SHA-256 of the entry before it in the chain together
    with this one (see `survey/storage/chain.py`). Both are None for a moment only, or where the version before this one
    wrote the entry.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_at", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(40))
    details: Mapped[str] = mapped_column(Text, default="{}")
    number: Mapped[int | None] = mapped_column(unique=True)
    chain: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain, in its one row: the number of the newest entry, and its hash. 0 and "" before the first."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    chain: Mapped[str] = mapped_column(String(64))
