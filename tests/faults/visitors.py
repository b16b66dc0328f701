"""Visitors who save as a browser does: each batch under a key, again and again until its receipt is there."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from scene import NUMBERS, PASSWORD, Seat

WORDS = re.compile(r"could not save this just now")
NEVER_SHOWN = re.compile(r"Traceback|sqlalchemy|psycopg|sqlite3?\.|OperationalError|File \"", re.IGNORECASE)
PAUSE, AFTER_REFUSAL = 0.03, 0.15
"""Seconds before a batch is sent again: less than a browser waits, so that more comes in between."""


@dataclass(frozen=True)
class Receipt:
    """What a visitor was told: this value of this unit is in the response, as it is at this version."""

    token: str
    batch: str
    unit: str
    value: Any
    version: int
    hash: str


@dataclass
class Notebook:
    """All that visitors sent and were told, over all faults of a try."""

    receipts: list[Receipt] = field(default_factory=list)
    sent: dict[tuple[str, str], set[Any]] = field(default_factory=dict)
    """(token, unit) -> every value that anybody sent."""
    told: Counter[str] = field(default_factory=Counter)
    """How often what came back: a status, or "no line"."""
    wrong: list[str] = field(default_factory=list)
    """What must never happen."""
    longest: float = 0
    """Seconds of the longest wait for an answer."""


class Visitor(threading.Thread):
    """One interviewer in a browser. `port` may change under way.

    `enough`: to begin no batch any more; `at_once`: not even to bring the last one to its end.
    """

    def __init__(self, seat: Seat, port: int, notebook: Notebook, seed: int, *, patience: float = 60) -> None:
        super().__init__(daemon=True)
        self.seat, self.port, self.notebook, self.patience = seat, port, notebook, patience
        self.enough, self.at_once = threading.Event(), threading.Event()
        self.cookie = self.csrf = ""
        self.base = "0"
        self.texts = ""
        self.last = ""
        self._chance = random.Random(seed)
        self._line: http.client.HTTPConnection | None = None
        self._earlier: list[tuple[dict[str, str], dict[str, Any]]] = []

    def request(
        self, method: str, path: str, fields: dict[str, str] | None = None, language: str = "en"
    ) -> tuple[int, bytes, Any]:
        """One request, over the line that stands open. Raises OSError, HTTPException."""
        if self._line is None or self._line.port != self.port:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=45)
        headers = {"Cookie": self.cookie, "Accept-Language": language}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.monotonic()
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._line.close()
            self._line = None
            raise
        self.notebook.longest = max(self.notebook.longest, time.monotonic() - began)
        for given in answer.headers.get_all("Set-Cookie") or ():
            self.cookie = given.split(";")[0]
        if NEVER_SHOWN.search(content.decode(errors="replace")):
            self.notebook.wrong.append(f"{path} showed what no page may: {content[:80]!r}")
        return answer.status, content, answer.headers

    def sign_in(self) -> bool:
        """Sign in over the page, as its script does."""
        _, content, _ = self.request("GET", "/session")
        fields = {"csrf_token": json.loads(content)["csrf"], "name": self.seat.name, "password": PASSWORD}
        status, content, _ = self.request("POST", "/session/sign-in", fields)
        if status == 200:
            self.csrf = json.loads(content)["csrf"]
        return status == 200

    def open_page(self) -> int:
        """Load the page, with what its form carries."""
        status, content, _ = self.request("GET", f"/response/{self.seat.token}/page/home")
        if status == 200:
            for name in ("texts", "base"):
                found = re.search(rf'name="{name}" value="([^"]*)"', content.decode())
                if found:
                    setattr(self, name, found[1])
        return status

    def batch(self) -> tuple[str, Any, dict[str, str]]:
        """Something new to save."""
        unit = self._chance.choice(self.seat.units)
        number = self._chance.randrange(100_000)
        value: Any = number if unit in NUMBERS else f"said {number} · قال"
        self.notebook.sent.setdefault((self.seat.token, unit), set()).add(value)
        fields = {
            "csrf_token": self.csrf, "page": "home", "units": unit, f"q_{unit}": str(value), "base": self.base,
            "tab": self.name, "texts": self.texts, "batch": str(uuid.uuid4()), "after": self.last, "age": "0",
        }  # fmt: skip
        return unit, value, fields

    def send(self, fields: dict[str, str]) -> dict[str, Any] | None:
        """Send a batch once; what was said on success. What else is said is looked at, and noted."""
        address = f"/response/{self.seat.token}/save"
        try:
            status, content, headers = self.request("POST", address, fields | {"csrf_token": self.csrf})
        except (OSError, http.client.HTTPException):
            self.notebook.told["no line"] += 1
            return None
        self.notebook.told[str(status)] += 1
        if status == 200:
            said: dict[str, Any] = json.loads(content)
            if said.get("receipt", {}).get("batch") != fields["batch"]:
                self.notebook.wrong.append(f"200 without a receipt: {content[:80]!r}")
                return None
            return said
        if status in (401, 400):
            try:
                self.sign_in()
            except (OSError, http.client.HTTPException, ValueError, KeyError):
                self.notebook.told["no line"] += 1
        elif status == 503:
            self._look_at_refusal(content, headers)
            time.sleep(AFTER_REFUSAL)
        else:
            self.notebook.wrong.append(f"{status} {content[:80]!r}")
        return None

    def _look_at_refusal(self, content: bytes, headers: Any) -> None:
        try:
            words = json.loads(content)["problem"]
        except (ValueError, KeyError):
            words = ""
        if not WORDS.search(words) or "Retry-After" not in headers:
            self.notebook.wrong.append(f"503 without plain words: {content[:80]!r}")

    def save_one(self, patience: float) -> bool:
        """Save something, however often it has to be sent."""
        unit, value, fields = self.batch()
        end = time.monotonic() + patience
        while time.monotonic() < end and not self.at_once.is_set():
            said = self.send(fields)
            if said is not None:
                receipt = said["receipt"]
                self.base, self.last = str(said["version"]), receipt["batch"]
                self.notebook.receipts.append(
                    Receipt(self.seat.token, receipt["batch"], unit, value, receipt["version"], receipt["hash"])
                )
                self._earlier = [*self._earlier[-9:], (fields, receipt)]
                return True
            time.sleep(PAUSE)
        return False

    def repeat_one(self) -> None:
        """Send an earlier batch again: it must get the same receipt."""
        fields, before = self._chance.choice(self._earlier)
        said = self.send(fields)
        if said is not None and said["receipt"] != before:
            self.notebook.wrong.append("a repeated batch got another receipt")

    def run(self) -> None:
        """Save until it is enough; what was begun is brought to its receipt."""
        while not self.enough.is_set():
            if not self.save_one(self.patience):
                self.notebook.wrong.append(f"{self.seat.name} could not save within {self.patience} s")
                return
            if self._earlier and self._chance.random() < 0.1:
                self.repeat_one()


def visitors(seats: list[Seat], port: int, notebook: Notebook, seed: int = 1) -> list[Visitor]:
    """A visitor on each seat, signed in and with the page open; not saving yet."""
    found = [Visitor(seat, port, notebook, seed + number) for number, seat in enumerate(seats)]
    for one in found:
        if not one.sign_in() or one.open_page() != 200:
            raise RuntimeError(f"{one.seat.name} could not begin")
    return found


def finish(those: list[Visitor]) -> None:
    """Let them bring to an end what they began."""
    for one in those:
        one.enough.set()
    for one in those:
        one.join(one.patience + 10)
