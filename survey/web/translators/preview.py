"""A page of an instrument as it would look with the words that a translator is writing; nothing on it works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from survey.instruments import controls
from survey.instruments.catalogues import Translation
from survey.instruments.library import Library
from survey.instruments.places import places
from survey.instruments.round_trip import Row
from survey.instruments.texts import Texts, direction, for_participants
from survey.web.filling_in.prepared import Look, Wording, drawing


@dataclass(frozen=True)
class Preview:
    """What is shown beside a text: the page on which it stands, if there is one, and its own words."""

    page: Markup | None
    key: str
    words: str
    language: str
    direction: str

    @property
    def by_itself(self) -> bool:
        """Whether the text stands nowhere on the page, as the message of a check, and so is shown for itself."""
        return self.page is None or "data-at-hand" not in self.page


def preview(library: Library, row: Row, language: str, typed: str) -> Preview:
    """The page of this text in `language`, with the words that were typed; without any, with the source's."""
    name, _, rest = row.context.partition("/")
    key = row.context if name == controls.NAME else rest
    own = controls.LANGUAGE if name == controls.NAME else library.newest[name].language
    in_language = language if typed else own
    page = None if name == controls.NAME else _page(library, name, key, row, language, typed)
    return Preview(page, key, typed or row.source, in_language, direction(in_language))


def _page(library: Library, name: str, key: str, row: Row, language: str, typed: str) -> Markup | None:
    instrument = library.newest[name]
    place = places(instrument)[key].page
    page = instrument.page(place) if place else None
    if page is None:
        return None
    # The words at hand go before what is kept. An approved one is shown as any other.
    catalogue = {**library.catalogue(name, language), (row.context, row.source): Translation(typed, "draft", False)}
    texts = Texts(instrument, language, catalogue, library.controls(language))
    own = library.texts(instrument, instrument.language)
    words = Wording(own, texts, "participant", keyed=True) if for_participants(key) else Wording(texts, keyed=True)
    html = render_template(
        "translating/_page.html",
        # How a question is relayed is for the interviewer, and holds none of these words.
        **drawing(instrument, page, words, Look("participant"), _empty) | {"relay": {}},
    )
    at_hand = f'data-text-key="{key}"'
    return Markup(html.replace(at_hand, f"{at_hand} data-at-hand"))  # noqa: S704  (rendered, and keys have no markup)  # nosec B704


def _empty(*_: Any) -> Markup:
    """Nothing is filled in, nothing is hidden."""
    return Markup("")
