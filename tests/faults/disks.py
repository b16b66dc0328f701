"""A disk that is full, and one that can only be read."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from place import Found, House, one_try
from postgresql import Postgresql
from scene import set_scene
from sqlalchemy import create_engine, text
from waiting import NOT_NOW

SMALL = {"sqlite": 6, "postgresql": 160}
"""Megabytes of a small disk."""

LARGEST_FILE = 3 * 1024 * 1024
"""Bytes to which files are bound where this user may make no small disk."""


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A disk of its own in memory; None where this user may not make one."""
    folder = Path(tempfile.mkdtemp(prefix="krachtmeting-disk-"))
    options = f"size={megabytes}m,mode=755"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    try:
        yield folder if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _filled(folder: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 65536)
    with filler.open("ab", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 512)
    return filler


def full(house: House, kind: str, times: int) -> Found:
    """The disk of the database is full for a while, and then has room again."""
    with small_disk(SMALL[kind]) as folder:
        if folder is None:
            return _files_bounded(house, kind)
        own = Postgresql(folder) if kind == "postgresql" else None
        try:
            url = own.url if own else house.new("sqlite", folder)
            seats = set_scene(url, len(house.seats[kind])) if own else None
            with one_try(house, kind, "full disk", url=url, seats=seats) as now:
                for _ in range(times):
                    now.saves(5)
                    filler = _filled(folder)
                    if own:
                        _use_up(own)
                    refused = now.refused(3, within=20)
                    if not refused:
                        now.notebook.wrong.append("nobody was told that the disk is full")
                    status, _page = now.page("en", f"/response/{now.people[0].seat.token}/page/home")
                    if status not in (200, 503):
                        now.notebook.wrong.append(f"a page on a full disk: {status}")
                    filler.unlink()
                    if own:
                        own.start()
                    now.found.times += 1
                now.saves(5)
            now.found.note = f"a disk of {SMALL[kind]} MB; {now.notebook.told['503']} saves refused in words"
            if own:
                now.found.corrupt += own.damaged()
            return now.found
        finally:
            if own:
                own.close()


def _use_up(own: Postgresql) -> None:
    """Let the database's own log come to its end, or it goes on for long in the room that it has already."""
    with suppress(Exception):
        engine = create_engine(own.url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_switch_wal()"))
            connection.execute(
                text("CREATE UNLOGGED TABLE filler AS SELECT repeat('x', 1000) FROM generate_series(1, 9999)")
            )
        engine.dispose()


def _files_bounded(house: House, kind: str) -> Found:
    """Without a small disk: the server may write no file beyond a size. PostgreSQL is not tried then."""
    if kind == "postgresql":
        return Found("full disk", kind, note="NOT TRIED: this user may not mount a small disk")
    with one_try(house, kind, "full disk", largest_file=LARGEST_FILE) as now:
        now.refused(3, within=60)
        now.kill_server()
        now.order.clear()
        now.start_server()
        now.saves(5)
        now.found.times = 1
    now.found.note = f"files bounded to {LARGEST_FILE} bytes (no disk may be mounted here)"
    return now.found


def read_only(house: House, kind: str, times: int) -> Found:
    """The database can be read and no longer written: a disk that was mounted anew, a server that became a copy."""
    if kind == "postgresql":
        return _read_only_server(house, times)
    with small_disk(32) as folder:
        if folder is None:
            return Found("read-only disk", kind, note="NOT TRIED: this user may not mount a disk")
        with one_try(house, kind, "read-only disk", url=house.new("sqlite", folder)) as now:
            for _ in range(times):
                now.saves(5)
                now.kill_server()
                _mounted(folder, "ro")
                now.start_server()
                refused = now.refused(3, within=20)
                status, page = now.page("nl")
                if not refused or status not in (200, 503) or (status == 503 and NOT_NOW["nl"] not in page):
                    now.notebook.wrong.append(f"nobody was told that the disk is read-only ({status})")
                now.kill_server()
                _mounted(folder, "rw")
                now.start_server()
                now.found.times += 1
            now.saves(5)
    now.found.note = f"{now.notebook.told['503']} saves refused in words"
    return now.found


def _mounted(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def _read_only_server(house: House, times: int) -> Found:
    postgresql = house.postgresql
    assert postgresql is not None
    engine = create_engine(postgresql.url, isolation_level="AUTOCOMMIT")

    def become(state: str) -> None:
        with engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {state}"))
            connection.execute(text("SELECT pg_reload_conf()"))

    with one_try(house, "postgresql", "read-only database") as now:
        for _ in range(times):
            now.saves(5)
            become("on")
            try:
                refused = now.refused(3, within=20)
                status, _page = now.page("nl")
                if not refused or status != 200:
                    now.notebook.wrong.append(f"a read-only database: {refused} refused, page {status}")
            finally:
                become("off")
            now.found.times += 1
        now.saves(5)
    engine.dispose()
    now.found.note = f"{now.notebook.told['503']} saves refused in words; pages could be read"
    return now.found
