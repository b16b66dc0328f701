"""Writing and reading the audit trail of actions."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from survey.storage.record import dumps
from survey.storage.tables import AuditEntry, Person


def note(session: Session, action: str, person_id: int | None, now: datetime.datetime, **details: Any) -> None:
    """Put one action on record. `details` hold codes and counts, never names or answers."""
    row = {"at": now, "person_id": person_id, "action": action, "details": dumps(details)}
    session.execute(insert(AuditEntry), row)


def newest(session: Session, limit: int, offset: int = 0) -> list[tuple[AuditEntry, str | None]]:
    """The newest entries, each with the code of the person who acted."""
    query = select(AuditEntry, Person.code).outerjoin(Person, AuditEntry.person_id == Person.id)
    rows = session.execute(query.order_by(AuditEntry.id.desc()).limit(limit).offset(offset)).all()
    return [(entry, code) for entry, code in rows]


def count(session: Session) -> int:
    """How many entries there are."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
