"""By which names this server answers: no page, link or QR code is made for a name that a stranger wrote."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, url_for
from werkzeug.exceptions import BadRequest

from survey.web.server import server

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
"""What a server is called on its own machine: by tests, by a proxy, and by who looks after it."""

FOR_PROBES = frozenset({"/health", "/ready"})
"""What is asked by number instead of by name, and leads nowhere."""


def set_up(app: Flask) -> None:
    """Refuse a request for another name than `public_url` says. Without one every name is taken, as it is on a network
    where nobody gave the server a name; then no answer is kept by anybody, and links are shown to who asked alone."""

    @app.before_request
    def known_name() -> Response | None:
        if isinstance(request.routing_exception, BadRequest):
            # What stands there is no name at all. No address can be made for a page then, so these are bare words.
            return Response("400 Bad Request\n", 400, mimetype="text/plain")
        public = hostname(server().settings.public_url)
        if public and request.path not in FOR_PROBES and hostname(f"//{request.host}") not in {public, *OWN_NAMES}:
            abort(400)
        return None


def hostname(url: str) -> str:
    """The name in an address, in small letters; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def public_url() -> str:
    """Where people reach this server, without a slash at the end: as the settings say, else as the request does."""
    return server().settings.public_url or request.url_root.rstrip("/")


def public_address(endpoint: str, **values: str) -> str:
    """The whole address of a view, for who comes to it from another device."""
    here = server().settings
    if here.public_url:
        return here.public_url + url_for(endpoint, **values)
    return url_for(endpoint, _external=True, _scheme="https" if here.secure else request.scheme, **values)
