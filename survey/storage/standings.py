"""How tasks stand on a day, one in hand or many in the database, as `survey.planning.due.standing` says it."""

from __future__ import annotations

import datetime

from sqlalchemy import ColumnElement, and_, case, or_

from survey.planning.due import Standing, standing
from survey.storage.tables import Task

ASKED_STILL = (Task.done_at.is_(None), Task.dropped_at.is_(None))
"""Of tasks that are not handed in, and not dropped either."""

LISTED = or_(Task.dropped_at.is_(None), Task.done_at.is_not(None))
"""Of tasks that lists show: what was handed in stays there, also of who left later."""


def standing_on(task: Task, today: datetime.date) -> Standing:
    """How a task stands on a day."""
    return standing(
        task.opens_on,
        task.closes_on,
        today,
        begun=task.begun_at is not None,
        done=task.done_at is not None,
        dropped=task.dropped_at is not None,
    )


def standings(today: datetime.date) -> dict[Standing, ColumnElement[bool]]:
    """Each standing as a condition on tasks; exactly one of them holds."""
    untouched = and_(*ASKED_STILL, Task.begun_at.is_(None))
    return {
        "done": Task.done_at.is_not(None),
        "dropped": and_(Task.dropped_at.is_not(None), Task.done_at.is_(None)),
        "running": and_(*ASKED_STILL, Task.begun_at.is_not(None)),
        "waiting": and_(untouched, Task.opens_on > today),
        "due": and_(untouched, Task.opens_on <= today, Task.closes_on >= today),
        "overdue": and_(untouched, Task.opens_on <= today, Task.closes_on < today),
    }


def standing_of(today: datetime.date) -> ColumnElement[str]:
    """The standing of tasks as a column."""
    return case(*((condition, name) for name, condition in standings(today).items()))
