"""What an observer has to do in a study."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.forms.meetings import STATE_WORDS
from survey.storage import meetings
from survey.storage.meetings import Which
from survey.storage.protocols import protocol_of
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.starts.own import own_work

SHOWN = 3
"""So many meetings stand on the start page, the earliest first."""


def part(session: Session, study: Study) -> dict[str, Any]:
    """The meetings at which there is something to do; in a study without a protocol, the questionnaires."""
    if protocol_of(session, study.id) is None:
        return {"own": own_work(session, study, "observer")}
    which = Which(study.id, me().id, observing=me().scope(study.id, "observer"), to_do=True)
    return {
        "own": [],
        "by_protocol": True,
        "meetings": meetings.meetings(session, which, descending=False, limit=SHOWN),
        "count": meetings.meeting_count(session, which),
        "state_words": STATE_WORDS,
    }
