"""A study with two waves and two interviewers, in SQLite and in PostgreSQL."""

from __future__ import annotations

import pytest
from small_study import START, Place

from survey.storage import studies
from survey.storage.database import Database
from survey.storage.tables import Person


@pytest.fixture
def place(database: Database) -> Place:
    with database.writing() as session:
        people = [
            Person(name=name, code=code, password_hash="", made_at=START, language="nl", admin=False)
            for name, code in (("ilse", "ILS-222"), ("coen", "COE-333"))
        ]
        session.add_all(people)
        session.flush()
        study = studies.add_study(session, "demo", "The demo study", [("t0", "Start"), ("t1", "Later")], START)
        first, second = studies.waves(session, study)
        return Place(database, study, (first.id, second.id), people[0].id, people[1].id)
