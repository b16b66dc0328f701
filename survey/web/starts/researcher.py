"""What a researcher has to look at in a study: what needs attention on top, then the ways to everything."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date
from sqlalchemy.orm import Session

from survey.storage import course, downloads, progress, queries
from survey.storage.downloads import Which
from survey.storage.protocols import protocol_of
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.server import server


def part(session: Session, study: Study) -> dict[str, Any]:
    """Queries that were answered, what is past its window, and the last file."""
    teams = me().scope(study.id, "researcher")
    planned = protocol_of(session, study.id) is not None
    today = course.today_in(session, study.id, server().now())
    counts = progress.overall(progress.task_counts(session, study.id, today, teams)) if planned else {}
    last, by = next(iter(downloads.files(session, Which(study.id), "at", True, 1, 0)), (None, None))
    return {
        "planned": planned,
        "queries": queries.status_counts(session, study.id, teams),
        "overdue": counts.get("overdue", 0),
        "due": counts.get("due", 0) + counts.get("running", 0),
        "last": last,
        "last_by": by,
        "last_day": format_date(last.at.astimezone(ZoneInfo(study.time_zone)).date(), "d MMMM yyyy") if last else "",
    }
