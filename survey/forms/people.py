"""The forms of admins, and of people about their own account, with the wording of what can go wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import StopValidation

LANGUAGES = ("nl", "en")

NAME_LIMIT, TITLE_LIMIT, WAVE_TITLE_LIMIT = 80, 200, 100
PASSWORD_LENGTH, PASSWORD_LIMIT = 12, 200
SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
WAVE_CODE = re.compile(r"[a-z][a-z0-9]{0,2}")
# Storage has the same rules and knows nothing of forms: a test holds the two together.

ROLE_WORDS = {
    "interviewer": lazy_gettext("interviewer"),
    "coach": lazy_gettext("coach"),
    "observer": lazy_gettext("observer"),
    "team_leader": lazy_gettext("team leader"),
    "researcher": lazy_gettext("researcher"),
    "translator": lazy_gettext("translator"),
}


def time_zones() -> frozenset[str]:
    """The zones to choose from: places and UTC, without the machine's own zone and old abbreviations."""
    return frozenset(zone for zone in available_timezones() if "/" in zone) | {"UTC"}


class Filled:
    """Something is filled in. Other than WTForms' own, it says what."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, words: Any) -> None:
        self.words = words

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not (field.data or "").strip():
            raise StopValidation(str(self.words))


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


class PersonForm(FlaskForm):
    """A new person. The password is not typed but made."""

    name = StringField(lazy_gettext("Name to sign in with"), [Filled(lazy_gettext("Write a name."))], filters=[_tidy])
    language = RadioField(lazy_gettext("Language"), choices=LANGUAGES, default="nl")
    admin = BooleanField(lazy_gettext("Is an admin"))

    def validate_name(self, field: StringField) -> None:
        if len(field.data) > NAME_LIMIT:
            raise ValidationError(gettext("Choose a name of at most %(limit)s characters.", limit=NAME_LIMIT))
        if any(unicodedata.category(sign).startswith("C") for sign in field.data):
            raise ValidationError(gettext("Use letters, digits and ordinary signs only."))


class RightsForm(FlaskForm):
    """What a person may do, and in which language they see the pages."""

    language = RadioField(lazy_gettext("Language"), choices=LANGUAGES)
    admin = BooleanField(lazy_gettext("Is an admin"))
    roles = SelectMultipleField(lazy_gettext("Roles"))

    def offer(self, study_ids: Iterable[int]) -> None:
        """Offer all roles in these studies."""
        self.roles.choices = [f"{study_id}/{role}" for study_id in study_ids for role in ROLE_WORDS]

    def wished(self, study_id: int) -> frozenset[str]:
        """The roles in a study that were ticked."""
        return frozenset(role for role in ROLE_WORDS if f"{study_id}/{role}" in (self.roles.data or ()))


class LanguageForm(FlaskForm):
    """One's own language."""

    language = RadioField(lazy_gettext("Language"), choices=LANGUAGES)


class PasswordForm(FlaskForm):
    """One's own new password. Whether the old one is right is said by the view."""

    old_password = PasswordField(
        lazy_gettext("Your password now"), [Filled(lazy_gettext("Write the password you have now."))]
    )
    new_password = PasswordField(lazy_gettext("New password"))
    again_password = PasswordField(lazy_gettext("New password, once more"))

    def validate_new_password(self, field: PasswordField) -> None:
        new = field.data or ""
        if len(new) < PASSWORD_LENGTH:
            raise ValidationError(gettext("Choose a password of at least %(least)s characters.", least=PASSWORD_LENGTH))
        if len(new) > PASSWORD_LIMIT:
            raise ValidationError(gettext("Choose a password of at most %(limit)s characters.", limit=PASSWORD_LIMIT))
        if new == self.old_password.data:
            raise ValidationError(gettext("Choose a password that differs from the one you have now."))

    def validate_again_password(self, field: PasswordField) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(gettext("The two new passwords differ. Write the new one twice in the same way."))


class StudyForm(FlaskForm):
    """A new study with its waves, one on a line."""

    slug = StringField(lazy_gettext("Short name"), [Filled(lazy_gettext("Write a short name."))], filters=[_tidy])
    title = StringField(lazy_gettext("Title"), [Filled(lazy_gettext("Write a title."))], filters=[_tidy])
    time_zone = StringField(lazy_gettext("Time zone"), default="Europe/Amsterdam", filters=[_tidy])
    waves = TextAreaField(lazy_gettext("Waves"))

    def validate_slug(self, field: StringField) -> None:
        if not SLUG.fullmatch(field.data):
            raise ValidationError(
                gettext("Use small letters, digits and dashes only, and begin with a letter. At most 40 in all.")
            )

    def validate_title(self, field: StringField) -> None:
        if len(field.data) > TITLE_LIMIT:
            raise ValidationError(gettext("Choose a title of at most %(limit)s characters.", limit=TITLE_LIMIT))

    def validate_time_zone(self, field: StringField) -> None:
        if field.data not in time_zones():
            raise ValidationError(
                gettext("This time zone does not exist. Choose one from the list, such as Europe/Amsterdam.")
            )

    def validate_waves(self, field: TextAreaField) -> None:
        found = self.lines()
        if not found:
            raise ValidationError(gettext("Write at least one wave, such as: t0 Start"))
        for number, (code, title) in enumerate(found, start=1):
            if not WAVE_CODE.fullmatch(code):
                problem = gettext(
                    "Wave %(number)s: “%(code)s” cannot be its code. A code has one to three small letters and digits "
                    "and begins with a letter, such as t0."
                )
            elif not title or len(title) > WAVE_TITLE_LIMIT:
                problem = gettext(
                    "Wave %(number)s: write a title behind the code “%(code)s”, of at most 100 characters."
                )
            elif [one for one, _ in found].index(code) < number - 1:
                problem = gettext(
                    "Wave %(number)s: the code “%(code)s” is there already. Each wave has a code of its own."
                )
            else:
                continue
            raise ValidationError(problem % {"number": number, "code": code})

    def lines(self) -> list[tuple[str, str]]:
        """The waves that were written: code and title."""
        lines = [_tidy(line) for line in (self.waves.data or "").splitlines()]
        parts = [re.split(r"[ :]+", line, maxsplit=1) for line in lines if line]
        return [(part[0], part[1] if len(part) > 1 else "") for part in parts]
