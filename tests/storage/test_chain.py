"""The audit trail is a chain: every entry has its place, also when several servers write at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from small_study import START
from sqlalchemy import insert, select

from survey.storage import audit, chain
from survey.storage.database import Database
from survey.storage.tables import AuditEntry, AuditHead


def linked(database: Database) -> bool:
    """Whether places have no gaps, every hash follows from the one before it, and the head knows the last."""
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        head = session.scalars(select(AuditHead)).one_or_none()
    before = ""
    for number, one in enumerate(entries, start=1):
        if one.number != number or one.chain != chain.link(
            before, number, one.at, one.person_id, one.action, one.details
        ):
            return False
        before = one.chain
    return head is not None and (head.number, head.chain) == (len(entries), before)


def test_entries_get_their_place_with_their_transaction(database: Database) -> None:
    with database.writing() as session:
        audit.note(session, "signed in", None, START)
        audit.note(session, "signed out", None, START, browsers=2)
    with database.writing() as session:
        audit.note(session, "signed in", None, START)
    assert linked(database)


def test_servers_that_write_at_once_make_one_chain(database: Database) -> None:
    address = database.url.render_as_string(hide_password=False)

    def write(server: int) -> None:
        with closing(Database(address)) as own:
            for _ in range(8):
                with own.writing() as session:
                    audit.note(session, "signed in", None, START, server=server)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert linked(database)


def test_entries_that_the_version_before_wrote_are_taken_into_the_chain(database: Database) -> None:
    row = {"at": START, "person_id": None, "action": "signed in", "details": "{}"}
    with database.writing() as session:
        session.execute(insert(AuditEntry), row)
    assert not linked(database)
    with database.writing() as session:
        audit.note(session, "signed out", None, START)
    assert linked(database)
