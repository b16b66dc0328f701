"""The second step of signing in: who needs one, what opens before it (nothing), setting it up, and losing it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from authenticator import code_now, secret_on
from flask import Flask
from flask.testing import FlaskClient
from seeing import seen
from test_sign_in import NUMBERS

from survey.storage import people, second_factors
from survey.web.access import OPEN_ENDPOINTS
from survey.web.signing_in.half import HALF_ENDPOINTS

CODE, SET_UP = "/sign-in/code", "/sign-in/set-up"
WRONG = "This code is not right, or was used before. Wait for the next one, and type that."


# Who needs one


def test_who_sees_names_or_takes_answers_out_sets_up_a_second_step(
    strict: Any, house: Any, app: Flask, send: Any
) -> None:
    led = {}
    for name in house.people:
        answer = send(app.test_client(), "/sign-in", "/sign-in", name=name, password=house.password)
        led[name] = answer.location == f"{SET_UP}?next=/"
    assert [name for name, to in led.items() if to] == ["admin", "ilse", "rik", "otto"]


def test_demo_asks_nobody_for_a_second_step(attempt: Any) -> None:
    assert attempt("admin").location == "/"


@pytest.mark.parametrize("has", [True, False])
def test_half_signed_in_opens_nothing_at_all(
    has: bool, with_app: Any, strict: Any, attempt: Any, visitor: FlaskClient, app: Flask
) -> None:
    if has:
        with_app("otto")
    assert attempt("otto").location == f"{CODE if has else SET_UP}?next=/"
    assert visitor.get("/session").json["seconds"] == 0
    token = re.findall(r'csrf_token" value="([^"]+)"', visitor.get(CODE, follow_redirects=True).text)[0]
    opened = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS | HALF_ENDPOINTS or "health" in rule.endpoint:
            continue
        _, address = rule.build(dict.fromkeys(rule.arguments, "x") | NUMBERS, append_unknown=False)
        for method in rule.methods & {"GET", "POST"}:
            answer = visitor.open(address, method=method, data={"csrf_token": token} if method == "POST" else None)
            signed_out = answer.status_code == 401 or (answer.location or "").startswith("/sign-in?next=")
            if not signed_out:
                opened[method, rule.rule] = answer.status_code
    assert opened == {}


def test_half_signed_in_lasts_a_quarter_of_an_hour_and_for_one_password(
    with_app: Any, attempt: Any, visitor: FlaskClient, clock: Any, strict: Any, house: Any
) -> None:
    with_app("ilse")
    said = []
    for minutes in (14, 15):
        attempt("ilse")
        clock.advance(minutes=minutes)
        said.append(visitor.get(CODE).status_code)
    attempt("ilse")
    with strict.database.writing() as writing:
        people.set_password(writing, house.people["ilse"], "a quiet morning walk", clock.now)
    assert [*said, visitor.get(CODE).location] == [200, 302, "/sign-in?next=/"]


def test_role_that_needs_a_second_step_is_no_use_to_a_session_without_one(
    strict: Any, sign_in: Any, house: Any, visitor: FlaskClient
) -> None:
    browser = sign_in("coen")
    assert browser.get("/account/").status_code == 200
    with strict.database.writing() as writing:
        people.set_admin(writing, house.people["coen"], True)
    assert browser.get("/account/").location == "/sign-in?next=/account/"


# Giving it


def test_code_of_the_app_lets_in_once(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, app: Flask
) -> None:
    with_app("ilse")
    assert attempt("ilse", next="/account/").location == f"{CODE}?next=/account/"
    assert send(visitor, CODE, CODE, code=code_now(clock), next="/account/").location == "/account/"
    assert "with the app" in seen(visitor.get("/account/"), "//tbody//td")[1]
    send(visitor, "/sign-out")
    attempt("ilse")
    again = send(visitor, CODE, CODE, code=code_now(clock))
    assert (again.status_code, seen(again, "//p[@role='alert']")) == (422, [WRONG])
    assert visitor.get("/account/").status_code == 302


def test_session_after_the_second_step_is_a_new_one(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, app: Flask
) -> None:
    with_app("ilse")
    attempt("ilse")
    half = visitor.get_cookie("krachtmeting").value
    send(visitor, CODE, CODE, code=code_now(clock))
    thief = app.test_client()
    thief.set_cookie("krachtmeting", half)
    assert (visitor.get("/account/").status_code, thief.get("/account/").status_code) == (200, 302)


def test_recovery_code_lets_in_once_and_is_on_record(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, trail: Any, house: Any
) -> None:
    codes = with_app("ilse")
    for expected in (302, 422):
        attempt("ilse")
        assert send(visitor, CODE, CODE, recovery=codes[3]).status_code == expected
        send(visitor, "/sign-out") if expected == 302 else None
    mine = house.codes["ilse"]
    assert [one[:2] for one in trail()] == [
        ("used a recovery code", mine), ("signed out", mine), ("gave a wrong second factor", mine),
    ]  # fmt: skip


def test_five_wrong_codes_lock_codes_and_not_the_name(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any
) -> None:
    codes = with_app("ilse")
    attempt("ilse")
    said = [seen(send(visitor, CODE, CODE, code=f"00000{digit}"), "//p[@role='alert']") for digit in range(5)]
    assert said == [[WRONG]] * 5
    locked = ["There were too many attempts. Please try again in 15 minutes."]
    for typed in ({"code": code_now(clock)}, {"recovery": codes[0]}):
        # Signing in anew gives no more guesses.
        assert attempt("ilse").location == f"{CODE}?next=/"
        assert seen(send(visitor, CODE, CODE, **typed), "//p[@role='alert']") == locked
    clock.advance(minutes=15)
    attempt("ilse")
    assert send(visitor, CODE, CODE, code=code_now(clock)).status_code == 302


def test_what_was_typed_before_the_session_ran_out_survives_the_second_step(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, house: Any
) -> None:
    with_app("ilse")
    attempt("ilse")
    send(visitor, CODE, CODE, code=code_now(clock))
    clock.advance(minutes=31)
    late = send(visitor, "/account/language", "/sign-in", language="nl")
    kept = seen(late, "//input[@name='kept']/@value")[0]
    asked = attempt("ilse", kept=kept)
    assert (asked.status_code, seen(asked, "//input[@name='kept']/@value")[0]) == (200, kept)
    wrong = send(visitor, CODE, CODE, code="000000", kept=kept)
    again = send(visitor, CODE, CODE, code=code_now(clock), kept=seen(wrong, "//input[@name='kept']/@value")[0])
    assert seen(again, "//main//form/@action") == ["/account/language"]


def test_sign_in_over_a_page_asks_for_the_code_too(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, house: Any
) -> None:
    with_app("ilse")
    typed = {"name": "ilse", "password": house.password}
    here = ("/session/sign-in", "/sign-in")
    first, wrong = (send(visitor, *here, **typed, **more) for more in ({}, {"code": "000000"}))
    assert [(one.status_code, one.json) for one in (first, wrong)] == [
        (422, {"problem": "Write the code that your app shows now.", "second": True}),
        (422, {"problem": WRONG, "second": True}),
    ]
    assert visitor.get("/account/").status_code == 302
    right = send(visitor, *here, **typed, code=code_now(clock))
    assert (right.status_code, right.json["person"]) == (200, house.codes["ilse"])
    assert visitor.get("/account/").status_code == 200


def test_sign_in_over_a_page_sends_elsewhere_who_must_set_up_first(
    strict: Any, send: Any, visitor: FlaskClient, house: Any
) -> None:
    said = send(visitor, "/session/sign-in", "/sign-in", name="ilse", password=house.password)
    assert (said.status_code, said.json["elsewhere"]) == (422, True)
    assert visitor.get("/account/").status_code == 302


# Setting it up


def test_app_is_set_up_with_a_code_and_recovery_codes_are_shown_once(
    strict: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, app: Flask, trail: Any, house: Any
) -> None:
    attempt("ilse", next="/account/")
    page = visitor.get(SET_UP)
    secret, sealed = secret_on(page), seen(page, "//input[@name='sealed']/@value")[0]
    wrong = send(visitor, SET_UP, SET_UP, do="add", sealed=sealed, code="000000")
    assert (wrong.status_code, secret_on(wrong)) == (422, secret)
    done = send(visitor, SET_UP, SET_UP, do="add", sealed=sealed, code=code_now(clock, secret), next="/account/")
    codes = seen(done, "//ol/li")
    assert (len(codes), seen(done, "//main//a/@href")) == (10, ["/account/"])
    assert visitor.get("/account/").status_code == 200
    assert [one[0] for one in trail()] == ["set up a second factor"]
    other = app.test_client()
    send(other, "/sign-in", "/sign-in", name="ilse", password=house.password)
    assert send(other, CODE, CODE, code=code_now(clock, secret)).status_code == 422
    assert send(other, CODE, CODE, recovery=codes[0]).status_code == 302


def test_secret_that_was_offered_to_somebody_else_or_long_ago_is_not_taken(
    strict: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any
) -> None:
    attempt("rik")
    page = visitor.get(SET_UP)
    secret, sealed = secret_on(page), seen(page, "//input[@name='sealed']/@value")[0]
    attempt("ilse")
    for stolen in (sealed, "made up", "ü"):
        refused = send(visitor, SET_UP, SET_UP, do="add", sealed=stolen, code=code_now(clock, secret))
        assert (refused.status_code, secret_on(refused) == secret) == (422, False)


def test_who_needs_none_may_have_one_and_is_asked_from_then_on(
    strict: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, sign_in: Any, house: Any
) -> None:
    elsewhere, own = sign_in("coen"), "/account/second-factor"
    attempt("coen")
    assert seen(visitor.get(own), "//h1") == ["Your password once more"]
    given = send(visitor, "/account/again", password_again=house.password, next=own)
    assert given.location == own
    page, before = visitor.get(own), visitor.get_cookie("krachtmeting").value
    sealed = seen(page, "//input[@name='sealed']/@value")[0]
    done = send(visitor, own, do="add", sealed=sealed, code=code_now(clock, secret_on(page)))
    assert len(seen(done, "//ol/li")) == 10
    # This browser goes on under another token; all others are signed out.
    old = house.app.test_client()
    old.set_cookie("krachtmeting", before)
    assert [one.get("/account/").status_code for one in (visitor, old, elsewhere)] == [200, 302, 302]
    send(visitor, "/sign-out")
    assert attempt("coen").location == f"{CODE}?next=/"


def test_last_second_step_stays_where_the_work_needs_one(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, strict: Any, house: Any
) -> None:
    left = {}
    for name in ("ilse", "coen"):
        with_app(name)
        attempt(name)
        send(visitor, CODE, CODE, code=code_now(clock))
        send(visitor, "/account/second-factor", do="remove-app", password_again=house.password)
        with strict.database.reading() as reading:
            left[name] = second_factors.factors(reading, house.people[name]).any
        send(visitor, "/sign-out")
    assert left == {"ilse": True, "coen": False}


def test_nothing_is_changed_without_the_password_once_more(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, strict: Any, house: Any, trail: Any
) -> None:
    with_app("coen")
    attempt("coen")
    send(visitor, CODE, CODE, code=code_now(clock))
    before = trail()
    for do in ("remove-app", "codes", "add"):
        page = send(visitor, "/account/second-factor", do=do, sealed="x", code="1")
        assert (seen(page, "//h1"), seen(page, "//input[@name='do']/@value")) == (["Your password once more"], [do])
        wrong = send(visitor, "/account/second-factor", do=do, password_again="guess")
        assert wrong.status_code == 422
    assert trail() == before


def test_admin_takes_away_a_second_step_and_all_sessions_end(
    with_app: Any, attempt: Any, send: Any, visitor: FlaskClient, clock: Any, house: Any, app: Flask, trail: Any
) -> None:
    for name in ("ilse", "admin"):
        with_app(name)
    attempt("ilse")
    send(visitor, CODE, CODE, code=code_now(clock))
    admin = app.test_client()
    send(admin, "/sign-in", "/sign-in", name="admin", password=house.password)
    send(admin, CODE, CODE, code=code_now(clock))
    send(admin, f"/admin/people/{house.people['ilse']}", do="second-factor")
    assert trail()[-1] == ("reset a second factor", house.codes["admin"], {"person": house.codes["ilse"]})
    assert visitor.get("/account/").status_code == 302
    assert attempt("ilse").location == f"{SET_UP}?next=/"
    own = send(admin, f"/admin/people/{house.people['admin']}", do="second-factor")
    assert own.status_code == 422
