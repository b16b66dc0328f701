"""For researchers: how far the method is carried out as meant, of the study, of a team, or of one coach."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.reports.fidelity_page import Wished, fidelity_page
from survey.web.server import server

blueprint = Blueprint("report_fidelity", __name__, url_prefix="/study/<slug>/report/fidelity")


@blueprint.get("/")
def fidelity(slug: str) -> Any:
    """All indicators at one moment, with the evidence behind them."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        names = ("model", "wave", "team", "coach")
        number = request.args.get("page", "1")
        wished = Wished(
            *(request.args.get(name, "").strip()[:40] for name in names),
            page=int(number) if number.isdecimal() and len(number) < 9 else 1,
        )
        teams = me().scope(study.id, "researcher")
        page = fidelity_page(session, study, teams, interface_language(), wished)
    return render_template("reports/fidelity.html", study=study, page=page)
