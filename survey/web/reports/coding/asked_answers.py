"""Which open answers an address asks for: the same for the list, and for going on from one answer to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.forms.coding import STATE_WORDS
from survey.measures.coding import Spot
from survey.storage import protocols, studies
from survey.storage.open_answers import OpenAnswer
from survey.storage.scopes import Scope
from survey.storage.tables import Study, Team
from survey.web.interface import interface_language
from survey.web.lists import Asked, asked
from survey.web.reports.coding.coded import Coded, coded, most_coded, questions_of, with_open_answers
from survey.web.research.progress_page import wave_titles
from survey.web.research.researched import narrowed_to, teams_of
from survey.web.server import server

SORTS = ("question", "code", "wave")
BY_TWO = frozenset({"same", "differing"})


@dataclass(frozen=True)
class AskedAnswers:
    """What is asked for, and what can be: instruments, open questions and waves by code, each with its title."""

    asked: Asked
    instrument: str
    instruments: dict[str, str]
    questions: dict[str, str]
    waves: dict[str, str]
    teams: list[Team]
    reach: Scope

    @property
    def team_titles(self) -> list[tuple[str, str]]:
        """The teams within reach, as a list is narrowed to them."""
        return [(team.code, team.title) for team in self.teams]

    @property
    def args(self) -> dict[str, Any]:
        """What goes along to a single answer and back: which instrument, question, moment and team."""
        kept = {name: self.asked.filters[name] for name in ("question", "wave", "team")}
        return {name: value for name, value in kept.items() if value}

    def coded(self, session: Session, study: Study, unit: str = "") -> Coded:
        """The answers, or those to one question, with what the reader may see of how they were coded."""
        chosen = self.asked.filters
        unit = unit or chosen["question"]
        return coded(session, study, self.instrument, self.reach, wave=chosen["wave"], unit=unit)

    def after(self, session: Session, study: Study, spot: Spot) -> tuple[OpenAnswer | None, int]:
        """What the reader can code after this answer, and how many answers to the same question are left to code.

        It is another answer to the same question as long as there is one: so a question stays in the mind.
        """
        same = self.coded(session, study, spot.unit)
        left = [one for one in same.todo() if one.spot != spot]
        after = same.after(spot) if left else self.coded(session, study).after(spot)
        return after, len(left)

    def rows(self, found: Coded) -> list[OpenAnswer]:
        """The answers that stand as asked, in the order that is asked for."""
        state, code = self.asked.filters["state"], self.asked.filters["code"].upper()
        wanted = BY_TWO if state == "both" else {state}
        rows = [
            one
            for one in found.answers
            if (not state or found.standing(one.spot) in wanted) and one.subject.startswith(code)
        ]
        if self.asked.sort == "code":
            rows.sort(key=lambda one: one.subject)
        elif self.asked.sort == "wave":
            places = {code: place for place, code in enumerate(self.waves)}
            rows.sort(key=lambda one: places[one.wave])
        return rows[::-1] if self.asked.descending else rows


def asked_answers(
    session: Session, study: Study, sorts: Sequence[str] = ("question",), instrument: str = ""
) -> AskedAnswers:
    """What the address asks for, of one instrument: a given one, else the one asked for or coded most."""
    teams = teams_of(session, study)
    protocol = protocols.protocol_of(session, study.id)
    waves = wave_titles(studies.waves(session, study.id), protocol, interface_language())
    instruments = with_open_answers(session, study)
    chosen = instrument or asked(sorts, {"instrument": instruments}).filters["instrument"]
    chosen = chosen or most_coded(session, study, instruments)
    questions = questions_of(server().library.newest[chosen]) if chosen else {}
    wished = asked(
        sorts,
        {
            "instrument": instruments, "question": questions, "wave": waves,
            "team": {team.code for team in teams}, "state": STATE_WORDS, "code": None,
        },
    )  # fmt: skip
    reach = narrowed_to(study, teams, wished.filters["team"])
    return AskedAnswers(wished, chosen, instruments, questions, waves, teams, reach)
