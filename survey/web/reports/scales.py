"""For researchers: the scales of a questionnaire at each moment, and how their items were answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.reports.scales_page import scales_page
from survey.web.research.researched import narrowed_to, teams_of
from survey.web.server import server

blueprint = Blueprint("report_scales", __name__, url_prefix="/study/<slug>/report/scales")


@blueprint.get("/")
def scales(slug: str) -> Any:
    """One questionnaire over the whole reach of the researcher, or one team of it."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        teams = teams_of(session, study)
        wished = asked(["wave"], {"instrument": None, "team": {team.code for team in teams}, "scale": None})
        reach = narrowed_to(study, teams, wished.filters["team"])
        chosen = wished.filters["instrument"], wished.filters["scale"]
        page = scales_page(session, study, reach, interface_language(), *chosen)
    named = [(team.code, team.title) for team in teams]
    return render_template("reports/scales.html", study=study, page=page, asked=wished, teams=named)
