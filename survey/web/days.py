"""Days in the words of the reader: one day, the window from one day to another, and a moment of a day."""

from __future__ import annotations

import datetime

from flask_babel import format_date, format_datetime, gettext


def day(on: datetime.date, today: datetime.date) -> str:
    """A day like "3 June"; with its year where that is not the present one."""
    return str(format_date(on, "d MMMM" if on.year == today.year else "d MMMM yyyy"))


def window(first: datetime.date, last: datetime.date, today: datetime.date) -> str:
    """The days from the first to the last, both of them too, like "from 2 to 30 June"."""
    if first == last:
        return day(first, today)
    if (first.year, first.month) == (last.year, last.month):
        begins = str(format_date(first, "d"))
    elif first.year == last.year:
        begins = str(format_date(first, "d MMMM"))
    else:
        begins = str(format_date(first, "d MMMM yyyy"))
    return str(gettext("from %(first)s to %(last)s", first=begins, last=day(last, today)))


def moment(local: datetime.datetime) -> str:
    """A day with its year and the time, like "3 June 2026, 14:30", of a moment in the reader's time zone."""
    return str(format_datetime(local, "d MMMM yyyy, HH:mm", rebase=False))
