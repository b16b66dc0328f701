"""When things happen in the demo study: on working days, in working hours, and never after now."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from survey.demo.distributions import dealt

HALF_A_YEAR = 183
YEAR = 365
ENOUGH = 206
"""Days ago: who began before then has had the second interview by now, also when it was later than planned."""

Path = Literal["whole", "stopped", "broken_off", "running", "begun"]
"""Both interviews; the first only; the first unfinished; the second under way with a draft; the second just opened."""

PATHS: dict[Path, float] = {"whole": 28, "stopped": 4, "broken_off": 1, "running": 1, "begun": 1}


@dataclass(frozen=True)
class Plan:
    """One participant's path, and the days of the first and the second interview (None: there is none)."""

    path: Path
    first: datetime.date
    second: datetime.date | None


def plans(random: Random, count: int, today: datetime.date) -> list[Plan]:
    """One plan for each participant, by the day of the first interview."""
    paths = dealt(random, count, PATHS)
    found = []
    for i, path in enumerate(paths):
        if path in ("running", "begun"):
            second = working_day(today - datetime.timedelta(days=random.randint(2, 4) if path == "running" else 1))
            first = working_day(second - datetime.timedelta(days=HALF_A_YEAR + random.randint(0, 6)))
        else:
            ago = ENOUGH + int((i + random.random()) * (YEAR - 2 - ENOUGH) / count)
            first = working_day(today - datetime.timedelta(days=ago))
            second = working_day(first + datetime.timedelta(days=HALF_A_YEAR + random.randint(-6, 18)))
        found.append(Plan(path, first, None if path in ("stopped", "broken_off") else second))
    return sorted(found, key=lambda plan: plan.first)


def working_day(day: datetime.date) -> datetime.date:
    """This day, or the Friday before it."""
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))


def working_moment(random: Random, day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    """A quarter of an hour between nine and three on this day."""
    quarter = random.randrange(0, 25)
    moment = datetime.datetime(day.year, day.month, day.day, 9 + quarter // 4, quarter % 4 * 15, tzinfo=zone)
    return moment + datetime.timedelta(minutes=random.randrange(0, 12), seconds=random.randrange(0, 60))
