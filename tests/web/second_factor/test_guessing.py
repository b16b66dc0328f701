"""Guessing names and passwords: from one place, many at once, and by looking at how the server answers."""

from __future__ import annotations

import dataclasses
import re
import time
from statistics import median
from typing import Any
from unittest import mock

import pytest
from flask.testing import FlaskClient
from seeing import seen
from sqlalchemy import event
from test_sign_in import REFUSED

from survey.storage import people, sessions
from survey.storage.database import Database
from survey.storage.tables import SignInFailure


def test_thirty_failures_from_one_address_close_it_for_a_quarter_of_an_hour_and_no_other(
    visitor: FlaskClient, attempt: Any, house: Any, database: Database, clock: Any
) -> None:
    visitor.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    with mock.patch.object(people, "person_with", return_value=None):
        assert {attempt(f"guess{number}", "whatever").status_code for number in range(30)} == {422}
    locked = "There were too many attempts. Please try again in 15 minutes."
    assert seen(attempt("ilse"), "//p[@role='alert']") == [locked]
    clock.advance(minutes=10)
    assert seen(attempt("ilse"), "//p[@role='alert']") == [locked.replace("15", "5")]
    visitor.environ_base["REMOTE_ADDR"] = "203.0.113.10"
    assert attempt("ilse", "not the password").text.count(REFUSED) == 1
    # What was tried meanwhile did not count: it opens by itself.
    visitor.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    clock.advance(minutes=5)
    assert attempt("coen", next="/there").location == "/there"
    with database.reading() as reading:
        kept = {row.address_hash for row in reading.query(SignInFailure)}
    assert all(one is None or (len(one) == 64 and "203" not in one[:3]) for one in kept)


@pytest.mark.parametrize(
    ("proxies", "remote", "counted"),
    [(0, "127.0.0.1", 0), (1, "127.0.0.1", 1), (0, "2001:db8::1", 1), (0, "::ffff:203.0.113.9", 1), (0, "", 0)],
)
def test_address_of_an_undeclared_proxy_is_not_counted(
    proxies: int, remote: str, counted: int, visitor: FlaskClient, attempt: Any, house: Any, database: Database
) -> None:
    here = house.app.extensions["krachtmeting"]
    settings = dataclasses.replace(here.settings, proxies=proxies)
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, settings=settings)
    visitor.environ_base["REMOTE_ADDR"] = remote
    attempt("nobody", "whatever it is")
    with database.reading() as reading:
        assert sum(row.address_hash is not None for row in reading.query(SignInFailure)) == counted


def test_many_guesses_at_once_are_no_more_than_five(attempt: Any, house: Any) -> None:
    tried = []

    def slow(reading: Any, name: str, password: str) -> None:
        # While one password is looked at, another guess comes in.
        tried.append(password)
        if len(tried) < 12:
            attempt(name, f"guess {len(tried)}")

    with mock.patch.object(people, "person_with", slow):
        attempt("ilse", "guess 0")
    assert len(tried) == sessions.FAILURES


# Telling nothing


class Watched:
    """Counts what is asked of the database, and how often a password is hashed."""

    def __init__(self, database: Database) -> None:
        self.database, self.statements, self.hashed = database, [], 0

    def of(self, act: Any) -> tuple[list[str], int]:
        """The shapes of the statements, and the number of hashings, while something is done."""
        self.statements, self.hashed = [], 0
        heard = lambda *given: self.statements.append(re.sub(r"\s+", " ", given[2])[:60])  # noqa: E731
        event.listen(self.database.engine, "before_cursor_execute", heard)
        verify = people.HASHER.verify

        def counted(*given: Any) -> Any:
            self.hashed += 1
            return verify(*given)

        with mock.patch.object(people, "HASHER", mock.Mock(verify=counted, hash=people.HASHER.hash)):
            act()
        event.remove(self.database.engine, "before_cursor_execute", heard)
        return self.statements, self.hashed


def test_known_unknown_closed_and_guarded_names_take_the_same_steps(
    with_app: Any, attempt: Any, strict: Any, house: Any, clock: Any
) -> None:
    with_app("ilse")
    with strict.database.writing() as writing:
        people.close_account(writing, house.people["olga"], clock.now)
    watched, wrong = Watched(strict.database), "not the password"
    attempt("coen", wrong)
    steps = {name: watched.of(lambda name=name: attempt(name, wrong)) for name in ("coen", "nobody", "ilse", "olga")}
    assert steps == dict.fromkeys(steps, steps["nobody"])
    assert steps["nobody"][1] == 1
    pages = [seen(attempt(name, wrong), "//p[@role='alert']") for name in steps]
    assert pages == [[REFUSED]] * 4


@pytest.mark.alone
def test_known_and_unknown_names_take_about_as_long(strict: Any, house: Any) -> None:
    took: dict[str, list[float]] = {"ilse": [], "nobody": []}
    for _ in range(15):
        for name, times in took.items():
            with strict.reading() as reading:
                began = time.perf_counter()
                people.person_with(reading, name, "not the password")
                times.append(time.perf_counter() - began)
    # Without the hash for nobody the ratio would be about a hundred.
    assert 1 / 3 < median(took["ilse"]) / median(took["nobody"]) < 3
