"""The demo study as the tests look at it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from survey.answers.flow import Flow, flow, reason
from survey.demo import Made
from survey.instruments.library import Library
from survey.storage.database import Database
from survey.storage.reading import Exported, TrailRow
from survey.storage.record import Record

NOW = datetime.datetime(2025, 3, 3, 9, 30, tzinfo=datetime.UTC)


@dataclass
class Demo:
    """The study as made, and its responses and trail as exports read them."""

    database: Database
    library: Library
    made: Made
    rows: list[Exported]
    trail: list[TrailRow]

    def flow(self, record: Record) -> Flow:
        return flow(self.library.instrument(record.instrument, record.instrument_version), record.answers)

    def answers(self, instrument: str, wave: str) -> dict[str, dict[str, Any]]:
        """Subject -> the answers that count, without the missing ones."""
        return {
            row.subject: {
                name: answer for name, answer in self.flow(row.record).kept().items() if reason(answer) is None
            }
            for row in self.rows
            if (row.record.instrument, row.wave) == (instrument, wave)
        }
