"""Questionnaires about somebody's own work, in a study without a protocol."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.instruments.model import Instrument
from survey.storage import studies
from survey.storage.tables import Response, Study, Wave
from survey.web.access import me
from survey.web.server import server


@dataclass(frozen=True)
class OwnWork:
    """One questionnaire about a person's own work at one wave, and the response if it was opened."""

    instrument: Instrument
    wave: Wave
    response: Response | None


def own_work(session: Session, study: Study, role: str) -> list[OwnWork]:
    """What the asking person can fill in about their own work in this role, at each wave."""
    opened = {
        (response.instrument, response.wave_id): response
        for response in studies.responses_by(session, me().id, study.id)
    }
    return [
        OwnWork(instrument, wave, opened.get((instrument.instrument, wave.id)))
        for wave in studies.waves(session, study.id)
        for instrument in server().library.newest.values()
        if instrument.about == "person" and instrument.role == role
    ]
