"""One's own account: language, password, and the browsers in which one is signed in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_timedelta, gettext, lazy_gettext
from sqlalchemy.orm import Session

from survey.forms.messages import locked_out
from survey.forms.people import LanguageForm, PasswordForm
from survey.storage import audit, people, second_factors, sessions
from survey.storage.tables import Person
from survey.web import sign_in
from survey.web.access import me
from survey.web.server import server
from survey.web.signing_in import oidc
from survey.web.signing_in.half import address_hash, needs_one
from survey.web.signing_in.own_factor import ask_again, hold_sure, renew_session
from survey.web.signing_in.steps import judged

blueprint = Blueprint("account", __name__, url_prefix="/account")

OTHERS = "others"

BROWSERS = ("Firefox", "Edg", "OPR", "SamsungBrowser", "Chrome", "Safari")
"""What browsers call themselves, in the order of asking: each one further on is also named by those before it."""

SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "CrOS", "Linux")

WORDS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Mac OS": "macOS", "CrOS": "ChromeOS"}

FACTOR_WORDS = {
    "totp": lazy_gettext("with the app"),
    "passkey": lazy_gettext("with a passkey"),
    "recovery": lazy_gettext("with a recovery code"),
    "oidc": lazy_gettext("through the organisation"),
}
"""What was shown besides the password."""


@dataclass(frozen=True)
class SignedIn:
    """A browser in which somebody is signed in, in words. `here`: the one that is asking. `shown`: what was shown there
    besides the password, "" for nothing."""

    key: str
    device: str
    since: str
    seen: str
    here: bool
    shown: str = ""


def signed_in(session: Session, person_id: int) -> list[SignedIn]:
    """The browsers in which a person is signed in, the last seen first."""
    now = server().now()
    live = sessions.sessions_of(session, person_id, now, server().settings.idle)
    return [
        SignedIn(
            one.token_hash,
            device(one.agent),
            ago(one.made_at, now),
            ago(one.seen_at, now),
            one.token_hash == g.token_hash,
            str(FACTOR_WORDS.get(one.factor or "", "")),
        )
        for one in live
    ]


def device(agent: str) -> str:
    """A browser and its system as people call them, such as "Firefox, Windows"."""
    browser = next((name for name in BROWSERS if name in agent), None)
    system = next((name for name in SYSTEMS if name in agent), None)
    known = [WORDS.get(name, name) for name in (browser, system) if name]
    return ", ".join(known) or gettext("unknown browser")


def ago(moment: datetime.datetime, now: datetime.datetime) -> str:
    """How long ago, in words."""
    passed = now - moment
    if passed < datetime.timedelta(minutes=1):
        return gettext("just now")
    return str(format_timedelta(-passed, granularity="minute", add_direction=True))


@blueprint.get("/")
def account() -> Any:
    """All about one's own account."""
    return _page(PasswordForm(formdata=None))


def _page(form: PasswordForm) -> str:
    with server().reading() as reading:
        browsers, person = signed_in(reading, me().id), reading.get_one(Person, me().id)
        return render_template(
            "account/account.html",
            form=form,
            languages=LanguageForm(formdata=None, obj=me()),
            browsers=browsers,
            factors=second_factors.factors(reading, person.id),
            needed=needs_one(reading, person),
            organisation=oidc.standing(reading, person.id),
        )


@blueprint.post("/language")
def language() -> Any:
    """See the pages in another language, and go back to where one was."""
    form = LanguageForm()
    if not form.validate():
        abort(400)
    with server().database.writing() as writing:
        people.set_language(writing, me().id, form.language.data)
    return redirect(sign_in.local_path(request.form.get("next") or url_for("account.account")))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> Any:
    """A new password. This browser stays signed in, all others do not."""
    if request.method == "GET":
        return redirect(url_for("account.account"))
    here = server()
    with here.reading() as reading:
        form = judged(PasswordForm(), reading.get_one(Person, me().id))
    if not form.validate() or not _old_one_is_right(form):
        return _page(form), 422
    with here.database.writing() as writing:
        people.set_password(writing, me().id, form.new_password.data or "", here.now(), keep=g.token_hash)
        sessions.forget_failures(writing, me().name)
        audit.note(writing, "changed own password", me().id, here.now())
    renew_session()
    hold_sure()
    flash(gettext("Your password has changed. In other browsers you have to sign in again."))
    return redirect(url_for("account.account"))


def _old_one_is_right(form: PasswordForm) -> bool:
    """A wrong one counts as a failed sign-in: an open screen gives no more guesses than the sign-in page."""
    here = server()
    now = here.now()
    with here.reading() as reading:
        locked = sessions.locked_until(reading, me().name, now)
        if not locked and people.has_password(reading, me().id, form.old_password.data or ""):
            return True
    if locked:
        problem = locked_out(locked - now)
    else:
        problem = gettext("This is not the password you have now. Please try again.")
        with here.database.writing() as writing:
            sessions.note_failure(writing, me().name, now, address_hash())
    form.old_password.errors = [problem]
    return False


@blueprint.post("/sessions")
def end_sessions() -> Any:
    """Sign out in one other browser, or in all others. What has ended already stays ended."""
    unsure = ask_again()
    if unsure:
        return unsure
    which, here = request.form.get("session", ""), server()
    with here.database.writing() as writing:
        if which == OTHERS:
            people.end_sessions(writing, me().id, here.now(), keep=g.token_hash)
            audit.note(writing, "ended own other sessions", me().id, here.now())
        elif sessions.revoke_of(writing, me().id, which, here.now()):
            audit.note(writing, "ended an own session", me().id, here.now())
    flash(gettext("You are signed out there."))
    return redirect(url_for("account.account"))
