"""The forms about an observed meeting: planning it, its clock, falling out, and settling a difference."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from survey.forms.own_wording import OwnWording
from survey.forms.page_form import ANSWER, PageForm, UnitField
from survey.instruments.kinds.question import Unit
from survey.planning.observing import FallingOut, MeetingState

REASON_LIMIT = 500
FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)

STATE_WORDS: dict[MeetingState, Any] = {
    "planned": lazy_gettext("planned"),
    "observed": lazy_gettext("being observed"),
    "waiting": lazy_gettext("waiting for the other observer"),
    "to_settle": lazy_gettext("to settle"),
    "settled": lazy_gettext("settled"),
    "single": lazy_gettext("single record"),
    "nobody": lazy_gettext("without an observer"),
}
"""How a meeting stands."""

FALLING_OUT_WORDS: dict[FallingOut, Any] = {
    "ill": lazy_gettext("Ill"),
    "called_away": lazy_gettext("Called away"),
    "not_let_in": lazy_gettext("The team did not want an observer"),
    "other": lazy_gettext("Something else"),
}
"""Why an observer could not go on."""


def options(words: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Options of a field: what is sent, and what is read."""
    return [SelectChoice(value, label) for value, label in words]


class Chosen:
    """One of the options is chosen; else these words."""

    def __init__(self, words: Any) -> None:
        self.words = words

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in {one.value for one in field.choices}:
            raise StopValidation(str(self.words))


class _Select(SelectField):
    def pre_validate(self, form: Any) -> None:
        """What is not among the options is told in our own words, by Chosen."""


class _Radio(RadioField):
    def pre_validate(self, form: Any) -> None:
        """As above."""


class _Several(SelectMultipleField):
    def pre_validate(self, form: Any) -> None:
        """What is not among the options is dropped."""
        self.data = [one for one in self.data or () if one in {choice.value for choice in self.choices}]


class MeetingForm(OwnWording):
    """A meeting to be observed. `what` is "instrument/wave", `team` a team's code, `observers` codes of people."""

    what = _Select(lazy_gettext("What is observed"), [Chosen(lazy_gettext("Choose what is observed."))])
    team = _Select(lazy_gettext("Team"), [Chosen(lazy_gettext("Choose a team."))])
    held_on = StringField(lazy_gettext("Day"))
    observers = _Several(lazy_gettext("Who observes"))

    most: int = 1
    own: str | None = None
    """The code of the person who plans it, where they can only plan what they observe themselves."""

    def validate_held_on(self, field: StringField) -> None:
        if self.day() is None:
            raise ValidationError(gettext("Choose the day of the meeting, for example 2025-03-14."))

    def day(self) -> datetime.date | None:
        """The day that was chosen, if it is one."""
        try:
            found = datetime.date.fromisoformat((self.held_on.data or "").strip())
        except ValueError:
            return None
        return found if FIRST_DAY <= found <= LAST_DAY else None

    def validate_observers(self, field: SelectMultipleField) -> None:
        chosen = field.data or []
        if not chosen:
            raise ValidationError(gettext("Choose who observes: at least one person."))
        if len(chosen) > self.most:
            raise ValidationError(gettext("Choose at most %(most)s observers.", most=self.most))
        if self.own is not None and self.own not in chosen:
            raise ValidationError(gettext("Choose yourself too: only who observes a meeting can open it."))


class ShareForm(OwnWording):
    """Which part of the meeting was observed, in whole percents; empty: not known yet."""

    share = StringField(lazy_gettext("How much of the meeting did you see?"))

    def validate_share(self, field: StringField) -> None:
        typed = (field.data or "").strip().removesuffix("%").strip()
        if typed and not (typed.isdecimal() and len(typed) < 4 and int(typed) <= 100):
            raise ValidationError(gettext("Write a whole number from 0 to 100."))

    def percent(self) -> int | None:
        """The number that was typed."""
        typed = (self.share.data or "").strip().removesuffix("%").strip()
        return int(typed) if typed else None


class FallingOutForm(OwnWording):
    """Why an observer cannot go on. `person` is the observer's code."""

    person = StringField()
    reason = _Radio(
        choices=options(FALLING_OUT_WORDS.items()),
        validators=[Chosen(lazy_gettext("Choose why this observer cannot go on."))],
    )


_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?")


class StretchForm(OwnWording):
    """A step from a time to a time, on a day. `runs`: the end may stay open."""

    step = _Select(lazy_gettext("Step"), [Chosen(lazy_gettext("Choose a step."))])
    since = StringField(lazy_gettext("Beginning"))
    until = StringField(lazy_gettext("End"))

    runs: bool = False

    def validate_since(self, field: StringField) -> None:
        if _time(field.data) is None:
            raise ValidationError(gettext("Write the time like 10:05 or 10:05:30."))

    def validate_until(self, field: StringField) -> None:
        if self.runs and not (field.data or "").strip():
            return
        end, begin = _time(field.data), _time(self.since.data)
        if end is None:
            raise ValidationError(gettext("Write the time like 10:05 or 10:05:30."))
        if begin is not None and end <= begin:
            raise ValidationError(gettext("The end must come after the beginning."))

    def moments(self, day: datetime.date, zone: datetime.tzinfo) -> tuple[datetime.datetime, datetime.datetime | None]:
        """Beginning and end as moments; to be asked for after validating."""
        begin, end = _time(self.since.data), _time(self.until.data)
        if begin is None:
            raise ValueError("the form was not valid")
        return _moment(day, begin, zone), _moment(day, end, zone) if end else None


def _time(typed: str | None) -> datetime.time | None:
    found = _TIME.fullmatch((typed or "").strip())
    return datetime.time(*(int(part or 0) for part in found.groups())) if found else None


def _moment(day: datetime.date, time: datetime.time, zone: datetime.tzinfo) -> datetime.datetime:
    return datetime.datetime.combine(day, time, zone).astimezone(datetime.UTC)


class SettlingForm(OwnWording):
    """What is settled, and why. `choice`: an observer's code, OTHER for an answer of its own, or NO_COMMON."""

    OTHER, NO_COMMON = "other", "none"

    choice = _Radio(choices=[], validators=[Chosen(lazy_gettext("Choose what you agreed on."))])
    reason = StringField(lazy_gettext("Why?"))

    def offer(self, codes: Iterable[str]) -> None:
        """Offer these observers' answers, besides another one and none in common."""
        self.choice.choices = options((code, code) for code in (*codes, self.OTHER, self.NO_COMMON))

    def validate_reason(self, field: StringField) -> None:
        if not self.words():
            raise ValidationError(gettext("Write in a few words why you chose this."))

    def words(self) -> str:
        """The reason as it is kept."""
        return " ".join((self.reason.data or "").split())[:REASON_LIMIT]


def unit_form(unit: Unit) -> type[PageForm]:
    """The form class of one unit alone, with the field that it has on its page."""
    name = f"{ANSWER}{unit.name}"
    return type("InstrumentUnitForm", (PageForm,), {name: _field(unit, name)})


def _field(unit: Unit, name: str) -> Any:
    return UnitField(unit, name=name)
