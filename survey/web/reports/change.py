"""For researchers: what changed between two moments, with what a study of this size can and cannot find."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.change_page import change_page
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_change", __name__, url_prefix="/study/<slug>/report/change")


@blueprint.get("/")
def change(slug: str) -> Any:
    """The page over the whole reach of the researcher, or one team of it."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        here = narrowed(session, study)
        page = change_page(session, study, here.reach, interface_language())
    return render_template("reports/change.html", study=study, page=page, **here.words)
