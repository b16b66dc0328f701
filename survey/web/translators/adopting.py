"""What translators write reaches every process that serves: each looks now and then whether there is something new."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy.orm import Session

from survey.instruments.to_translate import all_texts
from survey.storage import translations
from survey.web.access import PROBES
from survey.web.server import Server, server

EVERY_SECONDS = 5.0
WITHOUT_WORDS = (None, "static", *PROBES)
"""Requests that show no words of an instrument."""


def set_up(app: Flask) -> None:
    """Look on requests, at most every few seconds. A request that finds nothing to do pays for one look at a clock."""

    @app.before_request
    def look() -> None:
        here = server()
        state = here.adopting
        now = state.clock()
        if now < state.look_at or request.endpoint in WITHOUT_WORDS:
            return
        # While one request looks, the others go on with the words that they have.
        if state.turn.acquire(blocking=False):
            try:
                state.look_at = now + EVERY_SECONDS
                with here.reading() as session:
                    _adopt(here, session)
            finally:
                state.turn.release()


def adopt_now(here: Server) -> None:
    """Adopt what was just written, on this node at once; the others follow within seconds."""
    with here.adopting.turn, here.database.reading() as session:
        _adopt(here, session)


def _adopt(here: Server, session: Session) -> None:
    stamp = translations.stamp(session)
    if stamp == here.adopting.stamp:
        return
    library = here.library
    if library.adopt(translations.adopted(session, all_texts(library)) if stamp else {}):
        # Pages with words of before would stay in memory for ever.
        here.prepared.clear()
    here.adopting.stamp = stamp
