"""The words of an instrument in one language: each text with its language, direction and status."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from survey.instruments.catalogues import Catalogue, Translation
from survey.instruments.model import Instrument

Status = Literal["source", "draft", "reviewed", "pretested", "approved", "untranslated", "outdated"]
RANKS: tuple[Status, ...] = ("untranslated", "outdated", "draft", "reviewed", "pretested", "approved", "source")
"""From the least that can be trusted to the most."""


def lowest(statuses: Iterable[Status]) -> Status:
    """The least trusted one of these, of which there is at least one."""
    return min(statuses, key=RANKS.index)


_FOR_STAFF = re.compile(r"(/interviewer|/probes/\d+|^scores/[^/]+/title|^interpreter/why)$")


def for_participants(key: str) -> bool:
    """Whether a text is one that participants see: not an instruction, probe or title that only staff reads."""
    return _FOR_STAFF.search(key) is None


RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi", "sd", "ug"})
PSEUDO_RIGHT_TO_LEFT = "qrl"
"""A private-use language in which tests write every text right to left."""


def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction in which a language is written."""
    base = language.split("-")[0]
    return "rtl" if base in RIGHT_TO_LEFT or base == PSEUDO_RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class ShownText:
    """Words as they can be shown: `language` and `direction` are those of the words, not those that were wished for."""

    words: str
    language: str
    direction: Literal["ltr", "rtl"]
    status: Status

    @property
    def translated(self) -> bool:
        """False where the source words stand in for a missing or outdated translation."""
        return self.status not in ("untranslated", "outdated")


def shown_text(source: str, own: str, language: str, found: Translation | None) -> ShownText:
    """The words of one text in a language: the source words, with their own language, where no translation holds."""
    if language == own:
        return ShownText(source, own, direction(own), "source")
    if found is None or not found.words or found.outdated:
        return ShownText(source, own, direction(own), "outdated" if found and found.outdated else "untranslated")
    return ShownText(found.words, language, direction(language), found.status)


class Words(Mapping[str, ShownText]):
    """Text key -> words in one language, as they can be shown."""

    def __init__(self, language: str, texts: Mapping[str, ShownText]) -> None:
        self.language = language
        self.direction = direction(language)
        self._texts = texts

    def __getitem__(self, key: str) -> ShownText:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @cached_property
    def standing(self) -> Status:
        """The lowest status among the texts that a participant sees."""
        return lowest(text.status for key, text in self.items() if for_participants(key))


def kept_words(document: str) -> Words:
    """The words of a text set as they were shown once, from the document that was kept of them."""
    found = json.loads(document)
    texts = {
        key: ShownText(words, language, direction(language), status)
        for key, (words, language, status) in found["texts"].items()
    }
    return Words(found["language"], texts)


class Texts(Words):
    """The words of one instrument version in one language. A text without translation is shown in the source language
    and says so: it is never empty.

    `controls` are the words beside the instrument's own that a participant sees, by text key ("controls/refused").
    """

    def __init__(
        self,
        instrument: Instrument,
        language: str,
        catalogue: Catalogue,
        controls: Mapping[str, ShownText] | None = None,
    ) -> None:
        own, name = instrument.language, instrument.instrument
        texts = {
            key: shown_text(source, own, language, catalogue.get((f"{name}/{key}", source)))
            for key, source in instrument.texts.items()
        }
        super().__init__(language, texts | dict(controls or {}))
        self.instrument = instrument

    @cached_property
    def complete(self) -> bool:
        """Whether every text of the instrument is translated and up to date, those for staff too."""
        return all(self[key].translated for key in self.instrument.texts)

    @cached_property
    def complete_for_participants(self) -> bool:
        """Whether every text that a participant sees is translated and up to date, the controls too."""
        return all(text.translated for key, text in self.items() if for_participants(key))

    @cached_property
    def document(self) -> str:
        """All words with their statuses as canonical JSON: what a reader was shown, kept with the answers."""
        return json.dumps(
            {
                "instrument": self.instrument.instrument,
                "version": self.instrument.version,
                "language": self.language,
                "texts": {key: [text.words, text.language, text.status] for key, text in self._texts.items()},
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of `document`, under which it is kept once."""
        return hashlib.sha256(self.document.encode()).hexdigest()
