"""The interviewer's participants: registering, finding, and beginning an interview."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.course_words import HOW_WORDS as CONSENT_WORDS
from survey.forms.course_words import REASON_WORDS, STATUS_WORDS
from survey.forms.work import STANDING_WORDS
from survey.storage import audit, protocols, studies
from survey.storage import participants as register_of
from survey.storage.responses import Opening
from survey.storage.tables import Participant, Study
from survey.web import days
from survey.web.access import me, participant_for, study_for
from survey.web.fieldwork.opening import open_task, opened
from survey.web.fieldwork.participant_form import participant_form
from survey.web.fieldwork.participant_page import WORDS, hindrance, local_times, participant_page
from survey.web.fieldwork.participants_list import by_wave, participants_page
from survey.web.server import server

blueprint = Blueprint("participants", __name__, url_prefix="/study/<slug>/participants")

SAID: dict[str, Any] = {
    "status_words": STATUS_WORDS, "reason_words": REASON_WORDS, "standing_words": STANDING_WORDS,
    "consent_words": CONSENT_WORDS, "day": days.day, "window": days.window, **WORDS,
}  # fmt: skip
"""What the templates say statuses and days with."""


@blueprint.get("/")
def participants(slug: str) -> Any:
    """The participants of one's teams with what is asked of them next, a page at a time."""
    with server().reading() as reading:
        study = study_for(reading, slug, "interviewer")
        protocol = protocols.protocol_of(reading, study.id)
        page = participants_page(reading, study, protocol)
        free = {} if protocol else by_wave(reading, study, page)
        form_first = bool(protocols.teams(reading, study.id))
    return render_template(
        "participants.html",
        study=study, page=page, planned=protocol is not None, form_first=form_first, instruments=_instruments(),
        click=secrets.token_hex(12), local=local_times(study), **free, **SAID,
    )  # fmt: skip


def _instruments() -> list[Any]:
    newest = server().library.newest.values()
    return [one for one in newest if one.about == "participant" and one.role == "interviewer"]


@blueprint.get("/new")
def new(slug: str) -> Any:
    """Whom to register: team, language, coach. Where a study has no teams there is nothing to fill in."""
    with server().reading() as reading:
        study = study_for(reading, slug, "interviewer")
        if not protocols.teams(reading, study.id):
            return redirect(url_for("participants.participants", slug=slug))
        form = participant_form(reading, study, None)
    return render_template("participants/new.html", study=study, form=form)


@blueprint.post("/new")
def register(slug: str) -> Any:
    """A new participant, with a code to write down."""
    here = server()
    click = request.form.get("click", "")[:24] or None
    with here.database.writing() as writing:
        study = study_for(writing, slug, "interviewer")
        found = register_of.registered_with(writing, study.id, click)
        if found is None:
            form = participant_form(writing, study, None) if protocols.teams(writing, study.id) else None
            if form is not None and not form.validate():
                return render_template("participants/new.html", study=study, form=form), 422
            known = form.values() if form else {}
            found = register_of.register(writing, study.id, me().id, here.now(), click=click, **known)
            audit.note(writing, "registered a participant", me().id, here.now(), participant=found.code)
    return redirect(url_for("participants.participant", slug=slug, code=found.code))


@blueprint.get("/<code>")
def participant(slug: str, code: str) -> Any:
    """One participant: the code, where they stand, and their interviews."""
    with server().reading() as reading:
        study = study_for(reading, slug, "interviewer")
        found = participant_for(reading, study, code, "interviewer")
        protocol = protocols.protocol_of(reading, study.id)
        if protocol is None:
            return _free_page(reading, study, found)
        page = participant_page(reading, study, found, protocol)
    return render_template("participants/planned.html", study=study, page=page, local=local_times(study), **SAID)


def _free_page(session: Session, study: Study, found: Participant) -> str:
    """The page where there is no protocol: every interview at every wave."""
    library = server().library
    return render_template(
        "participant.html",
        study=study,
        waves=studies.waves(session, study.id),
        participant=found,
        opened={(one.instrument, one.wave_id): one for one in register_of.responses_of(session, [found.id])},
        instruments=_instruments(),
        languages={one.instrument: library.participant_languages(one) for one in _instruments()},
    )


@blueprint.post("/<code>/begin/<instrument>/<wave>")
def begin(slug: str, code: str, instrument: str, wave: str) -> Any:
    """Open the one interview of this participant at a wave, or go on with it."""
    here = server()
    asked = here.library.newest.get(instrument)
    second = request.form.get("second_language")
    if asked is None or asked not in _instruments():
        abort(404)
    if second and second not in here.library.participant_languages(asked):
        abort(400, gettext("This language is not offered."))
    with here.database.writing() as writing:
        study = study_for(writing, slug, "interviewer")
        found = participant_for(writing, study, code, "interviewer")
        # Who is withdrawing the consent at this moment is waited for.
        writing.refresh(found, with_for_update=True)
        at = studies.wave_with(writing, study.id, wave) or abort(404)
        task = register_of.task_of(writing, found.id, at.id, instrument)
        if protocols.protocol_of(writing, study.id) is None:
            token = _opened(writing, study, found, at.id, wave, asked, second)
        elif (why := hindrance(writing, found, task)) or task is None:
            flash(why)
            return redirect(url_for("participants.participant", slug=slug, code=code))
        else:
            # In its own language alone where "none" was chosen; in the participant's where nothing was.
            token = open_task(writing, study, task, asked.language if second == "" else second)
    return redirect(url_for("interview.resume", token=token))


def _opened(
    session: Session, study: Study, found: Participant, wave_id: int, wave: str, asked: Any, second: str | None
) -> str:
    """The token of an interview that no protocol asks for."""
    opening = Opening(
        study.id, wave_id, asked.instrument, asked.version, me().id, asked.language,
        second if second and second != asked.language else None, participant_id=found.id, team_id=found.team_id,
    )  # fmt: skip
    return opened(session, opening, wave=wave)
