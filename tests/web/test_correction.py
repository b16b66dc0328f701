"""After handing in an answer can still be put right: with a reason, on record with the old answer and the new."""

from __future__ import annotations

from typing import Any

import pytest
from seeing import seen
from small_interview import Desk

ASKED = "This was handed in already. Say why the answer changes, and save again."
TECHNICAL = "//input[@value='!technical' or @value='technical']/@name"


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    """At an interview that was handed in."""
    desk = Desk(house, sign_in("ilse"))
    desk.send("home", q_housed="no", q_where="in de opvang", q_age="40", go="stay")
    desk.hand_in()
    return desk


def test_change_without_a_reason_is_asked_for_one_and_not_saved(desk: Desk) -> None:
    before, visits = desk.record.document, desk.visits()
    page = desk.send("home", q_age="41", n_age="vergist")
    assert (page.status_code, seen(page, "//p[@class='message']")) == (422, [ASKED])
    assert seen(page, "//input[@name='q_age']/@value | //textarea[@name='n_age']") == ["41", "vergist"]
    assert (desk.record.document, desk.visits()) == (before, visits)


@pytest.mark.parametrize("reason", ["", "   "])
def test_white_space_is_no_reason(desk: Desk, reason: str) -> None:
    assert desk.send("home", q_age="41", reason=reason).status_code == 422


def test_reason_old_and_new_answer_and_person_stay_on_record(desk: Desk) -> None:
    submitted = desk.record.submitted_at
    desk.later(minutes=20)
    asked = desk.send("home", q_age="41")
    answer = desk.send("home", shown=asked, reason=" verkeerd verstaan ")
    assert (answer.status_code, answer.location) == (302, desk.address("end"))
    assert desk.answers == {"housed": "no", "where": "in de opvang", "age": 41}
    assert desk.trail()[-1] == ("correction", "age", "40", "41", "verkeerd verstaan", desk.house.codes["ilse"])
    assert desk.record.submitted_at == submitted


def test_looking_at_a_page_and_saving_it_unchanged_needs_no_reason(desk: Desk) -> None:
    visits = desk.visits()
    answer = desk.send("home")
    assert (answer.status_code, answer.location, desk.visits()) == (302, desk.address("end"), visits)


def test_technical_reason_is_offered_after_handing_in_only(desk: Desk) -> None:
    assert seen(desk.get("page/home"), TECHNICAL) == ["q_housed", "m_where", "m_age"]
    fresh = Desk(desk.house, desk.client)
    assert seen(fresh.get("page/home"), TECHNICAL) == []


def test_answer_can_be_marked_as_lost_for_a_technical_reason(desk: Desk) -> None:
    desk.send("home", q_age="", m_age="technical", reason="het scherm viel uit")
    assert desk.answers["age"] == {"missing": "technical"}
    assert desk.trail()[-1][1:5] == ("age", "40", '{"missing":"technical"}', "het scherm viel uit")


def test_technical_reason_is_not_taken_before_handing_in(desk: Desk) -> None:
    fresh = Desk(desk.house, desk.client)
    fresh.send("home", q_housed="!technical", m_age="technical", reason="zomaar", go="stay")
    assert fresh.answers == {}


def test_researcher_sees_the_correction_in_the_trail(desk: Desk, sign_in: Any) -> None:
    desk.send("home", q_where="bij een vriend", reason="te snel getypt")
    page = sign_in("rik").get(f"/study/demo/responses/{desk.token}")
    code = desk.house.codes["ilse"]
    assert [seen(page, f"//tbody/tr[last()]/td[{column}]")[0] for column in range(1, 7)] == [
        "3 March 2025, 10:00As shown", code, "EN Waar slaapt u?whereAsk about it", "in de opvang", "bij een vriend",
        "te snel getypt",
    ]  # fmt: skip


def test_conflict_after_handing_in_keeps_the_reason(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.send("home", shown=shown, q_age="41", reason="eerste")
    page = desk.send("home", shown=shown, q_age="42", reason="tweede")
    assert page.status_code == 409
    answer = desk.client.post(desk.address("page/home"), data=desk.form(page) | {"keep_q_age": "mine"})
    assert (answer.status_code, desk.answers["age"]) == (302, 42)
    assert [row[2:5] for row in desk.trail() if row[0] == "correction"] == [
        ("40", "41", "eerste"),
        ("41", "42", "tweede"),
    ]
