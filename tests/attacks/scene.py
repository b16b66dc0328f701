"""The people who attack, and what each of them reached before anything was tried."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from browser import Browser, signed_in
from crawl import Crawled, crawl
from place import Place
from tried import Tried

Thing = TypeVar("Thing")

SECONDS_SHORT, SECONDS = 6.0, 120.0
"""So long may one attack go on."""

PEOPLE = ("beheer", "interview", "coach", "observatie", "teamleider", "onderzoek", "vertaling", "stranger", "neighbour")
"""An admin, a person of each role, somebody of another study, and somebody of another team."""


@dataclass
class Scene:
    """A running server, its visitors by name, and how thorough to be: `short` for a look in a minute."""

    place: Place
    short: bool
    browsers: dict[str, Browser] = field(default_factory=dict)
    reached: dict[str, Crawled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("", *PEOPLE):
            self.browsers[name] = signed_in(self.place, name)

    def fresh(self, name: str) -> Browser:
        """A browser in which this person signed in just now; for when another one was signed out by an attack."""
        self.browsers[name] = signed_in(self.place, name)
        return self.browsers[name]

    def go_through(self, most: int) -> None:
        """Let everybody look at all that they reach."""
        for name in PEOPLE:
            self.reached[name] = crawl(self.browsers[name], most)

    def within(self, tried: Tried, those: Iterable[Thing]) -> Iterator[Thing]:
        """Those, one after the other, as long as there is time for one attack; the table says what was left."""
        end, several = time.monotonic() + (SECONDS_SHORT if self.short else SECONDS), list(those)
        for number, one in enumerate(several):
            if time.monotonic() > end:
                tried.note = f"stopped by the clock after {number} of {len(several)}"
                return
            yield one
