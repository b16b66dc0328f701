"""What comes in with a request: numbers that a row can have, and signs that a database can hold."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest number of a row in either database."""

NOTHING = "\x00"
"""A sign that nobody types and that PostgreSQL cannot hold."""


class RowNumber(IntegerConverter):
    """The number of a row in an address. A larger one, which no database could look for, is not there: 404."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST, **kwargs})


def set_up(app: Flask) -> None:
    """Let every number in an address be one of a row, and leave out what no text can have. Before any route is made."""
    app.url_map.converters["int"] = RowNumber

    @app.before_request
    def without_nothing() -> None:
        if NOTHING in request.path:
            abort(404)
        # Left out instead of refused: what else was typed is kept, and a batch that comes again says the same.
        if "%00" in request.query_string.decode("ascii", "replace") and _has(request.args):
            request.args = _plain(request.args)
        if request.method == "POST" and _has(request.form):
            request.form = _plain(request.form)


def _has(texts: MultiDict[str, str]) -> bool:
    return any(NOTHING in name or NOTHING in value for name, value in texts.items(multi=True))


def _plain(texts: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    pairs = texts.items(multi=True)
    return ImmutableMultiDict((name.replace(NOTHING, ""), value.replace(NOTHING, "")) for name, value in pairs)
