"""A backup has everything as it was at one moment, goes into either kind of database, and shows every changed byte."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kept_house import NOW, faults_in, keep_something
from sqlalchemy import text

from survey.storage import audit, participants
from survey.storage.backups import backup_file, restoring
from survey.storage.backups.backup import About, Manifest, NoTables, back_up, read_back
from survey.storage.backups.backup_file import Unreadable, Writer, lines
from survey.storage.backups.restoring import CannotRestore, restore
from survey.storage.database import Database

KEY = bytes(range(32))
ABOUT = About(NOW, "0.0.1", "fingerprint")


def kept(database: Database, path: Path, key: bytes = KEY) -> Manifest:
    return back_up(database, path, ABOUT, key)


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Iterator[Database]:
    """An empty database of the other kind, beside the one that is kept."""
    if database.sqlite:
        address = request.getfixturevalue("postgresql").new()
    else:
        address = f"sqlite:///{tmp_path / 'other.sqlite'}"
    with closing(Database(address)) as opened:
        yield opened


def test_backup_of_either_kind_goes_into_the_other_kind(
    database: Database, other: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "AT_A_TIME", 7)
    place = keep_something(database)
    made = kept(database, tmp_path / "made")
    assert restore(other, tmp_path / "made", KEY) == made
    # The same rows give the same lines, whatever database they come from.
    again = kept(other, tmp_path / "again", b"")
    assert (again.parts, again.audit_number, again.audit_hash) == (made.parts, made.audit_number, made.audit_hash)
    assert (made.parts["recording"].rows, made.parts["sign_in_session"].rows, faults_in(other)) == (1, 0, [])
    with other.writing() as session:
        # New rows get new numbers.
        participants.register(session, place.study, place.people["ilse"], NOW, team_id=place.teams["north"])
        audit.note(session, "registered a participant", place.people["ilse"], NOW)
    assert faults_in(other) == []


def test_backup_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    place = keep_something(database)
    end = threading.Event()

    def write() -> None:
        while not end.is_set():
            with database.writing() as session:
                for _ in range(3):
                    participants.register(session, place.study, place.people["ilse"], NOW, team_id=None)
                audit.note(session, "registered a participant", place.people["ilse"], NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [kept(database, tmp_path / str(number), b"") for number in range(2)]
    finally:
        end.set()
        writer.join()
    # Three participants and one entry of each transaction, or nothing of it; keep_something made two and five.
    assert [one.parts["participant"].rows - 2 for one in made] == [
        3 * (one.parts["audit_entry"].rows - 5) for one in made
    ]
    assert [one.audit_number for one in made] == [one.parts["audit_entry"].rows for one in made]
    assert made[0].parts["participant"].rows < made[1].parts["participant"].rows


def test_backup_of_an_older_revision_is_put_back_and_brought_up_to_date(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'old.sqlite'}")) as old:
        old.upgrade()
        keep_something(old)
        old.downgrade("0005")
        made = kept(old, tmp_path / "made")
    with closing(Database(f"sqlite:///{tmp_path / 'new.sqlite'}")) as new:
        # Its tables are there already, and empty.
        new.upgrade()
        restore(new, tmp_path / "made", KEY)
        assert (made.revision, made.audit_number, new.current, faults_in(new)) == ("0005", 0, True, [])


def test_backup_goes_into_an_empty_database_only(tmp_path: Path, database: Database) -> None:
    keep_something(database)
    kept(database, tmp_path / "made")
    with pytest.raises(CannotRestore, match="not_empty"):
        restore(database, tmp_path / "made", KEY)
    assert faults_in(database) == []


def test_backup_of_a_newer_version_is_not_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'here.sqlite'}")) as here:
        here.upgrade()
        monkeypatch.setattr("survey.storage.backups.backup.revision_of", lambda connection: "0999")
        kept(here, tmp_path / "made")
        with pytest.raises(CannotRestore, match=r"newer: 0\.0\.1"):
            restore(here, tmp_path / "made", KEY)


def test_nothing_is_put_back_of_a_backup_with_a_row_that_points_to_nothing(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'here.sqlite'}")) as here:
        here.upgrade()
        keep_something(here)
        with here.engine.connect() as connection:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("UPDATE change SET visit_id = 999")
            connection.commit()
            connection.connection.execute("PRAGMA foreign_keys=ON")
        kept(here, tmp_path / "made")
    with closing(Database(f"sqlite:///{tmp_path / 'new.sqlite'}")) as new:
        with pytest.raises(CannotRestore, match="refused: change"):
            restore(new, tmp_path / "made", KEY)
        with new.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM person")) == 0


def test_database_without_tables_gives_no_backup_and_spoils_none(tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(b"the backup of yesterday")
    with closing(Database(f"sqlite:///{tmp_path / 'none.sqlite'}")) as empty, pytest.raises(NoTables):
        kept(empty, tmp_path / "made")
    assert (tmp_path / "made").read_bytes() == b"the backup of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir() if "sqlite" not in path.name) == ["made"]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a small file of many frames stands, to be written by `write`."""
    monkeypatch.setattr(backup_file, "FRAME_BYTES", 40)
    return tmp_path / "small"


def write(path: Path, key: bytes, count: int = 6) -> bytes:
    with path.open("wb") as file:
        out = Writer(file, key)
        for number in range(count):
            out.line(f"line {number} {number**40}".encode())
        out.close()
    return path.read_bytes()


def why(path: Path, content: bytes, key: bytes) -> str:
    path.write_bytes(content)
    try:
        list(lines(path, key))
    except Unreadable as error:
        return error.why
    return "nothing"


@pytest.mark.parametrize("key", [KEY, b""], ids=["sealed", "not sealed"])
def test_every_changed_byte_and_every_cut_shows(small: Path, key: bytes) -> None:
    whole = write(small, key)
    assert why(small, whole, key) == "nothing"
    changed = {why(small, whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], key) for at in range(len(whole))}
    cut = {why(small, whole[:at], key) for at in range(len(whole))}
    assert changed <= {"no_backup", "wrong_key", "damaged", "cut", "key_needed", "no_key_needed"}
    assert cut <= {"no_backup", "cut"}
    assert why(small, whole + b"x", key) == "damaged"


def test_frames_in_another_order_or_of_another_file_show(small: Path) -> None:
    whole, head = write(small, KEY), len(backup_file.SEALED) + backup_file.SALT_BYTES
    frame = 5 + 40 + 16
    first, second = whole[head : head + frame], whole[head + frame : head + 2 * frame]
    swapped = whole[:head] + second + first + whole[head + 2 * frame :]
    left_out = whole[: head + frame] + whole[head + 2 * frame :]
    another = write(small, KEY)
    mixed = whole[: head + frame] + another[head + frame :]
    assert [why(small, one, KEY) for one in (swapped, left_out, mixed)] == ["wrong_key", "damaged", "damaged"]


def test_backup_opens_with_its_own_key_only(small: Path) -> None:
    sealed, plain = write(small, KEY), write(small.with_name("plain"), b"")
    assert [why(small, sealed, key) for key in (b"x" * 32, b"")] == ["wrong_key", "key_needed"]
    assert why(small, plain, KEY) == "no_key_needed"
    assert why(small, b"PK\x03\x04 something else", KEY) == "no_backup"


def test_sealed_backup_says_what_is_in_it_to_who_has_the_key_only(tmp_path: Path, database: Database) -> None:
    keep_something(database)
    made = kept(database, tmp_path / "made")
    sealed = (tmp_path / "made").read_bytes()
    assert not any(word in sealed for word in (b"mood_today", b"ilse", b"manifest", b"response"))
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600
    assert made == read_back(tmp_path / "made", KEY)
    assert (made.version, made.kind, made.master) == ("0.0.1", database.engine.dialect.name, "fingerprint")
    assert datetime.datetime.fromisoformat(made.made_at) == NOW.replace(microsecond=0)
