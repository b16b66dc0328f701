"""What every event of the demo study needs to know, and what an event is."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.demo.distributions import chance
from survey.demo.recording import Recorder
from survey.demo.staff import Staff
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage.record import Record
from survey.storage.responses import Opening
from survey.storage.sealing import Sealer


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
    sealer: Sealer | None = None
    """Seals who participants are; None: nobody has a name."""

    @property
    def today(self) -> datetime.date:
        """The day at the place of the study."""
        return self.now.astimezone(self.zone).date()

    @property
    def recorder(self) -> Recorder:
        """What writes conversations."""
        return Recorder(self.library)

    def instrument_of(self, record: Record) -> Instrument:
        """The instrument version of a response."""
        return self.library.instrument(record.instrument, record.instrument_version)

    def chance(self, *about: object) -> Random:
        """A source of chance of its own for each thing, so that one more question for one does not change another."""
        return chance("/".join(str(part) for part in (self.seed, *about)))

    def opening(
        self, instrument: Instrument, wave: str, by: int, *, language: str | None = None, **more: Any
    ) -> Opening:
        """The opening of a response; `more` is whose, of which team, in which second language, and how."""
        return Opening(
            self.study_id, self.waves[wave], instrument.instrument, instrument.version, by,
            language or instrument.language, **more,
        )  # fmt: skip
