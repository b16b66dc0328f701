"""An answer to any question by its kind, within its bounds: so that a new question never breaks the demo."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from random import Random
from typing import Any

from survey.demo.distributions import shares, whole_if_whole
from survey.demo.words import NAMELY, PHRASES, SENTENCES
from survey.instruments.kinds.question import Unit

FURTHEST = 60
"""How far above its least a number goes that has no upper bound."""


def any_answer(unit: Unit, random: Random, day: datetime.date) -> Any:
    """A value that the unit's own `parse` accepts, given on this day; None for a kind that is not known here."""
    if unit.role == "other":
        return NAMELY
    answer = ANSWERS.get(unit.question.kind)
    return answer(unit.question, random, day) if answer else None


def _text(question: Any, random: Random, day: datetime.date) -> str:
    phrases: str = random.choice(PHRASES)
    return phrases[: question.max_length].strip()


def _open(question: Any, random: Random, day: datetime.date) -> str:
    sentence: str = random.choice(SENTENCES)
    return sentence[: question.max_length].strip()


def _number(question: Any, random: Random, day: datetime.date) -> float:
    """Small numbers are likelier than large ones, as with hours, children and visits."""
    low = question.min if question.min is not None else min(0, question.max or 0)
    low = low if question.decimals else math.ceil(low)
    high = question.max if question.max is not None else low + FURTHEST
    step = 0.5 if question.decimals else 1
    steps = int((high - low) / step)
    drawn = int(random.random() * (steps + 1)) if steps <= 12 else int(random.expovariate(6 / steps))
    return whole_if_whole(round(low + min(steps, drawn) * step, question.decimals))


def _date(question: Any, random: Random, day: datetime.date) -> str:
    length = {"day": 10, "month": 7, "year": 4}[question.precision]
    latest = min(question.latest or "9999", day.isoformat()[:length])
    earliest = question.earliest or f"{day.year - 20}-01-01"[:length]
    for _ in range(20):
        drawn = (day - datetime.timedelta(days=int(random.expovariate(1 / 1200)))).isoformat()[:length]
        if earliest <= drawn <= latest:
            return drawn
    return question.earliest or latest


def _duration(question: Any, random: Random, day: datetime.date) -> int:
    low: int = question.min
    high: int = question.max if question.max is not None else max(question.min, 120)
    drawn = low + int(random.random() * min(high - low, 150)) // 5 * 5
    return min(drawn, high)


def _choice(question: Any, random: Random, day: datetime.date) -> str | int:
    codes: list[str | int] = list(question.options)
    return random.choice([code for code in codes if not question.options[code].other] or codes)


def _several(question: Any, random: Random, day: datetime.date) -> list[Any]:
    alone = [code for code, option in question.options.items() if option.exclusive]
    together = [code for code in question.options if code not in alone]
    least, most = question.at_least, min(question.at_most or 4, len(together))
    if alone and (random.random() < 0.1 or most < least):
        return [random.choice(alone)]
    drawn = random.sample(together, max(least, min(most, 1 + int(random.random() * 3))))
    return [code for code in together if code in drawn]


def _scale(question: Any, random: Random, day: datetime.date) -> str | int:
    codes: list[str | int] = list(question.options)
    middle = (len(codes) - 1) / 2
    return codes[min(len(codes) - 1, max(0, round(random.gauss(middle, len(codes) / 5))))]


def _share(question: Any, random: Random, day: datetime.date) -> dict[str, int]:
    return shares({part: random.expovariate(1) for part in question.parts}, step=10)


ANSWERS: dict[str, Callable[[Any, Random, datetime.date], Any]] = {
    "text": _text,
    "open": _open,
    "number": _number,
    "date": _date,
    "duration": _duration,
    "choice": _choice,
    "several": _several,
    "scale": _scale,
    "share": _share,
}
"""One way for each kind that is answered."""
