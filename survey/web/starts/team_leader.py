"""What a team leader sees of the own team: how far it is, without any answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.storage.tables import Study


def part(session: Session, study: Study) -> dict[str, Any]:
    """Nothing yet beside the links."""
    return {}
