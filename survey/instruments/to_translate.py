"""What a library has to translate: the texts of its instruments and the controls, as rows and as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.instruments import controls
from survey.instruments.catalogues import STATUSES, Sources, sources
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.instruments.places import places
from survey.instruments.round_trip import Row, rows
from survey.instruments.texts import for_participants


def names(library: Library) -> list[str]:
    """What has a catalogue of its own: each instrument, and the controls."""
    return [*library.newest, controls.NAME]


def own_language(library: Library, name: str) -> str:
    """The language in which the texts stand in the definition."""
    return controls.LANGUAGE if name == controls.NAME else library.newest[name].language


def texts_to_translate(library: Library, name: str, *, all_versions: bool = False) -> Sources:
    """Context and source of every text of an instrument's newest version, or of all; or of the controls."""
    if name == controls.NAME:
        return list(controls.CONTROLS.items())
    return sources(library.versions(name) if all_versions else [library.newest[name]])


def all_texts(library: Library) -> Sources:
    """Context and source of every text of every version, and of the controls."""
    return [text for name in names(library) for text in texts_to_translate(library, name, all_versions=True)]


def rows_of(library: Library, name: str, language: str, *, all_versions: bool = False) -> list[Row]:
    """The texts of an instrument, or of the controls, with what there is of them in a language."""
    where, staff_only = ({}, frozenset[str]()) if name == controls.NAME else _told(library.newest[name])
    texts = texts_to_translate(library, name, all_versions=all_versions)
    return rows(texts, library.catalogue(name, language), where, staff_only)


def _told(instrument: Instrument) -> tuple[Mapping[str, str], frozenset[str]]:
    """Where each text stands, by context, and which contexts only staff reads."""
    name = instrument.instrument
    where = {f"{name}/{key}": place.words for key, place in places(instrument).items()}
    return where, frozenset(f"{name}/{key}" for key in instrument.texts if not for_participants(key))


@dataclass(frozen=True)
class Standing:
    """How far one translation is, in numbers of texts. `of` are all, `for_participants` those that participants see."""

    name: str
    language: str
    of: int
    translated: int
    for_participants: int
    translated_for_participants: int
    outdated: int
    missing: int
    statuses: Mapping[str, int]
    offered: bool

    @property
    def percent(self) -> int:
        """How much of all is translated: 100 only when nothing lacks."""
        return 100 * self.translated // self.of if self.of else 100

    @property
    def percent_for_participants(self) -> int:
        """How much of what participants see is translated: 100 only when nothing lacks."""
        return 100 * self.translated_for_participants // self.for_participants if self.for_participants else 100


def standing(library: Library, name: str, language: str) -> Standing:
    """How far the newest version of an instrument, or the controls, are in a language."""
    found = rows_of(library, name, language)
    seen = [row for row in found if not row.staff_only]
    instrument = library.newest.get(name)
    return Standing(
        name,
        language,
        of=len(found),
        translated=sum(not row.open for row in found),
        for_participants=len(seen),
        translated_for_participants=sum(not row.open for row in seen),
        outdated=sum(row.outdated for row in found),
        missing=sum(not row.words for row in found),
        statuses={status: sum(row.status == status for row in found) for status in STATUSES},
        offered=instrument is None or language in library.participant_languages(instrument),
    )


def standings(library: Library) -> Iterator[Standing]:
    """How far each instrument and the controls are in each language that something has been translated into."""
    known = {name: library.known_languages(name) for name in names(library)}
    languages = sorted({language for found in known.values() for language in found})
    for name, (own, *_) in known.items():
        for language in languages:
            if language != own:
                yield standing(library, name, language)
