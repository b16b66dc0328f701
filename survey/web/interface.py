"""The interface's own texts: Dutch and English catalogues, read from their .po files without a compile step."""

from __future__ import annotations

import io
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, request
from flask_babel import Babel, Domain

from survey.instruments.figures import locale_of
from survey.instruments.library import TRANSLATIONS

LANGUAGES = ("nl", "en")
SOURCE = "en"


class Catalogue(Domain):  # type: ignore[misc]
    """The interface's domain, with each language read once. A missing catalogue stops the server at the start."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._read = {language: _translations(folder, language) for language in LANGUAGES}

    def get_translations(self) -> Translations:
        return self._read[interface_language()]


def _translations(folder: Path, language: str) -> Translations:
    if language == SOURCE:
        return Translations()
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def interface_language() -> str:
    """The language of this request: the signed-in person's, else what the browser asks for, else Dutch."""
    chosen = getattr(g, "language", None)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, "nl") if request else "nl"


def language_name(language: str) -> str:
    """The name of a language in the language of this request."""
    try:
        return str(Locale.parse(language.replace("-", "_")).get_display_name(interface_language()))
    except (UnknownLocaleError, ValueError):
        return language


def own_name(language: str) -> str:
    """The name of a language in that language itself."""
    locale = locale_of(language)
    return str(locale.get_display_name(locale)) if locale.language == language.split("-")[0] else language


def set_up(app: Flask) -> None:
    """Give the app its languages."""
    Babel(app, default_locale="nl", locale_selector=interface_language)
    app.before_request(Catalogue(TRANSLATIONS).as_default)
    app.jinja_env.globals.update(interface_language=interface_language, language_name=language_name, own_name=own_name)
