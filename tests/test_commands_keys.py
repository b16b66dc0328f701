"""Master keys: from the environment or a file of one's own, and a new one in the place of an old one."""

from __future__ import annotations

import base64
import datetime
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from planned_study import plan_study

from survey.commands import main
from survey.storage import identities
from survey.storage.database import Database
from survey.storage.sealing import Sealer
from survey.web.settings import SettingsError, from_environment

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
KEY = bytes(range(200, 232))


def key_of(folder: Path, **environment: str) -> bytes:
    return from_environment({"KRACHTMETING_DATABASE_URL": "sqlite://", **environment}, folder).master_key


@pytest.mark.parametrize(
    "written",
    [
        KEY.hex(),
        KEY.hex().upper(),
        base64.b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode(),
        base64.urlsafe_b64encode(KEY).decode().rstrip("="),
        f" {KEY.hex()}\n",
    ],
)
def test_master_key_is_written_in_the_usual_ways(written: str, tmp_path: Path) -> None:
    assert key_of(tmp_path, KRACHTMETING_MASTER_KEY=written) == KEY
    assert not (tmp_path / "master-key").exists()


@pytest.mark.parametrize(
    "written", ["secret", KEY.hex()[:-2], KEY.hex()[:-2] + "zz", base64.b64encode(KEY + b"1").decode()]
)
def test_master_key_that_is_none_stops_the_start_without_being_told(written: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KRACHTMETING_MASTER_KEY is no key of 32 bytes") as refused:
        key_of(tmp_path, KRACHTMETING_MASTER_KEY=written)
    assert written not in str(refused.value).replace("secrets", "")


def test_master_key_is_made_once_in_a_file_of_ones_own(tmp_path: Path) -> None:
    made = key_of(tmp_path)
    file = tmp_path / "master-key"
    assert (len(made), key_of(tmp_path), file.stat().st_mode & 0o777) == (32, made, 0o600)
    file.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        key_of(tmp_path)


def test_lost_master_key_is_never_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "master-key").touch(0o600)
    with pytest.raises(SettingsError, match="put the one from your backup there"):
        key_of(tmp_path)


def test_new_master_key_takes_over_with_one_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path / 'keys.sqlite'}"
    old, new = Sealer(KEY), Sealer(b"n" * 32)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KRACHTMETING_DATABASE_URL", address)
    monkeypatch.setenv("KRACHTMETING_MASTER_KEY", (b"n" * 32).hex())
    with closing(Database(address)) as database:
        database.upgrade()
        with database.writing() as session:
            coen = plan_study(session, NOW).people["coen"]
            identities.keep_email_of_person(session, old, coen, "coen@example.org", coen, NOW)

        def rewrap(**environment: str) -> tuple[int, str]:
            done = CliRunner().invoke(main, ["rewrap-keys"], env=environment)
            return done.exit_code, done.output.strip()

        assert rewrap() == (1, "Error: give the key before this one in KRACHTMETING_OLD_MASTER_KEY")
        code, said = rewrap(KRACHTMETING_OLD_MASTER_KEY="00" * 32)
        assert (code, "nothing was changed" in said) == (1, True)
        assert rewrap(KRACHTMETING_OLD_MASTER_KEY=KEY.hex()) == (0, "1 keys are under the present master key now")
        with database.reading() as session:
            assert identities.email_of_person(session, new, coen) == "coen@example.org"
