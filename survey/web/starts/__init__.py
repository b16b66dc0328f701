"""What stands on the start page for each role in a study: what to do next, on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from survey.storage.tables import Study
from survey.web.starts import coach, interviewer, observer, researcher, team_leader

Part = Callable[[Session, Study], dict[str, Any]]

PARTS: dict[str, Part] = {
    "interviewer": interviewer.part,
    "coach": coach.part,
    "observer": observer.part,
    "team_leader": team_leader.part,
    "researcher": researcher.part,
}
"""Role -> what its part of the page shows, in templates/start/<role>.html, in this order."""
