"""Looking over everything that is kept: answers against their trail, texts against their hash, every reference.

It reads one moment of the database, in pieces, so that memory does not grow with the number of responses.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from survey.instruments.library import Library
from survey.storage.backups.snapshot import snapshot
from survey.storage.database import Database
from survey.storage.looking_over.audit_trail import chain_faults
from survey.storage.looking_over.faults import Fault
from survey.storage.looking_over.references import reference_faults
from survey.storage.looking_over.whole_responses import response_faults
from survey.storage.sealing import Sealer
from survey.storage.tables import Identity, StudyProtocol, TextSet, Totp

FROM_BACKUP = "put it back from a backup of before; krachtmeting restore puts one into an empty database"


def verify(
    database: Database, library: Library, sealer: Sealer, looked: Counter[str], head: str | None = None
) -> Iterator[Fault]:
    """Every fault as it is found; afterwards `looked` says how many of what were looked at.

    `head`: a hash that was once the end of the audit trail's chain; it is a fault if it is nowhere in it. The tables
    must be current.
    """
    with snapshot(database) as connection:
        yield from look_over(connection, library, sealer, looked, head)


def look_over(
    connection: Connection, library: Library, sealer: Sealer, looked: Counter[str], head: str | None = None
) -> Iterator[Fault]:
    """The same in a transaction of the caller's."""
    yield from _file_faults(connection)
    yield from reference_faults(connection, looked)
    yield from _text_faults(connection, looked)
    yield from response_faults(connection, library, looked)
    yield from _sealed_faults(connection, sealer, looked)
    yield from chain_faults(connection, looked, head)


def _file_faults(connection: Connection) -> Iterator[Fault]:
    """What SQLite itself finds in its file: broken pages, broken indexes, values that a column does not allow."""
    if connection.dialect.name != "sqlite":
        return
    do = "stop the server, keep this file, and restore a backup"
    try:
        for (said,) in connection.execute(text("PRAGMA integrity_check(20)")):
            if said != "ok":
                # It names tables, indexes and numbers of rows, never what stands in them.
                yield Fault("the file", str(said), do)
    except DatabaseError:
        yield Fault("the file", "it is damaged so that it cannot be read", do)


def _text_faults(connection: Connection, looked: Counter[str]) -> Iterator[Fault]:
    kept = (
        (TextSet.sha256, TextSet.sha256, TextSet.document, "text set", "what was shown on the screen"),
        (StudyProtocol.id, StudyProtocol.sha256, StudyProtocol.source, "protocol", "what the study adopted"),
    )
    for key, sha256, content, name, what in kept:
        rows = connection.execute(select(key, sha256, content).order_by(key), execution_options={"yield_per": 20})
        for number, told, document in rows:
            looked[f"{name}s"] += 1
            if hashlib.sha256(document.encode()).hexdigest() != told:
                yield Fault(f"{name} {str(number)[:16]}", f"{what} was changed since it was kept", FROM_BACKUP)


def _sealed_faults(connection: Connection, sealer: Sealer, looked: Counter[str]) -> Iterator[Fault]:
    """Names and secrets under another master key than the present one. Nothing is opened."""
    do = "give the master key under which it was sealed, or wrap keys anew with krachtmeting rewrap-keys"
    for table, key in ((Identity, Identity.id), (Totp, Totp.person_id)):
        rows = connection.execute(select(key, table.master).order_by(key), execution_options={"yield_per": 1000})
        for number, master in rows:
            looked["sealed rows"] += 1
            if master != sealer.fingerprint:
                yield Fault(f"{table.__tablename__} {number}", f"it is sealed under another master key ({master})", do)
