"""The admin's pages about the server: its instruments, how far each language is, and what it runs with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from survey.instruments.model import Instrument
from survey.instruments.reading import sha256
from survey.instruments.texts import Texts
from survey.instruments.to_translate import Standing, names, standings
from survey.web.access import admins_only
from survey.web.admin.settings_shown import shown_settings
from survey.web.interface import interface_language, language_name
from survey.web.lists import asked
from survey.web.server import server
from survey.web.translators.translating import title

blueprint = Blueprint("admin_server", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class Offered:
    """A language of an instrument: how many of its texts are there, and whether a participant can follow it whole."""

    language: str
    done: int
    of: int
    for_participants: bool


@blueprint.get("/instruments")
@admins_only
def instruments() -> Any:
    """The instruments by version, with their languages and the fingerprint of each file."""
    library = server().library
    narrowed = asked(("instrument", "title"), {"q": None})
    words = narrowed.filters["q"].lower()
    titled = [(one, library.texts(one, interface_language())["title"]) for one in library]
    found = [(one, name) for one, name in titled if words in one.instrument or words in name.words.lower()]
    if narrowed.sort == "title":
        found.sort(key=lambda one: one[1].words.lower())
    if narrowed.descending:
        found.reverse()
    shown = [(one, name, _languages(one), _fingerprint(one)) for one, name in found]
    return render_template("admin/instruments.html", instruments=shown, asked=narrowed)


def _fingerprint(instrument: Instrument) -> str:
    return sha256(server().library.files[instrument.instrument, instrument.version])


def _languages(instrument: Instrument) -> list[Offered]:
    library = server().library
    known = library.known_languages(instrument.instrument)
    return [_offered(instrument, library.texts(instrument, language)) for language in known]


def _offered(instrument: Instrument, texts: Texts) -> Offered:
    done = sum(texts[key].translated for key in instrument.texts)
    return Offered(language_name(texts.language), done, len(instrument.texts), texts.complete_for_participants)


@blueprint.get("/languages")
@admins_only
def languages() -> Any:
    """Each language beside each instrument: how much of what a participant sees is there."""
    library = server().library
    table: dict[str, dict[str, Standing]] = {}
    for one in standings(library):
        table.setdefault(one.language, {})[one.name] = one
    rows = sorted((language_name(language), language, found) for language, found in table.items())
    return render_template("admin/languages.html", rows=rows, columns=[(name, title(name)) for name in names(library)])


@blueprint.get("/settings")
@admins_only
def settings() -> Any:
    """What this server runs with. Read only, and without anything that is secret."""
    return render_template("admin/settings.html", settings=shown_settings())
