"""What an interviewer has to do in a study."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.storage import participants
from survey.storage.tables import Study


def part(session: Session, study: Study) -> dict[str, Any]:
    """How many participants there are."""
    return {"participants": participants.participant_count(session, study.id)}
