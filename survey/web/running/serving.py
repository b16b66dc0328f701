"""Serving with waitress: bounds against who holds lines open, and a stop that cuts nobody off."""

from __future__ import annotations

import logging
import select
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

from survey.web.running import metrics

try:
    import resource
except ImportError:  # Windows has no such bounds.
    resource = None  # type: ignore[assignment]

STOPPING = "krachtmeting_stopping"
"""Where the app keeps the event that is set from the moment it was told to stop."""

CONNECTIONS = 2000
"""Open lines at most. A line costs a few kilobytes and no thread until its request is whole, so those who send half
a request, or nothing, keep nobody else out; waitress's own bound of 100 would."""

SPARE_FILES = 200
"""Files that are kept free for the database, temporary files and pages, of those that the system allows."""

SILENCE = 30
"""Seconds without a sign after which a line is closed. A page that comes back later opens a new one by itself."""

LOOKED_EVERY = 5
"""Seconds between two looks for lines to close."""

WHOLE_WITHIN = 120
"""Seconds in which a request must have come whole: 2 MB on a poor line do; who sends a byte now and then does not."""

LARGEST_BODY = 32 * 1024 * 1024
"""Bytes of a request that are read before the app is asked. The app's own, smaller bounds have pages in plain words."""

LARGEST_HEADERS = 64 * 1024

FINISHES_WITHIN = 20
"""Seconds for what is still being answered when the server is stopped."""


def serve(app: Flask, *, host: str, port: int, threads: int, notice: float = 0, **settings: Any) -> None:
    """Serve until SIGTERM or Ctrl+C; then nothing new is taken, and what is being answered is finished.

    `notice`: seconds for which it still answers everybody after it was told to stop, while GET /ready says no, for
    proxies that look there. `settings`: more of waitress's own.
    """
    stopping: threading.Event = app.extensions.setdefault(STOPPING, threading.Event())
    # A queue of a few requests is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    lines: dict[int, Any] = {}
    server = create_server(app, host=host, port=port, threads=threads, map=lines, **(_bounds() | settings))

    metrics.watch_queue(app, lambda: len(server.task_dispatcher.queue))
    for listener in _listeners(lines):
        listener.channel_class = _line(stopping)

    def told_to_stop(*_: Any) -> None:
        if stopping.is_set():
            raise SystemExit(1)
        stopping.set()

    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, told_to_stop)
    poll = hasattr(select, "poll")
    _go_on(lines, poll, stopping.is_set)
    until = time.monotonic() + notice
    _go_on(lines, poll, lambda: time.monotonic() >= until)
    _listeners_closed(lines)
    until = time.monotonic() + FINISHES_WITHIN
    _go_on(lines, poll, lambda: _all_answered(lines) or time.monotonic() >= until)
    server.task_dispatcher.shutdown(timeout=1)


def _bounds() -> dict[str, Any]:
    """waitress's settings that keep the server answering whatever others do with their lines."""
    return {
        "ident": None,
        "connection_limit": _lines_at_most(),
        "channel_timeout": SILENCE,
        "cleanup_interval": LOOKED_EVERY,
        "max_request_body_size": LARGEST_BODY,
        "max_request_header_size": LARGEST_HEADERS,
        # select() knows no file beyond the 1024th.
        "asyncore_use_poll": hasattr(select, "poll"),
        # Whoever hangs up in mid-request is no news either.
        "log_socket_errors": False,
    }


def _lines_at_most() -> int:
    """As many lines as the system lets this process have, up to the bound; select() alone knows 512."""
    if resource is None or not hasattr(select, "poll"):
        return 400
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wished:
        soft = wished if hard == resource.RLIM_INFINITY else min(wished, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(100, min(CONNECTIONS, soft - SPARE_FILES))


def _line(stopping: threading.Event) -> type[HTTPChannel]:
    """waitress's lines, which know since when their request is coming, and end with an answer once we stop."""

    class Answer(WSGITask):  # type: ignore[misc]
        def build_response_header(self) -> bytes:
            if stopping.is_set():
                # Or the browser would send its next request on a line that ends.
                self.request.headers["CONNECTION"] = "close"
            header: bytes = super().build_response_header()
            return header

    class Line(HTTPChannel):  # type: ignore[misc]
        task_class = Answer
        began: float | None = None

        def handle_read(self) -> None:
            super().handle_read()
            if self.request is None:
                self.began = None
            elif self.began is None:
                self.began = time.monotonic()

    return Line


def _go_on(lines: dict[int, Any], poll: bool, done: Callable[[], bool]) -> None:
    """Answer until that is so; looked at after each turn, a quarter of a second at most."""
    look_at = time.monotonic() + LOOKED_EVERY
    while lines and not done():
        wasyncore.loop(timeout=0.25, use_poll=poll, map=lines, count=1)
        if time.monotonic() >= look_at:
            look_at = time.monotonic() + LOOKED_EVERY
            for line in lines.values():
                began = getattr(line, "began", None)
                if began is not None and time.monotonic() - began > WHOLE_WITHIN:
                    line.will_close = True


def _listeners(lines: dict[int, Any]) -> list[Any]:
    return [line for line in lines.values() if line.accepting]


def _listeners_closed(lines: dict[int, Any]) -> None:
    """Take who knocked already, and let nobody else knock: a proxy goes to another node then."""
    for listener in _listeners(lines):
        before = -1
        while before != len(lines):
            before = len(lines)
            listener.handle_accept()
        listener.del_channel()
        listener.socket.close()


def _all_answered(lines: dict[int, Any]) -> bool:
    """Whether no request is being read, worked on or answered. A line on which nothing was sent yet gets a moment."""
    channels = [line for line in lines.values() if hasattr(line, "requests")]
    fresh = time.time() - 1
    return not any(
        channel.requests
        or channel.total_outbufs_len
        or channel.request is not None
        or (channel.creation_time > fresh and channel.last_activity <= channel.creation_time)
        for channel in channels
    )
