"""How responses came about, read for many at once: their saves, who was there, and with which texts on the screen."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.instruments.texts import Words, kept_words
from survey.storage.tables import Change, Event, Person, Segment, TextSet, Visit


class Visited(NamedTuple):
    """One save, as in Visit. `language` is that of the first texts; `second_texts` a fingerprint."""

    version: int
    kind: str
    page: str | None
    at: datetime.datetime
    segment: int | None
    layout: str | None
    language: str | None
    second_texts: str | None

    @property
    def second_shown(self) -> bool:
        """Whether the second language stood on the page."""
        return self.second_texts is not None and self.layout != "staff"


class Stretch(NamedTuple):
    """One segment: who was there from when on, as in Segment. `by` is the code of the person who wrote it down."""

    number: int
    at: datetime.datetime
    by: str
    interpreter: str
    mode: str | None
    same: str | None
    others: tuple[str, ...]
    code: str | None
    promised: bool


@dataclass(frozen=True)
class Circumstances:
    """How one response came about.

    `saves` and `segments` are in order. `given`: unit -> version of the save at which its answer got its present value;
    only where a segment or a second language is on record. `confirmed`: unit -> the answer that the participant tapped
    and the interviewer took over, the last one. `played`: how many texts were played aloud. `texts`: fingerprint ->
    second texts, those of the responses read at the same time among them.
    """

    saves: tuple[Visited, ...] = ()
    segments: tuple[Stretch, ...] = ()
    given: Mapping[str, int] = field(default_factory=dict)
    confirmed: Mapping[str, Any] = field(default_factory=dict)
    played: int = 0
    texts: Mapping[str, Words] = field(default_factory=dict)


class CircumstancesReader:
    """Reads the circumstances of many responses with a few queries. It remembers the texts that it met last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._languages = {row[0]: row[1] for row in session.execute(select(TextSet.sha256, TextSet.language))}
        self._texts: dict[str, Words] = {}

    def read(self, ids: Sequence[int]) -> dict[int, Circumstances]:
        """The circumstances of each of these responses, of which there may be some hundreds."""
        saves, segments = self._saves(ids), self._segments(ids)
        self._meet({save.second_texts for those in saves.values() for save in those if save.second_texts})
        recorded = [
            one for one in ids if one in segments or any(save.second_texts is not None for save in saves.get(one, ()))
        ]
        given = self._given(recorded)
        confirmed, played = self._happened(ids)
        return {
            one: Circumstances(
                tuple(saves.get(one, ())),
                tuple(segments.get(one, ())),
                given.get(one, {}),
                confirmed.get(one, {}),
                played.get(one, 0),
                self._texts,
            )
            for one in ids
        }

    def _saves(self, ids: Sequence[int]) -> dict[int, list[Visited]]:
        query = select(
            Visit.response_id, Visit.version, Visit.kind, Visit.page, Visit.at, Visit.segment, Visit.layout,
            Visit.texts, Visit.second_texts,
        )  # fmt: skip
        query = query.where(Visit.response_id.in_(ids)).order_by(Visit.response_id, Visit.id)
        found: dict[int, list[Visited]] = {}
        for one, version, kind, page, at, segment, layout, texts, second in self._session.execute(query):
            language = self._languages.get(texts) if texts else None
            save = Visited(version, kind, page, at, segment, layout, language, second)
            found.setdefault(one, []).append(save)
        return found

    def _segments(self, ids: Sequence[int]) -> dict[int, list[Stretch]]:
        query = select(
            Segment.response_id, Segment.number, Segment.at, Person.code, Segment.interpreter, Segment.mode,
            Segment.same, Segment.others, Segment.code, Segment.promised,
        ).join(Person, Segment.person_id == Person.id)  # fmt: skip
        query = query.where(Segment.response_id.in_(ids)).order_by(Segment.response_id, Segment.number)
        found: dict[int, list[Stretch]] = {}
        for one, number, at, by, interpreter, mode, same, others, code, promised in self._session.execute(query):
            there = tuple(json.loads(others))
            found.setdefault(one, []).append(Stretch(number, at, by, interpreter, mode, same, there, code, promised))
        return found

    def _given(self, ids: Sequence[int]) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {}
        if ids:
            query = select(Change.response_id, Change.unit, func.max(Change.version))
            query = query.where(Change.response_id.in_(ids), Change.part == "answers")
            for one, unit, version in self._session.execute(query.group_by(Change.response_id, Change.unit)):
                found.setdefault(one, {})[unit] = version
        return found

    def _happened(self, ids: Sequence[int]) -> tuple[dict[int, dict[str, Any]], dict[int, int]]:
        query = select(Event.response_id, Event.kind, Event.unit, Event.details)
        query = query.where(Event.response_id.in_(ids), Event.kind.in_(("confirmed", "played"))).order_by(Event.id)
        confirmed: dict[int, dict[str, Any]] = {}
        played: dict[int, int] = {}
        for one, kind, unit, details in self._session.execute(query):
            about = json.loads(details)
            if kind == "played":
                played[one] = played.get(one, 0) + _texts_played(about)
            elif unit is not None:
                confirmed.setdefault(one, {})[unit] = about.get("tapped")
        return confirmed, played

    def _meet(self, fingerprints: set[str]) -> None:
        """Have these texts at hand, and let go of those of responses before."""
        self._texts = {one: texts for one, texts in self._texts.items() if one in fingerprints}
        new = fingerprints - self._texts.keys()
        if new:
            query = select(TextSet.sha256, TextSet.document).where(TextSet.sha256.in_(new))
            for one, document in self._session.execute(query):
                self._texts[one] = kept_words(document)


def _texts_played(details: Mapping[str, Any]) -> int:
    keys = details.get("keys")
    return len(keys) if isinstance(keys, list) and keys else 1
