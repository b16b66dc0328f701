"""For researchers: how many people a study needs, and what one of a given size can find."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from survey.forms.planner import PlannerForm
from survey.web.access import me, study_for
from survey.web.reports.change_page import change_report
from survey.web.reports.planner_page import defaults, planner_page
from survey.web.server import server

blueprint = Blueprint("report_planner", __name__, url_prefix="/study/<slug>/report/planner")


@blueprint.get("/")
def planner(slug: str) -> Any:
    """The form, with the study's own numbers until others are asked for, and what follows from them."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        first = defaults(change_report(session, study, me().scope(study.id, "researcher")))
    form = PlannerForm(data={name: request.args.get(name, value)[:100] for name, value in first.items()})
    form.validate()
    return render_template("reports/planner.html", study=study, page=planner_page(form))
