"""For team leaders and researchers: a team's poster, three things that go well and three to work on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from survey.storage import course, protocols
from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.reports.poster_page import poster_page
from survey.web.server import server

blueprint = Blueprint("poster", __name__, url_prefix="/study/<slug>/poster")

ROLES = ("researcher", "team_leader")


@blueprint.get("/")
def poster(slug: str) -> Any:
    """The poster of one of the own teams: the one that is asked for, else the first."""
    here = server()
    with here.reading() as session:
        study = study_for(session, slug, *ROLES)
        scope = me().scope(study.id, *ROLES)
        teams = protocols.teams(session, study.id, scope)
        team = next((one for one in teams if one.code == request.args.get("team")), teams[0] if teams else None)
        today = course.today_in(session, study.id, here.now())
        # Who leads some teams leads nothing where these are gone: the whole study is not theirs.
        page = None
        if team is not None or scope is None:
            page = poster_page(session, study, team, request.args.get("wave", ""), interface_language(), today)
    return render_template("reports/poster.html", study=study, page=page, teams=teams, team=team)
