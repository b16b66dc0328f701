"""A save proves itself: each batch has one receipt, however often it comes, and the receipt's content is there."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from small_interview import Desk
from sqlalchemy import select

from survey.storage.receipts import fingerprint
from survey.storage.responses import replay
from survey.storage.tables import Visit


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


def found_at(desk: Desk, version: int) -> str:
    """The fingerprint of what the trail makes of the response at a version."""
    with desk.server.database.reading() as session:
        return fingerprint(replay(session, desk.record.id, until=version))


def test_receipt_names_version_and_hash_of_what_was_saved(desk: Desk) -> None:
    said = desk.save("home", "age", q_age="40", batch="a").json["receipt"]
    assert said == {"batch": "a", "version": 1, "hash": found_at(desk, 1)}


def test_same_batch_any_number_of_times_changes_nothing_more_and_gets_the_same_receipt(desk: Desk) -> None:
    shown = desk.get("page/home")
    first = desk.save("home", "age", shown=shown, q_age="40", batch="a", tab="t")
    desk.save("home", "age", shown=shown, q_age="50", batch="b", tab="t")
    for _ in range(3):
        again = desk.save("home", "age", shown=shown, q_age="40", batch="a", tab="t", age="60000")
        assert (again.status_code, again.json["receipt"]) == (200, first.json["receipt"])
    assert (desk.answers, desk.visits(), desk.record.version) == ({"age": 50}, 2, 2)


def test_batch_waits_for_the_one_before_it(desk: Desk) -> None:
    shown = desk.get("page/home")
    early = desk.save("home", "age", shown=shown, q_age="50", batch="b", after="a", tab="t")
    assert (early.status_code, early.json, desk.answers) == (425, {"earlier_one_missing": True}, {})
    desk.save("home", "age", shown=shown, q_age="40", batch="a", tab="t")
    late = desk.save("home", "age", shown=shown, q_age="50", batch="b", after="a", tab="t")
    assert (late.status_code, desk.answers) == (200, {"age": 50})


def test_other_content_under_the_same_key_is_refused(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", batch="a")
    answer = desk.save("home", "age", shown=shown, q_age="41", batch="a")
    assert (answer.status_code, answer.json, desk.answers) == (422, {"other_content": True}, {"age": 40})


def test_batch_with_a_conflict_has_a_receipt_for_the_rest_and_says_so_again(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", tab="one", batch="a")
    sent = {"shown": shown, "q_age": "50", "q_housed": "no", "tab": "two", "batch": "b"}
    first, second = (desk.save("home", "age housed", **sent) for _ in range(2))
    assert [answer.status_code for answer in (first, second)] == [409, 409]
    assert first.json["receipt"] == second.json["receipt"] == {"batch": "b", "version": 2, "hash": found_at(desk, 2)}
    assert (first.json["units"], second.json["units"], desk.visits()) == (["age"], ["age"], 2)


def test_version_that_was_kept_here_is_chosen_by_sending_those_units_only(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", tab="one")
    desk.save("home", "housed", shown=desk.get("page/home"), q_housed="yes", tab="one")
    sent = desk.form(shown) | {"units": "age", "q_age": "50", "tab": "two", "go": "stay"}
    both = desk.client.post(desk.address("page/home"), data=sent)
    assert both.status_code == 409
    chosen = desk.form(both) | {"keep_q_age": "mine"}
    assert desk.client.post(desk.address("page/home"), data=chosen).status_code == 302
    assert desk.answers == {"age": 50, "housed": "yes"}


def test_what_comes_late_keeps_the_moment_at_which_it_was_filled_in(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.later(minutes=25)
    desk.save("home", "age", shown=shown, q_age="40", batch="a", age=str(20 * 60_000), layout="participant")
    desk.save("home", "housed", q_housed="no", batch="b", age="900")
    with desk.server.database.reading() as session:
        visits = session.scalars(select(Visit).order_by(Visit.id)).all()
    now = desk.server.now()
    late, at_once = (now - datetime.timedelta(minutes=20), now, "participant"), (now, None, "both")
    assert [(one.at, one.received_at, one.layout) for one in visits] == [late, at_once]


def test_nobody_elses_answers_are_saved_under_ones_name(desk: Desk) -> None:
    answer = desk.save("home", "age", q_age="40", batch="a", person=desk.house.codes["rik"])
    assert (answer.status_code, answer.json, desk.answers) == (401, {"other_person": True}, {})


def test_handing_in_by_script_says_what_hinders_it_and_hands_in_once(desk: Desk) -> None:
    def hand_in() -> Any:
        return desk.client.post(desk.address("hand-in"), data=desk.form(desk.get("page/home")))

    refused = hand_in()
    assert (refused.status_code, [one["unit"] for one in refused.json["hindrances"]]) == (422, ["housed"])
    desk.save("home", "housed", q_housed="no", batch="a")
    first, second = hand_in(), hand_in()
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json == {"version": 2, "hash": found_at(desk, 2)}


def test_key_of_a_journal_stays_the_same_for_its_owner_and_is_given_to_nobody_else(desk: Desk, sign_in: Any) -> None:
    def key(client: Any) -> Any:
        page = client.get("/account/").text
        token = page.split('csrf_token" value="')[1].split('"')[0]
        return client.post(desk.address("journal-key"), data={"csrf_token": token})

    mine = key(desk.client)
    assert (len(mine.json["key"]), mine.json["owner"]) == (44, desk.house.codes["ilse"])
    assert key(sign_in("ilse")).json == mine.json
    assert key(sign_in("rik")).status_code == 404
    assert desk.app.test_client().post(desk.address("journal-key")).status_code in (400, 401)


def test_signing_in_over_a_page_gives_a_session_and_a_token(desk: Desk, house: Any) -> None:
    browser = house.app.test_client()
    csrf = browser.get("/session").json["csrf"]
    wrong = browser.post("/session/sign-in", data={"csrf_token": csrf, "name": "ilse", "password": "no"})
    assert (wrong.status_code, bool(wrong.json["problem"])) == (422, True)
    right = browser.post("/session/sign-in", data={"csrf_token": csrf, "name": "ilse", "password": house.password})
    assert right.json["person"] == house.codes["ilse"]
    sent = {"csrf_token": right.json["csrf"], "base": "0", "page": "home", "units": "age", "q_age": "40", "batch": "a"}
    assert browser.post(desk.address("save"), data=sent).status_code == 200
