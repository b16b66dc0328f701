"""When who was sent a link is reminded of it: on the days of the protocol, once for each, and never twice on one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable


def reminder_due(
    sent_on: datetime.date, reminded_on: datetime.date | None, days: Iterable[int], today: datetime.date
) -> bool:
    """Whether a reminder goes out today. `days`: how many days after the sending, as the protocol says.

    A day that was missed, as when the server was off, is made up for once. Of several missed days one reminder comes.
    """
    come = [day for day in (sent_on + datetime.timedelta(days=after) for after in days) if sent_on < day <= today]
    return bool(come) and (reminded_on is None or reminded_on < max(come))
