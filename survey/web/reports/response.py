"""For researchers: how much came in, of whom and in which way. Counts only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.response_page import response_page
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_response", __name__, url_prefix="/study/<slug>/report/response")


@blueprint.get("/")
def response(slug: str) -> Any:
    """The page over the whole reach of the researcher, or one team of it."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        here = narrowed(session, study)
        page = response_page(session, study, here.reach, interface_language())
    return render_template("reports/response.html", study=study, page=page, **here.words)
