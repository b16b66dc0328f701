"""What a server writes down while it runs: one JSON object a line, without anything of or about a person.

A line holds what stands in the code: the rule of an address and never the address, the words of a message and never
what is filled in there, the kind and place of a mistake and never its message, which may repeat a value.
"""

from __future__ import annotations

import datetime
import json
import logging
import secrets
import sys
import threading
import time
import traceback
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, g, request

REQUESTS = "krachtmeting.requests"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""A method is whatever a visitor writes there: others are told as OTHER."""

REFUSED = frozenset({400, 401, 403, 404, 413, 429})
"""When somebody asked for what they may not have, or brought what no form of ours sends."""

MARK_DIGITS = 12
"""So much of a session's fingerprint is told where something was refused: enough to find it in the database, no use for
getting in, and without the database nobody's."""

OWN_FRAMES = 8
"""So many of the innermost places of a mistake are told."""

_log = logging.getLogger(REQUESTS)


class Lines(logging.Formatter):
    """Writes a record as one line of JSON.

    Only what a caller gives as `extra={"facts": {...}}` is written besides what stands in the code. Values for the
    places in a message are left out, and so is a message without any: it may have been put together.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "of": record.name,
        }
        facts = getattr(record, "facts", None)
        if record.name != REQUESTS:
            line["place"] = f"{record.module}:{record.lineno}"
            if isinstance(record.msg, str) and (record.args or facts is not None):
                line["message"] = record.msg
        if isinstance(facts, dict):
            line |= facts
        if record.exc_info and record.exc_info[1] is not None:
            line |= told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=lambda value: type(value).__name__)


def told(error: BaseException) -> dict[str, Any]:
    """The kind of a mistake, of those that it came from, and where it happened, innermost last; never its message."""
    kinds: list[str] = []
    one: BaseException | None = error
    while one is not None and len(kinds) < OWN_FRAMES:
        kinds.append(type(one).__name__)
        original = getattr(one, "orig", None)
        if isinstance(original, BaseException) and original is not one.__cause__:
            kinds.append(type(original).__name__)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    frames = traceback.extract_tb(error.__traceback__)[-OWN_FRAMES:]
    return {"error": kinds, "where": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]}


def _short(path: str) -> str:
    """The end of a path: where the program stands on a machine says nothing about a mistake."""
    return "/".join(path.replace("\\", "/").rsplit("/", 3)[-3:])


def begin(stream: TextIO | None = None, level: int = logging.INFO) -> logging.Handler:
    """From now on everything in this process is logged in this way, to the error output or a stream; once per process.

    What others already set up is taken away: one that writes in its own way would write values.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    for one in logging.root.manager.loggerDict.values():
        if isinstance(one, logging.Logger):
            one.handlers, one.propagate, one.disabled = [], True, False
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    # Of every statement and every connection there would be a line.
    for name in ("sqlalchemy", "alembic", "urllib3", "authlib"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A queue of a few requests is no news, and a counter of its own says it.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    threading.excepthook = lambda failed: _uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.excepthook = _uncaught
    return handler


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None and not issubclass(kind, KeyboardInterrupt | SystemExit):
        logging.getLogger("krachtmeting").error("a mistake that nobody caught", exc_info=error, extra={"facts": {}})


def set_up(app: Flask) -> None:
    """Give every request a number, and a line at its end."""

    @app.before_request
    def begin_request() -> None:
        g.request_number, g.request_begun = secrets.token_hex(8), time.monotonic()

    @app.after_request
    def end_request(response: Response) -> Response:
        if "request_number" in g:
            response.headers["X-Request-Id"] = g.request_number
            _log.info("", extra={"facts": facts_of(response)})
        return response


def facts_of(response: Response) -> dict[str, Any]:
    """What is told of a request: its number, method, rule, status, and how many milliseconds it took.

    Of what was refused to somebody who is signed in also the mark of their session.
    """
    facts = {
        "request": g.request_number,
        "method": method(),
        "rule": rule(),
        "status": response.status_code,
        "ms": round(1000 * (time.monotonic() - g.request_begun), 1),
    }
    if response.status_code in REFUSED and "token_hash" in g:
        facts["session"] = g.token_hash[:MARK_DIGITS]
    return facts


def method() -> str:
    """The method of this request, if it is one that there is."""
    return request.method if request.method in METHODS else "OTHER"


def rule() -> str | None:
    """The rule of this request's address, with names where codes and secrets stand; None where there is no page."""
    return str(request.url_rule) if request.url_rule else None
