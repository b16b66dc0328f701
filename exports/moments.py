"""Moments in a study's time zone, as ISO text with offset and as wall-clock time for a real date in a sheet."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo


class Moments:
    """Says moments in one time zone, to the second."""

    def __init__(self, zone: str) -> None:
        """Raises ZoneInfoNotFoundError for a zone that does not exist."""
        self._zone = ZoneInfo(zone)
        self._last: datetime.datetime | None = None
        self._said: tuple[str | None, str | None] = (None, None)

    def said(self, moment: datetime.datetime | None) -> tuple[str | None, str | None]:
        """A moment like ("2023-04-01T14:03:00+02:00", "2023-04-01T14:03:00"); twice None for no moment."""
        if moment is None:
            return None, None
        # All changes of one visit have the same time.
        if moment != self._last:
            text = moment.astimezone(self._zone).isoformat(timespec="seconds")
            self._last, self._said = moment, (text, text[:19])
        return self._said
