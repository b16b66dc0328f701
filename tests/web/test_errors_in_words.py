"""What people are told while the database cannot do its work: plain words, nothing lost, never a stack trace."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from small_interview import Desk

from survey.storage import database as bounds
from survey.storage.database import Busy, Database
from survey.web import errors
from survey.web.guests import LINK


@pytest.fixture
def desk(house: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose database waits a moment only for others."""
    monkeypatch.setattr(bounds, "BUSY_SECONDS", 0.1)
    here = house.app.extensions["krachtmeting"]
    impatient = Database(str(here.database.url))
    house.app.extensions["krachtmeting"] = dataclasses.replace(here, database=impatient)
    return Desk(house, sign_in("ilse"))


@contextmanager
def held(desk: Desk) -> Iterator[None]:
    """Another program is writing all the while."""
    with closing(sqlite3.connect(str(desk.server.database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def away(desk: Desk) -> Iterator[None]:
    """There is no database where it should be."""
    here = desk.server
    gone = Database("postgresql://nobody@127.0.0.1:9/none")
    desk.app.extensions["krachtmeting"] = dataclasses.replace(here, database=gone)
    yield
    gone.close()
    desk.app.extensions["krachtmeting"] = here


def words(answer: Any) -> list[str]:
    """The heading and the sentences of a page."""
    from_main = answer.text.split("<main")[1]
    return [
        part.split("<")[0].strip().replace("&#39;", "'") for tag in ("<h1>", "<p>") for part in from_main.split(tag)[1:]
    ]


def test_save_into_a_locked_database_is_refused_in_words_and_saved_when_it_comes_again(desk: Desk) -> None:
    shown = desk.get("page/home")
    with held(desk):
        answer = desk.save("home", "age", shown=shown, q_age="40", batch="a")
    assert (answer.status_code, list(answer.json), answer.headers["Retry-After"]) == (503, ["problem"], "5")
    assert answer.json["problem"].startswith("The server could not save this just now.")
    assert desk.answers == {}
    assert desk.save("home", "age", shown=shown, q_age="40", batch="a").status_code == 200
    assert desk.answers == {"age": 40}


def test_page_that_could_not_be_saved_comes_back_with_a_button_that_sends_it_again(desk: Desk) -> None:
    shown = desk.get("page/home")
    with held(desk):
        refused = desk.send("home", shown=shown, q_age="40", q_housed="no")
    assert (refused.status_code, words(refused)[0]) == (503, "Not saved")
    again = desk.form(refused)
    assert (again["q_age"], desk.answers) == (["40"], {})
    assert desk.client.post(desk.address("page/home"), data=again).status_code == 302
    assert desk.answers == {"age": 40, "housed": "no"}


def test_one_can_look_while_nothing_can_be_written(desk: Desk) -> None:
    desk.get("page/home")
    desk.later(minutes=5)
    with held(desk):
        assert desk.get("page/home").status_code == 200


def test_without_a_database_everybody_gets_a_page_in_their_language(desk: Desk) -> None:
    with away(desk):
        english = desk.client.get("/", headers={"Accept-Language": "en"})
        dutch = desk.client.get("/", headers={"Accept-Language": "nl"})
    assert [answer.status_code for answer in (english, dutch)] == [503, 503]
    assert words(english)[0] == "Not just now"
    assert all("Traceback" not in answer.text for answer in (english, dutch))


def test_signing_in_without_a_database_repeats_no_password(desk: Desk, house: Any) -> None:
    browser = house.app.test_client()
    csrf = browser.get("/session").json["csrf"]
    with held(desk):
        sent = {"csrf_token": csrf, "name": "ilse", "password": house.password}
        answer = browser.post("/sign-in", data=sent, headers={"Accept-Language": "en"})
    assert (answer.status_code, words(answer)[0], house.password in answer.text) == (503, "Not saved", False)


def test_who_fills_in_alone_gets_a_calm_page_without_a_word_about_servers(desk: Desk) -> None:
    browser = desk.app.test_client()
    with browser.session_transaction() as cookie:
        cookie[LINK] = "a" * 32
    with away(desk):
        answer = browser.get(desk.address("page/home"), headers={"Accept-Language": "pl"})
    assert (answer.status_code, 'lang="pl"' in answer.text, "server" in answer.text) == (503, True, False)


def test_mistake_of_ours_is_called_that_and_shows_no_value(desk: Desk, caplog: Any, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        with desk.server.database.writing() as session:
            session.connection().exec_driver_sql("INSERT INTO study (slug) VALUES ('said in secret')")

    monkeypatch.setitem(desk.app.view_functions, "saving.save", broken)
    answer = desk.save("home", "age", q_age="40")
    assert (answer.status_code, list(answer.json)) == (500, ["problem"])
    assert "said in secret" not in answer.text + caplog.text


def test_nobody_waits_for_a_turn_longer_than_the_bound(desk: Desk) -> None:
    shown, database = desk.get("page/home"), desk.server.database

    class Taken:
        def acquire(self, timeout: float) -> bool:
            return False

    turn, database._turn = database._turn, Taken()
    with pytest.raises(Busy), database.writing():
        pass
    answer = desk.save("home", "age", shown=shown, q_age="40", batch="a")
    database._turn = turn
    assert (answer.status_code, list(answer.json)) == (503, ["problem"])


def test_even_a_page_of_mistakes_with_a_mistake_tells_something_and_no_detail(desk: Desk, monkeypatch: Any) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise LookupError("said in secret")

    monkeypatch.setattr(errors, "render_template", broken)
    monkeypatch.setitem(desk.app.view_functions, "start.start", broken)
    answer = desk.client.get("/")
    assert (answer.status_code, answer.text.split("<h1>")[1].split("<")[0]) == (500, "Dit lukte niet")
    assert "said in secret" not in answer.text
