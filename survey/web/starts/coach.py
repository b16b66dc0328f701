"""What a coach has to do in a study: the questionnaires about their own work, then their participants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.planning.due import Standing
from survey.storage import coached, course, link_list
from survey.storage.protocols import protocol_of
from survey.storage.standings import standing_on
from survey.storage.tables import Study, Task, Wave
from survey.web import days
from survey.web.access import me
from survey.web.server import server
from survey.web.starts.own import own_work
from survey.web.titles import title_of


@dataclass(frozen=True)
class OwnTask:
    """One questionnaire about the coach's own work, as the protocol asks it."""

    task: Task
    wave: Wave
    title: str
    standing: Standing


def part(session: Session, study: Study) -> dict[str, Any]:
    """The questionnaires about one's own work that are open by today, and how many participants one has."""
    if protocol_of(session, study.id) is None:
        return {"own": own_work(session, study, "coach")}
    today = course.today_in(session, study.id, server().now())
    tasks = [
        OwnTask(
            task,
            session.get_one(Wave, task.wave_id),
            title_of(task.instrument),
            standing_on(task, today),
        )
        for task in link_list.open_tasks(session, study.id, me().id, "coach")
        if task.instrument in server().library.newest
    ]
    return {
        "own": [],
        "tasks": [one for one in tasks if one.standing in ("due", "overdue", "running")],
        "later": next((one for one in tasks if one.standing == "waiting"), None),
        "done": [one for one in tasks if one.standing == "done"],
        "participants": coached.coached_count(session, study.id, me().id),
        "planned": True,
        "day_words": lambda on: days.day(on, today),
    }
