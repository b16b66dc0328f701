"""What a coach has to do in a study."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.storage.protocols import protocol_of
from survey.storage.tables import Study
from survey.web.starts.own import own_work


def part(session: Session, study: Study) -> dict[str, Any]:
    """The questionnaires about one's own work."""
    own = own_work(session, study, "coach") if protocol_of(session, study.id) is None else []
    return {"own": own}
