"""What the page on response says: how far people came, how much came in, whom it took, and who interpreted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import format_decimal, lazy_gettext
from sqlalchemy.orm import Session

from survey.answers.company import INTERPRETERS
from survey.forms.interpreting import INTERPRETER_WORDS
from survey.storage import contacts, course, progress, protocols, response_rates, studies
from survey.storage.contacts import OutcomeCount
from survey.storage.response_rates import Rate, Went
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.research.progress_page import Flow, flow_of, wave_titles
from survey.web.research.quality_page import percent
from survey.web.research.researched import titles
from survey.web.server import server

WAY_WORDS: Mapping[str, Any] = {
    "signed_in": lazy_gettext("With an interviewer"),
    "link": lazy_gettext("Alone, by a link"),
    "kiosk": lazy_gettext("Alone, on a device at hand"),
}
"""Mode of a response -> in which way it came in."""


@dataclass(frozen=True)
class TeamRates:
    """One team by its title, and what came in of each of the columns; None where nothing was asked of it."""

    team: str
    rates: tuple[Rate | None, ...]


@dataclass(frozen=True)
class ResponsePage:
    """All that the page says, in the language it was made for.

    `participants`: how many were asked to take part. `rates`: each questionnaire at each moment over all teams,
    `columns` those of participants, of which `by_team` has a row each where there are several teams. `reached`: how
    reaching went, moments at which it was tried. `went`: how responses of participants came about. `waves` and
    `titles`: what moments and questionnaires are called.
    """

    participants: int
    flow: Flow
    planned: bool
    rates: Sequence[Rate]
    columns: Sequence[Rate]
    by_team: Sequence[TeamRates]
    reached: Sequence[OutcomeCount]
    went: Sequence[Went]
    waves: Mapping[str, str]
    titles: Mapping[str, str]

    way_words: ClassVar = WAY_WORDS
    interpreter_words: ClassVar = INTERPRETER_WORDS

    @staticmethod
    def percent(part: int, of: int) -> str:
        """A part in whole percents."""
        return percent(part, of)

    @staticmethod
    def figure(value: float) -> str:
        """A figure with one decimal."""
        return str(format_decimal(value, "0.0"))

    @property
    def interviews(self) -> list[Went]:
        """Where an interviewer was there, at least once."""
        return [one for one in self.went if one.modes["signed_in"]]

    @property
    def kinds(self) -> list[str]:
        """The kinds of interpreters that there were."""
        return [kind for kind in INTERPRETERS if any(one.interpreters[kind] for one in self.went)]

    @property
    def ways(self) -> list[str]:
        """The ways in which responses came in."""
        return [way for way in WAY_WORDS if any(one.modes[way] for one in self.went)]


def response_page(session: Session, study: Study, teams: Scope, language: str) -> ResponsePage:
    """The page over these teams (None: the whole study), in this language, which has to be that of the request."""
    protocol = protocols.protocol_of(session, study.id)
    found = progress.flow(session, study.id, protocol, teams)
    today = course.today_in(session, study.id, server().now())
    each = [one for one in response_rates.rates(session, study.id, today, teams) if one.everybody or one.waiting]
    came = response_rates.went(session, study.id, teams)
    named = [one.instrument for one in each] + [one.instrument for one in came]
    columns = [one for one in response_rates.over_teams(each) if one.of_participants and one.everybody]
    return ResponsePage(
        participants=found.participants,
        flow=flow_of(found, protocol, language),
        planned=protocol is not None,
        rates=response_rates.over_teams(each),
        columns=columns,
        by_team=_by_team(session, study, each, columns),
        reached=[one for one in contacts.outcomes(session, study.id, teams) if one.attempts],
        went=came,
        waves=wave_titles(studies.waves(session, study.id), protocol, language),
        titles=titles(list(dict.fromkeys(named))),
    )


def _by_team(session: Session, study: Study, each: Sequence[Rate], columns: Sequence[Rate]) -> list[TeamRates]:
    """A row for each team with participants, where there are at least two."""
    known = {team.code: team.title for team in protocols.teams(session, study.id)}
    found: dict[str, dict[tuple[str, str], Rate]] = {}
    for one in each:
        if one.of_participants and one.team is not None and one.everybody:
            found.setdefault(one.team, {})[one.wave, one.instrument] = one
    if len(found) < 2:
        return []
    return [
        TeamRates(known[code], tuple(found[code].get((one.wave, one.instrument)) for one in columns))
        for code in known
        if code in found
    ]
