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
from survey.web.access import recognise
from survey.web.guests import guest
from survey.web.kept_form import unsealed
from survey.web.server import server

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
        return render_template("sign_in.html", form=form, next=wished, kept="")
    problem = _try(form)
    if problem:
        page = render_template("sign_in.html", form=form, next=wished, kept=sealed, problem=problem)
        return page, 422
    if sealed:
        kept = unsealed(sealed, session.pop("just_signed_in"))
        if kept:
            return render_template("sign_in_kept.html", kept=kept)
        return redirect(url_for("start.start"))
    session.pop("just_signed_in", None)
    return redirect(wished)


def _try(form: SignInForm) -> str | None:
    """Sign in; else the reason why not. A name that does not exist is treated as one that does."""
    here = server()
    now = here.now()
    name, password = form.name.data or "", form.password.data or ""
    with here.database.writing() as writing:
        locked = sessions.locked_until(writing, name, now)
        if locked:
            return locked_out(locked - now)
    # Outside the transaction: checking a password takes its time, and others want to write.
    with here.reading() as reading:
        person = people.person_with(reading, name, password)
    with here.database.writing() as writing:
        if person is None:
            sessions.note_failure(writing, name, now)
            return gettext("This name and password do not belong together. Please check both.")
        sessions.forget_failures(writing, name)
        token = sessions.start_session(writing, person.id, now, request.user_agent.string)
        audit.note(writing, "signed in", person.id, now)
    # A fresh cookie: nothing that was set before signing in stays.
    session.clear()
    # A token for forms that was made earlier in this request belonged to the cookie that is gone.
    g.pop("csrf_token", None)
    session["token"] = token
    session["just_signed_in"] = person.id
    session.permanent = False
    return None


def local_path(path: str) -> str:
    """The path if it lies on this server; else the start page."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        return url_for("start.start")
    parts = urlsplit(path)
    safe = not parts.netloc and not parts.scheme
    return path if safe and "\\" not in path else url_for("start.start")


@blueprint.post("/session/sign-in")
def sign_in_here() -> Any:
    """Sign in over a page that stands open, for its script: how the session stands then; 422 with what is wrong."""
    problem = _try(SignInForm())
    if problem:
        return jsonify(problem=problem), 422
    session.pop("just_signed_in", None)
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
