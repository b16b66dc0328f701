"""What questionnaires are called in the language of the reader."""

from __future__ import annotations

from survey.instruments.texts import ShownText
from survey.web.interface import interface_language
from survey.web.server import server


def shown_title(instrument: str) -> ShownText:
    """The title of the newest version, with the language in which it is there. Raises KeyError where there is none."""
    library = server().library
    return library.texts(library.newest[instrument], interface_language())["title"]


def title_of(instrument: str) -> str:
    """The title in words; the instrument's own name where it is not on this server any more."""
    return shown_title(instrument).words if instrument in server().library.newest else instrument
