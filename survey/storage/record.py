"""A response as the code works with it, and what one save of it brings."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from survey.answers.document import PARTS, Document, Key

Layout = Literal["both", "staff", "participant"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
"""Which of two languages stand on the page."""


def dumps(value: Any) -> str:
    """Canonical JSON: the same value is always the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Record:
    """A response as read: its row's values, and its document parsed."""

    id: int
    token: str
    study_id: int
    wave_id: int
    instrument: str
    instrument_version: int
    participant_id: int | None
    person_id: int | None
    opened_by: int
    language: str
    second_language: str | None
    layout: Layout
    segment: int
    page: str | None
    version: int
    document: Document
    started_at: datetime.datetime
    changed_at: datetime.datetime
    submitted_at: datetime.datetime | None
    submitted_by: int | None
    team_id: int | None
    meeting_id: int | None
    mode: str
    locked_at: datetime.datetime | None

    @property
    def answers(self) -> dict[str, Any]:
        """Unit name -> answer, or {"missing": reason}."""
        return self.document["answers"]

    @property
    def drafts(self) -> dict[str, Any]:
        """Unit name -> what was typed and is no answer yet."""
        return self.document["drafts"]

    @property
    def notes(self) -> dict[str, Any]:
        """Question name -> the interviewer's note."""
        return self.document["notes"]

    @property
    def relay(self) -> dict[str, list[str]]:
        """Question name -> codes of how it was relayed."""
        return self.document["relay"]


_DOCUMENT = list(Record.__dataclass_fields__).index("document")


def as_record(row: Any) -> Record:
    """A row of all response columns, in the order of Record's fields, with its document parsed."""
    values = list(row)
    # A document of an earlier version has fewer parts.
    values[_DOCUMENT] = {part: {} for part in PARTS} | json.loads(values[_DOCUMENT])
    return Record(*values)


@dataclass(frozen=True)
class Saving:
    """What one save brings: the values by key (None takes one away), and on which version they were based.

    `kind`, `tab` and `person_id` as in Visit. `texts` and `second_texts` are fingerprints of the texts on the screen,
    kept before. `filled_in` and `layout`: when and with which languages on the page it was filled in, where that was
    without a connection; None for now, and as the response stands.
    """

    kind: Literal["page", "autosave", "submit", "correction"]
    page: str | None
    person_id: int | None
    base_version: int
    values: Mapping[Key, Any] = field(default_factory=dict)
    texts: str | None = None
    second_texts: str | None = None
    reason: str | None = None
    tab: str | None = None
    filled_in: datetime.datetime | None = None
    layout: Layout | None = None
