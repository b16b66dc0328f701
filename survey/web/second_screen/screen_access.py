"""Which participant's screen is asking: known by a cookie of its own, beside any sign-in."""

from __future__ import annotations

from flask import Response, g, request
from sqlalchemy.orm import Session

from survey.storage import screens
from survey.storage.screens import Pairing
from survey.web.server import server

PATH = "/screen"
"""The only part of the server to which the cookie is sent."""


def _name() -> str:
    return "__Secure-krachtmeting-screen" if server().settings.secure else "krachtmeting-screen"


def pairing_of_request(session: Session) -> Pairing | None:
    """The pairing of the device that asks, also one that is over; None where it joined none."""
    key = request.cookies.get(_name())
    return screens.by_key(session, key) if key else None


def screen_of_request() -> Pairing | None:
    """The pairing of the device that asks, while it holds. Only for addresses under `PATH`."""
    if "screen" not in g:
        with server().reading() as reading:
            found = pairing_of_request(reading)
        g.screen = None if found is None or found.over(server().now()) else found
    pairing: Pairing | None = g.screen
    return pairing


def remember(answer: Response, key: str) -> None:
    """Let the device show its key from now on, until the pairing is over."""
    answer.set_cookie(
        _name(),
        key,
        max_age=int(screens.LONGEST.total_seconds()),
        path=PATH,
        secure=server().settings.secure,
        httponly=True,
        samesite="Strict",
    )


def forget(answer: Response) -> None:
    """Let the device lose its key."""
    answer.delete_cookie(_name(), path=PATH, secure=server().settings.secure, httponly=True, samesite="Strict")
