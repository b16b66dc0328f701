"""What every event of the demo study needs to know, and what an event is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.demo.distributions import chance
from survey.demo.recording import Recorder
from survey.demo.staff import Staff
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage.responses import Opening


@dataclass(frozen=True)
class Event:
    """Something that happened at a moment: one transaction."""

    at: datetime.datetime
    happen: Callable[[Session], None]


@dataclass(frozen=True)
class Setting:
    """The study under way: its rows, people, definitions, clock and seed. `waves`: code -> id, in order."""

    study_id: int
    waves: dict[str, int]
    staff: Staff
    library: Library
    zone: ZoneInfo
    now: datetime.datetime
    seed: int

    @property
    def today(self) -> datetime.date:
        """The day at the place of the study."""
        return self.now.astimezone(self.zone).date()

    @property
    def recorder(self) -> Recorder:
        """What writes conversations."""
        return Recorder(self.library)

    def chance(self, *about: object) -> Random:
        """A source of chance of its own for each thing, so that one more question for one does not change another."""
        return chance("/".join(str(part) for part in (self.seed, *about)))

    def opening(
        self, instrument: Instrument, wave: str, by: int, *, second_language: str | None = None, **whose: int
    ) -> Opening:
        """The opening of a response; `whose` is `participant_id` or `person_id`."""
        return Opening(
            self.study_id, self.waves[wave], instrument.instrument, instrument.version, by, instrument.language,
            second_language, **whose,
        )  # fmt: skip
