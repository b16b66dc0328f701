"""Setting up a second factor: what a page offers, and keeping what was chosen."""

from __future__ import annotations

import base64
import datetime
import json
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken
from flask import request
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.storage import audit, second_factors
from survey.storage.tables import Person
from survey.web.second_screen.qr import Drawing, drawing
from survey.web.server import server
from survey.web.signing_in import passkeys
from survey.web.signing_in.half import seal_of
from survey.web.signing_in.passkeys import Asked, Wrong

ISSUER = "Krachtmeting"
SECRET_LASTS = datetime.timedelta(minutes=30)
LABEL_LIMIT = 80


@dataclass(frozen=True)
class App:
    """A secret for an authenticator app: to scan, to tap on a phone, to type, and sealed as the server gets it back."""

    qr: Drawing
    address: str
    written: str
    sealed: str


@dataclass(frozen=True)
class Offer:
    """What can be set up: the app, unless the server has no key to seal with, and a passkey, or why there is none."""

    app: App | None
    passkey: Asked | None
    why_no_passkey: str


@dataclass(frozen=True)
class Added:
    """What came of it: the factor and, with the first one, the recovery codes; else what is wrong."""

    factor: str | None = None
    codes: list[str] = field(default_factory=list)
    problem: str = ""


def offer(reading: Session, person: Person, sealed: str = "") -> Offer:
    """What this person can set up here. `sealed`: the secret that stood on the page before, to go on with."""
    app = _app(person, sealed) if server().sealer.fingerprint else None
    why_not = passkeys.why_not()
    asked = None if why_not else passkeys.ask_to_make(reading, person)
    return Offer(app, asked, why_not)


def _app(person: Person, sealed: str) -> App:
    secret = _secret(person, sealed)
    if secret is None:
        secret = second_factors.new_secret()
        content = [person.id, base64.b64encode(secret).decode(), server().now().timestamp()]
        sealed = seal_of("app").encrypt(json.dumps(content).encode()).decode()
    address = second_factors.app_address(secret, person.name, ISSUER)
    return App(drawing(address), address, second_factors.written(secret), sealed)


def _secret(person: Person, sealed: str) -> bytes | None:
    """The secret that was offered to this person a short while ago; None where it was not.

    It stands nowhere but on their own page: who opens the page beside them gets another one.
    """
    try:
        person_id, secret, at = json.loads(seal_of("app").decrypt(sealed))
    except (InvalidToken, ValueError):
        return None
    passed = server().now() - datetime.datetime.fromtimestamp(at, datetime.UTC)
    return base64.b64decode(secret) if person_id == person.id and passed < SECRET_LASTS else None


def added(person: Person) -> Added:
    """Keep what the form of this request sets up, and put it on record. The first factor brings recovery codes."""
    here = server()
    now = here.now()
    with here.database.writing() as writing:
        factor, problem = _app_added(writing, person) if "sealed" in request.form else _passkey_added(writing, person)
        if factor is None:
            return Added(problem=problem)
        audit.note(writing, "set up a second factor", person.id, now, factor=factor)
        codes: list[str] = []
        if not second_factors.factors(writing, person.id).recovery_codes:
            codes = second_factors.new_recovery_codes(writing, person.id, now)
    return Added(factor, codes)


def _app_added(writing: Session, person: Person) -> tuple[str | None, str]:
    here = server()
    secret = _secret(person, request.form["sealed"])
    if secret is None or not here.sealer.fingerprint:
        return None, gettext("This page was open for too long. Put the new key below into the app, and type its code.")
    step = second_factors.step_of(secret, request.form.get("code", ""), here.now())
    if step is None:
        return None, gettext(
            "This code is not right. Look whether the app shows “Krachtmeting”, whether the clock of your phone is "
            "right, and type the six figures that stand there now."
        )
    second_factors.keep_app(writing, here.sealer, person, secret, step, here.now())
    return "totp", ""


def _passkey_added(writing: Session, person: Person) -> tuple[str | None, str]:
    label = " ".join(request.form.get("label", "").split())[:LABEL_LIMIT] or gettext("Passkey")
    challenge, answer = request.form.get("challenge", ""), request.form.get("credential", "")
    try:
        if passkeys.why_not():
            raise Wrong
        passkeys.made(writing, person, challenge, answer, label)
    except Wrong:
        return None, gettext("The passkey was not made. Please try once more, or take the app.")
    return "passkey", ""
