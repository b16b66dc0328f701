"""The interviewer's side of a participant's screen: pairing, what it shows, blanking, and what was tapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from survey.instruments.errors import Invalid
from survey.storage import screens, taps
from survey.storage.screens import Invitation, OnScreen, Pairing
from survey.storage.taps import Tap
from survey.web.access import me
from survey.web.filling_in.cards import sent_answer
from survey.web.filling_in.conflict import answer_in_words
from survey.web.filling_in.sitting import Sitting, kept
from survey.web.filling_in.subject import subject_of
from survey.web.filling_in.talk import page_with, participants_texts, talk
from survey.web.running.hosts import public_address
from survey.web.second_screen.qr import drawing
from survey.web.server import server

blueprint = Blueprint("screen_tools", __name__, url_prefix="/response/<token>/screen")


def _pairing(session: Session, here: Sitting) -> Pairing | None:
    """The pairing of this response that holds, with or without a device."""
    found = screens.of_response(session, here.record.id)
    return None if found is None or found.over(server().now()) else found


def _standing(pairing: Pairing | None) -> str:
    if pairing is None or (pairing.joined_at is None and pairing.code_until <= server().now()):
        return "none"
    return "waiting" if pairing.joined_at is None else "paired"


@blueprint.get("")
def tools(token: str) -> Any:
    """Whether a screen is paired, since when, and what can be done about it."""
    with server().reading() as reading:
        return _page(reading, talk(reading, token))


def _page(session: Session, here: Sitting, invitation: Invitation | None = None) -> str:
    pairing = _pairing(session, here)
    pending = taps.pending(session, here.record.id).values()
    link = public_address("screen.linked", link=invitation.link) if invitation else ""
    return render_template(
        "screen/tools.html",
        here=here,
        subject=subject_of(session, here.record),
        standing=_standing(pairing),
        pairing=pairing,
        there=pairing is not None and pairing.there(server().now()),
        invitation=invitation,
        qr=drawing(link) if link else None,
        address=public_address("screen.join"),
        tapped=[(tap, _words(here, tap)) for tap in pending],
    )


def _words(here: Sitting, tap: Tap) -> str:
    return answer_in_words(here, here.instrument.units[tap.unit], tap.answer)


@blueprint.post("/pair")
def pair(token: str) -> Any:
    """A new code, shown this once. What was paired before is not any more."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        if sitting.submitted or sitting.record.locked_at is not None:
            return redirect(url_for("screen_tools.tools", token=token))
        invitation = screens.invite(writing, sitting.record, me().id, here.now())
    with here.database.reading() as reading:
        return _page(reading, sitting, invitation)


@blueprint.post("/end")
def end(token: str) -> Any:
    """End the pairing, or withdraw the code."""
    here = server()
    with here.database.writing() as writing:
        pairing = _pairing(writing, talk(writing, token, for_writing=True))
        if pairing is not None:
            screens.end(writing, pairing, me().id, here.now())
    return redirect(url_for("screen_tools.tools", token=token))


@blueprint.post("/tapping")
def tapping(token: str) -> Any:
    """Whether the participant may tap answers."""
    with server().database.writing() as writing:
        pairing = _pairing(writing, talk(writing, token, for_writing=True))
        if pairing is not None:
            screens.let_tap(writing, pairing, "may_tap" in request.form)
    return redirect(url_for("screen_tools.tools", token=token))


@blueprint.post("/blank")
def blank(token: str) -> Any:
    """Make the screen dark and empty at once, or let it show again."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        pairing = _pairing(writing, sitting)
        if pairing is not None:
            screens.set_blank(writing, pairing, bool(request.form.get("dark")), me().id, here.now())
        return _done(writing, sitting)


@blueprint.post("/show")
def show(token: str) -> Any:
    """Show one question of a page on the screen, where one is paired."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        page, unit = page_with(sitting, request.form.get("unit", "")), request.form.get("unit", "")
        if page is None or page.page != request.form.get("page"):
            abort(400)
        pairing, texts = _pairing(writing, sitting), participants_texts(sitting)
        if pairing is not None and pairing.joined_at is not None:
            what = OnScreen(page.page, unit, texts.language, kept(writing, texts))
            screens.show(writing, pairing, what, me().id, here.now())
        return jsonify(_state(writing, sitting))


@blueprint.get("/state")
def state(token: str) -> Any:
    """How the screen stands, for the script of the interview page. Counts as no sign of life."""
    with server().reading() as reading:
        return jsonify(_state(reading, talk(reading, token)))


def _state(session: Session, here: Sitting) -> Mapping[str, Any]:
    pairing = _pairing(session, here)
    pending = taps.pending(session, here.record.id).values()
    about = {"standing": _standing(pairing), "tapped": [_told(here, tap) for tap in pending]}
    if pairing is None:
        return about
    there = pairing.there(server().now())
    return about | {"there": there, "blank": pairing.blank, "page": pairing.page, "unit": pairing.unit}


def _told(here: Sitting, tap: Tap) -> dict[str, Any]:
    """A tap as the script fills it in: values of inputs as texts, and the words for the interviewer."""
    missing = isinstance(tap.answer, dict)
    answers = [] if missing else tap.answer if isinstance(tap.answer, list) else [tap.answer]
    return {
        "unit": tap.unit,
        "answers": [str(code) for code in answers],
        "reason": tap.answer["missing"] if missing else "",
        "words": _words(here, tap),
    }


@blueprint.post("/confirm")
def confirm(token: str) -> Any:
    """Note that what was tapped was taken over. `save`: without a script it is saved here as well."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        unit = sitting.instrument.units.get(request.form.get("unit", "")) or abort(400)
        if "save" in request.form:
            found = taps.pending(writing, sitting.record.id).get(unit.name)
            recorded = found.answer if found else None
            if found is not None and not sitting.submitted:
                sent = {"base": str(sitting.record.version)}
                values: Any = {("answers", unit.name): recorded, ("drafts", unit.name): None}
                sitting = sitting.saved(writing, "autosave", sitting.instrument.page_of[unit.name], values, sent)
        else:
            try:
                recorded = sent_answer(unit, request.form)
            except Invalid:
                abort(400)
        taps.confirm(writing, sitting.record, unit.name, recorded, me().id, here.now())
        return _done(writing, sitting)


@blueprint.post("/decline")
def decline(token: str) -> Any:
    """Note that what was tapped was not taken over."""
    here = server()
    with here.database.writing() as writing:
        sitting = talk(writing, token, for_writing=True)
        taps.decline(writing, sitting.record, request.form.get("unit", ""), me().id, here.now())
        return _done(writing, sitting)


def _done(session: Session, here: Sitting) -> Any:
    """A script learns how things stand now; a person goes back to the page with the tools."""
    if "script" in request.form:
        return jsonify(_state(session, here))
    return redirect(url_for("screen_tools.tools", token=here.record.token))
