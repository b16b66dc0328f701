"""For researchers: what two coders gave to the same answers, code by code and answer by answer."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.storage.open_answers import words_of
from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.coding.asked_answers import asked_answers
from survey.web.reports.coding.codes import codes_of
from survey.web.reports.coding.open_answers_page import pairs_of
from survey.web.server import server

blueprint = Blueprint("report_coding_compared", __name__, url_prefix="/study/<slug>/report/open-answers/compared")


@blueprint.get("/")
def compared(slug: str) -> Any:
    """Kappa for each code, and the answers to which two coders gave different codes."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        wanted = asked_answers(session, study)
        found = wanted.coded(session, study)
        codes = codes_of(session, study.id, interface_language())
        pairs = pairs_of(session, found, codes)
        differing = [one for one in found.worked_at() if found.standing(one.spot) == "differing"]
        pages = wanted.asked.pages(len(differing))
        shown = differing[pages.offset : pages.offset + pages.size]
        words = words_of(session, [one.spot for one in shown])
    given = {
        one.spot: [[codes.shown(code).title for code in sorted(of)] for of in found.codings.given(one.spot).values()]
        for one in shown
    }
    return render_template(
        "reports/coding_compared.html", study=study, wanted=wanted, asked=wanted.asked, pairs=pairs, rows=shown,
        given=given, words=words, pages=pages,
    )  # fmt: skip
