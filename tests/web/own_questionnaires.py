"""Coaches who hand in a questionnaire about their own work, in the planned study."""

from __future__ import annotations

from typing import Any

from by_link import ByLink

from survey.storage import people, responses
from survey.storage.record import Saving
from survey.storage.responses import Opening

ANSWERS = {"caseload": 20, "compass_with": 5, "compass_updated": 1, "plan_with": 20, "plan_updated": 17}


def new_coach(place: ByLink, name: str, team: str = "north") -> int:
    """The id of one more coach of a team."""
    study = place.study
    with place.here.database.writing() as session:
        person = people.add_person(session, name, place.house.password, place.clock.now, language="en")
        people.set_scopes(session, person, study.study, {"coach": frozenset({study.teams[team]})})
    return person


def hands_in(place: ByLink, person: int, team: str = "north", wave: str = "t0", **answers: Any) -> str:
    """The token of a coach's questionnaire that was handed in with these answers."""
    study, now = place.study, place.clock.now
    with place.here.database.writing() as session:
        opening = Opening(
            study.study, study.waves[wave], "coach-fidelity", 1, person, "nl", person_id=person,
            team_id=study.teams[team],
        )  # fmt: skip
        token = responses.open_response(session, opening, now)
        record = responses.response(session, token, for_writing=True)
        values = {("answers", unit): given for unit, given in (ANSWERS | answers).items()}
        record = responses.save(session, record, Saving("page", "work", person, 0, values), now)
        responses.submit(session, record, Saving("submit", None, person, record.version), now)
    return token
