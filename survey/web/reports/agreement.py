"""For researchers: how far two observers of the same meetings agree."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.agreement_page import agreement_page
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_agreement", __name__, url_prefix="/study/<slug>/report/agreement")


@blueprint.get("/")
def agreement(slug: str) -> Any:
    """The page over the whole reach of the researcher, or one team of it."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        here = narrowed(session, study, instrument=None)
        page = agreement_page(session, study, here.reach, interface_language(), here.asked.filters["instrument"])
    return render_template("reports/agreement.html", study=study, page=page, **here.words)
