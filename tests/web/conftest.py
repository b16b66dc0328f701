"""A server with two studies and their people, made once and copied for each test; and browsers that sign in."""

from __future__ import annotations

import datetime
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from planned_study import PlannedStudy, plan_study

from survey.storage import audit, people, studies
from survey.storage.database import Database
from survey.web.app import create_app
from survey.web.server import Server
from survey.web.settings import Settings

PEOPLE = {
    "admin": "",
    "ilse": "interviewer",
    "coen": "coach",
    "olga": "observer",
    "rik": "researcher",
    "tara": "translator",
    "otto": "",
}


class Clock:
    """The time of a test, moved by hand."""

    now = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.now

    def advance(self, **passed: float) -> None:
        self.now += datetime.timedelta(**passed)


@dataclass
class House:
    """Studies "demo" and "other" by short name, and people by name. Otto has all roles in "other"."""

    app: Any
    studies: dict[str, int]
    people: dict[str, int]
    codes: dict[str, str]
    password: str = "correct horse battery"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    url = f"sqlite:///{tmp_path_factory.mktemp('house') / 'house.sqlite'}"
    house = House(create_app(Settings(url, "x" * 32)), {}, {}, {})
    database: Database = house.app.extensions["krachtmeting"].database
    database.upgrade()
    with database.writing() as session:
        for slug in ("demo", "other"):
            waves = [("t0", "Start"), ("t1", "Later")]
            house.studies[slug] = studies.add_study(session, slug, f"The {slug} study", waves, Clock.now)
        for name, role in PEOPLE.items():
            person = people.add_person(session, name, house.password, Clock.now, admin=name == "admin", language="en")
            house.people[name], house.codes[name] = person, people.person_by_id(session, person).code
            people.set_roles(session, person, house.studies["demo"], frozenset({role} if role else ()))
        people.set_roles(session, house.people["otto"], house.studies["other"], frozenset(people.ROLES))
    database.close()
    return house


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(house: House) -> Any:
    return house.app


@pytest.fixture
def house(built: House, clock: Clock, tmp_path: Path) -> Any:
    first = built.app.extensions["krachtmeting"]
    shutil.copy(first.database.url.database or "", tmp_path / "test.sqlite")
    database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
    built.app.extensions["krachtmeting"] = Server(
        first.settings, database, first.library, clock,
        code_books=first.code_books, fidelity_models=first.fidelity_models,
    )  # fmt: skip
    yield built
    database.close()
    built.app.extensions["krachtmeting"] = first


@pytest.fixture
def planned(house: House, clock: Clock) -> PlannedStudy:
    """A study by protocol beside the two, with teams north and south; iris, cora, oscar and tess can sign in too."""
    with house.app.extensions["krachtmeting"].database.writing() as session:
        same = people.person_by_id(session, house.people["ilse"]).password_hash
        return plan_study(session, clock.now, password_hash=same)


@pytest.fixture
def send() -> Any:
    """Posts like a browser: with the token of a form on `page`."""
    return lambda client, address, page="/account/", **fields: client.post(
        address, data={"csrf_token": client.get(page).text.split('csrf_token" value="')[1].split('"')[0], **fields}
    )


@pytest.fixture
def sign_in(house: House, send: Any) -> Any:
    def signed_in(name: str) -> Any:
        send(client := house.app.test_client(), "/sign-in", "/sign-in", name=name, password=house.password)
        return client

    return signed_in


@pytest.fixture
def database(app: Flask) -> Database:
    """The database of the server under test."""
    found: Database = app.extensions["krachtmeting"].database
    return found


@pytest.fixture
def admin(sign_in: Any) -> Any:
    """A browser in which the admin is signed in."""
    return sign_in("admin")


@pytest.fixture
def trail(database: Database) -> Any:
    """The audit trail without signing in, the oldest first: action, who, details."""

    def entries() -> list[tuple[str, str | None, Any]]:
        with database.reading() as reading:
            found = [(entry.action, code, json.loads(entry.details)) for entry, code in audit.newest(reading, 100)]
        return [one for one in reversed(found) if one[0] != "signed in"]

    return entries
