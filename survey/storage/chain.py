"""The chain over the audit trail: each entry is hashed with the hash before it, so that a changed or removed one shows.

Entries get their place at the end of the transaction that wrote them, behind one row that everybody holds in turn. So
places have no gaps, also where several nodes write at the same time.
"""

from __future__ import annotations

import datetime
import hashlib

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.storage.record import dumps
from survey.storage.tables import AuditEntry, AuditHead

_HEAD = 1


def link(before: str, number: int, at: datetime.datetime, person_id: int | None, action: str, details: str) -> str:
    """The hash of one entry: SHA-256, as hexadecimal digits, over the hash before it ("" for the first) and itself."""
    moment = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(dumps([before, number, moment, person_id, action, details]).encode()).hexdigest()


_OF_HEAD = select(AuditHead.number, AuditHead.chain).where(AuditHead.id == _HEAD).with_for_update()


def _held_head(session: Session) -> tuple[int, str]:
    """The newest number and hash, held until the transaction ends."""
    head = session.execute(_OF_HEAD).first()
    if head is None:
        try:
            with session.begin_nested():
                session.execute(insert(AuditHead), {"id": _HEAD, "number": 0, "chain": ""})
        except IntegrityError:
            pass  # Another server was first.
        head = session.execute(_OF_HEAD).one()
    return head.number, head.chain


def end(session: Session) -> tuple[int, str]:
    """The number and hash of the newest entry; 0 and "" before the first."""
    head = session.execute(select(AuditHead.number, AuditHead.chain)).first()
    return (head.number, head.chain) if head else (0, "")


def extend(session: Session) -> None:
    """Give entries without a place theirs: those of this transaction, and any that an earlier version wrote."""
    number, chain = _held_head(session)
    columns = (AuditEntry.id, AuditEntry.at, AuditEntry.person_id, AuditEntry.action, AuditEntry.details)
    linked = []
    for entry_id, *content in session.execute(
        select(*columns).where(AuditEntry.number.is_(None)).order_by(AuditEntry.id)
    ):
        number += 1
        chain = link(chain, number, *content)
        linked.append({"id": entry_id, "number": number, "chain": chain})
    if linked:
        session.execute(update(AuditEntry), linked)
        session.execute(update(AuditHead).where(AuditHead.id == _HEAD).values(number=number, chain=chain))
