"""A personal link, as who opens it sees it: a greeting with one button, and calm pages when there is nothing to do."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session

from survey.instruments.model import Instrument
from survey.storage import audit, consents, links
from survey.storage.links import Link
from survey.web import guests
from survey.web.filling_in.alone_pages import greeted_in, in_language, instrument_of, offered, said_alone, who
from survey.web.filling_in.alone_words import Told
from survey.web.server import server

blueprint = Blueprint("link", __name__, url_prefix="/l")


@blueprint.get("/")
def here() -> Any:
    """Where this browser's link stands: to begin or go on with, handed in, or over."""
    secret = session.get(guests.LINK, "")
    with server().reading() as reading:
        link = links.link_with(reading, secret) if secret else None
        waits = _waits(reading, link)
    return _standing(link, "", waits=waits)


@blueprint.get("/<secret>")
def greet(secret: str) -> Any:
    """Where a link leads: one button. Looking at an address, as programs that check mail do, uses nothing up."""
    with server().reading() as reading:
        link = links.link_with(reading, secret)
        waits = _waits(reading, link)
    return _standing(link, secret, waits=waits) if link is not None else _unknown()


def _waits(found: Session, link: Link | None) -> bool:
    """Whether nothing may be begun, since the participant has not agreed to take part. What was begun goes on."""
    if link is None or link.participant_id is None or link.response_id is not None:
        return False
    return consents.awaited(found, link.study_id, link.participant_id)


def _standing(link: Link | None, secret: str, *, waits: bool) -> Any:
    if link is None:
        return said_alone("link_over")
    in_language(link)
    now, instrument = server().now(), instrument_of(link)
    if link.state(now) == "done":
        return said_alone("handed_in", link, more="give_back" if link.kiosk else "")
    # What is open in this browser may go on for a while after the last day; nobody begins any more.
    may = link.opens(now) or (not secret and link.goes_on(now))
    if waits or (link.kiosk and guests.guest() is None):
        # Nobody was there for a while: it was ended while this request began, too late for what was read above. Or the
        # participant has yet to agree.
        may = False
    if not may or instrument is None:
        return said_alone("kept", link, more="give_back") if link.kiosk else said_alone("link_over", link)
    return _greeting(link, instrument, secret)


def _greeting(link: Link, instrument: Instrument, secret: str) -> str:
    language = greeted_in(link, instrument)
    texts = server().library.texts(instrument, language)
    if link.by == "coach":
        g.language = language
    known = offered(link, instrument)
    return render_template(
        "alone/greeting.html",
        texts=texts,
        told=Told(texts, who(link)),
        secret=secret,
        language=language,
        languages=known if len(known) > 1 else [],
        begun=link.opened_at is not None,
    )


def _unknown() -> Any:
    """An address that is no link, counted; the same page as for one that is over."""
    now = server().now()
    with server().database.writing() as writing:
        if links.too_many_wrong(writing, now):
            return said_alone("link_over"), 429
        links.note_wrong(writing, now)
    return said_alone("link_over")


@blueprint.post("/")
def begin() -> Any:
    """Open the questionnaire: from here on this browser holds the link, and no sign-in."""
    server_here = server()
    now = server_here.now()
    secret = request.form.get("secret") or session.get(guests.LINK, "")
    with server_here.database.writing() as writing:
        link = links.link_with(writing, secret, for_writing=True) if secret else None
        instrument = instrument_of(link) if link else None
        if link is None or instrument is None or not link.goes_on(now) or _waits(writing, link):
            return redirect(url_for("link.greet", secret=secret) if secret else url_for("link.here"))
        chosen = request.form.get("language", "")
        language = chosen if chosen in offered(link, instrument) else greeted_in(link, instrument)
        token = links.begin(writing, link, instrument, language, now)
        if link.opened_at is None:
            audit.note(writing, "opened a personal link", link.person_id, now, response=token, kiosk=link.kiosk)
        guests.sign_out(writing, now)
    guests.hold(secret, now)
    return redirect(url_for("interview.resume", token=token))


@blueprint.get("/paused")
def paused() -> Any:
    """A quiet page: everything is kept."""
    visitor = guests.guest()
    if visitor is None:
        return redirect(url_for("link.here"))
    return said_alone("kept", more="give_back" if visitor.kiosk else "", onwards=True)
