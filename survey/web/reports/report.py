"""For researchers: the whole report in one document, in Dutch or English, to print or to keep as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from survey.storage import audit
from survey.web.access import me, study_for
from survey.web.interface import LANGUAGES, interface_language
from survey.web.reports.in_language import in_language
from survey.web.reports.report_page import report
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_all", __name__, url_prefix="/study/<slug>/report/all")


@blueprint.get("/")
def whole(slug: str) -> Any:
    """The document over the reach of the researcher or one team of it, in the language that is asked for."""
    here, chosen = server(), request.args.get("language", "")
    language = chosen if chosen in LANGUAGES else interface_language()
    with here.reading() as session, in_language(language):
        study = study_for(session, slug, "researcher")
        wished = narrowed(session, study)
        made = report(session, study, wished.reach, language)
        page = render_template(
            "reports/report.html", study=study, report=made, language=language, languages=LANGUAGES, **wished.words
        )
    with here.database.writing() as writing:
        audit.note(writing, "made a report", me().id, here.now(), study=slug, language=language)
    return page
