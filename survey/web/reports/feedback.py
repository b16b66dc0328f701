"""For a coach: the own questionnaire beside the mean of colleagues. It is for the coach alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.reports.feedback_page import feedback_page
from survey.web.server import server

blueprint = Blueprint("feedback", __name__, url_prefix="/study/<slug>/feedback")


@blueprint.get("/")
def feedback(slug: str) -> Any:
    """The sheet of the asking coach, at the last moment or another one."""
    with server().reading() as session:
        study = study_for(session, slug, "coach")
        page = feedback_page(session, study, me().code, request.args.get("wave", ""), interface_language())
    return render_template("reports/feedback.html", study=study, page=page)
