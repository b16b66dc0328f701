"""Passkeys (WebAuthn level 2): what the browser is asked, and whether what it answers is right.

The package webauthn comes with the extra [webauthn], and a server runs without it.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from flask import request
from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.storage import second_factors
from survey.storage.tables import Person
from survey.web.server import server
from survey.web.signing_in.half import seal_of

try:
    import webauthn
    from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )
except ModuleNotFoundError:
    webauthn = None  # type: ignore[assignment]
    WebAuthnException = ValueError  # type: ignore[assignment,misc]

CHALLENGE_BYTES = 32
ANSWER_WITHIN = datetime.timedelta(minutes=5)


MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError)
"""What the package raises for an answer that is wrong, or that no browser would give."""


class Wrong(Exception):
    """What the browser answered is not what a passkey of this person would."""


@dataclass(frozen=True)
class Asked:
    """What a page asks of the browser: the options as JSON, and the challenge as the server gets it back, sealed."""

    options: str
    challenge: str


def why_not() -> str:
    """Why passkeys are not offered, in words; "" where they are."""
    if webauthn is None:
        return gettext("Passkeys are not installed on this server. Who runs it can add them.")
    parts = urlsplit(origin())
    try:
        ipaddress.ip_address(parts.hostname or "")
        return gettext("Passkeys work only where the server is reached by a name.")
    except ValueError:
        pass
    if parts.scheme != "https" and parts.hostname != "localhost":
        return gettext("Passkeys work only where the server is reached through https.")
    return ""


def origin() -> str:
    """Where people reach this server, as browsers write it: scheme, host and port."""
    settings = server().settings
    parts = urlsplit(settings.public_url or request.url_root)
    scheme = "https" if settings.secure else parts.scheme
    return f"{scheme}://{parts.netloc}"


def _host() -> str:
    return urlsplit(origin()).hostname or ""


def ask_to_make(reading: Session, person: Person) -> Asked:
    """What to ask of the browser so that it makes a passkey for this person, on a device that has none of theirs."""
    challenge, sealed = _challenge(person, "make")
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name="Krachtmeting",
        user_id=f"krachtmeting/{person.code}".encode(),
        user_name=person.name,
        challenge=challenge,
        exclude_credentials=_known(reading, person),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    return Asked(webauthn.options_to_json(options), sealed)


def ask_to_show(reading: Session, person: Person) -> Asked:
    """What to ask of the browser so that it shows one of the person's passkeys."""
    challenge, sealed = _challenge(person, "show")
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=challenge,
        allow_credentials=_known(reading, person),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(webauthn.options_to_json(options), sealed)


def _known(reading: Session, person: Person) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential))
        for one in second_factors.passkeys(reading, person.id)
    ]


def _challenge(person: Person, what: str) -> tuple[bytes, str]:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    content = [person.id, what, challenge.hex(), server().now().timestamp()]
    return challenge, seal_of("passkey").encrypt(json.dumps(content).encode()).decode()


def _asked(person: Person, what: str, sealed: str) -> tuple[bytes, datetime.datetime]:
    """The challenge that was sealed for this person, and when it was asked. Raises Wrong."""
    try:
        person_id, for_what, challenge, at = json.loads(seal_of("passkey").decrypt(sealed))
    except (InvalidToken, ValueError):
        raise Wrong from None
    asked_at = datetime.datetime.fromtimestamp(at, datetime.UTC)
    if (person_id, for_what) != (person.id, what) or server().now() - asked_at >= ANSWER_WITHIN:
        raise Wrong
    return bytes.fromhex(challenge), asked_at


def made(writing: Session, person: Person, sealed: str, answer: str, label: str) -> None:
    """Keep the passkey that the browser made. Raises Wrong."""
    challenge, _ = _asked(person, "make", sealed)
    try:
        found = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=origin()
        )
    except MALFORMED:
        raise Wrong from None
    credential = bytes_to_base64url(found.credential_id)
    # The id is the key's own: a second row of it, also of somebody else, is no new passkey.
    if len(credential) > 1400 or second_factors.passkey_known(writing, credential):
        raise Wrong
    second_factors.add_passkey(
        writing, person.id, credential, found.credential_public_key, found.sign_count, label, server().now()
    )


def shown(writing: Session, person: Person, sealed: str, answer: str) -> None:
    """Note that a passkey of this person was shown. Raises Wrong."""
    challenge, asked_at = _asked(person, "show", sealed)
    try:
        parsed = webauthn.helpers.parse_authentication_credential_json(answer)
        passkey = second_factors.passkey_with(writing, person.id, bytes_to_base64url(parsed.raw_id))
        if passkey is None:
            raise Wrong
        found = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except MALFORMED:
        raise Wrong from None
    if not second_factors.use_passkey(writing, passkey, found.new_sign_count, asked_at, server().now()):
        raise Wrong
