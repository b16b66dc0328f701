"""Looking over the audit trail's chain: every place taken once, every hash following from the one before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from survey.storage.chain import link
from survey.storage.looking_over.faults import Fault
from survey.storage.tables import AuditEntry, AuditHead

_DO = (
    "somebody changed the trail beside the server: compare it with backups, the oldest that has the fault says since "
    "when"
)


def chain_faults(connection: Connection, looked: Counter[str], head: str | None = None) -> Iterator[Fault]:
    """What is wrong with the chain. `head`: a hash that must be in it, since it was once its end."""
    yield from _without_place(connection)
    columns = (AuditEntry.number, AuditEntry.chain, AuditEntry.at, AuditEntry.person_id, AuditEntry.action)
    query = select(*columns, AuditEntry.details).where(AuditEntry.number.is_not(None)).order_by(AuditEntry.number)
    expected, before, seen = 1, "", False
    for number, chain, at, person_id, action, details in connection.execute(
        query, execution_options={"yield_per": 1000}
    ):
        looked["audit entries"] += 1
        where = f"audit entry {number}"
        if number != expected:
            yield Fault(where, f"the entries {expected} to {number - 1} before it are not there", _DO)
        elif chain != link(before, number, at, person_id, action, details):
            # Of the rest only what is wrong in itself is told, not all that follows from this.
            yield Fault(where, "it, or its place, is not what was written: its hash does not fit", _DO)
        expected, before, seen = number + 1, chain, seen or chain == head
    yield from _head_faults(connection, expected - 1, before)
    if head is not None and not seen:
        do = "the trail was cut off or written anew since that hash was noted; compare it with backups"
        yield Fault("audit trail", f"the hash {head[:16]}… is nowhere in its chain", do)


def _without_place(connection: Connection) -> Iterator[Fault]:
    count = connection.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.number.is_(None)))
    if count:
        do = (
            "if a server of the version before is still running it wrote them: they get a place with the next action, "
            "so look again later. Else somebody wrote them beside the server"
        )
        yield Fault("audit trail", f"{count} entries have no place in the chain", do)


def _head_faults(connection: Connection, number: int, chain: str) -> Iterator[Fault]:
    heads = connection.execute(select(AuditHead.number, AuditHead.chain)).all()
    if not heads and number == 0:
        return
    if [tuple(one) for one in heads] != [(number, chain)]:
        told = heads[0].number if heads else "none"
        yield Fault("audit trail", f"its end is entry {number}, and the end on record is {told}, or another hash", _DO)
