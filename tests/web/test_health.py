"""Whether the process lives, and whether it can do its work: what a proxy and a watcher are told."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask

from survey.storage.database import Database
from survey.web.running import health
from survey.web.running.health import Looks, states
from survey.web.running.serving import STOPPING

WELL = {"database": "well", "tables": "well", "disk": "well"}


def asked(app: Flask, address: str = "/ready") -> tuple[int, Any]:
    answer = app.test_client().get(address)
    return answer.status_code, answer.json if answer.is_json else answer.text


def test_server_that_can_work_is_ready(app: Flask) -> None:
    assert asked(app) == (200, {"ready": True, "parts": WELL | {"server": "well"}})
    assert asked(app, "/health") == (200, "ok\n")


def test_server_that_is_being_stopped_lives_and_is_not_ready(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = threading.Event()
    monkeypatch.setitem(app.extensions, STOPPING, stopping)
    stopping.set()
    code, said = asked(app)
    assert (code, said["ready"], said["parts"]["server"]) == (503, False, "is being stopped")
    assert asked(app, "/health") == (200, "ok\n")


def test_database_without_tables_or_of_another_version_is_not_ready(empty_database: Database) -> None:
    assert states(empty_database) == WELL | {"tables": "are not those of this version"}
    empty_database.upgrade("0005")
    assert states(empty_database) == WELL | {"tables": "are not those of this version"}


def test_database_that_is_away_is_told_in_a_word(app: Flask, database: Database) -> None:
    database.engine.dispose()
    away = Database("postgresql://nobody:secret@127.0.0.1:1/nothing")
    assert states(away) == {"database": "does not answer"}


def test_database_that_hangs_is_waited_for_once_and_not_long() -> None:
    looks, begun, end = Looks(), [], threading.Event()

    def hangs() -> dict[str, str]:
        begun.append(1)
        end.wait(10)
        return {"database": "well"}

    since = time.monotonic()
    assert [looks.look(hangs, within=0.05) for _ in range(5)] == [None] * 5
    assert (time.monotonic() - since < 2, len(begun)) == (True, 1)
    end.set()
    assert looks.look(hangs, within=5) == {"database": "well"}
    assert looks.look(lambda: {"database": "again"}, within=5) == {"database": "again"}


def test_full_and_read_only_disks_are_not_ready(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SPARE_BYTES", 2**70)
    assert states(database) == WELL | {"disk": "is nearly full"}

    def fails(number: int) -> Any:
        def tried(**named: Any) -> Any:
            raise OSError(number, "no")

        return tried

    for number, said in ((28, "is full"), (30, "takes no writing")):
        monkeypatch.setattr("tempfile.TemporaryFile", fails(number))
        assert states(database) == WELL | {"disk": said}
