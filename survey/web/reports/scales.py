"""For researchers: the scales of a questionnaire at each moment, and how their items were answered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.scales_page import scales_page
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_scales", __name__, url_prefix="/study/<slug>/report/scales")


@blueprint.get("/")
def scales(slug: str) -> Any:
    """One questionnaire over the whole reach of the researcher, or one team of it."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        here = narrowed(session, study, instrument=None, scale=None)
        chosen = here.asked.filters["instrument"], here.asked.filters["scale"]
        page = scales_page(session, study, here.reach, interface_language(), *chosen)
    return render_template("reports/scales.html", study=study, page=page, **here.words)
