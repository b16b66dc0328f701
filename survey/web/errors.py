"""Pages for what went wrong: what happened, and what to do, in plain words."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, jsonify, make_response, render_template, request, session
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException
from werkzeug.wrappers import Response

from survey.storage.database import Busy
from survey.storage.responses import Locked
from survey.web.access import BY_ITSELF, SAVING_ENDPOINTS, recognise
from survey.web.filling_in.alone_pages import device_texts, said_alone
from survey.web.filling_in.alone_words import Told
from survey.web.guests import LINK, guest
from survey.web.kept_form import KeptForm

OURS = (DataError, IntegrityError, ProgrammingError)
"""What a database says of a mistake in our code: the same request will not go better in a while."""

FOR_SCRIPTS = SAVING_ENDPOINTS | BY_ITSELF | {"sign_in.sign_in_here"}
"""What a script asks for, and shows the words of by itself."""

UNMAKEABLE = (TemplateError, RoutingException, LookupError, SQLAlchemyError, Busy)
"""What may go wrong with a page of which a part is missing: a template, an address, a word, the database."""

LAST_RESORT = (
    "<!doctype html><html lang=nl><meta charset=utf-8><title>Krachtmeting</title>"
    "<h1>Dit lukte niet</h1><p>Dit is onze fout, niet die van u. Ga terug en probeer het nog een keer.</p>"
    "<h1 lang=en>That did not work</h1><p lang=en>This is our mistake, not yours. Go back, and try once more.</p>"
)

AGAIN_AFTER = 5
"""Seconds after which one may try again while the database cannot do its work."""


def set_up(app: Flask) -> None:
    """Give every error a page."""

    @app.errorhandler(CSRFError)
    def outdated(error: CSRFError) -> Any:
        # The cookie changed since the page was made, as after signing in again in another tab. Nothing is lost:
        # a person presses the button, and the same form goes with a fresh token.
        # Whoever signed in instead does not get it: it would be saved under their name.
        recognise()
        person = g.get("person")
        if person is not None and request.endpoint == "interview.send" and request.form.get("person") == person.code:
            fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
            kept = KeptForm(person.id, request.path, fields)
            if guest() is not None:
                return said_alone("unsaved", kept=kept), 400
            return render_template("sign_in_kept.html", kept=kept), 400
        text = gettext(
            "This page was open for too long, or was opened before you signed in. "
            "Go back, load it again, and try once more."
        )
        return page(400, gettext("Please try once more"), text)

    @app.errorhandler(Locked)
    def locked(error: Locked) -> Any:
        text = gettext("A researcher locked this, so that nothing changes any more. Ask a researcher to unlock it.")
        return page(423, gettext("Not saved"), text)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Any:
        title, text = _words(error)
        return page(error.code or 500, title, text)

    @app.errorhandler(DBAPIError)
    @app.errorhandler(Busy)
    @app.errorhandler(NoConnectionLeft)
    def no_database(error: Exception) -> Any:
        # The name of the mistake only: what a database says of it may hold what somebody answered.
        what = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        app.logger.error("the database could not do this: %s", what, extra={"facts": {"error": what}})
        # Who asks was perhaps not found out, and finding it out now would fail again.
        g.setdefault("person", None)
        if isinstance(error, OURS):
            return page(500, *_words(None))
        answer = make_response(page(503, *_not_now(), kept=_to_send_again()))
        answer.headers["Retry-After"] = str(AGAIN_AFTER)
        return answer


def page(code: int, title: str, text: str, kept: KeptForm | None = None) -> tuple[str | Response, int]:
    """A page that says what happened; for a script the same words as JSON. `kept`: what a button sends once more."""
    alone = guest() is not None or (LINK in session and not session.get("token"))
    if for_script():
        return jsonify(problem=_said_to_guests() if alone else text), code
    try:
        if alone:
            return said_alone("unsaved" if kept else "went_wrong", kept=kept, onwards=True), code
        return render_template("error.html", title=title, text=text, kept=kept), code
    except UNMAKEABLE as error:
        # The page that tells of a mistake has one itself: the last thing that can be told needs nothing of ours.
        current_app.logger.error("a page could not be made", extra={"facts": {"error": type(error).__name__}})
        return LAST_RESORT, code


def for_script() -> bool:
    """Whether a script asked, which shows words by itself."""
    return request.endpoint in FOR_SCRIPTS or request.accept_mimetypes.best == "application/json"


def _said_to_guests() -> str:
    return Told(device_texts(), "participant").plain("went_wrong")


def _not_now() -> tuple[str, str]:
    """What is said while the database is away, locked, full or slow."""
    if request.method in ("GET", "HEAD"):
        return gettext("Not just now"), gettext(
            "The server cannot reach its data at this moment. Nothing is lost. Wait a minute, and load this page again."
        )
    if _to_send_again() is not None:
        return gettext("Not saved"), gettext(
            "The server could not save this just now. What you typed is kept on this page: "
            "wait a minute, and send it again."
        )
    return gettext("Not saved"), gettext(
        "The server could not save this just now. What you typed is still on your screen: go back and send it again."
    )


def _to_send_again() -> KeptForm | None:
    """The form that came, for a page that sends it again: browsers keep no copy of our pages to go back to.

    None where a password or a file is in it, and where there is no such page.
    """
    if (
        request.method != "POST"
        or request.endpoint is None
        or request.files
        or any("password" in name for name in request.form)
    ):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return KeptForm(0, request.full_path.rstrip("?"), fields) if fields else None


def _words(error: HTTPException | None) -> tuple[str, str]:
    match error.code if error is not None else 500:
        case 403:
            return gettext("Not for your role"), gettext(
                "Your work does not need this page. If it does, ask the administrator."
            )
        case 404:
            return gettext("Nothing here"), gettext("This page does not exist, or it is not yours to see.")
        case 410 | 422 if error is not None:
            return gettext("Not available"), str(error.description)
        case 429 if error is not None:
            return gettext("One moment"), str(error.description)
        case 413:
            return gettext("Too much at once"), gettext(
                "This is more than the server takes in one go. Please send less text."
            )
        case int(code) if code < 500:
            return gettext("That did not work"), gettext(
                "The server could not read this request. Go back and try once more."
            )
    return gettext("Something broke"), gettext("This is our mistake, not yours. What the page called saved is saved.")
