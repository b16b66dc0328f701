"""Signing in and out, and keeping a session alive."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from survey.forms.messages import locked_out
from survey.forms.sign_in import SignInForm
from survey.storage import audit, people, sessions
from survey.storage.tables import Person
from survey.web.access import recognise
from survey.web.guests import guest
from survey.web.kept_form import unsealed
from survey.web.running.metrics import counted
from survey.web.server import server
from survey.web.signing_in.codes import code_given
from survey.web.signing_in.half import (
    Half,
    address_hash,
    hold,
    hold_session,
    let_in,
    next_step,
    tell,
)
from survey.web.signing_in.steps import PAGES

blueprint = Blueprint("sign_in", __name__)

ALONE_SECONDS = 24 * 60 * 60


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """The sign-in page; after it, where one was going, with what one had typed."""
    form = SignInForm()
    wished = local_path(request.values.get("next", ""))
    sealed = request.form.get("kept", "")
    if request.method == "GET":
        if g.person and not guest():
            return redirect(wished)
        return _page(form, wished)
    person, problem = _person(form)
    if person is None:
        return _page(form, wished, kept=sealed, problem=problem), 422
    return onwards(Half(person, None), wished, sealed)


def _page(form: SignInForm, wished: str, **more: Any) -> str:
    return render_template("sign_in.html", form=form, next=wished, **more)


def onwards(half: Half, wished: str, sealed: str) -> Any:
    """Let somebody in, with what they had typed; or lead them to what is still to be shown or chosen."""
    here = server()
    with here.reading() as reading:
        step = next_step(reading, half)
        if step is not None:
            hold(half.person, half.factor)
            # What was typed is too long for an address, so that it goes with the page.
            return PAGES[step](reading, half, wished, sealed) if sealed else redirect(url_for(step, next=wished))
    with here.database.writing() as writing:
        token = let_in(writing, half)
    hold_session(token)
    return arrived(half.person.id, wished, sealed)


def arrived(person_id: int, wished: str, sealed: str) -> Any:
    """What comes after signing in: what was typed, for who typed it; else where one was going."""
    if not sealed:
        return redirect(wished)
    kept = unsealed(sealed, person_id)
    if kept:
        return render_template("sign_in_kept.html", kept=kept)
    return redirect(url_for("start.start"))


def _person(form: SignInForm) -> tuple[Person | None, str]:
    """Who this name and password are of; else the reason why not. An unknown name is treated as a known one."""
    here = server()
    now, address = here.now(), address_hash()
    name, password = form.name.data or "", form.password.data or ""
    with here.database.writing() as writing:
        locked = sessions.locked_until(writing, name, now) or sessions.address_locked_until(writing, address, now)
        if locked:
            tell("sign_in_locked")
            counted("lock_outs")
            return None, locked_out(locked - now)
        # Counted before looking, and taken back if it was right: a thousand at the same moment get no more guesses.
        sessions.note_failure(writing, name, now, address)
    # Outside the transaction: checking a password takes its time, and others want to write.
    with here.reading() as reading:
        person = people.person_with(reading, name, password)
    if person is None:
        tell("sign_in_failed", what="password")
        counted("failed_sign_ins")
        return None, gettext("This name and password do not belong together. Please check both.")
    if person.initial_until is not None and person.initial_until <= now:
        tell("sign_in_failed", what="password too old")
        return None, gettext("This first password no longer works. Ask an admin for a new one.")
    with here.database.writing() as writing:
        sessions.forget_failures(writing, name)
    return person, ""


def local_path(path: str) -> str:
    """The path if it lies on this server; else the start page."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return url_for("start.start")
    parts = urlsplit(path)
    safe = not parts.netloc and not parts.scheme
    return path if safe and "\\" not in path else url_for("start.start")


@blueprint.post("/session/sign-in")
def sign_in_here() -> Any:
    """Sign in over a page that stands open, for its script: how the session stands then; 422 with what is wrong.

    `second`: a code is asked for, and comes with name and password. `elsewhere`: only the sign-in page can do it.
    """
    person, problem = _person(SignInForm())
    if person is None:
        return jsonify(problem=problem), 422
    here, half = server(), Half(person, None)
    with here.reading() as reading:
        step = next_step(reading, half)
    if step == "second_factor.code":
        factor, problem = code_given(person, request.form.get("code", ""))
        if factor is None:
            return jsonify(problem=problem, second=True), 422
        half = Half(person, factor)
        with here.reading() as reading:
            step = next_step(reading, half)
    if step is not None:
        problem = gettext("Something more is needed to sign in. Open Krachtmeting in another tab and sign in there.")
        return jsonify(problem=problem, elsewhere=True), 422
    with here.database.writing() as writing:
        token = let_in(writing, half)
    hold_session(token)
    recognise()
    return jsonify(_state())


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    here = server()
    with here.database.writing() as writing:
        sessions.revoke(writing, g.token_hash, here.now())
        audit.note(writing, "signed out", g.person.id, here.now())
    session.clear()
    return redirect(url_for("sign_in.sign_in"))


@blueprint.get("/session")
def session_state() -> Any:
    """How long this session still lasts, in seconds, and a token to send forms with. Counts as no sign of life."""
    return jsonify(_state())


@blueprint.post("/session/extend")
def extend() -> Any:
    """A sign of life from a page that stands open."""
    here = server()
    with here.database.writing() as writing:
        sessions.seen(writing, g.token_hash, here.now())
    return jsonify(_state())


def _state() -> dict[str, Any]:
    here = server()
    if g.person is None:
        return {"seconds": 0, "csrf": generate_csrf()}
    if guest() is not None:
        # Nothing is said to who fills in alone about a time that runs out.
        return {"seconds": ALONE_SECONDS, "csrf": generate_csrf(), "person": g.person.code}
    with here.reading() as reading:
        live = sessions.live_session(reading, session["token"], here.now(), here.settings.idle)
    if live is None:
        return {"seconds": 0, "csrf": generate_csrf()}
    ends = min(live.seen_at + here.settings.idle, live.made_at + sessions.LONGEST)
    return {
        "seconds": max(0, int((ends - here.now()).total_seconds())),
        "csrf": generate_csrf(),
        "person": g.person.code,
    }
