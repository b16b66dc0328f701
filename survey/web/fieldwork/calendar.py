"""A calendar file (RFC 5545) of what an interviewer has to do: codes and moments, and no names."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable

from flask_babel import gettext
from icalendar import Calendar, Event

from survey.storage.tables import Study
from survey.storage.work import Work

LASTS = datetime.timedelta(minutes=90)
"""How long an interview stands in the calendar: long enough that nothing is planned across it."""

A_DAY = datetime.timedelta(days=1)


def calendar_file(rows: Iterable[Work], study: Study, now: datetime.datetime) -> bytes:
    """Appointments as events with their time, and windows without an appointment as events of whole days."""
    calendar = Calendar()
    calendar.add("prodid", "-//Krachtmeting//Work list//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Krachtmeting {study.slug}")
    for row in rows:
        calendar.add_component(_event(row, study, now))
    return bytes(calendar.to_ical())


def _event(row: Work, study: Study, now: datetime.datetime) -> Event:
    event, task = Event(), row.task
    # One name a task, so that a later file puts the appointment in the place of the window.
    event.add("uid", _uid(study, task.id))
    event.add("dtstamp", now)
    event.add("class", "PRIVATE")
    if task.appointment_at is not None:
        event.add("summary", f"{row.code} · {row.wave_title}")
        event.add("dtstart", task.appointment_at)
        event.add("dtend", task.appointment_at + LASTS)
    else:
        event.add(
            "summary", gettext("%(code)s · %(moment)s: make an appointment", code=row.code, moment=row.wave_title)
        )
        event.add("dtstart", task.opens_on)
        # The end is the first day on which it is over.
        event.add("dtend", task.closes_on + A_DAY)
        event.add("transp", "TRANSPARENT")
    return event


def _uid(study: Study, task_id: int) -> str:
    """The same for the same task always, and another for a task of another installation."""
    named = f"{study.slug}/{study.made_at.isoformat()}/{task_id}"
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@krachtmeting"
