"""New passwords: by length and by how soon they are guessed, never by kinds of signs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from seeing import seen

from survey.forms.people import PASSWORD_LENGTH, PASSWORD_LIMIT, PASSWORD_WORDS
from survey.storage import passwords, people
from survey.storage.database import Database


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevensigns", "short"),
        ("x" * 129, "long"),
        ("aaaaaaaaaaaa", "common"),
        ("123456789012", "common"),
        ("qwertyuiop12", "common"),
        ("passwordpassword", "common"),
        ("welkom123456", "own_words"),
        ("krachtmeting2025", "own_words"),
        ("Ilse-Krachtmeting!", "own_words"),
        ("ilseverzonnen99", "own_words"),
        ("a quiet morning walk", None),
        ("drie oude fietsen in de regen", None),
        ("8492 1093 4482", None),
        ("пароль на каждый день", None),
        ("🙂 en 🙃 zijn twee", None),
        ("a quiet morning walk with seven herons and a heron of clay along the old canal, twice", None),
    ],
)
def test_password_does_when_it_is_long_and_hard_to_guess(password: str, problem: str | None) -> None:
    assert passwords.problem(password, ["ilse.verzonnen", "K7F-3QH"]) == problem


def test_forms_and_storage_have_the_same_limits() -> None:
    assert (passwords.SHORTEST, passwords.LONGEST) == (PASSWORD_LENGTH, PASSWORD_LIMIT) == (people.PASSWORD_LENGTH, 128)
    assert set(PASSWORD_WORDS) == {"short", "long", "common", "own_words"}


def test_long_password_is_looked_at_in_no_time() -> None:
    began = time.monotonic()
    for password in ("ab1" * 42, "p@ssw0rd" * 16, "qwerty" * 21, "2025-01-01" * 12):
        passwords.problem(password, ["ilse"])
    assert time.monotonic() - began < 4


def test_password_that_many_use_is_refused_with_advice(sign_in: Any, send: Any, house: Any) -> None:
    typed = {"new_password": "qwertyuiop12", "again_password": "qwertyuiop12", "old_password": house.password}
    page = send(sign_in("ilse"), "/account/password", **typed)
    assert (page.status_code, seen(page, "//p[@class='error']")) == (
        422,
        [
            "This password is soon guessed: many people use it, or its pattern. A few words that do not belong "
            "together are hard to guess and easy to remember."
        ],
    )


def test_password_managers_know_which_field_is_which(sign_in: Any, app: Flask) -> None:
    pages = (sign_in("ilse").get("/account/"), app.test_client().get("/sign-in"))
    assert [seen(page, "//input[@type='password']/@autocomplete") for page in pages] == [
        ["current-password", "new-password", "new-password"],
        ["current-password"],
    ]
    assert [seen(page, "//input/@onpaste") for page in pages] == [[], []]


def test_words_that_no_password_is_made_of_are_told_to_operators() -> None:
    operators = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")
    assert [word for word in passwords.OWN_WORDS if f"`{word}`" not in operators] == []


def test_password_of_128_signs_counts_to_its_last_one(sign_in: Any, send: Any, house: Any, app: Flask) -> None:
    long = ("seven herons walked along the old canal at dawn; " * 3)[:127]
    typed = {"new_password": long + "!", "again_password": long + "!", "old_password": house.password}
    assert send(sign_in("ilse"), "/account/password", **typed).status_code == 302
    tries = [
        send(app.test_client(), "/sign-in", "/sign-in", name="ilse", password=password).status_code
        for password in (long + "?", long, long + "!")
    ]
    assert tries == [422, 422, 302]


def test_password_from_before_the_rules_goes_on_working(send: Any, app: Flask, database: Database, house: Any) -> None:
    with database.writing() as writing:
        people.set_password(writing, house.people["ilse"], "krachtmeting1", house.app.extensions["krachtmeting"].now())
    assert send(app.test_client(), "/sign-in", "/sign-in", name="ilse", password="krachtmeting1").status_code == 302


# Passwords that were made for somebody


@pytest.fixture
def made(admin: Any, send: Any, house: Any) -> str:
    """The password that the admin's page made for ilse."""
    send(admin, f"/admin/people/{house.people['ilse']}", do="password")
    return seen(admin.get(f"/admin/people/{house.people['ilse']}"), "//p[@class='secret']")[0]


def test_password_that_was_made_opens_nothing_but_the_choice_of_an_own_one(
    made: str, send: Any, app: Flask, house: Any
) -> None:
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    first = send(browser, "/sign-in", "/sign-in", name="ilse", password=made, next="/account/")
    assert first.location == "/sign-in/new-password?next=/account/"
    assert [browser.get(address).status_code for address in ("/", "/account/", "/study/demo/work/")] == [302] * 3
    page = "/sign-in/new-password"
    same = send(browser, page, page, new_password=made, again_password=made)
    assert seen(same, "//p[@class='error']") == ["Choose a password that differs from the one you have now."]
    new = {"new_password": "a quiet morning walk", "again_password": "a quiet morning walk", "next": "/account/"}
    assert send(browser, page, page, **new).location == "/account/"
    assert browser.get("/account/").status_code == 200
    again = send(app.test_client(), "/sign-in", "/sign-in", name="ilse", password=new["new_password"])
    assert again.location == "/"


def test_password_that_was_made_works_for_fourteen_days(made: str, send: Any, app: Flask, clock: Any) -> None:
    said = []
    for _ in range(2):
        clock.advance(days=7)
        browser = app.test_client()
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        said.append(seen(send(browser, "/sign-in", "/sign-in", name="ilse", password=made), "//p[@role='alert']"))
    assert said == [[], ["This first password no longer works. Ask an admin for a new one."]]
