"""The ratings of coaches that participants handed in, team by team: for figures of a team, and for nothing else."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.instruments.library import Library
from survey.measures.ratings import Rating
from survey.storage.tables import Participant, Response


def ratings_of_team(session: Session, library: Library, study_id: int, team_id: int, instrument: str) -> list[Rating]:
    """What the participants of a team handed in of this instrument, in the order in which they did.

    Whose definition is not on this server any more is left out.
    """
    query = (
        select(Participant.coach_id, Response.instrument_version, Response.document)
        .join(Participant, Response.participant_id == Participant.id)
        .where(
            Response.study_id == study_id,
            Response.team_id == team_id,
            Response.instrument == instrument,
            Response.submitted_at.is_not(None),
        )
        .order_by(Response.submitted_at, Response.id)
    )
    found = []
    for coach, version, document in session.execute(query):
        try:
            asked = library.instrument(instrument, version)
        except KeyError:
            continue
        found.append(Rating(coach, asked, json.loads(document)["answers"]))
    return found
