"""Page turns (POST, redirect, GET) of our ten-question bilingual page against the bare page, in turn, in one process.

Both are called as WSGI apps, without a network between, and only the time inside them counts: wall and CPU milliseconds
a turn, and their ratio block by block, since the speed of a shared machine drifts.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from bench import bare_page, our_page

Items = list[tuple[str, str]]
OFTEN = ("never", "seldom", "sometimes", "often", "always")
LIKES = ("walk", "cook", "read")
FORM = "application/x-www-form-urlencoded"


def answers(turn: int, prefix: str) -> Items:
    """Other answers every turn, so that each one writes ten changes."""
    items = [(f"{prefix}works", ("yes", "no")[turn % 2])]
    often = enumerate(("outside", "visits", "rested", "plans"))
    items += [(f"{prefix}{name}", OFTEN[(turn + i) % 5]) for i, name in often]
    items += [(f"{prefix}age", str(20 + turn % 50)), (f"{prefix}hours", str(turn % 40))]
    items += [(f"{prefix}street", f"Wijk {turn}"), (f"{prefix}wish", f"Rust en ruimte {turn}")]
    return items + [(f"{prefix}likes", like) for like in LIKES[: 1 + turn % 3]]


def hidden(page: str, name: str) -> str:
    """The value of a hidden input."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)
    if found is None:
        raise ValueError(f"the page has no {name}")
    return found.group(1)


class Timed:
    """A WSGI app that adds up the time spent in it, wall and CPU."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self.wall = self.cpu = 0.0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = self._app(environ, start_response)
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        return answer


def timed(app: Flask) -> Timed:
    """The same app, timed from now on."""
    clock = Timed(app.wsgi_app)
    app.wsgi_app = clock  # type: ignore[method-assign]
    return clock


def bare_turns(folder: Path) -> tuple[Callable[[int], None], Timed]:
    """One turn of the bare page, at each call, and the time spent in it."""
    app = bare_page.create_app(folder / "bare.sqlite")
    clock, client = timed(app), app.test_client()
    page = client.get("/page/1").text

    def turn(number: int) -> None:
        nonlocal page
        _post(client, "/page/1", [*answers(number, ""), ("csrf_token", hidden(page, "csrf_token"))])
        page = client.get("/page/1").text

    return turn, clock


def signed_in(app: Flask) -> FlaskClient:
    """A client of our app with the interviewer signed in."""
    client = app.test_client()
    token = hidden(client.get("/sign-in").text, "csrf_token")
    client.post("/sign-in", data={"csrf_token": token, "name": "ilse", "password": our_page.PASSWORD})
    return client


def our_turns(folder: Path, url: str | None = None, second: str | None = "en") -> tuple[Callable[[int], None], Timed]:
    """One turn of our page, at each call, and the time spent in it. `second`: the second language, None for one."""
    settings, tokens = our_page.make(folder, 1, url, second)
    app = our_page.app(settings)
    clock, client = timed(app), signed_in(app)
    address = f"/response/{tokens[0]}/page/ten"
    page = client.get(address).text

    def turn(number: int) -> None:
        nonlocal page
        fixed = [(name, hidden(page, name)) for name in ("csrf_token", "base", "shown", "texts")]
        _post(client, address, [*answers(number, "q_"), *fixed, ("go", "stay")])
        page = client.get(address).text

    return turn, clock


def _post(client: FlaskClient, address: str, items: Items) -> None:
    answer = client.post(address, data=urlencode(items), content_type=FORM)
    if answer.status_code != 302:
        raise RuntimeError(f"{address} answered {answer.status_code}: {answer.text[:300]}")


Pair = tuple[tuple[Callable[[int], None], Timed], tuple[Callable[[int], None], Timed]]


@dataclass(frozen=True)
class Compared:
    """Milliseconds a turn (medians of blocks), and the ratio of the first to the second block by block: median, least,
    most."""

    bare_wall: float
    ours_wall: float
    bare_cpu: float
    ours_cpu: float
    wall_ratio: tuple[float, float, float]
    cpu_ratio: tuple[float, float, float]


def compare(folder: Path, blocks: int = 9, turns: int = 60) -> Compared:
    """Blocks of turns of either app, one after the other."""
    return _compared((bare_turns(folder), our_turns(folder)), blocks, turns)


def compare_languages(folder: Path, blocks: int = 9, turns: int = 60) -> Compared:
    """Our page in two languages, with the buttons for how a question was relayed, against the same page in one.

    What is "bare" in the figures is the page in two languages here.
    """
    two, one = our_turns(folder / "two"), our_turns(folder / "one", second=None)
    return _compared((two, one), blocks, turns)


def _compared(both: Pair, blocks: int, turns: int) -> Compared:
    figures: list[list[tuple[float, float]]] = []
    number = 0
    for block in range(blocks + 1):
        row = []
        for turn, clock in both:
            clock.wall = clock.cpu = 0.0
            for step in range(turns):
                turn(number + step)
            row.append((clock.wall * 1000 / turns, clock.cpu * 1000 / turns))
        number += turns
        if block:  # the first one warms up
            figures.append(row)

    def median(app: int, kind: int) -> float:
        return statistics.median(row[app][kind] for row in figures)

    def ratio(kind: int) -> tuple[float, float, float]:
        ratios = [row[0][kind] / row[1][kind] for row in figures]
        return statistics.median(ratios), min(ratios), max(ratios)

    return Compared(median(0, 0), median(1, 0), median(0, 1), median(1, 1), ratio(0), ratio(1))
