"""For researchers: passages to be quoted, with names replaced, and which of them may leave the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.code_books.in_words import CodeInWords
from survey.storage import audit, coding, quotes
from survey.storage.meetings import blind_in
from survey.storage.open_answers import words_of
from survey.storage.quotes import Marked, NoWords
from survey.storage.tables import Study
from survey.web.access import me, study_for
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.reports.coding.answer_page import AnswerPage, ShownPassage, answer_page
from survey.web.reports.coding.codes import codes_of
from survey.web.server import server

blueprint = Blueprint("report_quotes", __name__, url_prefix="/study/<slug>/report/open-answers")


@dataclass(frozen=True)
class Listed:
    """A quote in the list: where it comes from, and whether its answer is still worded as it was."""

    marked: Marked
    token: str
    unit: str
    subject: str
    code: CodeInWords
    current: bool


@blueprint.get("/quotes")
def quote_list(slug: str) -> Any:
    """The quotes of a study, of passages that the reader may see."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        rows = _rows(session, study)
    pages = asked(["code"]).pages(len(rows))
    shown = rows[pages.offset : pages.offset + pages.size]
    return render_template("reports/quotes.html", study=study, rows=shown, pages=pages, asked=asked(["code"]))


def _rows(session: Session, study: Study) -> list[Listed]:
    teams, blind = me().scope(study.id, "researcher"), blind_in(session, study.id, me().id)
    codings = coding.read(session, study.id, me().id, teams=teams, but_meetings=blind)
    marked = quotes.marked(session, study.id)
    codes = codes_of(session, study.id, interface_language())
    found = [one for spot in codings.spots() for one in codings.passages(spot) if one.id in marked]
    places = quotes.places(session, {one.spot.response for one in found})
    there = words_of(session, {one.spot for one in found})
    return [
        Listed(marked[one.id], *_place(places, one.spot), codes.shown(one.code), one.spot in there) for one in found
    ]


def _place(places: dict[int, tuple[str, str]], spot: Any) -> tuple[str, str, str]:
    token, subject = places[spot.response]
    return token, spot.unit, subject


@blueprint.get("/answer/<token>/<unit>/quote/<int:passage>")
def quote(slug: str, token: str, unit: str, passage: int) -> Any:
    """The words of one passage, to be made anonymous."""
    with server().reading() as session:
        page = answer_page(session, slug, token, unit)
        return _page(page, _passage(page, passage))


def _passage(page: AnswerPage, passage: int) -> ShownPassage:
    """A passage of this answer that the reader may see. Else 404."""
    return next((one for one in page.passages if one.passage.id == passage), None) or abort(404)


def _page(page: AnswerPage, passage: ShownPassage, mistake: str = "") -> str:
    words = request.form.get("words", passage.quote.words if passage.quote else passage.words)
    checked = "anonymised" in request.form if request.form else bool(passage.quote and passage.quote.anonymised)
    return render_template(
        "reports/quote.html", study=page.study, page=page, passage=passage, words=words, checked=checked,
        mistake=mistake,
    )  # fmt: skip


@blueprint.post("/answer/<token>/<unit>/quote/<int:passage>")
def keep(slug: str, token: str, unit: str, passage: int) -> Any:
    """Keep the words of a quote, or make it no quote any more."""
    here, given = server(), request.form
    with here.database.writing() as writing:
        page = answer_page(writing, slug, token, unit, for_writing=True)
        shown = _passage(page, passage)
        if "remove" in given:
            quotes.unmark(writing, passage, here.now())
            action, told = "removed a quote", gettext("This is no quote any more.")
        else:
            try:
                quotes.mark(writing, passage, given.get("words", ""), "anonymised" in given, me().id, here.now())
            except NoWords:
                empty = gettext("Write the words of the quote. Do you want no quote? Then go back to the answer.")
                return _page(page, shown, empty), 422
            action, told = "marked a quote", gettext("This is kept.")
        audit.note(writing, action, me().id, here.now(), study=slug, response=token, unit=unit)
    flash(told)
    return redirect(url_for("report_answer.answer", slug=slug, token=token, unit=unit) + "#given")
