"""Counters of what the server does, as Prometheus reads them, on a port of their own. None is about a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Literal

from flask import Flask, Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    start_http_server,
)
from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import IntegrityError

from survey.web.running import logs

HOST = "127.0.0.1"
"""Counters are for this machine: who collects them from elsewhere comes through something that asks who it is."""

PORTS = 64
"""With several processes on a machine, each takes the next free port of so many."""

_KEY = "krachtmeting_metrics"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SAVING = frozenset({"saving.save", "interview.send", "interview.submit", "saving.hand_in"})

Counted = Literal["receipts", "repeated_batches", "failed_sign_ins", "lock_outs"]
COUNTED: dict[Counted, str] = {
    "receipts": "Receipts given for batches of changes.",
    "repeated_batches": "Batches that came once more, and got their receipt again.",
    "failed_sign_ins": "Attempts to sign in that failed.",
    "lock_outs": "Attempts to sign in while a name or an address was locked.",
}


class Metrics:
    """The counters of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        about: dict[str, Any] = {"namespace": "krachtmeting", "registry": self.registry}
        labels = ("rule", "method", "status")
        self.requests = Counter("requests", "Requests, by the rule of their address.", labels, **about)
        self.seconds = Histogram("request_seconds", "How long answers took.", ("rule",), buckets=SECONDS, **about)
        self.saves = Counter("saves", "Saves that came to a good end.", **about)
        self.conflicts = Counter("conflicts", "Saves in which another device had changed the same.", **about)
        self.database_errors = Counter(
            "database_errors", "What the database could not do, by kind.", ("kind",), **about
        )
        self.counted = {name: Counter(name, words, **about) for name, words in COUNTED.items()}
        self.waiting = Gauge("waiting_requests", "Requests that wait for a free thread.", **about)


def set_up(app: Flask) -> None:
    """Count every request, and what the database could not do."""
    metrics = app.extensions[_KEY] = Metrics()

    @app.before_request
    def begin() -> None:
        g.counting_since = time.monotonic()

    @app.after_request
    def count(response: Response) -> Response:
        # What has no page is told as one thing: who tries addresses must not fill the memory with counters.
        rule = logs.rule() or "none"
        metrics.requests.labels(rule, logs.method(), f"{response.status_code // 100}xx").inc()
        if "counting_since" in g:
            metrics.seconds.labels(rule).observe(time.monotonic() - g.counting_since)
        if response.status_code < 500:
            # What was saved is saved only now.
            for name in g.get("counted", ()):
                metrics.counted[name].inc()
        if request.endpoint in SAVING:
            if response.status_code in (200, 302, 409):
                metrics.saves.inc()
            if response.status_code == 409:
                metrics.conflicts.inc()
        return response

    @event.listens_for(app.extensions["krachtmeting"].database.engine, "handle_error")
    def failed(context: ExceptionContext) -> None:
        # Two who make the same row at the same moment are no error: the second finds it.
        if not isinstance(context.sqlalchemy_exception, IntegrityError):
            metrics.database_errors.labels(type(context.original_exception).__name__).inc()


def counted(name: Counted | None) -> None:
    """Count one of COUNTED when this request comes to a good end; None counts nothing."""
    if name is not None:
        g.setdefault("counted", []).append(name)


def watch_queue(app: Flask, waiting: Callable[[], int]) -> None:
    """Tell how many requests wait, by asking this function whenever counters are fetched."""
    app.extensions[_KEY].waiting.set_function(waiting)


def serve(app: Flask, port: int, ports: int = 1) -> int | None:
    """Serve the counters on a port of this machine, or the first free one of several; which it is. 0 serves nowhere.

    Raises OSError where none is free.
    """
    if not port:
        return None
    # When each counter was made is of no use to anybody, and doubles what is sent.
    disable_created_metrics()
    for one in range(port, port + ports):
        try:
            start_http_server(one, HOST, app.extensions[_KEY].registry)
        except OSError:
            if one == port + ports - 1:
                raise
        else:
            return one
    return None
