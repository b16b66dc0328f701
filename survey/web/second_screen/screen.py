"""A participant's own screen, as the device sees it: joining, one question at a time, and a tap."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from survey.instruments.controls import NAME
from survey.instruments.errors import Invalid
from survey.instruments.texts import Texts
from survey.storage import responses, screens, taps
from survey.storage.screens import SEEN_EVERY, Pairing, TooManyWrongCodes
from survey.web.filling_in.cards import card, sent_answer, sounding
from survey.web.filling_in.mistakes import mistake
from survey.web.filling_in.played import note_played
from survey.web.filling_in.sitting import Sitting, sitting_of
from survey.web.filling_in.sound import sound
from survey.web.filling_in.talk import page_with, participants_texts
from survey.web.second_screen.screen_access import PATH, forget, pairing_of_request, remember, screen_of_request
from survey.web.server import server

blueprint = Blueprint("screen", __name__, url_prefix="/screen")

GREETED_IN = "nl"


@blueprint.get("/join")
def join() -> Any:
    """The page on which the code is typed."""
    return redirect(url_for("screen.shell")) if screen_of_request() else _join_page(_greeting())


@blueprint.get("/join/<link>")
def linked(link: str) -> Any:
    """Where the QR code leads: one button. Looking at an address, as messengers do by themselves, uses nothing up."""
    with server().reading() as reading:
        languages = screens.languages_of_link(reading, link)
    return _join_page(_controls(languages[1] or languages[0]) if languages else _greeting(), link=link)


@blueprint.post("/join")
def joined() -> Any:
    """Join with a code or a link, once."""
    link = request.form.get("link", "")
    here = server()
    with here.database.writing() as writing:
        try:
            if link:
                key = screens.join_by_link(writing, link, here.now())
            else:
                key = screens.join_by_code(writing, request.form.get("code", ""), here.now())
        except TooManyWrongCodes:
            return _join_page(_greeting(), wrong=True, typed=request.form.get("code", "")), 429
    if key is None:
        return _join_page(_greeting(), wrong=True, typed=request.form.get("code", "")), 422
    answer = make_response(redirect(url_for("screen.shell")))
    remember(answer, key)
    return answer


def _join_page(texts: Texts, *, link: str = "", wrong: bool = False, typed: str = "") -> str:
    return render_template("screen/join.html", texts=texts, link=link, wrong=wrong, typed=typed[:20])


def _greeting() -> Texts:
    """The words before it is known whose screen this is: in the language of the device."""
    known = server().library.known_languages(NAME)
    # A device that asks for Arabic as in Syria, and else for English, is greeted in Arabic.
    asked = (wished.replace("_", "-").split("-")[0].lower() for wished in request.accept_languages.values())
    return _controls(next((language for language in asked if language in known), GREETED_IN))


def _controls(language: str) -> Texts:
    # The controls are the same beside every instrument, and the words of an instrument are kept in memory.
    library = server().library
    return library.texts(next(iter(library)), language)


@blueprint.get("/")
def shell() -> Any:
    """The device's one page: what it shows comes and goes inside it."""
    with server().reading() as reading:
        pairing = pairing_of_request(reading)
        if pairing is None:
            return redirect(url_for("screen.join"))
        state = _state(reading, pairing)
    answer = make_response(render_template("screen/shell.html", state=state, texts=_texts(pairing), **state))
    return _finished(answer, pairing)


@blueprint.get("/now")
def now() -> Any:
    """What stands on the screen now; 204 where that is what the device has already."""
    with server().reading() as reading:
        pairing = pairing_of_request(reading)
        if pairing is None:
            return jsonify(ended=True, html="")
        if request.args.get("step") == _step(pairing) and pairing.over(server().now()) is None:
            answer = make_response("", 204)
        else:
            state = _state(reading, pairing)
            told = {name: state[name] for name in ("step", "lang", "dir", "ended", "blank")}
            html = render_template("screen/_shown.html", **state)
            answer = make_response(jsonify(told | {"html": html, "csrf": generate_csrf()}))
    return _finished(answer, pairing)


def _finished(answer: Response, pairing: Pairing) -> Response:
    """The answer, after writing down that the device asked, or that its pairing is over."""
    here = server()
    moment = here.now()
    if pairing.over(moment):
        forget(answer)
        if pairing.ended_at is None:
            with here.database.writing() as writing:
                screens.end(writing, pairing, None, moment)
    elif pairing.seen_at is None or moment - pairing.seen_at >= SEEN_EVERY:
        with here.database.writing() as writing:
            screens.seen(writing, pairing, moment)
    return answer


def _texts(pairing: Pairing) -> Texts:
    library = server().library
    instrument = library.instrument(pairing.instrument, pairing.instrument_version)
    return library.texts(instrument, pairing.second_language or pairing.language)


def _step(pairing: Pairing) -> str:
    """What the device has: it changes with what is shown, with what is answered, and with the words themselves."""
    return f"{pairing.step}.{pairing.version}.{_texts(pairing).sha256[:8]}"


def _state(session: Session, pairing: Pairing) -> dict[str, Any]:
    """Everything about what stands on the screen: how it stands there, and for the template what stands there."""
    texts, over = _texts(pairing), pairing.over(server().now()) is not None
    about: dict[str, Any] = {"step": _step(pairing), "lang": texts.language, "dir": texts.direction, "ended": over}
    if over:
        return about | {"blank": False, "message": texts["controls/ended"]}
    if pairing.blank:
        return about | {"blank": True}
    tapped = taps.pending(session, pairing.response_id).get(pairing.unit or "")
    answer = tapped.answer if tapped else None
    here, unit = _here(session, pairing), pairing.unit or ""
    found = card(here, unit, sounding(session, here, [unit], PATH), answer)
    if found is None:
        return about | {"blank": False, "message": texts["controls/wait"]}
    return about | {
        "blank": False,
        "card": found,
        "action": url_for("screen.tap") if pairing.may_tap else "",
        "level": 1,
    }


def _here(session: Session, pairing: Pairing) -> Sitting:
    record = responses.response(session, pairing.token)
    assert record is not None  # noqa: S101  The pairing was read together with it.  # nosec B101
    return sitting_of(record)


@blueprint.post("/tap")
def tap() -> Any:
    """What the participant tapped: kept until the interviewer takes it over. Only for the question on the screen."""
    here = server()
    with here.database.writing() as writing:
        pairing = pairing_of_request(writing)
        if pairing is None or pairing.over(here.now()):
            return jsonify(ended=True), 410
        if pairing.blank or not pairing.may_tap or request.form.get("unit") != pairing.unit:
            return jsonify(moved=True), 409
        sitting = _here(writing, pairing)
        unit, page = sitting.instrument.units.get(pairing.unit or ""), page_with(sitting, pairing.unit or "")
        if unit is None or page is None:
            return jsonify(moved=True), 409
        try:
            answer = sent_answer(unit, request.form)
        except Invalid as invalid:
            return jsonify(say=mistake(participants_texts(sitting), invalid)), 422
        taps.tap(writing, sitting.record, page.page, unit.name, answer, "screen", here.now())
    return jsonify(tapped=True) if "script" in request.form else redirect(url_for("screen.shell"))


@blueprint.post("/played")
def played() -> Any:
    """What was read aloud on the device."""
    here = server()
    with here.database.writing() as writing:
        pairing = pairing_of_request(writing)
        if pairing is None or pairing.over(here.now()):
            return jsonify(ended=True), 410
        sitting = _here(writing, pairing)
        note_played(writing, sitting, request.form, "screen")
    return "", 204


@blueprint.get("/sound/<language>/<path:context>")
def sound_on_screen(language: str, context: str) -> Any:
    """A recording, for a device that is paired."""
    return sound(language, context) if screen_of_request() else redirect(url_for("screen.join"))


@blueprint.errorhandler(CSRFError)
@blueprint.errorhandler(HTTPException)
def calm(error: HTTPException) -> Any:
    """Whatever goes wrong on a participant's device, it says the same quiet thing."""
    g.pop("screen", None)
    code = 400 if isinstance(error, CSRFError) else error.code or 500
    return render_template("screen/calm.html", texts=_greeting()), code
