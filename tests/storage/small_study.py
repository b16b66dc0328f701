"""A small study in a database, and short ways to open and save its responses."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from survey.answers.document import Key
from survey.storage.codes import new_code
from survey.storage.database import Database
from survey.storage.merging import Conflict, Difference
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening, open_response, response, save
from survey.storage.tables import Change, Participant, Response, Visit

START = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Place:
    """A study in a database: ids by name, and what happens to its responses."""

    database: Database
    study: int
    waves: tuple[int, int]
    ilse: int
    coen: int

    def participant(self) -> int:
        """The id of a new participant."""
        with self.database.writing() as session:
            code = new_code()
            row = Participant(study_id=self.study, code=code, registered_at=START, registered_by=self.ilse)
            session.add(row)
            session.flush()
            return row.id

    def opening(self, **more: Any) -> Opening:
        """A new participant's interview at the start."""
        about = {"study_id": self.study, "wave_id": self.waves[0], "opened_by": self.ilse, "language": "nl"}
        about |= {"instrument": "client-interview", "instrument_version": 1} | more
        if "person_id" not in about:
            about.setdefault("participant_id", self.participant())
        return Opening(**about)

    def open(self, **more: Any) -> str:
        """The token of a new participant's interview."""
        opening = self.opening(**more)
        with self.database.writing() as session:
            return open_response(session, opening, START)

    def record(self, token: str) -> Record:
        """The response as it stands."""
        with self.database.reading() as session:
            found = response(session, token)
        assert found is not None
        return found

    def save(self, token: str, values: Mapping[Key, Any], minute: int = 1, **more: Any) -> Record:
        """Save these values, based on the newest version unless said otherwise."""
        with self.database.writing() as session:
            found = response(session, token, for_writing=True)
            assert found is not None
            about = {"kind": "page", "page": "one", "person_id": self.ilse, "base_version": found.version} | more
            return save(session, found, Saving(values=values, **about), START + datetime.timedelta(minutes=minute))


def at(minute: int) -> datetime.datetime:
    return START + datetime.timedelta(minutes=minute)


def a(unit: str) -> Any:
    return ("answers", unit)


def trail(place: Place, token: str) -> list[tuple[Any, ...]]:
    """Version, part, unit, old, new and reason of each change."""
    with place.database.reading() as session:
        query = select(Change.version, Change.part, Change.unit, Change.old, Change.new, Change.reason).order_by(
            Change.id
        )
        rows = session.execute(query.join(Response, Change.response_id == Response.id).where(Response.token == token))
        return [tuple(row) for row in rows.all()]


def visits(place: Place, token: str) -> list[tuple[Any, ...]]:
    """Version, kind, page and tab of each visit."""
    with place.database.reading() as session:
        query = select(Visit.version, Visit.kind, Visit.page, Visit.tab).order_by(Visit.id)
        rows = session.execute(query.join(Response, Visit.response_id == Response.id).where(Response.token == token))
        return [tuple(row) for row in rows.all()]


def conflict(place: Place, token: str, values: dict[Any, Any], **more: Any) -> list[Difference]:
    """The differences that a save runs into, after which nothing has changed."""
    before = (place.record(token), trail(place, token), visits(place, token))
    with pytest.raises(Conflict) as raised:
        place.save(token, values, **more)
    assert (place.record(token), trail(place, token), visits(place, token)) == before
    assert raised.value.version == before[0].version
    return raised.value.differences
