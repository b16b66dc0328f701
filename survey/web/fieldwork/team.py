"""How far the own teams are, for who leads them: counts only, no answers and no participants' codes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from survey.forms.work import STANDING_WORDS
from survey.planning.due import STANDINGS, Standing
from survey.storage.course import today_in
from survey.storage.progress import TaskCount, task_counts
from survey.storage.protocols import protocol_of, teams
from survey.storage.scopes import Scope, covers
from survey.storage.tables import Study, Team
from survey.storage.team_progress import (
    SORTS,
    CoachTask,
    coach_task_counts,
    coach_tasks,
    coaches_in,
    meeting_counts,
    team_counts,
)
from survey.web import days
from survey.web.access import me, study_for
from survey.web.lists import Asked, Pages, asked
from survey.web.server import server
from survey.web.titles import shown_title

blueprint = Blueprint("team", __name__, url_prefix="/study/<slug>/team")

SHOWN = tuple(standing for standing in STANDINGS if standing != "dropped")


@dataclass(frozen=True)
class Lead:
    """What somebody leads in a study: these teams, or all of it where `scope` is None."""

    scope: Scope
    teams: list[Team]

    def narrowed(self, code: str) -> Scope:
        """Only the team of this code, where it is one of these; else all of them."""
        return next((frozenset({team.id}) for team in self.teams if team.code == code), self.scope)


def lead(session: Session, study: Study) -> Lead:
    """What the asking person leads."""
    scope = me().scope(study.id, "team_leader")
    return Lead(scope, teams(session, study.id, scope))


def of_participants(session: Session, study: Study, scope: Scope) -> list[TaskCount]:
    """The tasks that concern participants, by wave and instrument."""
    today, known = today_in(session, study.id, server().now()), server().library.newest
    counts = task_counts(session, study.id, today, scope)
    return [one for one in counts if one.instrument in known and known[one.instrument].about == "participant"]


@blueprint.get("/")
def progress(slug: str) -> Any:
    """How far the own teams are, and which coaches' questionnaires are still open."""
    with server().reading() as reading:
        study = study_for(reading, slug, "team_leader")
        mine, protocol = lead(reading, study), protocol_of(reading, study.id)
        wished = asked(SORTS, {"team": {team.code for team in mine.teams}, "standing": SHOWN})
        scope, today = mine.narrowed(wished.filters["team"]), today_in(reading, study.id, server().now())
        by_coaches, pages, of_coaches = _of_coaches(reading, study, scope, today, wished)
        teams_shown = [team for team in mine.teams if covers(scope, team.id)]
        counts = team_counts(reading, study.id, teams_shown, whole=scope is None)
        tasks, meetings = of_participants(reading, study, scope), meeting_counts(reading, study.id, scope)
        wave_titles = {code: wave.title for code, wave in protocol.waves.items()} if protocol else {}
    return render_template(
        "team/progress.html",
        study=study,
        protocol=protocol,
        lead=mine,
        asked=wished,
        pages=pages,
        by_coaches=by_coaches,
        wave_titles=wave_titles,
        counts=counts,
        tasks=tasks,
        coach_tasks=of_coaches,
        meetings=meetings,
        titles={one.instrument: shown_title(one.instrument) for one in (*tasks, *of_coaches)},
        team_options=[(team.code, team.title) for team in mine.teams],
        overdue=sum(one.counts["overdue"] for one in tasks),
        coaches_overdue=by_coaches.get("overdue", 0),
        standings=SHOWN,
        standing_words=STANDING_WORDS,
        day_words=lambda on: days.day(on, today),
    )


def _of_coaches(
    session: Session, study: Study, scope: Scope, today: datetime.date, wished: Asked
) -> tuple[Mapping[Standing, int], Pages, list[CoachTask]]:
    """How coaches' own questionnaires stand, and the page of them that is asked for."""
    coaches, standing = coaches_in(session, study.id, scope), wished.filters["standing"]
    counts = coach_task_counts(session, study.id, coaches, today)
    pages = wished.pages(sum(count for one, count in counts.items() if standing in ("", one)))
    rows = coach_tasks(
        session, study.id, coaches, today, pages.size, pages.offset,
        standing=standing, sort=wished.sort, descending=wished.descending,
    )  # fmt: skip
    return counts, pages, rows
