"""A password that is shown once: on the very next page of the admin who made it, and never again."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, session

WITHIN_SECONDS = 600


def _seal() -> Fernet:
    key = hashlib.sha256(b"told once:" + str(current_app.secret_key).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def tell_once(person_id: int, password: str, under: str = "told") -> None:
    """Keep a password for the next page about this person, encrypted in the admin's own cookie.

    So the page can be loaded again without making another password, and no table ever holds this one. `under`
    keeps secrets of other sorts apart, as that of a link.
    """
    session[under] = _seal().encrypt(f"{person_id} {password}".encode()).decode()


def told(person_id: int, under: str = "told") -> str | None:
    """The password to show on this page, if there is one; it is gone after asking."""
    try:
        owner, password = _seal().decrypt(session.pop(under, ""), ttl=WITHIN_SECONDS).decode().split(" ")
    except InvalidToken:
        return None
    return password if int(owner) == person_id else None
