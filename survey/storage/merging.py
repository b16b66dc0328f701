"""Two writers on one response: what each changed is merged; what both changed is a conflict that a person settles."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.answers.document import OF_QUESTIONS, Key
from survey.storage.record import Record, Saving
from survey.storage.tables import Change, Person, Visit


@dataclass(frozen=True)
class Difference:
    """One unit of which another save changed the value since this writer looked. None: nothing there.

    `by` is the code of who did; "" where a participant fills in alone.
    """

    key: Key
    theirs: Any
    mine: Any
    by: str
    at: datetime.datetime


class Conflict(Exception):
    """Another tab or device changed the same answers; `differences` has both versions. Nothing was written."""

    def __init__(self, differences: list[Difference], version: int) -> None:
        self.differences = differences
        self.version = version
        super().__init__(f"{len(differences)} answers differ")


def changes(session: Session, record: Record, saving: Saving) -> dict[Key, Any]:
    """What this save changes. Raises Conflict."""
    now_there = record.document
    differing = {key: value for key, value in saving.values.items() if now_there[key[0]].get(key[1]) != value}
    if saving.base_version >= record.version or not differing:
        return differing
    since = select(Change.part, Change.unit, Change.old, Person.code, Visit.at, Visit.tab)
    since = since.join(Visit, Change.visit_id == Visit.id).outerjoin(Person, Visit.person_id == Person.id)
    since = since.where(Change.response_id == record.id, Change.version > saving.base_version)
    at_base: dict[Key, Any] = {}
    last: dict[Key, tuple[str, datetime.datetime]] = {}
    for part, unit, old, by, at, tab in session.execute(since.order_by(Change.id)):
        subject = _subject((part, unit))
        if saving.tab and tab == saving.tab:
            # This writer wrote over what others had changed before, so that was seen and settled.
            last.pop(subject, None)
            for key in [key for key in at_base if _subject(key) == subject]:
                del at_base[key]
        else:
            at_base.setdefault((part, unit), None if old is None else json.loads(old))
            last[subject] = (by or "", at)
    kept: dict[Key, Any] = {}
    conflicts = []
    for subject in dict.fromkeys(map(_subject, differing)):
        keys = [key for key in saving.values if _subject(key) == subject]
        mine = {key: value for key, value in differing.items() if key in keys}
        if subject not in last:
            kept |= mine
        elif any(saving.values[key] != at_base.get(key, now_there[key[0]].get(key[1])) for key in keys):
            conflicts += [
                Difference(key, now_there[key[0]].get(key[1]), value, *last[subject]) for key, value in mine.items()
            ]
    if conflicts:
        raise Conflict(conflicts, record.version)
    return kept


def _subject(key: Key) -> Key:
    """What two writers can differ about: a note, how a question was relayed, or a unit, whether what was typed there is
    an answer or not yet."""
    part, name = key
    return (part if part in OF_QUESTIONS else "answers", name)
