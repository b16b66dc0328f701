"""Every mistake that can be made in the inputs of a unit, so that a browser has the words for it beforehand.

Which of them was made is found by static/mistakes.js, as each kind's `parse` finds it. A test holds the two together.
"""

from __future__ import annotations

from survey.instruments.errors import Invalid
from survey.instruments.kinds.date import Date
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.question import Unit
from survey.instruments.kinds.several import Several
from survey.instruments.kinds.share import Share
from survey.instruments.kinds.text import Text

NAMELY_LIMIT = 200
UNREADABLE = (Invalid("number.unreadable"), Invalid("number.whole"))


def possible(unit: Unit) -> list[Invalid]:
    """The mistakes with their figures. A figure that depends on what is typed is its own name in braces."""
    found = [Invalid("answer.required" if unit.missing else "answer.only")] if unit.question.required else []
    if unit.missing:
        found.append(Invalid("answer.and_reason"))
    if unit.role == "other":
        return [*found, _too_long(NAMELY_LIMIT)]
    match unit.question:
        case Text(max_length=limit) | Open(max_length=limit):
            found.append(_too_long(limit))
        case Number() as number:
            found += [*UNREADABLE, Invalid("number.decimals", decimals=number.decimals)]
            found += [] if number.min is None else [Invalid("number.too_small", min=number.min)]
            found += [] if number.max is None else [Invalid("number.too_large", max=number.max)]
        case Date() as date:
            found += [Invalid("date.incomplete"), Invalid("date.unreadable")]
            found += [Invalid("date.too_early", earliest=date.earliest)] if date.earliest else []
            found += [Invalid("date.too_late", latest=date.latest)] if date.latest else []
        case Duration() as duration:
            found += [*UNREADABLE, Invalid("duration.unreadable"), _time("duration.too_short", duration.min)]
            found += [] if duration.max is None else [_time("duration.too_long", duration.max)]
        case Share():
            found += [*UNREADABLE, Invalid("share.bounds"), Invalid("share.total", total="{total}")]
        case Several() as several:
            found += [Invalid("several.exclusive"), Invalid("several.too_few", least=several.at_least)]
            found += [] if several.at_most is None else [Invalid("several.too_many", most=several.at_most)]
        case _:
            pass
    return found


def _too_long(limit: int) -> Invalid:
    return Invalid("text.too_long", limit=limit, length="{length}")


def _time(code: str, minutes: int) -> Invalid:
    return Invalid(code, hours=minutes // 60, minutes=minutes % 60)
