"""The form of the planner: how many people, which difference, how many outcomes, how many are lost on the way."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Form, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from survey.forms.messages import message
from survey.instruments.errors import Invalid
from survey.instruments.kinds.number import number


class FigureField(StringField):
    """A number with a decimal comma or point, between two bounds. `data` stays as typed, `figure` is the number."""

    def __init__(self, label: Any, least: float, most: float, decimals: int = 0, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.least, self.most, self.decimals = least, most, decimals
        self.figure: float = least

    def pre_validate(self, form: Any) -> None:
        try:
            found = number(self.data or "", self.decimals)
            if found is not None and found < self.least:
                raise Invalid("number.too_small", min=self.least)
            if found is not None and found > self.most:
                raise Invalid("number.too_large", max=self.most)
        except Invalid as invalid:
            raise ValidationError(message(invalid)) from invalid
        if found is None:
            raise ValidationError(gettext("Write a number here."))
        self.figure = found


class PlannerForm(Form):
    """What is planned. Numbers of people are those measured at both moments; with two groups, in each of them."""

    groups = RadioField(
        choices=[
            SelectChoice("one", lazy_gettext("One group, at two moments")),
            SelectChoice("two", lazy_gettext("Two groups, each at two moments")),
        ],
        label=lazy_gettext("Design of the study"),
        validate_choice=False,
    )
    people = FigureField(lazy_gettext("People measured at both moments"), 2, 100_000)
    difference = FigureField(lazy_gettext("Difference to be found, in standard deviations"), 0.05, 5, decimals=2)
    outcomes = FigureField(lazy_gettext("Outcomes looked at together"), 1, 100)
    lost = FigureField(lazy_gettext("Lost on the way, in percent"), 0, 90)
    correlation = FigureField(lazy_gettext("Correlation of the two moments"), 0, 0.95, decimals=2)

    def validate_groups(self, field: RadioField) -> None:
        # An address written by hand is no reason to compute nothing.
        if field.data != "two":
            field.data = "one"
