"""One's own account: language, password, and the browsers in which one is signed in."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from flask import Flask
from seeing import seen

from survey.storage import audit, people, sessions
from survey.storage.database import Database
from survey.web.account import ago, device

NEW = "a quiet morning walk"


@pytest.fixture
def change(send: Any, house: Any) -> Any:
    """Sends the password form, right unless told otherwise."""

    def changed(browser: Any, **other: str) -> Any:
        typed = {"old_password": house.password, "new_password": NEW, "again_password": NEW}
        return send(browser, "/account/password", **(typed | other))

    return changed


def works(app: Flask, send: Any, password: str) -> bool:
    answer = send(app.test_client(), "/sign-in", "/sign-in", name="ilse", password=password)
    return bool(answer.status_code == 302)


def test_account_shows_ones_own_name_and_code_and_nobody_elses(sign_in: Any, house: Any) -> None:
    page = sign_in("ilse").get("/account/")
    assert seen(page, "//dd") == ["ilse", f"{house.codes['ilse']} This stands in downloads instead of your name."]
    others = [text for name in ("admin", "coen", "otto") for text in (name, house.codes[name]) if text in page.text]
    assert others == []


def test_nobody_reaches_the_account_of_another(sign_in: Any, house: Any) -> None:
    browser = sign_in("ilse")
    addresses = [f"/account/{house.people['coen']}", "/account/coen", f"/admin/people/{house.people['coen']}"]
    assert [browser.get(address).status_code for address in addresses] == [404, 404, 403]


def test_language_is_changed_and_one_returns_to_where_one_was(sign_in: Any, send: Any) -> None:
    browser = sign_in("ilse")
    answer = send(browser, "/account/language", language="nl", next="/study/demo/participants/?page=1")
    assert (answer.status_code, answer.location) == (302, "/study/demo/participants/?page=1")
    assert seen(browser.get("/account/"), "/html/@lang") == ["nl"]
    assert seen(browser.get("/account/"), "//input[@name='language'][@checked]/@value") == ["nl"]


def test_language_of_one_person_is_not_that_of_another(sign_in: Any, send: Any) -> None:
    other = sign_in("coen")
    send(sign_in("ilse"), "/account/language", language="nl")
    assert seen(other.get("/account/"), "/html/@lang") == ["en"]


@pytest.mark.parametrize(
    ("address", "leads_to"), [("", "/account/"), ("https://evil.example", "/"), ("//evil.example", "/")]
)
def test_choosing_a_language_never_leads_away(address: str, leads_to: str, sign_in: Any, send: Any) -> None:
    assert send(sign_in("ilse"), "/account/language", language="nl", next=address).location == leads_to


def test_language_that_does_not_exist_is_refused(sign_in: Any, send: Any) -> None:
    browser = sign_in("ilse")
    assert send(browser, "/account/language", language="xx").status_code == 400
    assert seen(browser.get("/account/"), "/html/@lang") == ["en"]


def test_new_password_works_and_the_old_one_does_not(
    sign_in: Any, change: Any, app: Flask, send: Any, house: Any
) -> None:
    browser = sign_in("ilse")
    answer = change(browser)
    assert (answer.status_code, answer.location) == (302, "/account/")
    assert seen(browser.get("/account/"), "//main//*[@role='status']") == [
        "Your password has changed. In other browsers you have to sign in again."
    ]
    assert [works(app, send, password) for password in (house.password, NEW)] == [False, True]


def test_new_password_keeps_this_browser_signed_in_and_ends_the_others(sign_in: Any, change: Any) -> None:
    first, second, somebody_else = sign_in("ilse"), sign_in("ilse"), sign_in("coen")
    change(first)
    assert [browser.get("/account/").status_code for browser in (first, second, somebody_else)] == [200, 302, 200]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"old_password": ""}, ["Write the password you have now."]),
        ({"old_password": "wrong"}, ["This is not the password you have now. Please try again."]),
        (
            {"new_password": "elevensigns", "again_password": "elevensigns"},
            ["Choose a password of at least 12 characters."],
        ),
        ({"new_password": "x" * 129, "again_password": "x" * 129}, ["Choose a password of at most 128 characters."]),
        (
            {"again_password": "something else"},
            ["The two new passwords differ. Write the new one twice in the same way."],
        ),
        (
            {"new_password": "correct horse battery", "again_password": "correct horse battery"},
            ["Choose a password that differs from the one you have now."],
        ),
    ],
)
def test_password_that_does_not_do_is_explained_and_not_repeated(
    typed: dict[str, str], problems: list[str], sign_in: Any, change: Any, app: Flask, send: Any, house: Any
) -> None:
    page = change(sign_in("ilse"), **typed)
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, problems)
    assert seen(page, "//input[@type='password']/@value") == ["", "", ""]
    assert [word for word in (house.password, NEW, *typed.values()) if word and word in page.text] == []
    assert works(app, send, house.password)


def test_each_problem_stands_with_its_field(sign_in: Any, change: Any) -> None:
    page = change(sign_in("ilse"), old_password="wrong")
    described = seen(page, "//input[@aria-invalid='true']/@aria-describedby")
    assert described == ["old_password-error"]
    assert seen(page, f"//*[@id='{described[0]}']") == ["This is not the password you have now. Please try again."]
    assert seen(page, "//*[@role='alert']//a/@href") == ["#old_password"]


def test_open_screen_gives_no_more_guesses_than_the_sign_in_page(sign_in: Any, change: Any, clock: Any) -> None:
    browser = sign_in("ilse")
    for number in range(5):
        change(browser, old_password=f"guess {number}")
    locked = change(browser)
    assert seen(locked, "//p[@class='error']") == ["There were too many attempts. Please try again in 15 minutes."]
    clock.advance(minutes=15)
    assert change(browser).status_code == 302


def test_loading_the_page_of_a_mistake_again_shows_the_account(sign_in: Any) -> None:
    assert sign_in("ilse").get("/account/password").location == "/account/"


def test_own_browsers_are_listed_with_when_they_were_seen(sign_in: Any, clock: Any) -> None:
    sign_in("coen")
    sign_in("ilse")
    clock.advance(minutes=12)
    page = sign_in("ilse").get("/account/")
    this = ["unknown browser", "just now", "just now", "this browser"]
    assert seen(page, "//tbody//td") == [*this, "unknown browser", "12 minutes ago", "12 minutes ago", "Sign out there"]


def test_one_other_browser_is_ended(sign_in: Any, send: Any, house: Any) -> None:
    first, second, third = sign_in("ilse"), sign_in("ilse"), sign_in("ilse")
    with second.session_transaction() as cookie:
        key = sessions.hashed(cookie["token"])
    assert send(first, "/account/sessions", session=key, password_again=house.password).location == "/account/"
    assert [browser.get("/account/").status_code for browser in (first, second, third)] == [200, 302, 200]


def test_all_other_browsers_are_ended(sign_in: Any, send: Any, house: Any) -> None:
    first, second, third, somebody_else = sign_in("ilse"), sign_in("ilse"), sign_in("ilse"), sign_in("coen")
    send(first, "/account/sessions", session="others", password_again=house.password)
    assert [browser.get("/account/").status_code for browser in (first, second, third, somebody_else)] == [
        200,
        302,
        302,
        200,
    ]


def test_browser_of_another_person_cannot_be_ended(sign_in: Any, send: Any, database: Database, house: Any) -> None:
    mine, other = sign_in("ilse"), sign_in("coen")
    with other.session_transaction() as cookie:
        key = sessions.hashed(cookie["token"])
    send(mine, "/account/sessions", session=key, password_again=house.password)
    assert other.get("/account/").status_code == 200
    with database.reading() as reading:
        assert [entry.action for entry, _ in audit.newest(reading, 10)] == ["signed in", "signed in"]


def test_audit_trail_says_what_was_done_and_no_password(
    sign_in: Any, send: Any, change: Any, database: Database, house: Any
) -> None:
    browser = sign_in("ilse")
    change(browser)
    send(browser, "/account/sessions", session="others")
    with database.reading() as reading:
        found = [(entry.action, code, json.loads(entry.details)) for entry, code in audit.newest(reading, 10)]
    mine = house.codes["ilse"]
    assert found == [
        ("ended own other sessions", mine, {}),
        ("changed own password", mine, {}),
        ("signed in", mine, {}),
    ]


def test_password_is_kept_as_a_hash_only(sign_in: Any, change: Any, database: Database, house: Any) -> None:
    change(sign_in("ilse"))
    with database.reading() as reading:
        kept = people.person_by_id(reading, house.people["ilse"])
    assert kept is not None
    assert (kept.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$"), NEW in kept.password_hash) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:136.0) Gecko/20100101 Firefox/136.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0 Safari/537.36 Edg/133.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 Version/18.3 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.3 Safari/605.1.15",
            "Safari, macOS",
        ),
    ],
)
def test_browser_is_called_as_people_call_it(agent: str, words: str) -> None:
    assert device(agent) == words


def test_how_long_ago_is_said_in_words(app: Flask, clock: Any) -> None:
    passed = [datetime.timedelta(seconds=59), datetime.timedelta(minutes=1), datetime.timedelta(hours=2)]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [ago(clock.now - one, clock.now) for one in passed] == ["just now", "1 minute ago", "2 hours ago"]
