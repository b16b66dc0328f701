"""Whose response it is, at which moment of which study, as pages show it."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.storage.placed import Placed, placed
from survey.storage.record import Record
from survey.web import days


class Subject(Placed):
    """Where a response stands, with its times as a reader sees them."""

    def local(self, moment: datetime.datetime) -> datetime.datetime:
        """A moment in the study's time zone."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def clock(self, moment: datetime.datetime) -> str:
        """Hours and minutes in the study's time zone, like 14:03."""
        return self.local(moment).strftime("%H:%M")

    def filled_in(self, moment: datetime.datetime, now: datetime.datetime) -> str:
        """When something was filled in: the time, like 14:03; with its day where that is not today."""
        local = self.local(moment)
        return self.clock(moment) if local.date() == self.local(now).date() else days.moment(local)

    def time(self, moment: datetime.datetime) -> str:
        """Hours, minutes and seconds in the study's time zone, like 14:03:21."""
        return self.local(moment).strftime("%H:%M:%S")

    def day(self, moment: datetime.datetime) -> str:
        """Day and time in the study's time zone, as the reader's language writes them."""
        return days.moment(self.local(moment))


def subject_of(session: Session, record: Record) -> Subject:
    """Whose response this is."""
    return Subject(**vars(placed(session, record.id)))
