"""What was typed when a session had run out: kept through the sign-in page, encrypted, and given to its owner only."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app, render_template, request

from survey.forms.sign_in import SignInForm
from survey.storage import sessions
from survey.web.server import server

LONGEST_SECONDS = 12 * 3600


@dataclass(frozen=True)
class KeptForm:
    """A form that was sent too late: whose it is, where it was going, and its fields."""

    owner: int
    path: str
    fields: list[tuple[str, str]]


def _seal() -> Fernet:
    key = hashlib.sha256(b"kept form:" + str(current_app.secret_key).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def ask_to_sign_in(token: str | None) -> str:
    """The sign-in page with the sent form sealed inside. Only a session that ran out has an owner to keep it for."""
    kept = ""
    if token:
        with server().reading() as found:
            owner = sessions.owner(found, token)
        if owner is not None:
            fields = [
                (name, value)
                for name, value in request.form.items(multi=True)
                if name != "csrf_token" and "password" not in name
            ]
            content = json.dumps({"owner": owner, "path": request.path, "fields": fields})
            kept = _seal().encrypt(content.encode()).decode()
    return render_template("sign_in.html", form=SignInForm(formdata=None), next=request.path, kept=kept, ran_out=True)


def unsealed(sealed: str, person_id: int) -> KeptForm | None:
    """The form that was kept, if this person is its owner."""
    try:
        found = json.loads(_seal().decrypt(sealed.encode(), ttl=LONGEST_SECONDS))
    except InvalidToken:
        return None
    kept = KeptForm(found["owner"], found["path"], [(name, value) for name, value in found["fields"]])
    return kept if kept.owner == person_id else None
