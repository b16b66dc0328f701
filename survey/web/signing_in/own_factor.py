"""One's own second factor: the app, passkeys and recovery codes. To change anything the password is asked once more."""

from __future__ import annotations

import datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.forms.messages import locked_out
from survey.storage import audit, people, second_factors, sessions
from survey.storage.tables import Person
from survey.web.access import me
from survey.web.server import server
from survey.web.sign_in import local_path
from survey.web.signing_in.half import address_hash, needs_one
from survey.web.signing_in.setting_up import added, offer

blueprint = Blueprint("own_factor", __name__, url_prefix="/account")

SURE = "sure"
"""Where the cookie keeps when, and in which session, the password was given once more."""

SURE_FOR = datetime.timedelta(minutes=10)

ASKED_AGAIN = "password_again"


def ask_again() -> Any:
    """None where the password was given lately, or comes with this form; else the page that asks for it.

    What was sent goes with that page, and comes to the same address with the password.
    """
    here = server()
    mark, at = session.get(SURE, ("", 0))
    given_at = datetime.datetime.fromtimestamp(at, datetime.UTC)
    if mark == g.token_hash[:16] and here.now() - given_at < SURE_FOR:
        return None
    problem = _wrong_again() if ASKED_AGAIN in request.form else ""
    if problem is None:
        hold_sure()
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", ASKED_AGAIN)]
    address = url_for("own_factor.again") if request.method == "GET" else request.path
    fields = [("next", request.path)] if request.method == "GET" else kept
    page = render_template("second_factor/again.html", address=address, fields=fields, problem=problem)
    return page, 422 if problem else 200


def hold_sure() -> None:
    """Remember for a while that the password was given in this session."""
    session[SURE] = (g.token_hash[:16], int(server().now().timestamp()))


def _wrong_again() -> str | None:
    """What is wrong with the password that came with this form; None where it is right. Wrong ones are counted."""
    here = server()
    now, name = here.now(), me().name
    with here.reading() as reading:
        locked = sessions.locked_until(reading, name, now)
        if not locked and people.has_password(reading, me().id or 0, request.form[ASKED_AGAIN]):
            return None
    if locked:
        return locked_out(locked - now)
    with here.database.writing() as writing:
        sessions.note_failure(writing, name, now, address_hash())
    return gettext("This is not the password you have now. Please try again.")


@blueprint.post("/again")
def again() -> Any:
    """Take the password once more, and go on to the page that asked for it."""
    return ask_again() or redirect(local_path(request.form.get("next", "")))


@blueprint.route("/second-factor", methods=["GET", "POST"])
def own() -> Any:
    """What one has, and what one can add or take away. The button says what to do."""
    unsure = ask_again()
    if unsure:
        return unsure
    if request.method == "GET":
        return _page()
    do = request.form.get("do", "")
    if do == "add":
        return _add()
    act = {"remove-app": _remove_app, "remove-passkey": _remove_passkey, "codes": _new_codes}.get(do) or abort(400)
    with server().database.writing() as writing:
        answer = act(writing, writing.get_one(Person, me().id))
    return answer or redirect(url_for("own_factor.own"))


def _page(problem: str = "") -> str:
    with server().reading() as reading:
        person = reading.get_one(Person, me().id)
        return render_template(
            "second_factor/own.html",
            has=second_factors.factors(reading, person.id),
            passkeys=second_factors.passkeys(reading, person.id),
            needed=needs_one(reading, person),
            offer=offer(reading, person, request.form.get("sealed", "")),
            problem=problem,
        )


def _add() -> Any:
    here = server()
    with here.reading() as reading:
        person = reading.get_one(Person, me().id)
    done = added(person)
    if done.factor is None:
        return _page(done.problem), 422
    with here.database.writing() as writing:
        people.end_sessions(writing, person.id, here.now(), keep=g.token_hash)
    renew_session(done.factor)
    if done.codes:
        return render_template("second_factor/codes.html", codes=done.codes, next=url_for("own_factor.own"), form=None)
    flash(gettext("It is added. In other browsers you have to sign in again."))
    return redirect(url_for("own_factor.own"))


def renew_session(factor: str | None = None) -> None:
    """Give this browser another token for its session: one that was copied before opens nothing any more."""
    here = server()
    with here.database.writing() as writing:
        token = sessions.renew(writing, g.token_hash, here.now(), factor)
    g.token_hash = sessions.hashed(token)
    session["token"] = token
    if SURE in session:
        hold_sure()


def _may_go(writing: Session, person: Person, left: int) -> bool:
    """Whether something may be taken away where so much is left after it."""
    return left > 0 or not needs_one(writing, person)


def _remove_app(writing: Session, person: Person) -> Any:
    has = second_factors.factors(writing, person.id)
    if not _may_go(writing, person, has.passkeys):
        return _kept()
    second_factors.remove_app(writing, person.id)
    return _removed(writing, person, "totp")


def _remove_passkey(writing: Session, person: Person) -> Any:
    has, which = second_factors.factors(writing, person.id), request.form.get("passkey", "")
    if not _may_go(writing, person, has.passkeys - 1 + has.app):
        return _kept()
    if which.isdecimal() and len(which) < 10 and second_factors.remove_passkey(writing, person.id, int(which)):
        return _removed(writing, person, "passkey")
    return None


def _kept() -> None:
    flash(gettext("This is your only second step, and your work needs one. Add another one first."))


def _removed(writing: Session, person: Person, factor: str) -> None:
    if not second_factors.factors(writing, person.id).any:
        # Recovery codes stand in for something; without it they would be a way in of their own.
        second_factors.remove_all(writing, person.id)
    people.end_sessions(writing, person.id, server().now(), keep=g.token_hash)
    audit.note(writing, "removed a second factor", person.id, server().now(), factor=factor)
    flash(gettext("It is removed. In other browsers you have to sign in again."))


def _new_codes(writing: Session, person: Person) -> Any:
    if not second_factors.factors(writing, person.id).any:
        return None
    codes = second_factors.new_recovery_codes(writing, person.id, server().now())
    audit.note(writing, "made recovery codes", person.id, server().now())
    return render_template("second_factor/codes.html", codes=codes, next=url_for("own_factor.own"), form=None)
