"""Open answers within a researcher's reach, with the codes that they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from survey.instruments.model import Instrument
from survey.measures.coding import Codings, Spot, Standing
from survey.storage import coding, overview
from survey.storage.meetings import blind_in
from survey.storage.open_answers import OpenAnswer, open_answers_of, open_units
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.interface import interface_language
from survey.web.server import server
from survey.web.titles import title_of


@dataclass(frozen=True)
class Coded:
    """The open answers to one instrument, and what the reader may see of how they were coded."""

    instrument: str
    answers: list[OpenAnswer]
    codings: Codings
    viewer: int
    standings: Mapping[Spot, Standing] = field(default_factory=dict)
    """How those answers stand at which anybody works; all others are still to be coded."""

    def standing(self, spot: Spot) -> Standing:
        """How an answer stands for the reader."""
        return self.standings.get(spot, "todo")

    def todo(self) -> list[OpenAnswer]:
        """What the reader can still code."""
        standings = self.standings
        return [one for one in self.answers if standings.get(one.spot, "todo") == "todo"]

    def worked_at(self) -> list[OpenAnswer]:
        """The answers at which anybody works."""
        return [one for one in self.answers if one.spot in self.standings]

    def after(self, spot: Spot) -> OpenAnswer | None:
        """The next answer that the reader can code, after this one; from the beginning again after the last."""
        places = {one.spot: place for place, one in enumerate(self.answers)}
        here = places.get(spot, -1)
        left = [one for one in self.todo() if one.spot != spot]
        return next((one for one in left if places[one.spot] > here), left[0] if left else None)


def with_open_answers(session: Session, study: Study) -> dict[str, str]:
    """The instruments with open questions of which the reader's teams have responses: id -> title."""
    newest, teams = server().library.newest, me().scope(study.id, "researcher")
    there = overview.instruments(session, study.id, teams)
    found = [name for name in there if name in newest and open_units(newest[name])]
    return {name: title_of(name) for name in found}


def most_coded(session: Session, study: Study, instruments: Mapping[str, str]) -> str:
    """The instrument to begin with: the one of which most was coded, else the one with most open questions."""
    newest = server().library.newest
    known = {name: len(open_units(newest[name])) for name in instruments}
    done = coding.begun(session, study.id, me().scope(study.id, "researcher"))
    return max(known, key=lambda name: (done.get(name, 0), known[name], name), default="")


def coded(session: Session, study: Study, instrument: str, teams: Scope, *, wave: str = "", unit: str = "") -> Coded:
    """The open answers to one instrument within these teams, narrowed to a wave and a question where given."""
    here, viewer = server(), me().id
    blind = blind_in(session, study.id, viewer)
    answers = open_answers_of(
        session, here.library, here.measures, study.id, instrument, teams, blind, wave=wave, unit=unit
    )
    codings = coding.read(session, study.id, viewer, instrument=instrument, teams=teams, but_meetings=blind)
    touched = codings.touched
    standings = {one.spot: codings.standing(one.spot, viewer) for one in answers if one.spot in touched}
    return Coded(instrument, answers, codings, viewer, standings)


def questions_of(instrument: Instrument) -> dict[str, str]:
    """Open question -> its words in the reader's language."""
    texts = server().library.texts(instrument, interface_language())
    return {name: texts[instrument.units[name].key].words for name in open_units(instrument)}
