"""For researchers: what the codes mean, and adding a code with a memo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.coding import REFUSED_WORDS
from survey.storage import audit, coding
from survey.storage.coding import Refused
from survey.storage.tables import Study
from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.reports.coding.codes import codes_of
from survey.web.server import server

blueprint = Blueprint("report_code_book", __name__, url_prefix="/study/<slug>/report/open-answers/codes")


@blueprint.get("/")
def codes(slug: str) -> Any:
    """All codes of a study, with what they mean."""
    with server().reading() as session:
        return _page(session, study_for(session, slug, "researcher"))


def _page(session: Session, study: Study, mistake: str = "", at: str = "") -> str:
    return render_template(
        "reports/code_book.html", study=study, codes=codes_of(session, study.id, interface_language()),
        mistake=mistake, at=at, title=request.form.get("title", ""), memo=request.form.get("memo", ""),
    )  # fmt: skip


@blueprint.post("/")
def add(slug: str) -> Any:
    """A new code, with the memo that says what it means."""
    here, given = server(), request.form
    with here.database.writing() as writing:
        study = study_for(writing, slug, "researcher")
        book, _ = coding.book_of(writing, study.id, here.code_books)
        try:
            code = coding.add_code(
                writing, study.id, book, given.get("title", ""), given.get("memo", ""), me().id, here.now()
            )
        except Refused as refused:
            at = "memo" if refused.why == "no_memo" else "title"
            return _page(writing, study, str(REFUSED_WORDS[refused.why]), at), 422
        audit.note(writing, "added a code", me().id, here.now(), study=slug, code=code)
    flash(gettext("The code is there for everybody who codes in this study."))
    return redirect(url_for("report_code_book.codes", slug=slug) + f"#code-{code}")
