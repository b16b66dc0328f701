"""How the work list says things: days and moments as the reader writes them, and what an instrument is called."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask_babel import format_datetime

from survey.storage.tables import Study, Task
from survey.web.days import day, window
from survey.web.titles import title_of


@dataclass(frozen=True)
class Said:
    """How tasks are said on a page: days as the reader writes them, moments in the study's time zone."""

    today: datetime.date
    zone: ZoneInfo

    def window(self, task: Task) -> str:
        """Between which days it can be done."""
        return window(task.opens_on, task.closes_on, self.today)

    def on(self, at: datetime.datetime) -> datetime.date:
        """The day of a moment at the study."""
        return at.astimezone(self.zone).date()

    def day(self, on: datetime.date | datetime.datetime) -> str:
        """A day, or that of a moment."""
        return day(self.on(on) if isinstance(on, datetime.datetime) else on, self.today)

    def moment(self, at: datetime.datetime) -> str:
        """A day and time, like "Tuesday 3 June, 14:30"."""
        local = at.astimezone(self.zone)
        year = "" if local.year == self.today.year else " yyyy"
        return str(format_datetime(local, f"EEEE d MMMM{year}, HH:mm", rebase=False))

    @property
    def place(self) -> str:
        """The place whose time it is, like "Amsterdam"."""
        return self.zone.key.rpartition("/")[2].replace("_", " ")

    def title(self, task: Task) -> str:
        """What the instrument is called in the reader's language; its id where it is not on this server."""
        return title_of(task.instrument)


def said_of(study: Study, now: datetime.datetime) -> Said:
    """How tasks of a study are said now."""
    zone = ZoneInfo(study.time_zone)
    return Said(now.astimezone(zone).date(), zone)
