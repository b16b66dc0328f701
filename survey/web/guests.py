"""Who fills in alone: a browser that opened a personal link, or a device that was handed over; no account."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from flask import g, request, session
from sqlalchemy.orm import Session

from survey.storage import audit, links, sessions
from survey.storage.links import Link
from survey.storage.people import Somebody
from survey.storage.sessions import SEEN_EVERY
from survey.web.server import server

LINK = "link"
"""Where the cookie of this browser keeps the secret of its link. It never has a sign-in beside it."""

SEEN = "seen"
"""Where it keeps when somebody was last there, in seconds, for a device at hand."""

LINK_ENDPOINTS = frozenset(f"link.{name}" for name in ("here", "greet", "begin", "paused"))
"""The calm pages around a questionnaire; they need no link to be looked at."""

GUEST_ENDPOINTS = frozenset(
    {
        "interview.resume",
        "interview.page",
        "interview.send",
        "interview.paused",
        "interview.end",
        "interview.submit",
        "saving.save",
        "saving.hand_in",
        "saving.journal_key",
        "offline.bundle",
        "sound.sound",
        "accessibility.statement",
    }
)
"""All that a link opens, for its one response. Everything else is as if it were not there."""

AFTERWARDS = frozenset({"saving.save", "saving.hand_in", "sign_in.session_state"})
"""What it still opens once that was handed in, to tell a browser that did not hear so: nothing changes any more."""


@dataclass(frozen=True)
class Guest:
    """Somebody who fills in alone, by which link."""

    link: Link

    @property
    def kiosk(self) -> bool:
        """Whether it is on a device that was handed over."""
        return self.link.kiosk

    @property
    def over(self) -> bool:
        """Whether the questionnaire was handed in."""
        return bool(self.link.done_at or self.link.task_done_at)

    def somebody(self) -> Somebody:
        """The guest as a person without any role; a coach by their own number, a participant with none."""
        # Not a code that stands anywhere else: it only tells one open page from another's.
        mark = self.link.token_hash[:16]
        return Somebody(self.link.person_id, "", mark, self.link.language, False)


def recognise_guest(*, by_itself: bool) -> Guest | None:
    """The guest whose link this browser holds, while it opens something. `by_itself`: no sign of life of anybody."""
    secret = session.get(LINK)
    if not secret or session.get("token"):
        return None
    here = server()
    now = here.now()
    with here.reading() as reading:
        link = links.link_with(reading, secret)
    if link is None or not (link.goes_on(now) or (link.state(now) == "done" and request.endpoint in AFTERWARDS)):
        return None
    if link.kiosk and not _still_there(link, now, by_itself=by_itself):
        return None
    return Guest(link)


def _still_there(link: Link, now: datetime.datetime, *, by_itself: bool) -> bool:
    """Whether somebody sat at the device lately. If not, its link is over: the next one there sees nothing of it."""
    here = server()
    seen = datetime.datetime.fromtimestamp(session.get(SEEN, 0), datetime.UTC)
    if now - seen >= here.settings.idle:
        with here.database.writing() as writing:
            links.end(writing, link, now)
        return False
    if now - seen > SEEN_EVERY and not by_itself:
        session[SEEN] = int(now.timestamp())
    return True


def guest() -> Guest | None:
    """Who fills in alone in this request, if somebody does."""
    found: Guest | None = g.get("guest")
    return found


def sign_out(writing: Session, now: datetime.datetime) -> None:
    """End the sign-in of this browser, if there is one: a link takes its place."""
    token = session.get("token")
    owner = sessions.owner(writing, token) if token else None
    if token and owner is not None:
        sessions.revoke(writing, sessions.hashed(token), now)
        audit.note(writing, "signed out", owner, now)


def hold(secret: str, now: datetime.datetime) -> None:
    """Let this browser hold a link, and nothing else: whoever was signed in here is not any more.

    Who opens the same link again keeps what they had, so that a page in another tab still goes.
    """
    if session.get(LINK) != secret:
        session.clear()
        g.pop("csrf_token", None)
        session[LINK] = secret
    session[SEEN] = int(now.timestamp())
    session.permanent = False


def refused_as_guest() -> bool:
    """Whether a guest asked for something that no link opens."""
    return guest() is not None and request.endpoint is not None and request.endpoint not in GUEST_ENDPOINTS
