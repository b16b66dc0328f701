"""The calm pages around a questionnaire that is filled in alone: a greeting, a pause, an end, a link that is over."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from survey.instruments.controls import NAME
from survey.instruments.model import Instrument
from survey.instruments.texts import Texts
from survey.storage.links import Link
from survey.web.filling_in.alone_words import Told
from survey.web.filling_in.prepared import Alone
from survey.web.guests import guest
from survey.web.interface import LANGUAGES
from survey.web.server import server

GREETED_IN = "nl"


def who(link: Link | None) -> Alone:
    """Who fills in by this link."""
    return "coach" if link is not None and link.by == "coach" else "participant"


def in_language(link: Link) -> None:
    """Let the interface speak the link's language, where it can: coaches read it, and so do error pages."""
    if link.language in LANGUAGES:
        g.language = link.language


def offered(link: Link, instrument: Instrument) -> list[str]:
    """The languages in which this questionnaire can be filled in alone."""
    library = server().library
    return library.languages(instrument) if link.by == "coach" else library.participant_languages(instrument)


def first_language(instrument: Instrument, by: str, wished: str | None) -> str:
    """The language of a new link: the one wished for where it is complete, else the instrument's own."""
    library = server().library
    known = library.languages(instrument) if by == "coach" else library.participant_languages(instrument)
    return wished if wished in known else instrument.language


def greeted_in(link: Link, instrument: Instrument) -> str:
    """The language of the greeting: the one that was asked for on it, else the link's, else the instrument's own."""
    known = offered(link, instrument)
    wished = (request.values.get("language", ""), link.language)
    return next((language for language in wished if language in known), instrument.language)


def instrument_of(link: Link) -> Instrument | None:
    """The newest version of a link's instrument, if it is on this server."""
    return server().library.newest.get(link.instrument)


def said_alone(name: str, link: Link | None = None, **more: Any) -> str:
    """A calm page with one sentence on it, a control's, in the link's language or the device's."""
    visitor = guest()
    link = link or (visitor.link if visitor else None)
    instrument = instrument_of(link) if link else None
    texts = server().library.texts(instrument, link.language) if link and instrument else device_texts()
    return render_template("alone/said.html", told=Told(texts, who(link)), name=name, **more)


def device_texts() -> Texts:
    """Controls in the language that the device asks for, where it is known; else in Dutch."""
    library = server().library
    known = library.known_languages(NAME)
    asked = (wished.replace("_", "-").split("-")[0].lower() for wished in request.accept_languages.values())
    language = next((language for language in asked if language in known), GREETED_IN)
    # The controls are the same beside every instrument.
    return library.texts(next(iter(library)), language)
