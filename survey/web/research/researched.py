"""What a researcher may look at: a study, or the teams of it for which the role holds, and responses within them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from survey.storage import overview, protocols, responses, studies
from survey.storage.meetings import hidden_from
from survey.storage.record import Record
from survey.storage.scopes import Scope
from survey.storage.tables import Study, Team
from survey.web.access import me, study_for, within
from survey.web.lists import Asked, asked
from survey.web.titles import title_of


def teams_of(session: Session, study: Study) -> list[Team]:
    """The teams of a study within the researcher's reach, by title."""
    return protocols.teams(session, study.id, me().scope(study.id, "researcher"))


def narrowed_to(study: Study, teams: list[Team], code: str) -> Scope:
    """The teams that are asked for by a code ("" for all), within the researcher's reach."""
    return frozenset(team.id for team in teams if team.code == code) if code else me().scope(study.id, "researcher")


@dataclass(frozen=True)
class Narrowed:
    """A page over a study, or one team of it: what is asked for in the address, the teams that can be, and which of
    them (None: all) it is about."""

    asked: Asked
    teams: list[Team]
    reach: Scope

    @property
    def words(self) -> dict[str, Any]:
        """The same for a template."""
        return {"asked": self.asked, "teams": [(team.code, team.title) for team in self.teams]}


def narrowed(session: Session, study: Study, **filters: Collection[str] | None) -> Narrowed:
    """What a page that is no list is narrowed to: a team within the researcher's reach, and these filters."""
    teams = teams_of(session, study)
    wished = asked(["team"], {"team": {team.code for team in teams}, **filters})
    return Narrowed(wished, teams, narrowed_to(study, teams, wished.filters["team"]))


def response_of(session: Session, slug: str, token: str, *, for_writing: bool = False) -> tuple[Study, Record]:
    """A response of a study, within the researcher's reach. Else 404."""
    study = study_for(session, slug, "researcher")
    record = responses.response(session, token, for_writing=for_writing)
    if record is None or record.study_id != study.id or not within(study.id, record.team_id, "researcher"):
        abort(404)
    # Who also observes must not read what the other one wrote before both have handed in.
    if record.meeting_id is not None and hidden_from(session, record.id, me().id):
        abort(404)
    return study, record


@dataclass(frozen=True)
class Choices:
    """What a list about the responses of a study can be narrowed to: waves and instruments by code with their titles,
    and the teams within the researcher's reach."""

    waves: dict[str, str]
    instruments: dict[str, str]
    teams: list[Team]

    @property
    def filters(self) -> dict[str, Collection[str]]:
        """The codes, as `survey.web.lists.asked` wants them."""
        return {"instrument": self.instruments, "wave": self.waves, "team": {team.code for team in self.teams}}

    @property
    def words(self) -> dict[str, Any]:
        """The same for a template."""
        teams = [(team.code, team.title) for team in self.teams]
        return {"instruments": self.instruments, "waves": self.waves, "teams": teams}


def choices_of(session: Session, study: Study) -> Choices:
    """What lists about the responses of this study can be narrowed to."""
    waves = {wave.code: wave.title for wave in studies.waves(session, study.id)}
    reach = me().scope(study.id, "researcher")
    return Choices(waves, titles(overview.instruments(session, study.id, reach)), teams_of(session, study))


def titles(names: list[str]) -> dict[str, str]:
    """Instruments by their title in the reader's language; by their own name where they are not here any more."""
    return {name: title_of(name) for name in names}
