"""What is asked between the password and being signed in. Only who is half signed in gets here, and only here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext

from survey.forms.people import NewPasswordForm
from survey.forms.sign_in import SignInForm
from survey.storage import audit, people, sessions
from survey.web.guests import guest
from survey.web.kept_form import unsealed
from survey.web.server import server
from survey.web.sign_in import local_path, onwards
from survey.web.signing_in.codes import code_given, locked_for, wrong
from survey.web.signing_in.half import Half, held, hold_session, let_in, next_step
from survey.web.signing_in.passkeys import Wrong, shown, why_not
from survey.web.signing_in.setting_up import added
from survey.web.signing_in.steps import code_page, judged, new_password_page, set_up_page

blueprint = Blueprint("second_factor", __name__, url_prefix="/sign-in")


def _here() -> tuple[Half | None, Any, str, str]:
    """Who is half signed in, if this is their step; else the answer that sends them on. Where to, and what is kept."""
    wished, kept = local_path(request.values.get("next", "")), request.form.get("kept", "")
    if g.person is not None and not guest():
        return None, redirect(wished), wished, kept
    with server().reading() as reading:
        half = held(reading)
        step = next_step(reading, half) if half else None
    if half is None:
        # The time is over, or the password is another one: from the beginning.
        if not kept:
            return None, redirect(url_for("sign_in.sign_in", next=wished)), wished, kept
        form = SignInForm(formdata=None)
        page = render_template("sign_in.html", form=form, next=wished, kept=kept, ran_out=True)
        return None, (page, 401), wished, kept
    if step != request.endpoint:
        return None, onwards(half, wished, kept), wished, kept
    return half, None, wished, kept


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> Any:
    """The code of the app, a passkey, or a recovery code."""
    half, elsewhere, wished, kept = _here()
    if half is None:
        return elsewhere
    if request.method == "GET":
        with server().reading() as reading:
            return code_page(reading, half, wished, kept)
    passkey = "credential" in request.form
    factor, problem = _passkey_given(half) if passkey else code_given(half.person, _typed())
    if factor is None:
        with server().reading() as reading:
            return code_page(reading, half, wished, kept, problem), 422
    return onwards(Half(half.person, factor), wished, kept)


def _typed() -> str:
    return request.form.get("code", "") or request.form.get("recovery", "")


def _passkey_given(half: Half) -> tuple[str | None, str]:
    here = server()
    with here.database.writing() as writing:
        locked = locked_for(writing, half.person)
        if locked:
            return None, locked
        try:
            if why_not():
                raise Wrong
            shown(writing, half.person, request.form.get("challenge", ""), request.form["credential"])
        except Wrong:
            wrong(writing, half.person)
            return None, gettext("This passkey was not accepted. Please try once more.")
    return "passkey", ""


@blueprint.route("/new-password", methods=["GET", "POST"])
def new_password() -> Any:
    """A password of one's own, in the place of the one that an admin's page made."""
    half, elsewhere, wished, kept = _here()
    if half is None:
        return elsewhere
    here, form = server(), judged(NewPasswordForm(), half.person)
    if request.method == "POST":
        with here.reading() as reading:
            same = people.has_password(reading, half.person.id, form.new_password.data or "")
        if form.validate() and not same:
            return _chosen(half, form, wished, kept)
        if same:
            form.new_password.errors = [gettext("Choose a password that differs from the one you have now.")]
    with here.reading() as reading:
        page = new_password_page(reading, half, wished, kept, form if request.method == "POST" else None)
    return page, 422 if request.method == "POST" else 200


def _chosen(half: Half, form: NewPasswordForm, wished: str, kept: str) -> Any:
    here = server()
    with here.database.writing() as writing:
        people.set_password(writing, half.person.id, form.new_password.data or "", here.now())
        sessions.forget_failures(writing, half.person.name)
        audit.note(writing, "changed own password", half.person.id, here.now())
    with here.database.reading() as reading:
        person = people.person_by_id(reading, half.person.id)
    assert person is not None  # noqa: S101 - accounts are closed, never removed.  # nosec B101
    return onwards(Half(person, half.factor), wished, kept)


@blueprint.route("/set-up", methods=["GET", "POST"])
def set_up() -> Any:
    """Set up the second factor that this person's work needs; then the recovery codes, once, and in."""
    half, elsewhere, wished, kept = _here()
    if half is None:
        return elsewhere
    here = server()
    if request.method == "GET":
        with here.reading() as reading:
            return set_up_page(reading, half, wished, kept)
    done = added(half.person)
    if done.factor is None:
        with here.reading() as reading:
            return set_up_page(reading, half, wished, kept, done.problem), 422
    with here.database.writing() as writing:
        # Whoever was signed in with the password alone is not any more.
        people.end_sessions(writing, half.person.id, here.now())
        token = let_in(writing, Half(half.person, done.factor))
    hold_session(token)
    return render_template(
        "second_factor/codes.html", codes=done.codes, next=wished, form=unsealed(kept, half.person.id) if kept else None
    )
