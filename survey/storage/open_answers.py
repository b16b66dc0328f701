"""The open answers of handed-in responses: where they are, and the words of some of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.answers.flow import flow
from survey.instruments.kinds.open import Open
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.measures.coding import Spot, wording_of
from survey.storage.measured import Measures
from survey.storage.scopes import Scope
from survey.storage.tables import Change, Response


def open_units(instrument: Instrument) -> list[str]:
    """The open questions of an instrument, in order."""
    return [name for name, unit in instrument.units.items() if isinstance(unit.question, Open)]


def open_answers(instrument: Instrument, answers: Any) -> dict[str, str]:
    """Open question -> what was said, of those on the path that were answered."""
    on_path = flow(instrument, answers).scope
    return {name: said for name in open_units(instrument) if isinstance(said := on_path.get(name), str)}


class OpenAnswer(NamedTuple):
    """One open answer: where it is, in which response, whose (a code), at which wave (a code)."""

    spot: Spot
    token: str
    subject: str
    wave: str


def open_answers_of(
    session: Session,
    library: Library,
    measures: Measures,
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
    questions = dict.fromkeys(name for one in library.versions(instrument) for name in open_units(one))
    found: dict[str, list[OpenAnswer]] = {name: [] for name in questions if unit in ("", name)}
    query = select(Response.token, Response.id).where(Response.study_id == study_id, Response.instrument == instrument)
    ids = dict(session.execute(query).all())
    for one in measures.read(session, library, study_id, instrument, teams, but_meetings):
        if one.response in ids and wave in ("", one.wave):
            for name, wording in one.wordings.items():
                if name in found:
                    spot = Spot(ids[one.response], name, wording)
                    found[name].append(OpenAnswer(spot, one.response, one.subject, one.wave))
    return [one for answers in found.values() for one in answers]


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
