"""The forms of the work list: an appointment, an attempt to reach somebody, and what their codes are called."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

STANDING_WORDS = {
    "now": lazy_gettext("To do now"),
    "due": lazy_gettext("Can be done now"),
    "overdue": lazy_gettext("Past its window"),
    "running": lazy_gettext("Under way"),
    "waiting": lazy_gettext("Later"),
    "done": lazy_gettext("Handed in"),
    "dropped": lazy_gettext("No longer asked"),
}
"""How a task stands; "now" is all of which something can be done today."""

OUTCOME_WORDS = {
    "no_answer": lazy_gettext("No answer"),
    "appointment": lazy_gettext("We made an appointment"),
    "call_back": lazy_gettext("Asked to be called later"),
    "message_left": lazy_gettext("Left a message"),
    "wrong_number": lazy_gettext("The number or address is wrong"),
    "moved": lazy_gettext("Has moved"),
    "ill": lazy_gettext("Is ill"),
    "refused": lazy_gettext("Does not want this interview"),
}
"""How an attempt went, in the order in which it is offered."""

HOW_WORDS = {
    "phone": lazy_gettext("By phone"),
    "message": lazy_gettext("With a message"),
    "letter": lazy_gettext("With a letter"),
    "visit": lazy_gettext("With a visit"),
}
"""By which way somebody was tried."""

FURTHEST = datetime.timedelta(days=3 * 365)
"""A day further ahead is a slip of the pen."""


def _read_day(typed: str | None) -> datetime.date:
    """The day that was typed, as browsers send it or as people in the Netherlands write it. Raises ValidationError."""
    words = (typed or "").strip()
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.datetime.strptime(words, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValidationError(gettext("Write a day, such as 03-06-2025."))


def _read_time(typed: str | None) -> datetime.time:
    words = (typed or "").strip().replace(".", ":")
    for pattern in ("%H:%M", "%H:%M:%S"):
        try:
            return datetime.datetime.strptime(words, pattern).time()  # noqa: DTZ007 - the zone is the study's
        except ValueError:
            continue
    raise ValidationError(gettext("Write a time, such as 14:30."))


def _ahead(day: datetime.date, today: datetime.date) -> datetime.date:
    """The same day, where it is neither gone by nor years away. Raises ValidationError."""
    if day < today:
        raise ValidationError(gettext("This day has gone by. Choose today or a later day."))
    if day - today > FURTHEST:
        raise ValidationError(gettext("This day is years away. Look at the year once more."))
    return day


class AppointmentForm(FlaskForm):
    """When an interview will be, in the study's time zone. `today` is the day there, set before validating."""

    day = StringField(lazy_gettext("Day"))
    time = StringField(lazy_gettext("Time"))
    zone = ZoneInfo("UTC")
    today = datetime.date.min

    def validate_day(self, field: StringField) -> None:
        _ahead(_read_day(field.data), self.today)

    def validate_time(self, field: StringField) -> None:
        _read_time(field.data)
        if not self.day.errors and self._there() is None:
            raise ValidationError(gettext("This time does not exist: the clock goes forward that night."))

    def _there(self) -> datetime.datetime | None:
        wished = datetime.datetime.combine(_read_day(self.day.data), _read_time(self.time.data), self.zone)
        back = wished.astimezone(datetime.UTC).astimezone(self.zone)
        return wished if back.replace(tzinfo=None) == wished.replace(tzinfo=None) else None

    def moment(self) -> datetime.datetime:
        """The moment that was chosen, in UTC. Only after validating."""
        there = self._there()
        if there is None:
            raise ValueError("this moment does not exist")
        return there.astimezone(datetime.UTC)


class AttemptForm(FlaskForm):
    """How an attempt to reach somebody went. `today` is the day at the study, set before validating."""

    how = RadioField(
        lazy_gettext("How did you try?"),
        [InputRequired(lazy_gettext("Choose how you tried."))],
        choices=[SelectChoice(code, words) for code, words in HOW_WORDS.items()],
    )
    outcome = RadioField(
        lazy_gettext("How did it go?"),
        [InputRequired(lazy_gettext("Choose how it went."))],
        choices=[SelectChoice(code, words) for code, words in OUTCOME_WORDS.items()],
    )
    again_on = StringField(lazy_gettext("Try again on"))
    today = datetime.date.min

    def validate_again_on(self, field: StringField) -> None:
        if (field.data or "").strip():
            _ahead(_read_day(field.data), self.today)

    def again(self) -> datetime.date | None:
        """The day on which to try again, where one was chosen. Only after validating."""
        return _read_day(self.again_on.data) if (self.again_on.data or "").strip() else None
