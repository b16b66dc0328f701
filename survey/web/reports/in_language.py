"""A report in a language of its own, whatever the interface of its reader is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from flask_babel import force_locale


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Within it, words, figures and titles of questionnaires come in this language, one of `interface.LANGUAGES`."""
    before = g.get("language")
    g.language = language
    try:
        # Figures and dates go by Babel's locale, words by the interface's language: both have to turn.
        with force_locale(language):
            yield
    finally:
        g.language = before
