"""For researchers: the responses of a study, and every change of one of them."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, render_template, request

from survey.storage import overview, reading, responses
from survey.storage.shown import as_shown
from survey.web.access import study_for
from survey.web.as_shown import as_shown_page
from survey.web.conflict import in_words, label_key
from survey.web.server import server
from survey.web.sitting import sitting_of
from survey.web.subject import subject_of

blueprint = Blueprint("trail", __name__, url_prefix="/study/<slug>/responses")

A_PAGE = 50


@blueprint.get("/")
def list_of_responses(slug: str) -> Any:
    """All responses of a study, newest first, a page at a time. No answers stand here."""
    number = request.args.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        count = overview.response_count(session, study.id)
        rows = overview.response_rows(session, study.id, A_PAGE, (page - 1) * A_PAGE)
    return render_template("responses.html", study=study, rows=rows, count=count, page=page, pages=-(-count // A_PAGE))


@blueprint.get("/<token>")
def changes(slug: str, token: str) -> Any:
    """Every change of one response: old and new, who, when, why."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        record = responses.response(session, token)
        if record is None or record.study_id != study.id:
            abort(404)
        here, subject = sitting_of(record), subject_of(session, record)
        trail = reading.response_trail(session, study.id, token)
    rows = [
        (
            row,
            _label(here, row.part, row.unit),
            _words(here, row.part, row.unit, row.old),
            _words(here, row.part, row.unit, row.new),
        )
        for row in trail
    ]
    return render_template("trail.html", study=study, here=here, subject=subject, rows=rows)


@blueprint.get("/<token>/shown/<int:version>")
def shown(slug: str, token: str, version: int) -> Any:
    """The page that made this version of a response, exactly as it stood on the screen."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        record = responses.response(session, token)
        found = as_shown(session, record, version) if record and record.study_id == study.id else None
        if found is None:
            abort(404)
        return as_shown_page(study, found, subject_of(session, found.record))


def _label(here: Any, part: Any, unit: str) -> str:
    return str(here.texts[label_key(here, (part, unit))].words)


def _words(here: Any, part: Any, unit: str, value: str | None) -> str:
    return in_words(here, (part, unit), None if value is None else json.loads(value))
