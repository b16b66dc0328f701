"""Signing in and out: lock-out, limits of a session, cookies, forged requests, and forms that were sent too late."""

from __future__ import annotations

import re
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from seeing import seen

from survey.instruments.library import TRANSLATIONS
from survey.storage import audit, people, sessions
from survey.storage.database import Database
from survey.web.access import OPEN_ENDPOINTS
from survey.web.app import create_app
from survey.web.headers import POLICY
from survey.web.settings import Settings

REFUSED = "This name and password do not belong together. Please check both."

NUMBERS = dict.fromkeys(("person_id", "version", "task_id", "time", "query", "passage"), "1")
"""What stands in an address as a number."""


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A browser in which nobody signed in."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def attempt(visitor: FlaskClient, send: Any) -> Any:
    """Tries to sign in, in the browser of the visitor."""
    return lambda name, password, **more: send(visitor, "/sign-in", "/sign-in", name=name, password=password, **more)


def test_sign_in_leads_to_the_start_page(attempt: Any, visitor: FlaskClient, house: Any) -> None:
    answer = attempt("ilse", house.password)
    assert (answer.status_code, answer.location) == (302, "/")
    assert seen(visitor.get("/"), "//h1") == ["Welcome"]


def test_sign_in_leads_to_where_one_was_going(attempt: Any, visitor: FlaskClient, house: Any) -> None:
    wanted = visitor.get("/account/?from=a&b=c")
    assert wanted.location == "/sign-in?next=/account/?from%3Da%26b%3Dc"
    address = seen(visitor.get(wanted.location), "//input[@name='next']/@value")
    assert attempt("ilse", house.password, next=address[0]).location == "/account/?from=a&b=c"


def test_name_may_be_typed_with_capitals_and_spaces(attempt: Any, house: Any) -> None:
    assert attempt(" Ilse ", house.password).status_code == 302


def test_wrong_name_and_wrong_password_give_the_same_answer(attempt: Any) -> None:
    pages = [attempt(name, "not the password") for name in ("ilse", "nobody")]
    assert [page.status_code for page in pages] == [422, 422]
    assert [seen(page, "//*[@role='alert']") for page in pages] == [[REFUSED], [REFUSED]]
    known, unknown = [re.sub(r'(name="(csrf_token|name)" value=)"[^"]*"', r"\1", page.text) for page in pages]
    assert known == unknown


def test_name_stays_and_password_goes_after_a_mistake(attempt: Any) -> None:
    page = attempt("ilse", "not the password")
    assert seen(page, "//main//input[not(@type='hidden')]/@value") == ["ilse"]


@pytest.mark.parametrize("name", ["ilse", "nobody"])
def test_five_failures_lock_a_name_for_a_quarter_of_an_hour(name: str, attempt: Any, clock: Any, house: Any) -> None:
    said = [seen(attempt(name, f"guess {number}"), "//*[@role='alert']") for number in range(5)]
    assert said == [[REFUSED]] * 5
    clock.advance(minutes=5)
    locked = attempt(name, house.password)
    assert (locked.status_code, seen(locked, "//*[@role='alert']")) == (
        422,
        ["There were too many attempts. Please try again in 10 minutes."],
    )
    clock.advance(minutes=9, seconds=30)
    assert seen(attempt(name, house.password), "//*[@role='alert']") == [
        "There were too many attempts. Please try again in 1 minute."
    ]
    clock.advance(seconds=30)
    assert attempt(name, house.password).status_code == (302 if name == "ilse" else 422)


def test_lock_on_one_name_leaves_others_open(attempt: Any, house: Any) -> None:
    for number in range(5):
        attempt("ilse", f"guess {number}")
    assert attempt("coen", house.password).status_code == 302


def test_signing_in_forgets_earlier_failures(attempt: Any, visitor: FlaskClient, send: Any, house: Any) -> None:
    for _ in range(2):
        for number in range(4):
            attempt("ilse", f"guess {number}")
        assert attempt("ilse", house.password).status_code == 302
        send(visitor, "/sign-out")


def test_closed_account_is_answered_as_an_unknown_name(
    attempt: Any, database: Database, house: Any, clock: Any
) -> None:
    with database.writing() as writing:
        people.close_account(writing, house.people["ilse"], clock.now)
    assert seen(attempt("ilse", house.password), "//*[@role='alert']") == [REFUSED]


def test_session_ends_after_half_an_hour_without_a_sign_of_life(sign_in: Any, clock: Any) -> None:
    browser = sign_in("ilse")
    for _ in range(3):
        clock.advance(minutes=29)
        assert browser.get("/account/").status_code == 200
    clock.advance(minutes=30)
    assert browser.get("/account/").location == "/sign-in?next=/account/"


def test_page_that_asks_how_long_is_left_is_no_sign_of_life(sign_in: Any, clock: Any) -> None:
    browser = sign_in("ilse")
    clock.advance(minutes=20)
    assert browser.get("/session").json["seconds"] == 600
    clock.advance(minutes=10)
    assert browser.get("/session").json["seconds"] == 0
    assert browser.get("/account/").status_code == 302


def test_session_can_be_extended_from_an_open_page(sign_in: Any, send: Any, clock: Any) -> None:
    browser = sign_in("ilse")
    clock.advance(minutes=29)
    assert send(browser, "/session/extend").json["seconds"] == 1800
    clock.advance(minutes=29)
    assert browser.get("/account/").status_code == 200


def test_session_ends_after_twelve_hours_however_busy_it_is(sign_in: Any, clock: Any) -> None:
    browser, answers = sign_in("ilse"), []
    for _ in range(48):
        clock.advance(minutes=15)
        answers.append(browser.get("/account/").status_code)
    assert answers == [200] * 47 + [302]


def test_revoked_session_ends_at_once_and_others_of_the_same_person_go_on(
    sign_in: Any, database: Database, house: Any, clock: Any
) -> None:
    first, second = sign_in("ilse"), sign_in("ilse")
    with first.session_transaction() as cookie, database.writing() as writing:
        sessions.revoke(writing, sessions.hashed(cookie["token"]), clock.now)
    assert [browser.get("/account/").status_code for browser in (first, second)] == [302, 200]


def test_sign_out_ends_the_session_on_the_server(sign_in: Any, send: Any, app: Flask) -> None:
    browser, thief = sign_in("ilse"), app.test_client()
    thief.set_cookie("krachtmeting", browser.get_cookie("krachtmeting").value)
    assert thief.get("/account/").status_code == 200
    assert send(browser, "/sign-out").location == "/sign-in"
    assert [one.get("/account/").status_code for one in (browser, thief)] == [302, 302]


def test_signing_in_and_out_are_on_record(sign_in: Any, send: Any, database: Database, house: Any) -> None:
    send(sign_in("ilse"), "/sign-out")
    with database.reading() as reading:
        found = [(entry.action, code, entry.details) for entry, code in audit.newest(reading, 10)]
    assert found == [("signed out", house.codes["ilse"], "{}"), ("signed in", house.codes["ilse"], "{}")]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "//[",
    ],
)
def test_next_never_leaves_the_server(address: str, attempt: Any, house: Any) -> None:
    answer = attempt("ilse", house.password, next=address)
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize(
    ("secure", "name", "flags"),
    [
        (False, "krachtmeting", {"HttpOnly", "Path=/", "SameSite=Lax"}),
        (True, "__Host-krachtmeting", {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}),
    ],
)
def test_cookie_is_kept_from_scripts_and_from_other_sites(
    secure: bool, name: str, flags: set[str], database: Database
) -> None:
    app = create_app(Settings(database.url.render_as_string(), "x" * 32, secure=secure))
    answer = app.test_client().get("/sign-in", base_url="https://localhost" if secure else "http://localhost")
    app.extensions["krachtmeting"].database.close()
    cookie, *found = answer.headers["Set-Cookie"].split("; ")
    assert (cookie.split("=")[0], set(found)) == (name, flags)
    always = "max-age=31536000; includeSubDomains"
    assert answer.headers.get("Strict-Transport-Security") == (always if secure else None)


def test_every_post_without_a_token_is_refused(sign_in: Any, app: Flask) -> None:
    browser, refused = sign_in("admin"), {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            _, address = rule.build(
                dict.fromkeys(rule.arguments, "x") | NUMBERS,
                append_unknown=False,
            )
            refused[rule.endpoint] = browser.post(address, data={"csrf_token": "forged"}).status_code
    assert set(refused.values()) == {400}
    assert browser.get("/account/").status_code == 200


def test_refusal_of_a_form_is_in_the_language_of_its_reader(visitor: FlaskClient) -> None:
    title = "Please try once more"
    with (TRANSLATIONS / "nl" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        dutch = read_po(file).get(title).string
    said = [seen(visitor.post("/sign-in", headers={"Accept-Language": language}), "//h1") for language in ("en", "nl")]
    assert said == [[title], [dutch]]


def test_every_page_but_the_open_ones_asks_to_sign_in(visitor: FlaskClient, app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in OPEN_ENDPOINTS:
            _, address = rule.build(dict.fromkeys(rule.arguments, "x") | NUMBERS, append_unknown=False)
            assert (address, visitor.get(address).location) == (address, f"/sign-in?next={address}")


def test_every_answer_has_its_headers(sign_in: Any, visitor: FlaskClient) -> None:
    wanted = {
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    browser = sign_in("admin")
    pages = ["/", "/account/", "/admin/", "/admin/audit", "/session", "/nowhere", "/study/demo/participants/"]
    answers = [browser.get(page) for page in pages] + [
        visitor.get(page) for page in ("/", "/sign-in", "/health", "/nowhere")
    ]
    answers.append(visitor.post("/sign-in"))
    assert [{name: answer.headers.get(name) for name in wanted} for answer in answers] == [wanted] * len(answers)
    assert "'unsafe-inline'" not in POLICY


@pytest.fixture
def interview(app: Flask, sign_in: Any, send: Any) -> tuple[FlaskClient, str]:
    """The interviewer's browser on the first page of an interview, and the address of that page."""
    browser = sign_in("ilse")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    participant = send(browser, "/study/demo/participants/new").location
    first = app.extensions["krachtmeting"].library.newest["client-interview"]
    begun = send(browser, f"{participant}/begin/client-interview/t0").location
    return browser, f"{begun}page/{first.pages[0].page}"


TYPED = [("base", "0"), ("q_age", "46"), ("n_age", "said <softly> & slowly"), ("several", "a"), ("several", "b")]


def as_data(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for other, value in fields if other == name] for name, _ in fields}


def fields_of(page: Any) -> list[tuple[str, str]]:
    names, values = (seen(page, f"//main//form[1]//input[@type='hidden']/@{what}") for what in ("name", "value"))
    return [(name, value) for name, value in zip(names, values, strict=True) if name != "csrf_token"]


def test_page_sent_after_the_session_ran_out_comes_back_to_its_owner(
    interview: tuple[FlaskClient, str], send: Any, clock: Any, house: Any
) -> None:
    browser, address = interview
    clock.advance(minutes=31)
    late = send(browser, address, "/sign-in", **as_data(TYPED))
    assert (late.status_code, seen(late, "//*[@role='status']")) == (
        401,
        ["You were away for a while. What you filled in is kept: sign in, and you can save it."],
    )
    wrong = send(browser, "/sign-in", "/sign-in", name="ilse", password="wrong", **dict(fields_of(late)))
    assert fields_of(wrong) == fields_of(late)
    again = send(browser, "/sign-in", "/sign-in", name="ilse", password=house.password, **dict(fields_of(wrong)))
    assert (seen(again, "//main//form/@action"), fields_of(again)) == ([address], TYPED)


def test_what_somebody_else_typed_is_given_to_nobody(
    interview: tuple[FlaskClient, str], send: Any, clock: Any, house: Any
) -> None:
    browser, address = interview
    clock.advance(minutes=31)
    late = send(browser, address, "/sign-in", **as_data(TYPED))
    assert [name for name, _ in TYPED if name in late.text] == []
    other = send(browser, "/sign-in", "/sign-in", name="otto", password=house.password, **dict(fields_of(late)))
    assert (other.status_code, other.location) == (302, "/")


def test_kept_form_that_was_tampered_with_is_left_out(attempt: Any, house: Any) -> None:
    assert attempt("ilse", house.password, kept="gAAAAA-made-up").location == "/"


def test_account_form_sent_too_late_comes_back(sign_in: Any, send: Any, clock: Any, house: Any) -> None:
    browser = sign_in("ilse")
    clock.advance(minutes=31)
    late = send(browser, "/account/language", "/sign-in", language="nl")
    again = send(browser, "/sign-in", "/sign-in", name="ilse", password=house.password, **dict(fields_of(late)))
    assert (seen(again, "//main//form/@action"), fields_of(again)) == (["/account/language"], [("language", "nl")])


def test_password_sent_too_late_is_not_kept(sign_in: Any, send: Any, clock: Any, house: Any) -> None:
    browser = sign_in("ilse")
    clock.advance(minutes=31)
    typed = {
        "old_password": house.password,
        "new_password": "another horse battery",
        "again_password": "another horse battery",
    }
    late = send(browser, "/account/password", "/sign-in", **typed)
    again = send(browser, "/sign-in", "/sign-in", name="ilse", password=house.password, **dict(fields_of(late)))
    assert [word for word in typed.values() if word in again.text] == []


@pytest.mark.parametrize("name", ["ilse", "otto"])
def test_page_made_before_signing_in_again_can_still_be_saved_by_the_same_person(
    name: str, interview: tuple[FlaskClient, str], send: Any, house: Any
) -> None:
    browser, address = interview
    old_token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(address).text)[0]
    send(browser, "/sign-out")
    send(browser, "/sign-in", "/sign-in", name=name, password=house.password)
    sent = [("person", house.codes["ilse"]), *TYPED]
    again = browser.post(address, data={"csrf_token": old_token, **as_data(sent)})
    given_back = (seen(again, "//main//form/@action"), fields_of(again))
    assert (again.status_code, given_back) == (400, ([address], sent) if name == "ilse" else ([], []))
