"""What a team's poster says: what goes well and what to work on, in big words, and whose word it is."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_date, gettext, ngettext
from sqlalchemy.orm import Session

from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.protocols.model import said
from survey.measures.fidelity.evidence import Reach
from survey.measures.fidelity.finding import voice_of
from survey.measures.fidelity.model_applied import fidelity, waves_with_evidence
from survey.measures.fidelity.result import Found
from survey.measures.poster import LEAST_COACHES, Said, for_a_wall, poster
from survey.measures.ratings import LEAST_COACHES as COACHES_RATED
from survey.measures.ratings import LEAST_RATINGS
from survey.storage import protocols, studies
from survey.storage.evidence import evidence_of
from survey.storage.meetings import blind_in
from survey.storage.tables import Study, Team
from survey.web.access import me
from survey.web.reports.declared import model_of
from survey.web.reports.figures import figure
from survey.web.research.progress_page import wave_titles
from survey.web.server import server


@dataclass(frozen=True)
class Thing:
    """One thing on the poster: in big words, what it belongs to and who says so in small ones, and its figure."""

    words: str
    about: str
    by: str
    figure: str


@dataclass(frozen=True)
class PosterPage:
    """The poster of a `team` (or of a whole study) at a moment. `highest`: the end of the scale of the figures."""

    team: str
    moment: str
    moments: Sequence[tuple[str, str]]
    wave: str
    on: str
    well: Sequence[Thing]
    work: Sequence[Thing]
    highest: str
    provisional: bool
    coaches: int = LEAST_COACHES
    ratings: int = LEAST_RATINGS
    rated: int = COACHES_RATED

    @property
    def empty(self) -> bool:
        """Whether there is nothing to hang up."""
        return not self.well and not self.work


def poster_page(
    session: Session, study: Study, team: Team | None, asked: str, language: str, today: datetime.date
) -> PosterPage | None:
    """The poster of one team (None: of a study without teams) at the wave that is asked for, else at the last one.

    None where the study names no fidelity model. `language`: that of the request.
    """
    here, protocol = server(), protocols.protocol_of(session, study.id)
    model = model_of(protocol)
    if model is None:
        return None
    reach = frozenset([team.id]) if team is not None else None
    blind = blind_in(session, study.id, me().id)
    evidence = evidence_of(
        session, here.measures, here.library, study.id, model.instruments, protocol, today, reach, blind
    )
    own = [name for name, one in here.library.newest.items() if voice_of(one) == "coaches"]
    evidence = for_a_wall(evidence, own)
    waves = studies.waves(session, study.id)
    titles = wave_titles(waves, protocol, language)
    there = waves_with_evidence(evidence, model, [wave.code for wave in waves])
    wave = asked if asked in there else there[-1] if there else ""
    found = fidelity(model, here.library.newest, evidence, wave, Reach(team=team.code) if team else Reach())
    hung = poster(found)
    return PosterPage(
        team.title if team is not None else study.title,
        titles.get(wave, ""),
        [(code, titles[code]) for code in there],
        wave,
        str(format_date(today, "d MMMM yyyy")),
        [_thing(one, model, language) for one in hung.well],
        [_thing(one, model, language) for one in hung.work],
        figure(model.scale[1], 0),
        any(one.found.provisional for one in (*hung.well, *hung.work)),
    )


def _thing(one: Said, model: FidelityModel, language: str) -> Thing:
    indicator = model.indicators[one.indicator]
    words = said(indicator.requirements[one.requirement].title, language)
    return Thing(words, said(indicator.title, language), _by(one.found), figure(one.score, 1))


def _by(found: Found) -> str:
    """Who says so, and how many."""
    if found.voice == "participants":
        return str(ngettext("%(num)d participant says so", "%(num)d participants say so", found.people))
    if found.voice == "coaches":
        return str(ngettext("%(num)d coach says so", "%(num)d coaches say so", found.people))
    if found.voice == "observers":
        return str(ngettext("seen in %(num)d meeting", "seen in %(num)d meetings", found.meetings or 0))
    return str(gettext("on record"))
