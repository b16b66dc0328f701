"""What a researcher may look at: a study, or the teams of it for which the role holds, and responses within them."""

from __future__ import annotations

from flask import abort
from sqlalchemy.orm import Session

from survey.storage import protocols, responses
from survey.storage.meetings import hidden_from
from survey.storage.people import Scope
from survey.storage.record import Record
from survey.storage.tables import Study, Team
from survey.web.access import me, study_for, within
from survey.web.interface import interface_language
from survey.web.server import server


def teams_of(session: Session, study: Study) -> list[Team]:
    """The teams of a study within the researcher's reach, by title."""
    reach = me().scope(study.id, "researcher")
    return [team for team in protocols.teams(session, study.id) if reach is None or team.id in reach]


def narrowed_to(study: Study, teams: list[Team], code: str) -> Scope:
    """The teams that are asked for by a code ("" for all), within the researcher's reach."""
    return frozenset(team.id for team in teams if team.code == code) if code else me().scope(study.id, "researcher")


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


def titles(names: list[str]) -> dict[str, str]:
    """Instruments by their title in the reader's language; by their own name where they are not here any more."""
    library, language = server().library, interface_language()
    return {
        name: library.texts(library.newest[name], language)["title"].words if name in library.newest else name
        for name in names
    }
