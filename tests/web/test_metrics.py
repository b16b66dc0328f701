"""Counters of what the server does, on a port of their own, with nothing about anybody."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from small_interview import Desk
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.web.app import create_app
from survey.web.running import metrics
from survey.web.running.metrics import Metrics
from survey.web.settings import Settings


@pytest.fixture
def counters(app: Flask) -> Metrics:
    found: Metrics = app.extensions["krachtmeting_metrics"]
    return found


class Since:
    """How much counters grew since this was made: they belong to the app, which all tests share."""

    def __init__(self, counters: Metrics) -> None:
        self.counters, self.before = counters, self._all(counters)

    @staticmethod
    def _all(counters: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        samples = (sample for family in counters.registry.collect() for sample in family.samples)
        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value for sample in samples}

    def __call__(self, name: str, **labels: str) -> float:
        key = (f"krachtmeting_{name}", tuple(sorted(labels.items())))
        return self._all(self.counters).get(key, 0) - self.before.get(key, 0)


def test_saves_receipts_repeated_batches_and_conflicts_are_counted(house: Any, sign_in: Any, counters: Metrics) -> None:
    desk, since = Desk(house, sign_in("ilse")), Since(counters)
    shown = desk.get("page/home")
    for _ in range(3):
        desk.save("home", "age", shown=shown, q_age="40", batch="a", tab="t")
    desk.save("home", "age", shown=shown, q_age="50", batch="b", tab="other")
    assert (since("receipts_total"), since("repeated_batches_total")) == (2, 2)
    assert (since("saves_total"), since("conflicts_total")) == (4, 1)
    rule = "/response/<token>/save"
    assert since("requests_total", rule=rule, method="POST", status="2xx") == 3
    assert since("requests_total", rule=rule, method="POST", status="4xx") == 1
    assert since("request_seconds_count", rule=rule) == 4


def test_what_is_not_there_is_one_counter_whatever_somebody_tries(app: Flask, counters: Metrics) -> None:
    since, visitor = Since(counters), app.test_client()
    for number in range(5):
        visitor.open(f"/nowhere/{number}", method=f"TRY{number}")
    assert since("requests_total", rule="none", method="OTHER", status="4xx") == 5


def test_what_the_database_cannot_do_is_counted_by_kind(tmp_path: Path) -> None:
    app = create_app(Settings(f"sqlite:///{tmp_path / 'empty.sqlite'}", "x" * 32))
    database = app.extensions["krachtmeting"].database
    with pytest.raises(DBAPIError), database.reading() as session:
        session.execute(text("SELECT 1 FROM nowhere"))
    since = app.extensions["krachtmeting_metrics"].registry.get_sample_value
    assert since("krachtmeting_database_errors_total", {"kind": "OperationalError"}) == 1


def test_counters_are_served_on_a_port_of_their_own_on_this_machine(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            metrics.serve(app, port)
        used = metrics.serve(app, port, 8)
    assert used is not None
    assert port < used < port + 8
    metrics.watch_queue(app, lambda: 3)
    with urllib.request.urlopen(f"http://127.0.0.1:{used}/metrics", timeout=5) as answer:
        said = answer.read().decode()
    assert "krachtmeting_waiting_requests 3.0" in said
    assert metrics.serve(app, 0) is None
    assert app.test_client().get("/metrics").status_code == 404
