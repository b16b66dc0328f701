"""The wording of every respondent's mistake: a code and figures become a sentence. It never blames."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

from flask_babel import format_decimal, gettext, ngettext

from survey.instruments.errors import Invalid

WORDING: dict[str, Callable[[], str]] = {
    "answer.required": lambda: gettext("Please choose or fill in an answer, or say why there is none."),
    "answer.only": lambda: gettext("Please choose or fill in an answer here."),
    "answer.and_reason": lambda: gettext("There is an answer and also a reason for no answer. Keep one of the two."),
    "choice.unknown": lambda: gettext("Choose one of the options shown."),
    "several.exclusive": lambda: gettext(
        "One of the options means “none of these”. Choose that one alone, or leave it out."
    ),
    "several.too_few": lambda: gettext("Choose at least %(least)s options."),
    "several.too_many": lambda: gettext("Choose at most %(most)s options."),
    "text.too_long": lambda: gettext(
        "This is %(length)s characters long. There is room for %(limit)s; please shorten it."
    ),
    "number.unreadable": lambda: gettext("Write this as a number, for example 12."),
    "number.whole": lambda: gettext("Write a whole number, without decimals."),
    "number.decimals": lambda: gettext("Write at most %(decimals)s decimals."),
    "number.too_small": lambda: gettext("The smallest number that fits here is %(min)s."),
    "number.too_large": lambda: gettext("The largest number that fits here is %(max)s."),
    "date.incomplete": lambda: gettext(
        "A part of the date is still open. Fill in every part, or leave all parts empty."
    ),
    "date.unreadable": lambda: gettext("This date does not exist. Write it in figures, with the year in four."),
    "date.too_early": lambda: gettext("The earliest date that fits here is %(earliest)s."),
    "date.too_late": lambda: gettext("The latest date that fits here is %(latest)s."),
    "duration.unreadable": lambda: gettext("Write hours and minutes in whole numbers, with minutes under 60."),
    "duration.too_short": lambda: gettext(
        "The shortest time that fits here is %(hours)s hours and %(minutes)s minutes."
    ),
    "duration.too_long": lambda: gettext("The longest time that fits here is %(hours)s hours and %(minutes)s minutes."),
    "share.bounds": lambda: gettext("Each part is a whole percentage from 0 to 100."),
    "share.total": lambda: gettext("The parts add up to %(total)s %%. Together they make 100 %%."),
}
"""Code -> its wording in the language of the request. "check.failed" has the definition's own words instead."""


def locked_out(left: datetime.timedelta) -> str:
    """The sentence for a name under which nobody can sign in for so long."""
    return ngettext(
        "There were too many attempts. Please try again in %(num)d minute.",
        "There were too many attempts. Please try again in %(num)d minutes.",
        math.ceil(left.total_seconds() / 60),
    )


def message(invalid: Invalid) -> str:
    """The sentence for a mistake, in the language of the request."""
    figures: dict[str, Any] = {
        name: format_decimal(figure) if isinstance(figure, (int, float)) else figure
        for name, figure in invalid.figures.items()
    }
    return WORDING[invalid.code]() % figures if figures else WORDING[invalid.code]()
