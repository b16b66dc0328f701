"""Pages for what went wrong: what happened, and what to do, in plain words."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from survey.storage.responses import Locked
from survey.web.access import recognise
from survey.web.filling_in.alone_pages import said_alone
from survey.web.guests import guest
from survey.web.kept_form import KeptForm


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
    def no_database(error: DBAPIError) -> Any:
        app.logger.error("the database could not do this: %s", type(error.orig).__name__)
        text = gettext(
            "The server could not save this just now. What you typed is still on your screen: "
            "go back and send it again."
        )
        return page(503, gettext("Not saved"), text)


def page(code: int, title: str, text: str) -> tuple[str, int]:
    """A page that says what happened."""
    if guest() is not None:
        return said_alone("went_wrong", onwards=True), code
    return render_template("error.html", title=title, text=text), code


def _words(error: HTTPException) -> tuple[str, str]:
    match error.code:
        case 403:
            return gettext("Not for your role"), gettext(
                "Your work does not need this page. If it does, ask the administrator."
            )
        case 404:
            return gettext("Nothing here"), gettext("This page does not exist, or it is not yours to see.")
        case 410 | 422:
            return gettext("Not available"), str(error.description)
        case 413:
            return gettext("Too much at once"), gettext(
                "This is more than the server takes in one go. Please send less text."
            )
        case _ if error.code is not None and error.code < 500:
            return gettext("That did not work"), gettext(
                "The server could not read this request. Go back and try once more."
            )
    return gettext("Something broke"), gettext("This is our mistake, not yours. What the page called saved is saved.")
