"""Where on an instrument's pages each of its texts stands, so that a translator knows what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from survey.instruments.model import Instrument


@dataclass(frozen=True)
class Place:
    """The page on which a text stands (None: on none), and in words that page and the question."""

    page: str | None
    words: str


def places(instrument: Instrument) -> dict[str, Place]:
    """Text key -> its place. Options that several questions share stand where the first of them is asked."""
    found: dict[str, Place] = {}
    shared: dict[str, int] = {}
    for page in instrument.pages:
        for part in ("title", "intro", "interviewer"):
            found[f"pages/{page.page}/{part}"] = Place(page.page, page.title)
        for question in page.questions:
            here = Place(page.page, f"{page.title} › {question.text}")
            for key in question.texts():
                found.setdefault(key, here)
            if question.choices_key != f"{question.name}/choices":
                shared[question.choices_key] = shared.get(question.choices_key, 0) + 1
    nowhere = Place(None, instrument.title)
    return {key: _told(found.get(key, nowhere), shared.get(key.rpartition("/")[0], 1)) for key in instrument.texts}


def _told(place: Place, times: int) -> Place:
    return Place(place.page, f"{place.words} (× {times})") if times > 1 else place
