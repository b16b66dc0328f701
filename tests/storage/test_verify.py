"""Looking everything over finds what was changed beside the server: an answer, a change, a receipt, a text, a link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from kept_house import MASTER, faults_in, keep_something, shipped
from sqlalchemy import select

from survey.storage import chain
from survey.storage.database import Database
from survey.storage.looking_over.verify import look_over, verify
from survey.storage.sealing import Sealer
from survey.storage.tables import AuditEntry


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database in which nothing is wrong, made once; what tests change in it is never committed."""
    with closing(Database(f"sqlite:///{tmp_path_factory.mktemp('sound') / 'sound.sqlite'}")) as database:
        database.upgrade()
        keep_something(database)
        yield database


def found(sound: Database, *statements: str, head: str | None = None) -> list[str]:
    """The faults after these statements, without what to do."""
    with sound.engine.connect() as connection:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.exec_driver_sql(statement)
        faults = list(look_over(connection, shipped(), Sealer(MASTER), Counter(), head))
        connection.rollback()
        connection.connection.execute("PRAGMA foreign_keys=ON")
    assert all(fault.do for fault in faults)
    return [f"{fault.where}: {fault.what}" for fault in faults]


def test_nothing_is_found_where_nothing_was_changed(database: Database) -> None:
    keep_something(database)
    looked: Counter[str] = Counter()
    assert list(verify(database, shipped(), Sealer(MASTER), looked)) == []
    assert {name: looked[name] for name in ("responses", "visits", "changes", "receipts", "audit entries")} == {
        "responses": 2, "visits": 3, "changes": 7, "receipts": 3, "audit entries": 5
    }  # fmt: skip


TAMPERED = {
    "an answer": (
        "UPDATE response SET document = replace(document, '\"mood_today\":1', '\"mood_today\":2') WHERE id = 1",
        ["response 1: its answers are not what its trail makes of them"],
    ),
    "an answer that is true where it was 1": (
        "UPDATE response SET document = replace(document, '\"mood_today\":1', '\"mood_today\":true') WHERE id = 1",
        ["response 1: its answers are not what its trail makes of them"],
    ),
    "a document that is none": (
        "UPDATE response SET document = 'x' WHERE id = 2",
        ["response 2: its answers are not what its trail makes of them"],
    ),
    "an answer to what is not asked": (
        "UPDATE response SET document = replace(document, 'mood_today', 'mood_never') WHERE id = 1",
        [
            "response 1: its answers are not what its trail makes of them",
            "response 1: its answers have names that its instrument does not",
        ],
    ),
    "a removed change": (
        "DELETE FROM change WHERE id = 2",
        [
            "receipt 1: what was promised as safe is not what the trail has",
            "receipt 2: what was promised as safe is not what the trail has",
            "response 1: its answers are not what its trail makes of them",
        ],
    ),
    "an old value": (
        "UPDATE change SET old = '41' WHERE old = '40'",
        ["change 4 of response 1: what it says was there before is not what was there"],
    ),
    "the version of a change": (
        "UPDATE change SET version = 1 WHERE id = 4",
        [
            "change 4 of response 1: the visit that it belongs to is not of this response and version",
            "receipt 1: what was promised as safe is not what the trail has",
        ],
    ),
    "a change of another response": (
        "UPDATE change SET response_id = 2 WHERE id = 6",
        [
            "receipt 2: what was promised as safe is not what the trail has",
            "response 1: its answers are not what its trail makes of them",
            "receipt 3: what was promised as safe is not what the trail has",
            "change 6 of response 2: the visit that it belongs to is not of this response and version",
            "change 7 of response 2: it stands behind changes of a later version",
            "response 2: its answers are not what its trail makes of them",
        ],
    ),
    "a version of a response": (
        "UPDATE response SET version = 3 WHERE id = 1",
        ["response 1: it has 3 saves, and their visits do not say so (version 3)"],
    ),
    "a removed visit": (
        "DELETE FROM visit WHERE id = 3",
        [
            "change 7: visit_id points to a row of visit that is not there",
            "response 2: it has 1 saves, and their visits do not say so (version 1)",
            "change 7 of response 2: the visit that it belongs to is not of this response and version",
        ],
    ),
    "a receipt": (
        f"UPDATE receipt SET document = '{'a' * 64}' WHERE id = 2",
        ["receipt 2: what was promised as safe is not what the trail has"],
    ),
    "a receipt of the future": (
        "UPDATE receipt SET version = 9 WHERE id = 3",
        ["receipt 3: it is of a version that its response does not have"],
    ),
    "texts as they were shown": (
        "UPDATE text_set SET document = document || ' '",
        ["text set #: what was shown on the screen was changed since it was kept"] * 2,
    ),
    "texts of another instrument": (
        "UPDATE visit SET texts = (SELECT texts FROM visit WHERE id = 3) WHERE id = 1",
        ["visit 1: the texts that it showed are of another instrument or version"],
    ),
    "a protocol": (
        "UPDATE study_protocol SET source = source || '# more'",
        ["protocol 1: what the study adopted was changed since it was kept"],
    ),
    "a participant of nobody": (
        "UPDATE response SET wave_id = 999 WHERE id = 1",
        ["response 1: wave_id points to a row of wave that is not there"],
    ),
    "a segment": (
        "UPDATE visit SET segment = 7 WHERE id = 1",
        ["visit 1: segment names a segment that its response does not have"],
    ),
    "an instrument": (
        "UPDATE response SET instrument_version = 99 WHERE id = 2",
        [
            "instrument hope-behaviour version 99: responses are of it, and it is not there",
            "visit 3: the texts that it showed are of another instrument or version",
        ],
    ),
    "the key of a name": (
        "UPDATE identity SET master = 'another'",
        ["identity 1: it is sealed under another master key (another)"],
    ),
    "an audit entry": (
        "UPDATE audit_entry SET details = replace(details, '3', '4') WHERE number = 4",
        ["audit entry 4: it, or its place, is not what was written: its hash does not fit"],
    ),
    "a removed audit entry": (
        "DELETE FROM audit_entry WHERE number = 2",
        ["audit entry 3: the entries 2 to 2 before it are not there"],
    ),
    "a removed last audit entry": (
        "DELETE FROM audit_entry WHERE number = 5",
        ["audit trail: its end is entry 4, and the end on record is 5, or another hash"],
    ),
    "an inserted audit entry": (
        "INSERT INTO audit_entry (at, action, details) VALUES ('2025-03-03 09:00:00.000000', 'signed in', '{}')",
        ["audit trail: 1 entries have no place in the chain"],
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_beside_the_server_is_found(what: str, sound: Database) -> None:
    statement, faults = TAMPERED[what]
    said = [re.sub(r"text set \w+", "text set #", one) for one in found(sound, statement)]
    assert said == faults


def test_swapped_audit_entries_are_found(sound: Database) -> None:
    swap = "UPDATE audit_entry SET number = {} WHERE number = {}"
    said = found(sound, swap.format(99, 2), swap.format(2, 3), swap.format(3, 99))
    assert [one.split(":")[0] for one in said] == ["audit entry 2", "audit entry 3", "audit entry 4"]


def test_chain_that_was_made_anew_is_found_by_the_hash_that_was_noted(sound: Database) -> None:
    with sound.reading() as session:
        number, noted = chain.end(session)
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert (number, found(sound, head=noted)) == (5, [])
    last, statements = "", []
    for one in entries:
        details = '{"nothing":"here"}' if one.number == 3 else one.details
        last = chain.link(last, one.number, one.at, one.person_id, one.action, details)
        statements.append(f"UPDATE audit_entry SET details = '{details}', chain = '{last}' WHERE id = {one.id}")
    statements.append(f"UPDATE audit_head SET chain = '{last}'")
    assert found(sound, *statements) == []
    assert found(sound, *statements, head=noted) == [f"audit trail: the hash {noted[:16]}… is nowhere in its chain"]


def test_database_in_which_nothing_was_kept_has_no_faults(database: Database) -> None:
    assert faults_in(database) == []
