"""Autosave as the script of a page uses it: what it answers, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from small_interview import Desk

TOO_SMALL = "The smallest number that fits here is 18."


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


def test_saving_answers_with_version_time_and_progress(desk: Desk) -> None:
    desk.later(minutes=3)
    answer = desk.save("home", "age", q_age="40")
    assert (answer.status_code, answer.json) == (200, {"version": 1, "at": "10:03", "invalid": {}, "progress": 20})
    assert desk.answers == {"age": 40}


def test_only_the_named_units_are_saved(desk: Desk) -> None:
    desk.save("home", "housed", q_housed="no", q_age="40", n_age="een woord")
    assert desk.record.document == {"answers": {"housed": "no"}, "drafts": {}, "notes": {}, "relay": {}}
    desk.save("home", "age", q_age="40", n_age="een woord")
    assert desk.record.document == {
        "answers": {"housed": "no", "age": 40},
        "drafts": {},
        "notes": {"age": "een woord"},
        "relay": {},
    }


def test_unit_that_is_sent_empty_is_taken_away(desk: Desk) -> None:
    desk.save("last", "worries", q_worries=["money"])
    desk.save("last", "worries")
    assert desk.answers == {}
    assert [row[1:4] for row in desk.trail()] == [("worries", None, '["money"]'), ("worries", '["money"]', None)]


def test_what_is_no_answer_yet_is_kept_and_said(desk: Desk) -> None:
    answer = desk.save("home", "age", q_age="12")
    assert answer.json == {"version": 1, "at": "10:00", "invalid": {"age": TOO_SMALL}, "progress": 0}
    assert (desk.answers, desk.record.drafts) == ({}, {"age": {"": ["12"]}})
    assert desk.save("home", "age", q_age="21").json["invalid"] == {}
    assert (desk.answers, desk.record.drafts) == ({"age": 21}, {})


def test_saving_the_same_again_makes_no_visit(desk: Desk) -> None:
    desk.save("home", "age", q_age="40")
    assert (desk.save("home", "age", q_age="40").json["version"], desk.visits()) == (1, 1)


def test_base_stays_where_another_device_saved_in_between(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "housed", shown=shown, q_housed="no", tab="one")
    # This page does not show the other's answer, so what it sends later must not pass for a change of it.
    assert desk.save("home", "age", shown=shown, q_age="40", tab="two").json["version"] == 0
    assert desk.save("home", "age", q_age="41", tab="three").json["version"] == 3
    assert desk.answers == {"housed": "no", "age": 41}


def test_ended_session_answers_401_and_saves_nothing(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.later(minutes=31)
    answer = desk.save("home", "age", shown=shown, q_age="40")
    assert (answer.status_code, desk.answers) == (401, {})


def test_saving_without_a_token_of_ours_is_refused(desk: Desk) -> None:
    answer = desk.client.post(desk.address("save"), data={"page": "home", "units": "age", "base": "0", "q_age": "40"})
    assert (answer.status_code, desk.answers) == (400, {})


@pytest.mark.parametrize("base", ["", "x", "-1", "1.5", "٣٤x", "9" * 10, " 1"])
def test_base_must_be_a_number(desk: Desk, base: str) -> None:
    assert (desk.save("home", "age", q_age="40", base=base).status_code, desk.answers) == (400, {})


def test_conflict_answers_409_with_both_versions_and_saves_the_rest(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", tab="one")
    answer = desk.save("home", "age housed", shown=shown, q_age="50", q_housed="no", tab="two")
    assert (answer.status_code, answer.json["units"], desk.answers) == (409, ["age"], {"age": 40, "housed": "no"})
    (both,) = answer.json["both"]
    assert both == {
        "name": "keep_q_age", "label": "Hoe oud bent u?", "theirs": "40", "mine": "50", "at": "10:00",
        "by": desk.house.codes["ilse"],
    }  # fmt: skip


def test_saving_after_handing_in_answers_422_and_changes_nothing(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    shown = desk.get("page/home")
    desk.hand_in()
    answer = desk.save("home", "age", shown=shown, q_age="50")
    assert (answer.status_code, answer.json, desk.answers) == (422, {"reason_needed": True}, {"housed": "yes"})


@pytest.mark.parametrize("page", ["", "nowhere", "../home"])
def test_page_that_does_not_exist_takes_nothing(desk: Desk, page: str) -> None:
    answer = desk.save("home", "age", q_age="40", page=page)
    assert (answer.status_code, desk.answers) == (404, {})


def test_units_of_another_page_are_not_taken(desk: Desk) -> None:
    desk.save("home", "years age", q_years="3", q_age="40")
    assert desk.answers == {"age": 40}


def test_more_than_the_server_takes_is_refused_as_a_whole(desk: Desk) -> None:
    answer = desk.save("last", "story", q_story="a" * (3 * 1024 * 1024))
    assert (answer.status_code, desk.answers) == (413, {})
