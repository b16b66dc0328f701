"""An authenticator app, as somebody holds it in the hand."""

from __future__ import annotations

import base64
from typing import Any

from seeing import seen

from survey.storage import second_factors

SECRET = b"12345678901234567890"


def code_now(clock: Any, secret: bytes = SECRET) -> str:
    return second_factors._totp(secret).generate(int(clock.now.timestamp())).decode()


def secret_on(page: Any) -> bytes:
    """The secret that a page shows for typing it into an app."""
    return next(
        secret
        for written in seen(page, "//p[@class='secret']")
        for secret in [base64.b32decode(written.replace(" ", ""))]
    )
