"""Who is asking, and what they may see: sessions, roles, and the responses within reach of a role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, abort, g, redirect, request, session, url_for
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from survey.storage import participants, responses, second_factors, sessions, studies
from survey.storage.database import Busy
from survey.storage.people import Somebody
from survey.storage.record import Record
from survey.storage.scopes import covers
from survey.storage.tables import Participant, Study
from survey.web import kept_form
from survey.web.guests import GUEST_ENDPOINTS, LINK, LINK_ENDPOINTS, guest, recognise_guest, refused_as_guest
from survey.web.server import server
from survey.web.signing_in.half import HALF, HALF_ENDPOINTS

Params = ParamSpec("Params")
Answer = TypeVar("Answer")

SCREEN_ENDPOINTS = frozenset(
    f"screen.{name}" for name in ("join", "linked", "joined", "shell", "now", "tap", "played", "sound_on_screen")
)
"""What a participant's screen asks for, known by a cookie of its own: it is nobody's, whoever signed in there."""

PROBES = frozenset({"health.alive", "health.ready"})
"""What looks after the server asks for: it is nobody, and must be answered also when the database is away."""

OPEN_ENDPOINTS = SCREEN_ENDPOINTS | LINK_ENDPOINTS | {
    "static", "accessibility.statement", "sign_in.sign_in", "sign_in.sign_in_here", "sign_in.session_state",
    "oidc.start", "oidc.back", *PROBES,
    "offline.service_worker", "offline.calm",
}  # fmt: skip
"""What can be asked for without being signed in."""

SAVING_ENDPOINTS = frozenset(
    {
        "saving.save",
        "saving.hand_in",
        "saving.journal_key",
        "sign_in.extend",
        "screen_tools.show",
        "show_card.opened",
        "show_card.played",
    }
)
"""What a script asks for: it gets a code instead of a sign-in page."""

BY_ITSELF = frozenset({"sign_in.session_state", "screen_tools.state"})
"""What a page asks again and again without anybody doing anything."""


def set_up(app: Flask) -> None:
    """Find out on every request who asks, and let nobody past without a session."""

    @app.before_request
    def find_person() -> BaseResponse | str | tuple[str, int] | None:
        g.person = None
        if request.endpoint == "static" or request.endpoint in SCREEN_ENDPOINTS | PROBES:
            return None
        token = session.get("token")
        recognise()
        if request.endpoint in OPEN_ENDPOINTS or request.endpoint is None:
            return None
        if refused_as_guest():
            abort(404)
        if g.person is not None or (request.endpoint in HALF_ENDPOINTS and HALF in session):
            return None
        if request.endpoint in SAVING_ENDPOINTS:
            return "{}", 401
        if LINK in session and request.endpoint in GUEST_ENDPOINTS:
            # The link is over: the calm page says so, and what to do.
            return redirect(url_for("link.here"))
        if request.method == "POST":
            # What was typed comes back after signing in again.
            return kept_form.ask_to_sign_in(token), 401
        return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")))

    @app.context_processor
    def who() -> dict[str, Any]:
        # A guest has no account to go to, and nothing to sign out from.
        return {"person": None if guest() else g.get("person"), "languages": ("nl", "en")}


def recognise() -> None:
    """Find the person of this request's session, or who fills in alone by the link that it holds."""
    token = session.get("token")
    if not token:
        visitor = recognise_guest(by_itself=request.endpoint in BY_ITSELF)
        if visitor is not None:
            g.guest, g.person, g.language = visitor, visitor.somebody(), visitor.link.language
        return
    here = server()
    now = here.now()
    with here.reading() as found:
        live = sessions.live_session(found, token, now, here.settings.idle)
    if live is None:
        return
    # Who got a role that needs a second factor signs in anew, and is led to it there.
    if live.factor is None and here.settings.second_factor and second_factors.needed(live.person):
        return
    g.person, g.language, g.token_hash = live.person, live.person.language, live.token_hash
    # Only what a person does counts as a sign of life, not what a page asks by itself.
    if now - live.seen_at > sessions.SEEN_EVERY and request.endpoint not in BY_ITSELF:
        # Where nothing can be written, as on a full disk, one can still look.
        with suppress(DBAPIError, Busy), here.database.writing() as writing:
            sessions.seen(writing, live.token_hash, now)


def me() -> Somebody:
    """The person who is asking. Only for views behind the sign-in."""
    person: Somebody = g.person
    return person


def admins_only(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Refuse everyone but admins."""

    @wraps(view)
    def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        if not me().admin:
            abort(403)
        return view(*args, **kwargs)

    return guarded


def roles_in(study_id: int) -> frozenset[str]:
    """The roles of the person who is asking in a study."""
    return me().roles.get(study_id, frozenset())


def study_for(found: Session, slug: str, *needed: str) -> Study:
    """The study of this short name, where the asking person has one of these roles. Else 404, as if it were not."""
    study = studies.study_with(found, slug)
    if study is None or not roles_in(study.id) & set(needed):
        abort(404)
    return study


def participant_for(found: Session, study: Study, code: str, *needed: str) -> Participant:
    """The participant of this code, within the teams where the asking person has one of these roles. Else 404."""
    participant = participants.participant_with(found, study.id, code)
    if participant is None or not within(study.id, participant.team_id, *needed):
        abort(404)
    return participant


def within(study_id: int, team_id: int | None, *needed: str) -> bool:
    """Whether a team is one in which the asking person has one of these roles. No team: only the whole study is."""
    return covers(me().scope(study_id, *needed), team_id)


def may_fill_in(record: Record) -> bool:
    """Whether the asking person may fill this response in.

    Interviewers fill in for the participants of their teams, and for professionals whom they interview; coaches and
    observers fill in their own. What a participant fills in alone is theirs. A link opens its one response.
    """
    visitor = guest()
    if visitor is not None:
        return record.id == visitor.link.response_id and (record.submitted_at is not None or not visitor.over)
    if record.participant_id is not None:
        return record.mode == "signed_in" and within(record.study_id, record.team_id, "interviewer")
    instrument = server().library.instrument(record.instrument, record.instrument_version)
    if instrument.role == "interviewer":
        return within(record.study_id, record.team_id, "interviewer")
    return record.person_id == me().id and instrument.role in roles_in(record.study_id)


def response_to_fill_in(found: Session, token: str, *, for_writing: bool = False) -> Record:
    """The response of this token, for who may fill it in. Else 404."""
    record = responses.response(found, token, for_writing=for_writing)
    if record is None or not may_fill_in(record):
        abort(404)
    return record
