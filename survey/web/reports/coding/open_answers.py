"""For researchers: how far coding the open answers is, how often each code was given, and the list of answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from survey.forms.coding import STANDING_WORDS, STATE_WORDS
from survey.storage.open_answers import words_of
from survey.web.access import study_for
from survey.web.interface import interface_language
from survey.web.reports.coding.asked_answers import SORTS, asked_answers
from survey.web.reports.coding.coded import with_open_answers
from survey.web.reports.coding.open_answers_page import open_answers_page
from survey.web.research.researched import narrowed
from survey.web.server import server

blueprint = Blueprint("report_open_answers", __name__, url_prefix="/study/<slug>/report/open-answers")


@blueprint.get("/")
def open_answers(slug: str) -> Any:
    """How far coding is, how often each code was given, and how two coders agree."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        here = narrowed(session, study, instrument=with_open_answers(session, study))
        page = open_answers_page(session, study, here.reach, interface_language(), here.asked.filters["instrument"])
    return render_template("reports/open_answers.html", study=study, page=page, **here.words)


@blueprint.get("/list")
def answers(slug: str) -> Any:
    """The open answers to one instrument, a page at a time, with how each stands for the reader."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        wanted = asked_answers(session, study, SORTS)
        found = wanted.coded(session, study)
        rows = wanted.rows(found)
        pages = wanted.asked.pages(len(rows))
        shown = rows[pages.offset : pages.offset + pages.size]
        words = words_of(session, [one.spot for one in shown])
    return render_template(
        "reports/open_answers_list.html", study=study, wanted=wanted, found=found, rows=shown, words=words,
        asked=wanted.asked, pages=pages, states=STATE_WORDS, standing_words=STANDING_WORDS,
    )  # fmt: skip
