"""Erasing participants who took their consent back: an admin's work, by code, without names and without answers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from survey.forms.identity import ErasingForm
from survey.storage import audit, erasing, participants, studies
from survey.storage.codes import tidy
from survey.storage.erasing import Listed, NotWithdrawn, Removed
from survey.storage.tables import Participant, Study
from survey.web.access import admins_only, me
from survey.web.days import day
from survey.web.lists import asked
from survey.web.server import server

blueprint = Blueprint("erasing", __name__, url_prefix="/admin/erasing")

WAITING = "withdrawn"


@blueprint.get("/")
@admins_only
def waiting() -> Any:
    """Who took the consent back and waits to be erased; or who was erased."""
    list_of = asked(erasing.SORTS, {"show": ("erased",), "code": None})
    status, code = list_of.filters["show"] or WAITING, list_of.filters["code"].upper()
    with server().reading() as reading:
        pages = list_of.pages(erasing.count(reading, status, code))
        found = erasing.listed(reading, status, code, list_of.sort, list_of.descending, pages.size, pages.offset)
    rows = [(one, _day(one)) for one in found]
    return render_template("erasing/waiting.html", rows=rows, asked=list_of, pages=pages, status=status)


def _day(one: Listed) -> str:
    zone = ZoneInfo(one.time_zone)
    return day(one.since.astimezone(zone).date(), server().now().astimezone(zone).date()) if one.since else ""


@blueprint.get("/<slug>/<code>")
@admins_only
def person(slug: str, code: str) -> Any:
    """One participant: what goes, what stays, and the question whether it is meant."""
    with server().reading() as reading:
        return _page(reading, *_found(reading, slug, code), ErasingForm(code, tidy))[0]


@blueprint.post("/<slug>/<code>")
@admins_only
def erase(slug: str, code: str) -> Any:
    """Erase a participant whose code was typed again."""
    here, form = server(), ErasingForm(code, tidy)
    valid = form.validate()
    try:
        with here.database.writing() as writing:
            study, participant = _found(writing, slug, code)
            if not valid or participant.status != WAITING:
                return _page(writing, study, participant, form)
            removed = erasing.erase(writing, participant.id, me().id, here.now())
            audit.note(
                writing, "erased a participant", me().id, here.now(), participant=code, study=slug, **removed.figures()
            )
    except NotWithdrawn:
        # Somebody else pressed the button in the same second.
        return redirect(url_for("erasing.person", slug=slug, code=code))
    here.database.empty_log()
    flash(_said(code, removed))
    return redirect(url_for("erasing.waiting"))


def _found(session: Session, slug: str, code: str) -> tuple[Study, Participant]:
    study = studies.study_with(session, slug) or abort(404)
    return study, participants.participant_with(session, study.id, code) or abort(404)


def _page(session: Session, study: Study, participant: Participant, form: ErasingForm) -> tuple[str, int]:
    """The page, and the code of an answer to who asked to erase and could not."""
    stays = erasing.answers_stay(session, participant.id)
    page = render_template("erasing/person.html", study=study, participant=participant, stays=stays, form=form)
    return page, 422 if participant.status == WAITING else 409


def _said(code: str, removed: Removed) -> str:
    kept, gone, files = removed.kept, removed.responses, removed.files
    said = [gettext("%(code)s is erased.", code=code)]
    if kept:
        said.append(ngettext("%(num)d questionnaire stays.", "%(num)d questionnaires stay.", kept))
    if gone:
        said.append(ngettext("%(num)d questionnaire was removed.", "%(num)d questionnaires were removed.", gone))
    if files:
        said.append(
            ngettext("%(num)d earlier download is superseded.", "%(num)d earlier downloads are superseded.", files)
        )
    return " ".join(said)
