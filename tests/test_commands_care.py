"""Backups, restoring and looking over by the command line: what it says, and what it refuses in plain words."""

from __future__ import annotations

import re
import secrets
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey.commands import main
from survey.storage import audit, studies
from survey.storage.database import Database

MASTER = "ab" * 32


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command on one of the databases in a folder, and gives its exit code and what it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KRACHTMETING_MASTER_KEY", MASTER)

    def runs(*words: str, on: str = "here", **environment: str) -> tuple[int, str]:
        address = {"KRACHTMETING_DATABASE_URL": f"sqlite:///{tmp_path / on}.sqlite"}
        done = CliRunner().invoke(main, list(words), env=address | environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    assert runs("migrate")[0] == 0
    return runs


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    path = tmp_path / "key"
    path.write_text(secrets.token_hex(32))
    path.chmod(0o600)
    return str(path)


def test_backup_is_restored_and_looked_over(run: Any, key_file: str, tmp_path: Path) -> None:
    code, said = run("backup", "made.backup", "--key-file", key_file)
    assert (code, "sealed\n" in said, "read back and compared" in said) == (0, True, True)
    code, said = run("restore", "made.backup", "--key-file", key_file, on="there")
    assert (code, said.splitlines()[-1]) == (0, "0 faults")
    with closing(Database(f"sqlite:///{tmp_path / 'there.sqlite'}")) as there, there.reading() as session:
        assert [entry.action for entry, _ in audit.newest(session, 9)] == ["restored a backup"]
    with closing(Database(f"sqlite:///{tmp_path / 'here.sqlite'}")) as here, here.reading() as session:
        assert [entry.action for entry, _ in audit.newest(session, 9)] == ["made a backup"]
    # The hash that one look tells is what the next one asks for.
    noted = re.findall(r"entry 1: (\w{64})", run("verify", on="there")[1])
    assert run("verify", "--head", *noted, on="there")[0] == 0
    code, said = run("verify", "--head", "0" * 64, on="there")
    assert (code, said.splitlines()[0]) == (
        1,
        "audit trail: the hash 0000000000000000… is nowhere in its chain. What to do: the trail was cut off or written "
        "anew since that hash was noted; compare it with backups.",
    )


def test_backup_without_a_key_says_who_can_read_it(run: Any) -> None:
    code, said = run("backup", "made.backup")
    assert (code, "NOT sealed: who has this file reads every answer in it" in said) == (0, True)


def test_what_cannot_be_restored_is_said_in_plain_words(run: Any, key_file: str, tmp_path: Path) -> None:
    run("backup", "made.backup", "--key-file", key_file)
    made = (tmp_path / "made.backup").read_bytes()
    (tmp_path / "changed.backup").write_bytes(made[:-20] + bytes([made[-20] ^ 1]) + made[-19:])
    (tmp_path / "cut.backup").write_bytes(made[:-1])
    with closing(Database(f"sqlite:///{tmp_path / 'full.sqlite'}")) as full:
        full.upgrade()
        with full.writing() as session:
            studies.add_study(
                session, "kept", "Kept", [("t0", "Start")], audit.datetime.datetime.now(audit.datetime.UTC)
            )
    sealed = ("--key-file", key_file)
    tried = {
        "without": run("restore", "made.backup", on="new"),
        "other": run("restore", "made.backup", on="new", KRACHTMETING_BACKUP_KEY="cd" * 32),
        "changed": run("restore", "changed.backup", *sealed, on="new"),
        "cut": run("restore", "cut.backup", *sealed, on="new"),
        "no backup": run("restore", "key", on="new"),
        "full": run("restore", "made.backup", *sealed, on="full"),
    }
    assert {code for code, _ in tried.values()} == {1}
    assert {name: said.removeprefix("Error: ").split(";")[0].strip() for name, (_, said) in tried.items()} == {
        "without": "this backup is sealed",
        "other": "this backup does not open with this key",
        "changed": "this backup does not open with this key",
        "cut": "the end of this backup is missing",
        "no backup": "this is no backup of ours",
        "full": "there is something in this database already (in the table study)",
    }


def test_key_that_others_can_read_or_that_is_none_is_refused(run: Any, key_file: str, tmp_path: Path) -> None:
    Path(key_file).chmod(0o644)
    assert "run: chmod 600" in run("backup", "made.backup", "--key-file", key_file)[1]
    Path(key_file).chmod(0o600)
    for content in ("", "no key\n"):
        Path(key_file).write_text(content)
        assert run("backup", "made.backup", "--key-file", key_file)[0] == 1
    assert not (tmp_path / "made.backup").exists()


def test_key_of_identities_is_taken_with_a_warning(run: Any) -> None:
    said = run("backup", "made.backup", KRACHTMETING_BACKUP_KEY=MASTER)[1]
    assert "who gets hold of it reads all names" in said


def test_backup_that_cannot_be_written_leaves_nothing(run: Any, tmp_path: Path) -> None:
    code, said = run("backup", "nowhere/made.backup")
    assert (code, "it could not be written: No such file or directory" in said) == (1, True)
    assert run("backup", "made.backup", on="empty")[1].startswith("Error: there is nothing to keep")


def test_damaged_file_is_told_with_what_to_do(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "here.sqlite"
    with closing(Database(f"sqlite:///{path}")) as here:
        here.empty_log()
    whole = bytearray(path.read_bytes())
    whole[8 * 4096 : 40 * 4096] = bytes(32 * 4096)
    path.write_bytes(whole)
    code, said = run("verify")
    assert (code, "restore a backup" in said) == (1, True)


def test_tables_of_the_next_revision_are_worked_with_and_later_ones_refused(run: Any, tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'here.sqlite'}")) as here:

        def ahead(revisions: int) -> None:
            with here.writing() as session:
                now = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
                session.connection().exec_driver_sql(
                    f"UPDATE alembic_version SET version_num = '{int(now) + revisions:04}'"
                )

        ahead(1)
        assert (here.serves, here.current) == (True, False)
        assert run("study", "add", "x", "--title", "X", "--wave", "t0")[0] in (0, 2)
        assert "migrate with that one" in run("migrate")[1]
        assert "look them over with that one" in run("verify")[1]
        ahead(1)
        assert not here.serves
        assert "install that one, or restore a backup" in run("verify")[1]
