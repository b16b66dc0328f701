"""What a team leader sees of the own team: how far it is, without any answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from survey.storage.course import today_in
from survey.storage.protocols import protocol_of
from survey.storage.tables import Study
from survey.storage.team_progress import coach_task_counts, coaches_in, team_counts
from survey.web.fieldwork.team import lead, of_participants
from survey.web.server import server

OPEN = ("due", "running", "overdue")
"""What a coach can fill in now."""


def part(session: Session, study: Study) -> dict[str, Any]:
    """Three numbers: who takes part, which interviews are past their window, what coaches can still fill in."""
    mine = lead(session, study)
    counts = team_counts(session, study.id, mine.teams, whole=mine.scope is None)
    part: dict[str, Any] = {"teams": mine.teams, "active": sum(one.active for one in counts)}
    if protocol_of(session, study.id) is None:
        return part
    today = today_in(session, study.id, server().now())
    by_coaches = coach_task_counts(session, study.id, coaches_in(session, study.id, mine.scope), today)
    overdue = sum(one.counts["overdue"] for one in of_participants(session, study, mine.scope))
    return part | {"overdue": overdue, "by_coaches": sum(by_coaches.get(standing, 0) for standing in OPEN)}
