"""What a researcher has to look at in a study."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.storage.tables import Study


def part(session: Session, study: Study) -> dict[str, Any]:
    """Nothing yet beside the links."""
    return {}
