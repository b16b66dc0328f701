"""The forms about studies: a new one, by a protocol or by hand; its title; its teams."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField, ValidationError

from survey.forms.people import Filled, tidied

TITLE_LIMIT, WAVE_TITLE_LIMIT, TEAM_TITLE_LIMIT = 200, 100, 100
SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
WAVE_CODE = re.compile(r"[a-z][a-z0-9]{0,2}")
TEAM_CODE = re.compile(r"[a-z][a-z0-9_]{0,19}")
# Storage and protocols have the same rules and know nothing of forms: a test holds them together.

RESERVED = frozenset({"new"})
"""Short names that an address of the administration has already."""

BY_HAND = ""
"""The choice of no protocol: waves are written down, and everything can be asked at each of them."""


def time_zones() -> frozenset[str]:
    """The zones to choose from: places and UTC, without the machine's own zone and old abbreviations."""
    return frozenset(zone for zone in available_timezones() if "/" in zone) | {"UTC"}


class _Titled(FlaskForm):
    title = StringField(lazy_gettext("Title"), [Filled(lazy_gettext("Write a title."))], filters=[tidied])

    def validate_title(self, field: StringField) -> None:
        if len(field.data) > TITLE_LIMIT:
            raise ValidationError(gettext("Choose a title of at most %(limit)s characters.", limit=TITLE_LIMIT))


class TitleForm(_Titled):
    """Another title for a study."""


class StudyForm(_Titled):
    """A new study: by a protocol, or with its waves one on a line."""

    slug = StringField(lazy_gettext("Short name"), [Filled(lazy_gettext("Write a short name."))], filters=[tidied])
    time_zone = StringField(lazy_gettext("Time zone"), default="Europe/Amsterdam", filters=[tidied])
    protocol = RadioField(lazy_gettext("What is asked, when"), default=BY_HAND, choices=[BY_HAND])
    waves = TextAreaField(lazy_gettext("Waves"))

    def validate_slug(self, field: StringField) -> None:
        if not SLUG.fullmatch(field.data):
            raise ValidationError(
                gettext("Use small letters, digits and dashes only, and begin with a letter. At most 40 in all.")
            )
        if field.data in RESERVED:
            raise ValidationError(gettext("The server needs this word for itself. Choose another short name."))

    def validate_time_zone(self, field: StringField) -> None:
        if field.data not in time_zones():
            raise ValidationError(
                gettext("This time zone does not exist. Choose one from the list, such as Europe/Amsterdam.")
            )

    def validate_waves(self, field: TextAreaField) -> None:
        if self.protocol.data != BY_HAND:
            return
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
        lines = [tidied(line) for line in (self.waves.data or "").splitlines()]
        parts = [re.split(r"[ :]+", line, maxsplit=1) for line in lines if line]
        return [(part[0], part[1] if len(part) > 1 else "") for part in parts]


class TeamForm(FlaskForm):
    """A new team: its title, and the code that stands in exports."""

    team_title = StringField(
        lazy_gettext("Name of the team"), [Filled(lazy_gettext("Write the name of the team."))], filters=[tidied]
    )
    team_code = StringField(
        lazy_gettext("Code"), [Filled(lazy_gettext("Write a code for the team."))], filters=[tidied]
    )

    def validate_team_title(self, field: StringField) -> None:
        if len(field.data) > TEAM_TITLE_LIMIT:
            raise ValidationError(gettext("Choose a name of at most %(limit)s characters.", limit=TEAM_TITLE_LIMIT))

    def validate_team_code(self, field: StringField) -> None:
        if not TEAM_CODE.fullmatch(field.data):
            raise ValidationError(
                gettext("A code has one to twenty small letters, digits and underscores, and begins with a letter.")
            )


class TeamTitleForm(FlaskForm):
    """Another name for a team. Its code stays, since it stands in exports."""

    renamed = StringField(
        lazy_gettext("Name of the team"), [Filled(lazy_gettext("Write the name of the team."))], filters=[tidied]
    )

    def validate_renamed(self, field: StringField) -> None:
        if len(field.data) > TEAM_TITLE_LIMIT:
            raise ValidationError(gettext("Choose a name of at most %(limit)s characters.", limit=TEAM_TITLE_LIMIT))
