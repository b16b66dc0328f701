"""Page turns over HTTP by several interviewers at once, against a real server process."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench import our_page
from bench.page_turns import FORM, Items, answers, hidden

SERVE = """
import logging
import sys
from pathlib import Path
import waitress
from bench import bare_page, our_page
from survey.web.settings import Settings
kind, folder, url, port = sys.argv[1:]
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
folder = Path(folder)
app = bare_page.create_app(folder / "bare-http.sqlite") if kind == "bare" else our_page.app(
    Settings(url, "bench" * 8, (folder / "own",)))
waitress.serve(app, host="127.0.0.1", port=int(port), threads=8, _quiet=True)
"""


@dataclass(frozen=True)
class Load:
    """Turns a second, and milliseconds a turn: half of the turns stay under p50, 99 of 100 under p99."""

    interviewers: int
    a_second: float
    p50: float
    p99: float


class Server:
    """A server process, ended with the block."""

    def __init__(self, kind: str, folder: Path, url: str, port: int) -> None:
        command = [sys.executable, "-c", SERVE, kind, str(folder), url, str(port)]
        self._process = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=os.environ)
        self.port = port

    def __enter__(self) -> Server:
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                connection.request("GET", "/health")
                connection.getresponse().read()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)


class Browser:
    """One visitor: a connection that stays open, and cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def request(self, method: str, address: str, items: Items | None = None) -> tuple[int, str, str]:
        """Status, text, and where a redirect leads."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if items is not None:
            body, headers["Content-Type"] = urlencode(items), FORM
        self._connection.request(method, address, body, headers)
        answer = self._connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read().decode(), answer.headers.get("Location", "")

    def sign_in(self) -> None:
        """Sign in as the interviewer of the bench."""
        token = hidden(self.request("GET", "/sign-in")[1], "csrf_token")
        fields = [("csrf_token", token), ("name", "ilse"), ("password", our_page.PASSWORD)]
        if self.request("POST", "/sign-in", fields)[0] != 302:
            raise RuntimeError("could not sign in")

    def turn(self, page: str, address: str, sent: Items, fixed: tuple[str, ...]) -> str:
        """POST, redirect, GET: the page that comes back."""
        items = [*sent, *((name, hidden(page, name)) for name in fixed)]
        status, text, location = self.request("POST", address, items)
        if status != 302:
            raise RuntimeError(f"{address} answered {status}: {text[:300]}")
        return self.request("GET", location)[1]


def load(port: int, interviewers: int, seconds: float, visit: Callable[[int], Callable[[int], None]]) -> Load:
    """So many interviewers turning pages for so long. `visit(i)` gives the turns of interviewer i."""
    times: list[float] = []
    failures: list[Exception] = []
    gate = threading.Barrier(interviewers + 1)

    def work(number: int) -> None:
        turn = visit(number)
        turn(0)
        gate.wait()
        end, count = time.perf_counter() + seconds, 1
        try:
            while time.perf_counter() < end:
                start = time.perf_counter()
                turn(count)
                times.append(time.perf_counter() - start)
                count += 1
        except Exception as error:  # told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(interviewers)]
    for thread in threads:
        thread.start()
    gate.wait(timeout=120)
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    took = time.perf_counter() - start
    ordered = sorted(times)
    p50, p99 = (1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return Load(interviewers, len(times) / took, p50, p99)


def our_visit(port: int, tokens: list[str]) -> Callable[[int], Callable[[int], None]]:
    """Each interviewer has a response of their own."""

    def visit(number: int) -> Callable[[int], None]:
        browser = Browser(port)
        browser.sign_in()
        address = f"/response/{tokens[number]}/page/ten"
        page = browser.request("GET", address)[1]

        def turn(count: int) -> None:
            nonlocal page
            fixed = ("csrf_token", "base", "shown", "texts")
            page = browser.turn(page, address, [*answers(count, "q_"), ("go", "stay")], fixed)

        return turn

    return visit


def bare_visit(port: int) -> Callable[[int], Callable[[int], None]]:
    """Each respondent has a row of their own."""

    def visit(number: int) -> Callable[[int], None]:
        browser = Browser(port)
        address = f"/page/{number + 1}"
        page = browser.request("GET", address)[1]

        def turn(count: int) -> None:
            nonlocal page
            page = browser.turn(page, address, answers(count, ""), ("csrf_token",))

        return turn

    return visit
