"""The words of an instrument in one language: each text with its language, direction and status."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from survey.instruments.catalogues import Catalogue, Translation
from survey.instruments.model import Instrument

Status = Literal["source", "draft", "reviewed", "pretested", "approved", "untranslated", "outdated"]

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


class Texts(Mapping[str, ShownText]):
    """Text key -> words of one instrument version in one language. A text without translation is shown in the source
    language and says so: it is never empty."""

    def __init__(self, instrument: Instrument, language: str, catalogue: Catalogue) -> None:
        self.instrument = instrument
        self.language = language
        self.direction = direction(language)
        self._texts = {key: self._shown(key, source, catalogue) for key, source in instrument.texts.items()}

    def _shown(self, key: str, source: str, catalogue: Catalogue) -> ShownText:
        own = self.instrument.language
        if self.language == own:
            return ShownText(source, own, direction(own), "source")
        found: Translation | None = catalogue.get((f"{self.instrument.instrument}/{key}", source))
        if found is None or not found.words or found.outdated:
            status: Status = "outdated" if found and found.outdated else "untranslated"
            return ShownText(source, own, direction(own), status)
        return ShownText(found.words, self.language, self.direction, found.status)

    def __getitem__(self, key: str) -> ShownText:
        return self._texts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @cached_property
    def complete(self) -> bool:
        """Whether every text is translated and up to date."""
        return all(text.translated for text in self._texts.values())

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
