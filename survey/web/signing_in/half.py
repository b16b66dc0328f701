"""Half signed in: the password was right, and something is still to be shown or chosen. Nothing else opens meanwhile.

What is known so far travels sealed in the browser's own cookie, for a short while, and holds for one password.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import logging
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, g, request, session
from sqlalchemy.orm import Session

from survey.storage import audit, people, second_factors, sessions
from survey.storage.people import Somebody
from survey.storage.tables import Person
from survey.web.server import server

HALF = "half"
"""Where the cookie keeps it."""

LASTS = datetime.timedelta(minutes=15)
"""Long enough for putting an app on a phone."""

HALF_ENDPOINTS = frozenset({"second_factor.code", "second_factor.new_password", "second_factor.set_up"})
"""All that it opens."""

_security = logging.getLogger("krachtmeting.security")


def tell(event: str, **facts: str) -> None:
    """Write down for who runs the server what happened at the door: no name, no code, and nothing that was typed."""
    _security.info(event, extra={"facts": {"event": event, "request": g.get("request_number"), **facts}})


@dataclass(frozen=True)
class Half:
    """Who gave the right password, and what they showed besides it; None for nothing yet."""

    person: Person
    factor: str | None


def seal_of(what: str) -> Fernet:
    """What seals something for a short while under the server's secret key; `what` keeps sorts of things apart."""
    key = hashlib.sha256(f"{what}:{current_app.secret_key!s}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _mark(person: Person) -> str:
    """Which password it is: another one ends what was begun with this one."""
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:16]


def hold(person: Person, factor: str | None = None) -> None:
    """Let this browser be half signed in, and nothing else."""
    _clear()
    content = [person.id, factor, _mark(person), int(server().now().timestamp())]
    session[HALF] = seal_of("half signed in").encrypt(json.dumps(content).encode()).decode()


def held(reading: Session) -> Half | None:
    """Who is half signed in in this browser, while that lasts and the account and the password are the same."""
    try:
        content = json.loads(seal_of("half signed in").decrypt(session.get(HALF, "")))
    except InvalidToken:
        return None
    person_id, factor, mark, at = content
    passed = server().now() - datetime.datetime.fromtimestamp(at, datetime.UTC)
    person = people.person_by_id(reading, person_id)
    if person is None or person.closed_at is not None or passed >= LASTS or _mark(person) != mark:
        return None
    return Half(person, factor)


def needs_one(reading: Session, person: Person) -> bool:
    """Whether this person must have a second factor on this server."""
    if not server().settings.second_factor:
        return False
    return second_factors.needed(Somebody(
        person.id, person.name, person.code, person.language, person.admin, people.scopes(reading, person.id)
    ))  # fmt: skip


def next_step(reading: Session, half: Half) -> str | None:
    """The endpoint where somebody who is half signed in goes on; None where nothing is left to do."""
    if half.factor is None and second_factors.factors(reading, half.person.id).any:
        return "second_factor.code"
    if half.person.initial_until is not None:
        return "second_factor.new_password"
    if half.factor is None and needs_one(reading, half.person):
        return "second_factor.set_up"
    return None


def let_in(writing: Session, half: Half) -> str:
    """The token of a new session; `hold_session` gives it to the browser once it is kept."""
    now = server().now()
    token = sessions.start_session(writing, half.person.id, now, request.user_agent.string, half.factor)
    details = {"factor": half.factor} if half.factor else {}
    audit.note(writing, "signed in", half.person.id, now, **details)
    tell("signed_in", factor=half.factor or "password")
    return token


def hold_session(token: str) -> None:
    """Give this browser a session, and a fresh cookie: nothing that was set before stays."""
    _clear()
    session["token"] = token
    session.permanent = False


def _clear() -> None:
    session.clear()
    # A token for forms that was made earlier in this request belonged to the cookie that is gone.
    g.pop("csrf_token", None)


def address_hash() -> str | None:
    """The network address of this request as it is counted, under the secret key; None where it is not counted.

    Of IPv6 the network of 64 bits counts: a household has that many addresses. Without a declared proxy what comes
    from this machine itself is not counted: it may be a proxy that passes on everybody.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return None
    if address.is_loopback and not server().settings.proxies:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        address = mapped or ipaddress.IPv6Network((address, 64), strict=False).network_address
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"address:{address}".encode(), hashlib.sha256).hexdigest()


def counted_as(person: Person) -> str:
    """Under which name wrong codes of a person are counted: one that nobody can type at the sign-in."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"second factor:{person.code}".encode(), hashlib.sha256).hexdigest()
