"""All instruments by id and version, from the shipped folder and an institute's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from survey.instruments import controls
from survey.instruments.catalogues import Catalogue, Translation, read_catalogue
from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.model import Instrument
from survey.instruments.reading import read
from survey.instruments.texts import ShownText, Texts, shown_text

SHIPPED = Path(__file__).parent / "definitions"
TRANSLATIONS = Path(__file__).parents[2] / "translations"


@dataclass(frozen=True)
class Shelf:
    """One folder of definitions (`instruments/<id>/v<n>.yaml`) and the folder of their catalogues."""

    definitions: Path
    translations: Path


def shelves(own: Sequence[Path] = ()) -> tuple[Shelf, ...]:
    """The shipped shelf, then an institute's: each such folder holds `instruments/` and `translations/`."""
    return (Shelf(SHIPPED, TRANSLATIONS), *(Shelf(folder, folder / "translations") for folder in own))


class Library:
    """Instruments and their texts. Reads everything at the start, so that a mistake stops the server there."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        """Raises InstrumentError with the problems of all files, clashes of ids included."""
        self._instruments: dict[tuple[str, int], Instrument] = {}
        self._home: dict[str, tuple[Shelf, Path]] = {}
        self.files: dict[tuple[str, int], Path] = {}
        self.shelves = tuple(shelves)
        self._texts: dict[tuple[str, int, str], Texts] = {}
        self._adopted: dict[str, Catalogue] = {}
        self._filed: dict[Path, Catalogue] = {}
        problems: list[Problem] = []
        for shelf in shelves:
            if not shelf.definitions.is_dir():
                what = "there is no such folder; make it, or take it out of KRACHTMETING_DEFINITIONS"
                problems.append(Problem(str(shelf.definitions), 1, 1, what))
            elif not (shelf.definitions / "instruments").is_dir():
                what = "there is no folder 'instruments' in it; keep definitions as instruments/<id>/v1.yaml"
                problems.append(Problem(str(shelf.definitions), 1, 1, what))
            for path in definition_files(shelf.definitions):
                try:
                    problems.extend(self._shelve(shelf, path, read(path)))
                except InstrumentError as error:
                    problems.extend(error.problems)
        if problems:
            raise InstrumentError(problems)

    def _shelve(self, shelf: Shelf, path: Path, instrument: Instrument) -> Iterator[Problem]:
        key = (instrument.instrument, instrument.version)
        home, elsewhere = self._home.setdefault(instrument.instrument, (shelf, path))
        if home is not shelf:
            yield Problem(str(path), 1, 1, f"'{key[0]}' stands in {elsewhere} as well; give one of them another id")
        elif (path.parent.name, path.stem) != (key[0], f"v{key[1]}"):
            yield Problem(str(path), 1, 1, f"this is '{key[0]}' version {key[1]}; keep it as {key[0]}/v{key[1]}.yaml")
        else:
            self._instruments[key] = instrument
            self.files[key] = path

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self._instruments[key] for key in sorted(self._instruments))

    def instrument(self, name: str, version: int) -> Instrument:
        """Raises KeyError where there is none."""
        return self._instruments[name, version]

    def versions(self, name: str) -> list[Instrument]:
        """All versions of an instrument, oldest first."""
        return [instrument for instrument in self if instrument.instrument == name]

    @cached_property
    def newest(self) -> dict[str, Instrument]:
        """The newest version of each instrument, by id."""
        return {instrument.instrument: instrument for instrument in self}

    def texts(self, instrument: Instrument, language: str) -> Texts:
        """The words of an instrument in a language; untranslated ones say so."""
        key = (instrument.instrument, instrument.version, language)
        # Words adopted meanwhile begin with an empty shelf of their own: what is made of older words stays on this one.
        kept = self._texts
        if key not in kept:
            catalogue = {} if language == instrument.language else self.catalogue(instrument.instrument, language)
            kept[key] = Texts(instrument, language, catalogue, self.controls(language))
        return kept[key]

    def controls(self, language: str) -> Mapping[str, ShownText]:
        """The words beside the instruments' own that participants see, in a language, by text key."""
        catalogue = self.catalogue(controls.NAME, language)
        return {
            key: shown_text(source, controls.LANGUAGE, language, catalogue.get((key, source)))
            for key, source in controls.CONTROLS.items()
        }

    def catalogue(self, name: str, language: str) -> Catalogue:
        """The translations of an instrument, or of the controls, into a language: from files, then what was adopted.

        Controls may be translated on every shelf, so that an institute can add a language.
        """
        found = dict(self.filed(name, language))
        for key, translation in self._adopted.get(language, {}).items():
            # An edit of earlier words does not go before a translation of the present ones.
            if not translation.outdated or not _holds(found.get(key)):
                found[key] = translation
        return found

    def filed(self, name: str, language: str) -> Catalogue:
        """The translations that stand in files, without what was adopted. A file is read once."""
        found: dict[tuple[str, str], Translation] = {}
        for shelf in self._homes(name):
            path = _catalogue_file(shelf, name, language)
            if path not in self._filed:
                self._filed[path] = read_catalogue(path)
            found.update(self._filed[path])
        return found

    def adopt(self, translations: Mapping[str, Catalogue]) -> bool:
        """Let these translations, by language, go before those in the files: what translators wrote on the server.

        Back comes whether that changes anything.
        """
        if translations == self._adopted:
            return False
        # A page being made now ends with the words with which it began: what is there is replaced, not changed.
        self._adopted = dict(translations)
        self._texts = {}
        return True

    def has_audio(self, name: str, language: str) -> bool:
        """Whether there can be recordings of an instrument, or of the controls, beside the catalogues of a language."""
        homes = self._homes(name) if name == controls.NAME or name in self._home else ()
        return any((shelf.translations / language / "audio" / name).is_dir() for shelf in homes)

    def audio_file(self, name: str, language: str, context: str) -> Path | None:
        """The recording of a text in the folders of translations, if there is one. `context` must be one of a text."""
        homes = self._homes(name) if name == controls.NAME or name in self._home else ()
        paths = (shelf.translations / language / "audio" / f"{context}.mp3" for shelf in homes)
        return next((path for path in paths if path.is_file()), None)

    def _homes(self, name: str) -> tuple[Shelf, ...]:
        return self.shelves if name == controls.NAME else (self._home[name][0],)

    def catalogue_file(self, name: str, language: str) -> Path:
        """Where the translations of an instrument, or of the controls, into a language stand."""
        shelf = self.shelves[0] if name == controls.NAME else self._home[name][0]
        return _catalogue_file(shelf, name, language)

    def languages(self, instrument: Instrument) -> list[str]:
        """The languages in which staff can read the whole instrument: its own, and those translated completely."""
        known = self.known_languages(instrument.instrument)
        return [language for language in known if self.texts(instrument, language).complete]

    def participant_languages(self, instrument: Instrument) -> list[str]:
        """The languages in which a participant can follow the whole instrument."""
        known = self.known_languages(instrument.instrument)
        return [
            language
            for language in known
            if language == instrument.language or self.texts(instrument, language).complete_for_participants
        ]

    def known_languages(self, name: str) -> list[str]:
        """The own language of an instrument or of the controls, and those that have translations, complete or not."""
        own = controls.LANGUAGE if name == controls.NAME else self.newest[name].language
        found = {
            path.parent.parent.name
            for shelf in self._homes(name)
            for path in shelf.translations.glob(f"*/LC_MESSAGES/{name}.po")
        }
        found |= {
            language
            for language, catalogue in self._adopted.items()
            if any(context.startswith(f"{name}/") for context, _ in catalogue)
        }
        return [own, *sorted(found - {own})]


def _holds(translation: Translation | None) -> bool:
    return translation is not None and bool(translation.words) and not translation.outdated


def _catalogue_file(shelf: Shelf, name: str, language: str) -> Path:
    return shelf.translations / language / "LC_MESSAGES" / f"{name}.po"


def definition_files(folder: Path) -> list[Path]:
    """The instrument files of a folder of definitions, in order."""
    return sorted((folder / "instruments").glob("*/*.yaml"))
