"""The form of who a participant is and how to reach them, and the one that confirms an erasing."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Optional

LIMITS = {"name": 120, "phone": 40, "phone_2": 40, "email": 254, "address": 300, "moments": 200, "remark": 500}
"""How many characters each can have. Storage has the same ones: a test holds the two together."""

PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*")
FEWEST_DIGITS = 6
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _lines(text: str | None) -> str:
    return "\n".join(line.rstrip() for line in (text or "").strip().splitlines())


def _fits(form: FlaskForm, field: Field) -> None:
    limit = LIMITS[field.short_name]
    if len(field.data) > limit:
        raise ValidationError(
            gettext("This has %(long)s characters. Write at most %(limit)s.", long=len(field.data), limit=limit)
        )
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n" for sign in field.data):
        raise ValidationError(gettext("Use letters, digits and ordinary signs only."))


def _phone(form: FlaskForm, field: Field) -> None:
    if not PHONE.fullmatch(field.data) or sum(sign.isdigit() for sign in field.data) < FEWEST_DIGITS:
        raise ValidationError(
            gettext("Write a telephone number with digits, such as 06 00 00 00 00. Other words go under the remark.")
        )


def _email(form: FlaskForm, field: Field) -> None:
    if not EMAIL.fullmatch(field.data):
        raise ValidationError(gettext("Write an e-mail address with an @ in it, such as name@example.org."))


class IdentityForm(FlaskForm):
    """What an interviewer needs to reach somebody. All of it may stay empty; nothing at all means that nothing is kept.

    `since` is the moment of what was kept when the page was made, so that nobody writes over what they did not see.
    """

    name = StringField(lazy_gettext("Name"), [Optional(), _fits], filters=[_line])
    phone = StringField(lazy_gettext("Telephone"), [Optional(), _fits, _phone], filters=[_line])
    phone_2 = StringField(lazy_gettext("Second telephone"), [Optional(), _fits, _phone], filters=[_line])
    email = StringField(lazy_gettext("E-mail"), [Optional(), _fits, _email], filters=[_line])
    address = TextAreaField(lazy_gettext("Address"), [Optional(), _fits], filters=[_lines])
    moments = StringField(lazy_gettext("Best moments to call"), [Optional(), _fits], filters=[_line])
    remark = TextAreaField(lazy_gettext("Remark about contact"), [Optional(), _fits], filters=[_lines])
    since = HiddenField()

    def values(self) -> dict[str, str]:
        """What was written, by the names of LIMITS."""
        return {name: self[name].data or "" for name in LIMITS}

    def filled(self) -> dict[str, str]:
        """Only what is not empty."""
        return {name: value for name, value in self.values().items() if value}


class ErasingForm(FlaskForm):
    """The code of who is to be erased, typed once more, and the word that it is meant."""

    code = StringField(lazy_gettext("The code, once more"), filters=[_line])
    sure = BooleanField(lazy_gettext("I know that this cannot be undone."))

    def __init__(self, expected: str, typed: Any) -> None:
        """`expected`: the code; `typed` makes a code of what somebody typed, None where it is none."""
        super().__init__()
        self._expected, self._typed = expected, typed

    def validate_code(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(gettext("Type the code %(code)s here.", code=self._expected))
        if self._typed(field.data) != self._expected:
            raise ValidationError(
                gettext("This is another code. Type %(code)s here, if it is this person.", code=self._expected)
            )

    def validate_sure(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError(gettext("Tick this if you are sure."))
