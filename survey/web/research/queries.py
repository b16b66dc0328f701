"""Queries: a researcher asks about an answer, who filled it in says something, and the researcher closes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.own_wording import OwnWording
from survey.forms.queries import QUERY_WORDS, AnswerForm, AskForm, CloseForm, ReopenForm
from survey.storage import audit, queries, responses, studies
from survey.storage.meetings import blind_in, hidden_from
from survey.storage.queries import NotNow, Reach, Remark, Status
from survey.storage.tables import Query, Study
from survey.web.access import may_fill_in, me, study_for, within
from survey.web.filling_in.sitting import Sitting, sitting_of
from survey.web.filling_in.subject import Subject, subject_of
from survey.web.interface import interface_language
from survey.web.lists import asked
from survey.web.research.researched import choices_of, narrowed_to, response_of
from survey.web.research.trail import Given, as_read, given
from survey.web.server import server
from survey.web.titles import title_of

blueprint = Blueprint("queries", __name__)

SORTS = ("changed", "asked", "code", "instrument", "status")


@blueprint.get("/study/<slug>/queries/")
def queries_of_study(slug: str) -> Any:
    """The queries of a study, what changed last on top."""
    with server().reading() as session:
        study = study_for(session, slug, "researcher")
        may = choices_of(session, study)
        wished = asked(SORTS, {"status": queries.STATUSES, **may.filters, "code": None}, descending=True)
        reach = narrowed_to(study, may.teams, wished.filters["team"])
        blind = blind_in(session, study.id, me().id)
        wanted = queries.Wanted(study.id, reach, but_meetings=blind, narrowed={**wished.filters, "team": ""})
        pages = wished.pages(queries.count(session, wanted))
        rows = queries.rows(session, wanted, pages.size, pages.offset, wished.sort, wished.descending)
    return render_template(
        "queries/of_study.html", study=study, rows=[listed(row) for row in rows], pages=pages, asked=wished,
        query_words=QUERY_WORDS, **may.words,
    )  # fmt: skip


@blueprint.get("/queries/")
def my_queries() -> Any:
    """The queries about what the asking person filled in, in all their studies."""
    with server().reading() as session:
        wished = asked(("asked", "changed", "code"), {"status": queries.STATUSES})
        wanted = queries.Wanted(reaches=my_reaches(), narrowed={"status": wished.filters["status"] or "open"})
        pages = wished.pages(queries.count(session, wanted))
        rows = queries.rows(session, wanted, pages.size, pages.offset, wished.sort, wished.descending)
    return render_template(
        "queries/mine.html", rows=[listed(row) for row in rows], pages=pages, asked=wished, query_words=QUERY_WORDS
    )


@dataclass(frozen=True)
class Listed:
    """A query in a list, with the question that it is about, and the instrument, in words."""

    row: queries.QueryRow
    question: str
    instrument: str
    language: str


def listed(row: queries.QueryRow) -> Listed:
    """A row in words; by name where its definition is not on this server any more."""
    library = server().library
    try:
        instrument = library.instrument(row.instrument, row.instrument_version)
    except KeyError:
        return Listed(row, row.unit, row.instrument, "en")
    unit = instrument.units.get(row.unit)
    if unit is None:
        return Listed(row, row.unit, title_of(row.instrument), "en")
    shown = library.texts(instrument, interface_language())[unit.key]
    return Listed(row, shown.words, title_of(row.instrument), shown.language)


def my_reaches() -> tuple[Reach, ...]:
    """What the asking person fills in, study by study."""
    return tuple(_reach(study_id, roles) for study_id, roles in me().roles.items())


def _reach(study_id: int, roles: frozenset[str]) -> Reach:
    about_work = [one for one in server().library.newest.values() if one.about == "person"]
    led = frozenset(one.instrument for one in about_work if one.role == "interviewer" and "interviewer" in roles)
    own = frozenset(one.instrument for one in about_work if one.role != "interviewer" and one.role in roles)
    return Reach(study_id, me().id, me().scope(study_id, "interviewer"), led, own)


def open_for_me(session: Session) -> dict[str, Any]:
    """What `queries/_open.html` shows on a start page: the first open queries to answer, and how many there are."""
    rows, count = queries.open_queries_for(session, my_reaches())
    return {"rows": [listed(row) for row in rows], "count": count}


@dataclass(frozen=True)
class Looked:
    """One query as its page shows it: the answer that it is about, what was said, and what may be done about it."""

    study: Study
    query: Query
    here: Sitting
    subject: Subject
    given: Given | None
    remarks: list[Remark]
    researches: bool
    fills_in: bool


def _looked(session: Session, slug: str, query_id: int, *, for_writing: bool = False) -> Looked:
    """A query for researchers, and for who may fill in the response that it is about. Else 404."""
    study = studies.study_with(session, slug) or abort(404)
    query = queries.query_with(session, study.id, query_id, for_writing=for_writing) or abort(404)
    record = responses.by_id(session, query.response_id) or abort(404)
    if record.meeting_id is not None and hidden_from(session, record.id, me().id):
        abort(404)
    researches = within(study.id, record.team_id, "researcher")
    fills_in = may_fill_in(record)
    if not researches and not fills_in:
        abort(404)
    here = as_read(record)
    unit = here.instrument.units.get(query.unit)
    said = queries.remarks(session, [query.id])[query.id]
    about = given(here, unit) if unit else None
    return Looked(study, query, here, subject_of(session, record), about, said, researches, fills_in)


FORMS: Mapping[Status, type[OwnWording]] = {"answered": AnswerForm, "closed": CloseForm, "open": ReopenForm}
"""What a query becomes -> what is said with it."""

DONE: Mapping[Status, str] = {
    "answered": "answered a query",
    "closed": "closed a query",
    "open": "reopened a query",
}
"""The same, as the audit trail calls it."""


def _may(found: Looked) -> list[Status]:
    """What the asking person can make of a query now."""
    mine: list[Status] = [*(["answered"] if found.fills_in else []), *(["closed", "open"] if found.researches else [])]
    return [status for status in mine if found.query.status in queries.FROM[status]]


@blueprint.get("/study/<slug>/queries/<int:query>")
def one(slug: str, query: int) -> Any:
    """One query: the question, the answer it is about, and what was said."""
    with server().reading() as session:
        return _page(_looked(session, slug, query), None, None)


def _page(found: Looked, sent_as: Status | None, form: OwnWording | None) -> str:
    forms = {status: form if form is not None and status == sent_as else FORMS[status](None) for status in _may(found)}
    return render_template("queries/one.html", found=found, forms=forms, query_words=QUERY_WORDS)


@blueprint.post("/study/<slug>/queries/<int:query>")
def say(slug: str, query: int) -> Any:
    """Answer it, close it, or open it again."""
    here = server()
    with here.database.writing() as writing:
        found = _looked(writing, slug, query, for_writing=True)
        status = next((one for one in FORMS if one == request.form.get("becomes")), None) or abort(400)
        allowed = (found.fills_in if status == "answered" else found.researches) or abort(404)
        form = FORMS[status](request.form)
        if allowed and not form.validate():
            return _page(found, status, form), 422
        try:
            queries.remark(writing, found.query, status, form.words.data or "", me().id, here.now())
        except NotNow:
            # Somebody else was quicker, or a button was pressed twice: the page shows how it stands.
            return redirect(url_for("queries.one", slug=slug, query=query))
        audit.note(
            writing, DONE[status], me().id, here.now(), study=slug, query=query, response=found.here.record.token
        )
    flash(gettext("This is kept."))
    return redirect(url_for("queries.one", slug=slug, query=query))


@blueprint.get("/study/<slug>/responses/<token>/ask/<unit>")
def ask(slug: str, token: str, unit: str) -> Any:
    """The page on which a researcher asks about one answer."""
    with server().reading() as session:
        return _asking(session, slug, token, unit, AskForm(None))


@blueprint.post("/study/<slug>/responses/<token>/ask/<unit>")
def asked_about(slug: str, token: str, unit: str) -> Any:
    """A new query."""
    here = server()
    with here.database.writing() as writing:
        study, record = response_of(writing, slug, token)
        if unit not in sitting_of(record).instrument.units:
            abort(404)
        form = AskForm(request.form)
        if not form.validate():
            return _asking(writing, slug, token, unit, form), 422
        number = queries.ask(writing, record, unit, form.words.data or "", me().id, here.now())
        audit.note(
            writing, "asked about an answer", me().id, here.now(), study=study.slug, response=token, query=number
        )
    flash(gettext("Your question stands in the list of who filled this in."))
    return redirect(url_for("queries.one", slug=slug, query=number))


def _asking(session: Session, slug: str, token: str, unit: str, form: AskForm) -> str:
    study, record = response_of(session, slug, token)
    here = as_read(record)
    about = here.instrument.units.get(unit) or abort(404)
    before = queries.rows(session, queries.Wanted(study.id, response_id=record.id, unit=unit), 20, sort="asked")
    return render_template(
        "queries/ask.html", study=study, here=here, subject=subject_of(session, record), given=given(here, about),
        form=form, before=before, query_words=QUERY_WORDS,
    )  # fmt: skip
