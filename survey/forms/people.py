"""The forms of admins, and of people about their own account, with the wording of what can go wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import StopValidation

LANGUAGES = ("nl", "en")

NAME_LIMIT, EMAIL_LIMIT, SUBJECT_LIMIT = 80, 254, 255
PASSWORD_LENGTH, PASSWORD_LIMIT = 12, 128
EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
# Storage has the same rules and knows nothing of forms: a test holds the two together.

ROLE_WORDS = {
    "interviewer": lazy_gettext("interviewer"),
    "coach": lazy_gettext("coach"),
    "observer": lazy_gettext("observer"),
    "team_leader": lazy_gettext("team leader"),
    "researcher": lazy_gettext("researcher"),
    "translator": lazy_gettext("translator"),
}

EVERYWHERE = frozenset({"researcher", "translator"})
"""Roles that hold in a whole study only: files and figures are of all teams together, and so are translations."""


class Filled:
    """Something is filled in. Other than WTForms' own, it says what."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, words: Any) -> None:
        self.words = words

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if not (field.data or "").strip():
            raise StopValidation(str(self.words))


def tidied(text: str | None) -> str:
    """What was typed, without white space around it and with single spaces within."""
    return " ".join((text or "").split())


class PersonForm(FlaskForm):
    """A new person. The password is not typed but made."""

    name = StringField(lazy_gettext("Name to sign in with"), [Filled(lazy_gettext("Write a name."))], filters=[tidied])
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

    def offer(self, teams: Mapping[int, Collection[int]]) -> None:
        """Offer all roles in these studies (id -> ids of its teams): in all of each, and in each team."""
        self.roles.choices = [
            place
            for study_id, team_ids in teams.items()
            for role in ROLE_WORDS
            for place in (
                f"{study_id}/{role}",
                *(f"{study_id}/{role}/{team_id}" for team_id in team_ids if role not in EVERYWHERE),
            )
        ]

    def wished(self, study_id: int) -> dict[str, frozenset[int] | None]:
        """Role -> ids of teams of a study, as ticked; None for all of it, which covers its teams."""
        found: dict[str, frozenset[int] | None] = {}
        for place in self.roles.data or ():
            study, role, *team = place.split("/")
            if int(study) != study_id:
                continue
            before = found.get(role, frozenset())
            found[role] = None if not team or before is None else before | {int(team[0])}
        return found


class EmailForm(FlaskForm):
    """The address to which personal links are sent; empty for none."""

    email = StringField(lazy_gettext("New e-mail address"), filters=[tidied])

    def validate_email(self, field: StringField) -> None:
        if field.data and (len(field.data) > EMAIL_LIMIT or not EMAIL.fullmatch(field.data)):
            raise ValidationError(gettext("Write one e-mail address, such as name@example.org."))


class LanguageForm(FlaskForm):
    """One's own language."""

    language = RadioField(lazy_gettext("Language"), choices=LANGUAGES)


PASSWORD_WORDS: Mapping[str, Callable[[], str]] = {
    "short": lambda: gettext("Choose a password of at least %(least)s characters.", least=PASSWORD_LENGTH),
    "long": lambda: gettext("Choose a password of at most %(limit)s characters.", limit=PASSWORD_LIMIT),
    "common": lambda: gettext(
        "This password is soon guessed: many people use it, or its pattern. A few words that do not belong together "
        "are hard to guess and easy to remember."
    ),
    "own_words": lambda: gettext(
        "This password is made of your name or of words that everybody here knows. Choose something that only you "
        "would think of."
    ),
}
"""Why a new password does not do -> what to say of it."""


class NewPasswordForm(FlaskForm):
    """A password of one's own. The view gives `judged`, which says why a password does not do, by PASSWORD_WORDS."""

    judged: Callable[[str], str | None] = staticmethod(lambda password: None)

    new_password = PasswordField(lazy_gettext("New password"))
    again_password = PasswordField(lazy_gettext("New password, once more"))

    def validate_new_password(self, field: PasswordField) -> None:
        why = self.judged(field.data or "")
        if why:
            raise ValidationError(PASSWORD_WORDS[why]())

    def validate_again_password(self, field: PasswordField) -> None:
        if field.data != self.new_password.data:
            raise ValidationError(gettext("The two new passwords differ. Write the new one twice in the same way."))


class PasswordForm(NewPasswordForm):
    """A new password in the place of one's own. Whether the old one is right is said by the view."""

    old_password = PasswordField(
        lazy_gettext("Your password now"), [Filled(lazy_gettext("Write the password you have now."))]
    )

    def validate_new_password(self, field: PasswordField) -> None:
        super().validate_new_password(field)
        if (field.data or "") == self.old_password.data:
            raise ValidationError(gettext("Choose a password that differs from the one you have now."))


class SubjectForm(FlaskForm):
    """Who somebody is at the organisation's own sign-in; empty for nobody."""

    subject = StringField(lazy_gettext("Identifier (sub) at the organisation"), filters=[tidied])

    def validate_subject(self, field: StringField) -> None:
        if len(field.data or "") > SUBJECT_LIMIT:
            raise ValidationError(gettext("Write at most %(limit)s characters.", limit=SUBJECT_LIMIT))
