"""A database that is locked, slow or silent, and a clock that jumps."""

from __future__ import annotations

import selectors
import shutil
import socket
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import polib
from place import Found, House, Try, one_try
from servers import ROOT
from sqlalchemy import create_engine, make_url, text

_DUTCH = polib.pofile(str(ROOT / "translations" / "nl" / "LC_MESSAGES" / "messages.po"))
_TITLE = "Not just now"
NOT_NOW = {"en": _TITLE, "nl": next((one.msgstr for one in _DUTCH if one.msgid == _TITLE and one.msgstr), _TITLE)}
"""The heading of the page while there is no database, by language."""


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Another program holds the database, for writing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(address.database), isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE response IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def locked(house: House, kind: str, times: int) -> Found:
    """Another program holds the lock for longer than anybody waits, and for a moment."""
    bound = {"busy_seconds": 2} if times < 2 else {}
    with one_try(house, kind, "locked database", **bound) as now:
        now.saves(5)
        refused = 0
        for number in range(times):
            with _locked(now.url):
                if number % 2:
                    time.sleep(0.5)
                else:
                    refused += now.refused(1, within=25)
            now.saves(5)
            now.found.times += 1
        if not refused:
            now.notebook.wrong.append("nobody was told that the database is locked")
    now.found.note = f"longest wait {now.notebook.longest:.0f} s, then {now.notebook.told['503']} refused in words"
    return now.found


@contextmanager
def slow_line(to: str, seconds: float) -> Iterator[str]:
    """A socket in a folder of its own, behind which every answer of a PostgreSQL server comes so much later."""
    folder = Path(tempfile.mkdtemp(prefix="krachtmeting-slow-"))
    folder.chmod(0o755)
    over = threading.Event()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / Path(to).name))
    listening.listen(50)
    listening.settimeout(0.1)

    def carry(near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        with near, far, selectors.DefaultSelector() as ready:
            far.connect(to)
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while not over.is_set():
                for key, _ in ready.select(0.1):
                    assert isinstance(key.fileobj, socket.socket)
                    content = key.fileobj.recv(65536)
                    if not content:
                        return
                    if key.fileobj is far:
                        time.sleep(seconds)
                    key.data.sendall(content)

    def accept() -> None:
        while not over.is_set():
            try:
                near, _ = listening.accept()
            except TimeoutError:
                continue
            threading.Thread(target=carry, args=(near,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    yield str(folder)
    over.set()
    accepting.join(2)
    listening.close()
    shutil.rmtree(folder, ignore_errors=True)


def slow(house: House, kind: str, seconds: float) -> Found:
    """Every answer of the database comes later; in SQLite, others hold the writer's lock again and again."""
    if kind == "sqlite":
        with one_try(house, kind, "slow database") as now:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                with _locked(now.url):
                    time.sleep(0.4)
                now.saves(1)
                now.found.times += 1
    else:
        postgresql = house.postgresql
        assert postgresql is not None
        url = house.new(kind)
        with slow_line(postgresql.socket, 0.03) as folder:
            there = make_url(url).set(query={"host": folder}).render_as_string(hide_password=False)
            with one_try(house, kind, "slow database", url=there, looked_at=url) as now:
                end = time.monotonic() + seconds
                while time.monotonic() < end:
                    now.saves(1)
                    now.found.times += 1
    now.found.note = f"all saved; longest wait {now.notebook.longest:.1f} s"
    return now.found


def silent(house: House, times: int) -> Found:
    """PostgreSQL stands still with its lines open, as when its machine hangs."""
    postgresql = house.postgresql
    assert postgresql is not None
    with one_try(house, "postgresql", "silent database", patience=2, busy_seconds=2) as now:
        for _ in range(times):
            now.saves(5)
            postgresql.still(True)
            try:
                if not now.refused(1, within=20):
                    now.notebook.wrong.append("nobody was told that the database is silent")
                _told_in_words(now)
            finally:
                postgresql.still(False)
            now.found.times += 1
        now.saves(5)
    now.found.note = f"longest wait {now.notebook.longest:.0f} s (bounds set to 2 s), then refused in words"
    return now.found


def _told_in_words(now: Try) -> None:
    """Whoever asks for a page now reads in both languages that it does not go just now."""
    for language, title in NOT_NOW.items():
        status, page = now.page(language)
        if status != 503 or title not in page:
            now.notebook.wrong.append(f"a page in {language} while the database was away: {status}")


def away(house: House) -> Found:
    """There is no database for a while; pages say so in both languages."""
    postgresql = house.postgresql
    assert postgresql is not None
    with one_try(house, "postgresql", "no database for a while") as now:
        now.saves(5)
        postgresql.kill()
        try:
            now.refused(3, within=20)
            _told_in_words(now)
        finally:
            postgresql.start()
        now.found.times = 1
        now.saves(5)
    now.found.note = f"{now.notebook.told['503']} saves and every page refused in words, Dutch and English"
    return now.found


def clock(house: House, kind: str, times: int) -> Found:
    """The app's clock jumps by up to two days, forwards and back. Sessions run out at that; nothing else may happen."""
    jumps = (3600, -3600, 2 * 86400, -86400, 0, -7200, 86400, 60)
    file = house.folder / f"clock-{kind}"

    def jump(seconds: int) -> None:
        beside = file.with_suffix(".new")
        beside.write_text(str(seconds))
        beside.replace(file)

    jump(0)
    with one_try(house, kind, "a clock that jumps", clock=str(file)) as now:
        for number in range(times):
            now.saves(5)
            jump(jumps[number % len(jumps)])
            now.found.times += 1
        now.saves(5)
        jump(0)
    signed = now.notebook.told["401"] + now.notebook.told["400"]
    now.found.note = f"{signed} times somebody had to sign in again, and went on"
    return now.found
