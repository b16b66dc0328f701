"""The open answers of handed-in responses: where they are, found for many at once and remembered while unchanged."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.answers.flow import flow
from survey.instruments.kinds.open import Open
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.measures.coding import Spot, wording_of
from survey.storage.meetings import not_about
from survey.storage.reading import AnySelect
from survey.storage.remembered import Made, Remembered
from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Change, Response, Wave


def open_units(instrument: Instrument) -> list[str]:
    """The open questions of an instrument, in order."""
    return [name for name, unit in instrument.units.items() if isinstance(unit.question, Open)]


def open_answers(instrument: Instrument, answers: Any) -> dict[str, str]:
    """Open question -> what was said, of those on the path that were answered."""
    return _said(instrument, open_units(instrument), answers)


def _said(instrument: Instrument, units: Sequence[str], answers: Any) -> dict[str, str]:
    there = [name for name in units if name in answers]
    on_path = flow(instrument, answers).scope if there else {}
    return {name: said for name in there if isinstance(said := on_path.get(name), str)}


class OpenAnswer(NamedTuple):
    """One open answer: where it is, in which response, whose (a code), at which wave (a code)."""

    spot: Spot
    token: str
    subject: str
    wave: str


class _Row(NamedTuple):
    id: int
    token: str
    version: int
    instrument_version: int
    wave: str
    subject: str


class OpenAnswers:
    """Where the open answers are: found when first looked for, and again when a response has changed.

    Fingerprints are remembered, and no words.
    """

    def __init__(self) -> None:
        self._remembered: Remembered[tuple[Spot, ...]] = Remembered()

    def read(
        self,
        session: Session,
        library: Library,
        study_id: int,
        instrument: str,
        teams: Scope = None,
        but_meetings: tuple[int, ...] = (),
        *,
        wave: str = "",
        unit: str = "",
    ) -> list[OpenAnswer]:
        """The open answers to one instrument, question by question, and within one by subject and wave.

        Of these teams (None: all) and not about these meetings (ids); narrowed to a wave and a question where given.
        """
        versions = {one.version: one for one in library.versions(instrument)}
        query: AnySelect = select(
            Response.id, Response.token, Response.version, Response.instrument_version, Wave.code, SUBJECT
        )
        query = with_subjects(query.select_from(Response).join(Wave, Response.wave_id == Wave.id), Response)
        query = query.where(Response.study_id == study_id, Response.instrument == instrument)
        query = query.where(Response.submitted_at.is_not(None), in_teams(Response.team_id, teams))
        query = query.where(not_about(but_meetings)).order_by(SUBJECT, Wave.position, Response.id)
        rows = [row for row in map(_Row._make, session.execute(query)) if row.instrument_version in versions]
        there = self._remembered.of(
            (study_id, instrument), rows, lambda new: _spots(session, new, versions),
            every=teams is None and not but_meetings,
        )  # fmt: skip
        questions = dict.fromkeys(name for one in versions.values() for name in open_units(one))
        found: dict[str, list[OpenAnswer]] = {name: [] for name in questions if unit in ("", name)}
        for row in rows:
            if row.token in there and wave in ("", row.wave):
                for spot in there[row.token]:
                    if spot.unit in found:
                        found[spot.unit].append(OpenAnswer(spot, row.token, row.subject, row.wave))
        return [one for answers in found.values() for one in answers]


def _spots(session: Session, rows: Sequence[_Row], versions: dict[int, Instrument]) -> Iterator[Made[tuple[Spot, ...]]]:
    """Where the open answers of some hundreds of responses are. One that was erased since is left out."""
    units = {number: open_units(one) for number, one in versions.items()}
    listed = {row.id: row for row in rows}
    query = select(Response.id, Response.version, Response.document).where(Response.id.in_(listed))
    for one, version, document in session.execute(query):
        number = listed[one].instrument_version
        said = _said(versions[number], units[number], json.loads(document)["answers"])
        spots = tuple(Spot(one, name, wording_of(words)) for name, words in said.items())
        yield Made(listed[one].token, version, spots)


def words_of(session: Session, spots: Iterable[Spot]) -> dict[Spot, str]:
    """The words of some answers, a page of a list at most; what was reworded or erased since is left out."""
    spots = list(spots)
    query = select(Response.id, Response.document).where(Response.id.in_({spot.response for spot in spots}))
    documents = {row.id: json.loads(row.document)["answers"] for row in session.execute(query)}
    found = {spot: documents.get(spot.response, {}).get(spot.unit) for spot in spots}
    return {spot: said for spot, said in found.items() if isinstance(said, str) and wording_of(said) == spot.wording}


def earlier_words(session: Session, response_id: int, unit: str, wordings: Collection[str]) -> dict[str, str]:
    """Fingerprint -> the words of an answer that once stood there, as the trail has them."""
    query = select(Change.new).where(Change.response_id == response_id, Change.part == "answers", Change.unit == unit)
    found = {}
    for (new,) in session.execute(query):
        said = json.loads(new) if new is not None else None
        if isinstance(said, str) and (wording := wording_of(said)) in wordings:
            found[wording] = said
    return found
