"""What an interviewer has to do in a study: how much of it, and what comes next."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey.forms.work import OUTCOME_WORDS, STANDING_WORDS
from survey.storage import participants, work
from survey.storage.protocols import protocol_of
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.fieldwork.work_words import said_of
from survey.web.server import server

ON_TOP = 3
"""So many things to do stand on the start page."""


def part(session: Session, study: Study) -> dict[str, Any]:
    """How many interviews are due, and the next ones; how many participants there are, where nothing is planned."""
    if protocol_of(session, study.id) is None:
        return {"participants": participants.participant_count(session, study.id)}
    said = said_of(study, server().now())
    wanted = work.Wanted(study.id, me().scope(study.id, "interviewer"), said.today, mine=me().id)
    midnight = datetime.datetime.combine(said.today + datetime.timedelta(days=1), datetime.time(), said.zone)
    return {
        "said": said,
        "counts": work.counts(session, wanted),
        "next": work.next_up(session, wanted, midnight, ON_TOP),
        "standing_words": STANDING_WORDS,
        "outcome_words": OUTCOME_WORDS,
    }
