"""A server that asks for second factors, and somebody at its door."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from authenticator import SECRET
from flask import Flask
from flask.testing import FlaskClient

from survey.storage import second_factors
from survey.storage.tables import Person


@pytest.fixture
def strict(house: Any) -> Any:
    """The server, with second factors asked for."""
    here = house.app.extensions["krachtmeting"]
    settings = dataclasses.replace(here.settings, second_factor=True, master_key=b"m" * 32)
    house.app.extensions["krachtmeting"] = made = dataclasses.replace(here, settings=settings)
    return made


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def attempt(visitor: FlaskClient, send: Any, house: Any) -> Any:
    """Gives name and password in the visitor's browser."""
    return lambda name, password=house.password, **more: send(
        visitor, "/sign-in", "/sign-in", name=name, password=password, **more
    )


@pytest.fixture
def with_app(strict: Any, house: Any, clock: Any) -> Any:
    """Gives people an app with SECRET, and recovery codes, which come back."""

    def given(name: str) -> list[str]:
        with strict.database.writing() as writing:
            person = writing.get_one(Person, house.people[name])
            second_factors.keep_app(writing, strict.sealer, person, SECRET, 0, clock.now)
            return second_factors.new_recovery_codes(writing, person.id, clock.now)

    return given
