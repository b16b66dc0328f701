"""Signing in through an organisation's own sign-in: OpenID Connect, the authorization code with PKCE, state and nonce.

Nobody gets an account by it: a person links their own while signed in, or an admin writes down who they are there.
Authlib comes with the extra [oidc], and a server runs without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.storage import audit, organisations
from survey.storage.organisations import Taken
from survey.web.access import me
from survey.web.guests import guest
from survey.web.server import server
from survey.web.sign_in import local_path, onwards
from survey.web.signing_in.half import Half, tell
from survey.web.signing_in.own_factor import ask_again
from survey.web.signing_in.passkeys import origin

try:
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.flask_client import OAuth
    from joserfc.errors import JoseError
    from requests import RequestException
except ModuleNotFoundError:
    OAuth = None  # type: ignore[assignment,misc]
    AuthlibBaseError = JoseError = RequestException = ValueError  # type: ignore[assignment,misc]

blueprint = Blueprint("oidc", __name__)

PURPOSE = "oidc_for"
"""Where the cookie keeps what somebody went to the organisation for: where to go then, or to link whose account."""

ANSWERS_WITHIN = 10
"""Seconds that the organisation's server may take."""

REFUSED = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError, RuntimeError)
"""What is raised for an answer that is not what was asked for, that somebody else signed, or that does not come."""


def set_up(app: Flask) -> None:
    """Let the sign-in page know whether to offer it."""
    app.context_processor(lambda: {"oidc_offered": offered})


@dataclass(frozen=True)
class Standing:
    """Whether the organisation's sign-in can be used here, and as whom a person is known there; None for nobody."""

    name: str
    subject: str | None


def offered() -> bool:
    """Whether people can sign in through their organisation."""
    return OAuth is not None and bool(server().settings.oidc_issuer)


def standing(reading: Session, person_id: int) -> Standing | None:
    """How a person stands with the organisation's sign-in; None where there is none."""
    if not offered():
        return None
    issuer = server().settings.oidc_issuer
    return Standing(urlsplit(issuer).hostname or issuer, organisations.subject_of(reading, issuer, person_id))


def _client() -> Any:
    """What talks to the organisation, made once; it looks up there where to send people to."""
    if "krachtmeting_oidc" not in current_app.extensions:
        chosen = server().settings
        oauth = OAuth(current_app)
        current_app.extensions["krachtmeting_oidc"] = oauth.register(
            "organisation",
            client_id=chosen.oidc_client_id,
            client_secret=chosen.oidc_client_secret,
            server_metadata_url=f"{chosen.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": ANSWERS_WITHIN},
        )
    return current_app.extensions["krachtmeting_oidc"]


def _address(purpose: dict[str, Any]) -> str:
    """The address at the organisation to go to. Raises REFUSED."""
    back = origin() + url_for("oidc.back")
    # The answer is believed only about this very issuer, so that its own description must name it.
    metadata = _client().load_server_metadata()
    if metadata.get("issuer") != server().settings.oidc_issuer:
        raise ValueError("another issuer")
    made = _client().create_authorization_url(back)
    _client().save_authorize_data(redirect_uri=back, **made)
    session[PURPOSE] = purpose
    return str(made["url"])


@blueprint.get("/sign-in/organisation")
def start() -> Any:
    """Go to the organisation's sign-in."""
    wished = local_path(request.args.get("next", ""))
    if not offered() or (g.person and not guest()):
        return redirect(url_for("sign_in.sign_in", next=wished))
    try:
        return redirect(_address({"next": wished}))
    except REFUSED as error:
        return _refused(error)


def _refused(error: BaseException) -> Any:
    # What it was stands in the log, by its kind only: what the other side wrote may hold anything.
    tell("oidc_refused", what=type(error).__name__)
    text = gettext(
        "The sign-in of your organisation gave no answer that can be trusted. Please try once more. "
        "If it stays so, sign in with your name and password, and tell who runs this server."
    )
    return render_template("second_factor/organisation.html", title=gettext("Not signed in"), text=text), 422


@blueprint.get("/sign-in/organisation/back")
def back() -> Any:
    """What the organisation answers: who it is, if all of it is as it must be."""
    purpose = session.pop(PURPOSE, None)
    if not offered() or purpose is None:
        return redirect(url_for("sign_in.sign_in"))
    try:
        claims = _claims()
    except REFUSED as error:
        return _refused(error)
    if "link" in purpose:
        return _link(purpose["link"], claims["sub"])
    return _come_in(purpose["next"], claims)


def _claims() -> dict[str, Any]:
    """What the organisation says of who signed in there: its issuer, signature, audience, time and nonce are right."""
    claims = _client().authorize_access_token().get("userinfo")
    issuer, client_id = server().settings.oidc_issuer, server().settings.oidc_client_id
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims["iss"] != issuer or client_id not in audience or not isinstance(claims["sub"], str):
        raise ValueError("not for this server")
    return dict(claims)


def _come_in(wished: str, claims: dict[str, Any]) -> Any:
    here = server()
    with here.database.reading() as reading:
        person = organisations.person_of(reading, here.settings.oidc_issuer, claims["sub"])
    if person is None:
        tell("sign_in_failed", what="organisation")
        text = gettext(
            "Your organisation knows you, but nobody here is linked to you yet. Sign in with your name and password, "
            "and link your account under your name at the top of the page. Or give an admin this identifier:"
        )
        page = render_template(
            "second_factor/organisation.html", title=gettext("Not linked yet"), text=text, subject=claims["sub"]
        )
        return page, 422
    return onwards(Half(person, "oidc" if _showed_two(claims) else None), wished, "")


def _showed_two(claims: dict[str, Any]) -> bool:
    """Whether the organisation says that it asked for a second factor itself (RFC 8176, or its own `acr`)."""
    amr, acr = claims.get("amr"), server().settings.oidc_acr
    return (isinstance(amr, list) and "mfa" in amr) or bool(acr and claims.get("acr") == acr)


@blueprint.post("/account/organisation")
def change() -> Any:
    """Link one's own account to the organisation's sign-in, or take the link away."""
    if not offered():
        abort(404)
    unsure = ask_again()
    if unsure:
        return unsure
    if request.form.get("do") == "unlink":
        return _unlink()
    try:
        address = _address({"link": g.token_hash})
    except REFUSED as error:
        return _refused(error)
    # A form of ours leads to no other server, so that a link does.
    text = gettext("You now go to the sign-in of your organisation, and come back here.")
    title = gettext("Link your account")
    return render_template("second_factor/organisation.html", title=title, text=text, address=address)


def _link(token_hash: str, subject: str) -> Any:
    here = server()
    if g.person is None or guest() or g.token_hash != token_hash:
        return redirect(url_for("sign_in.sign_in"))
    try:
        with here.database.writing() as writing:
            organisations.link(writing, here.settings.oidc_issuer, subject, me().id or 0, here.now())
            audit.note(writing, "linked a sign-in", me().id, here.now())
        flash(gettext("Your account is linked. From now on you can sign in through your organisation."))
    except Taken:
        flash(gettext("Somebody else's account is linked to this already. Ask an admin."))
    return redirect(url_for("account.account"))


def _unlink() -> Any:
    here = server()
    with here.database.writing() as writing:
        if organisations.unlink(writing, here.settings.oidc_issuer, me().id or 0):
            audit.note(writing, "unlinked a sign-in", me().id, here.now())
    flash(gettext("Your account is no longer linked to your organisation."))
    return redirect(url_for("account.account"))
