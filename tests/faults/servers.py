"""Servers as processes of their own, which a fault can end as it likes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class Nursery:
    """Starts servers. `log` has what all of them wrote."""

    def __init__(self, definitions: Path, log: Path) -> None:
        self.log = log
        log.touch()
        command = [sys.executable, str(Path(__file__).with_name("nursery.py")), str(definitions), str(log)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("the app could not be made")

    def start(self, url: str, port: int, *, wait: bool = True, **order: Any) -> Running:
        """A server on a port; it answers when this returns, unless one does not `wait` for it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"url": url, "port": port, **order}) + "\n")
        self._process.stdin.flush()
        running = Running(int(self._process.stdout.readline()), port)
        if wait:
            running.answers()
        return running

    def close(self) -> None:
        """End what still runs."""
        # Its own children only: numbers of processes come again.
        for child in psutil.Process(self._process.pid).children():
            child.kill()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


class Running:
    """One server process."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def answers(self, within: float = 20) -> None:
        """Wait until it answers. Raises TimeoutError."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                line.request("GET", "/health")
                line.getresponse().read()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)
        raise TimeoutError(f"no server on port {self.port}")

    def _ends(self, how: int, within: float) -> float:
        began = time.monotonic()
        try:
            os.kill(self.pid, how)
        except ProcessLookupError:
            return 0
        while self.alive:
            if time.monotonic() - began > within:
                raise TimeoutError(f"server {self.pid} does not end")
            time.sleep(0.002)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9: no time to finish anything."""
        self._ends(signal.SIGKILL, 10)

    def stop(self) -> float:
        """Ask it to stop, and wait until it did; the seconds that took."""
        return self._ends(signal.SIGTERM, 30)
