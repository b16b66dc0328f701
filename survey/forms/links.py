"""The coach's form: on which day a participant's trajectory was rounded off."""

from __future__ import annotations

import datetime

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

AHEAD = datetime.timedelta(days=366)
PATTERNS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


def day_in(typed: str) -> datetime.date | None:
    """The day that was typed, as browsers send it or as people write it; None where it is none."""
    for pattern in PATTERNS:
        try:
            return datetime.datetime.strptime(typed.strip(), pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


class RoundOffForm(FlaskForm):
    """The day of rounding off, between `first` and a year from `today`; empty: not rounded off."""

    day = StringField(lazy_gettext("Day of rounding off"))

    def __init__(self, first: datetime.date, today: datetime.date, **more: object) -> None:
        super().__init__(**more)
        self.first, self.last = first, today + AHEAD

    def validate_day(self, field: StringField) -> None:
        """A day that can be."""
        typed = field.data or ""
        if not typed.strip():
            return
        found = day_in(typed)
        if found is None:
            raise ValidationError(gettext("Write a day, such as 03-06-2025."))
        if found < self.first:
            raise ValidationError(gettext("This day lies before the participant was registered."))
        if found > self.last:
            raise ValidationError(gettext("This day lies more than a year ahead."))

    @property
    def value(self) -> datetime.date | None:
        """The day, None where it was left empty."""
        return day_in(self.day.data or "")
