"""The interviewer's participants: registering, finding, and beginning an interview."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext

from survey.storage import audit, responses, studies
from survey.storage import participants as register_of
from survey.storage.codes import tidy
from survey.storage.responses import Opening
from survey.web.access import me, study_for
from survey.web.server import server

blueprint = Blueprint("participants", __name__, url_prefix="/study/<slug>/participants")

A_PAGE = 25


@blueprint.get("/")
def participants(slug: str) -> Any:
    """The participants of a study with how their interviews stand, a page at a time."""
    typed = request.args.get("code", "").strip()
    number = request.args.get("page", "1")
    number_of_page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    code = typed.upper()
    if len(code) > 3 and "-" not in code:
        code = f"{code[:3]}-{code[3:]}"
    with server().reading() as reading:
        study = study_for(reading, slug, "interviewer")
        count = register_of.participant_count(reading, study.id, code)
        found = register_of.participants(reading, study.id, A_PAGE, (number_of_page - 1) * A_PAGE, code)
        opened = {
            (one.participant_id, one.instrument, one.wave_id): one
            for one in register_of.responses_of(reading, [participant.id for participant in found])
        }
        waves = studies.waves(reading, study.id)
    wrong_code = bool(typed) and not count and len(code) == 7 and tidy(code) is None
    return render_template(
        "participants.html",
        study=study, waves=waves, participants=found, opened=opened, count=count, typed=typed, wrong_code=wrong_code,
        instruments=_instruments(), click=secrets.token_hex(12), page=number_of_page, pages=-(-count // A_PAGE),
    )  # fmt: skip


def _instruments() -> list[Any]:
    newest = server().library.newest.values()
    return [one for one in newest if one.about == "participant" and one.role == "interviewer"]


@blueprint.post("/new")
def register(slug: str) -> Any:
    """A new participant, with a code to write down."""
    here = server()
    click = request.form.get("click", "")[:24] or None
    with here.database.writing() as writing:
        study = study_for(writing, slug, "interviewer")
        participant = register_of.register(writing, study.id, me().id, here.now(), click=click)
        audit.note(writing, "registered a participant", me().id, here.now(), participant=participant.code)
    return redirect(url_for("participants.participant", slug=slug, code=participant.code))


@blueprint.get("/<code>")
def participant(slug: str, code: str) -> Any:
    """One participant: the code, and the interview at each wave."""
    with server().reading() as reading:
        study = study_for(reading, slug, "interviewer")
        found = register_of.participant_with(reading, study.id, code) or abort(404)
        opened = {(one.instrument, one.wave_id): one for one in register_of.responses_of(reading, [found.id])}
        waves = studies.waves(reading, study.id)
    library = server().library
    languages = {one.instrument: library.participant_languages(one) for one in _instruments()}
    return render_template(
        "participant.html",
        study=study,
        waves=waves,
        participant=found,
        opened=opened,
        instruments=_instruments(),
        languages=languages,
    )


@blueprint.post("/<code>/begin/<instrument>/<wave>")
def begin(slug: str, code: str, instrument: str, wave: str) -> Any:
    """Open the one interview of this participant at a wave, or go on with it."""
    here = server()
    found = here.library.newest.get(instrument)
    second = request.form.get("second_language") or None
    if found is None or found not in _instruments():
        abort(404)
    if second is not None and second not in here.library.participant_languages(found):
        abort(400, gettext("This language is not offered."))
    with here.database.writing() as writing:
        study = study_for(writing, slug, "interviewer")
        participant = register_of.participant_with(writing, study.id, code) or abort(404)
        at = next((one for one in studies.waves(writing, study.id) if one.code == wave), None) or abort(404)
        opening = Opening(
            study.id, at.id, found.instrument, found.version, me().id, found.language,
            second if second != found.language else None, participant_id=participant.id,
        )  # fmt: skip
        token = responses.open_response(writing, opening, here.now())
        audit.note(writing, "opened a response", me().id, here.now(), response=token, instrument=instrument, wave=wave)
    return redirect(url_for("interview.resume", token=token))
