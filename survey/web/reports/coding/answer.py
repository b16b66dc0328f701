"""Coding one open answer: choosing passages and codes, being done with it, and going on to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from survey.forms.coding import REFUSED_WORDS, STANDING_WORDS
from survey.measures.coding import Spot, joined, trimmed
from survey.storage import audit, coding
from survey.storage.coding import Refused
from survey.web.access import me
from survey.web.reports.coding.answer_page import AnswerPage, answer_page
from survey.web.reports.coding.asked_answers import asked_answers
from survey.web.server import server

blueprint = Blueprint("report_answer", __name__, url_prefix="/study/<slug>/report/open-answers/answer")


@dataclass(frozen=True)
class Typed:
    """What was chosen and could not be kept, so that nobody has to choose it twice."""

    codes: tuple[str, ...] = ()
    sentences: tuple[int, ...] = ()
    first: str = ""
    beyond: str = ""
    memo: str = ""
    mistake: str = ""
    stretches: tuple[tuple[int, int], ...] = field(default=())


@blueprint.get("/<token>/<unit>")
def answer(slug: str, token: str, unit: str) -> Any:
    """One open answer, with what the reader may see of its codes."""
    with server().reading() as session:
        return _page(session, answer_page(session, slug, token, unit), Typed())


def _page(session: Session, page: AnswerPage, typed: Typed) -> str:
    wanted = asked_answers(session, page.study, instrument=page.record.instrument)
    after, left = wanted.after(session, page.study, page.spot)
    return render_template(
        "reports/answer.html", study=page.study, page=page, typed=typed, args=wanted.args, after=after,
        left=left, standing_words=STANDING_WORDS, me_id=me().id,
    )  # fmt: skip


@blueprint.post("/<token>/<unit>")
def code(slug: str, token: str, unit: str) -> Any:
    """Give a code, take one away, be done, or go on after all."""
    with server().database.writing() as writing:
        page = answer_page(writing, slug, token, unit, for_writing=True)
        typed = _typed(page)
        try:
            noted, after = ACTIONS.get(request.form.get("do", ""), _give)(writing, page, typed)
        except Refused as refused:
            told = Typed(**{**vars(typed), "mistake": str(REFUSED_WORDS[refused.why])})
            return _page(writing, page, told), 409 if refused.why in ("reworded", "taken", "compared") else 422
        if noted:
            audit.note(writing, noted, me().id, server().now(), study=slug, response=token, unit=unit)
    return redirect(after)


def _typed(page: AnswerPage) -> Typed:
    """What was chosen: codes, a stretch by its ends, sentences by their numbers; and the passages that makes."""
    given = request.form
    first, beyond = given.get("first", ""), given.get("beyond", "")
    numbers = tuple(int(one) for one in given.getlist("sentence") if one.isdecimal() and len(one) < 6)
    chosen = [page.sentences[one] for one in numbers if one < len(page.sentences)]
    if first.isdecimal() and beyond.isdecimal() and max(len(first), len(beyond)) < 9:
        stretch = trimmed(int(first), int(beyond), page.words)
        chosen += [stretch] if stretch else []
    codes = tuple(one for one in given.getlist("code") if one in page.codes.by_name)
    memo = given.get("memo", "")[: coding.LONGEST_MEMO]
    return Typed(codes, numbers, first, beyond, memo, stretches=tuple(joined(chosen, page.words)))


def _sent_spot(page: AnswerPage) -> Spot:
    """The answer in the wording that stood on the page which was sent."""
    return page.spot._replace(wording=request.form.get("wording", ""))


Done = tuple[str | None, str]
"""What the audit trail calls what was done (None: nothing was), and where to go on."""


def _here(page: AnswerPage) -> str:
    return url_for(
        "report_answer.answer", slug=page.study.slug, token=page.record.token, unit=page.spot.unit, **_args(page)
    )


def _args(page: AnswerPage) -> dict[str, Any]:
    return {name: value for name in ("question", "wave", "team") if (value := request.args.get(name))}


def _give(session: Session, page: AnswerPage, typed: Typed) -> Done:
    spot, now = _sent_spot(page), server().now()
    made = coding.give(session, page.record, spot, typed.stretches, typed.codes, typed.memo, me().id, now)
    return "coded a passage" if made else None, _here(page) + "#given"


def _take_away(session: Session, page: AnswerPage, typed: Typed) -> Done:
    number = request.form.get("passage", "")
    passage = int(number) if number.isdecimal() and len(number) < 10 else 0
    gone = coding.take_away(session, page.record, _sent_spot(page), passage, me().id, server().now())
    return "took a code away" if gone else None, _here(page) + "#given"


def _finish(session: Session, page: AnswerPage, typed: Typed) -> Done:
    coding.finish(session, page.record, _sent_spot(page), me().id, server().now())
    wanted = asked_answers(session, page.study, instrument=page.record.instrument)
    after, left = wanted.after(session, page.study, page.spot)
    if after is None:
        flash(gettext("You are done with all of these answers."))
        here = url_for("report_open_answers.answers", slug=page.study.slug, instrument=page.record.instrument)
        return "finished an open answer", here
    if left:
        flash(ngettext("Kept. One answer to this question is left.", "Kept. %(num)d answers to it are left.", left))
    else:
        flash(gettext("Kept. That was the last answer to this question; here is the next question."))
    where = url_for(
        "report_answer.answer", slug=page.study.slug, token=after.token, unit=after.spot.unit, **_args(page)
    )
    return "finished an open answer", where


def _reopen(session: Session, page: AnswerPage, typed: Typed) -> Done:
    coding.reopen(session, page.record, page.spot, me().id, server().now())
    return "reopened an open answer", _here(page)


ACTIONS: Mapping[str, Callable[[Session, AnswerPage, Typed], Done]] = {
    "give": _give,
    "take": _take_away,
    "done": _finish,
    "reopen": _reopen,
}
"""The button that was pressed -> what it does."""
