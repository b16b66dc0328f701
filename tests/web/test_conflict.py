"""Two tabs or devices without a script: both versions are shown, a person chooses, nothing is overwritten silently."""

from __future__ import annotations

from typing import Any

import pytest
from seeing import seen
from small_interview import Desk
from sqlalchemy import select

from survey.storage.tables import Visit


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


@pytest.fixture
def conflict(desk: Desk) -> Any:
    """The page after two devices gave two ages. The first one also gave a place and wrote a note."""
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_housed="no", q_age="40", n_housed="zei het zacht")
    desk.later(minutes=7)
    return desk.send("home", shown=shown, q_age="50")


def choose(desk: Desk, conflict: Any, **choices: str) -> Any:
    return desk.client.post(desk.address("page/home"), data=desk.form(conflict) | choices)


def test_both_versions_are_shown_with_who_and_when(desk: Desk, conflict: Any) -> None:
    assert conflict.status_code == 409
    assert seen(conflict, "//main//legend") == ["Hoe oud bent u?"]
    assert seen(conflict, "//main//label/span") == [
        f"40filled in by {desk.house.codes['ilse']}: 10:00",
        "50what you have here, not saved yet",
    ]
    assert desk.answers == {"housed": "no", "age": 40}


def test_version_of_this_device_that_waited_says_when_it_was_filled_in(desk: Desk, conflict: Any) -> None:
    desk.later(minutes=20)
    kept = desk.form(conflict) | {"age": str(10 * 60_000)}
    late = desk.client.post(desk.address("page/home"), data=kept)
    assert seen(late, "//main//label/span")[1] == "50filled in here, not saved yet: 10:17"
    # The choice itself is made now.
    assert choose(desk, late, keep_q_age="mine").status_code == 302
    with desk.server.database.reading() as session:
        assert session.scalars(select(Visit.at).order_by(Visit.id.desc())).first() == desk.server.now()


def test_own_version_can_be_chosen_and_both_stay_on_record(desk: Desk, conflict: Any) -> None:
    answer = choose(desk, conflict, keep_q_age="mine")
    assert (answer.status_code, desk.answers) == (302, {"housed": "no", "age": 50})
    assert desk.record.notes == {"housed": "zei het zacht"}
    ages = [row[2:4] for row in desk.trail() if row[1] == "age"]
    assert ages == [(None, "40"), ("40", "50")]


def test_other_version_can_be_chosen(desk: Desk, conflict: Any) -> None:
    choose(desk, conflict, keep_q_age="theirs")
    assert desk.record.document == {
        "answers": {"housed": "no", "age": 40},
        "drafts": {},
        "notes": {"housed": "zei het zacht"},
        "relay": {},
    }


def test_third_version_that_came_in_meanwhile_is_shown_in_turn(desk: Desk, conflict: Any) -> None:
    desk.send("home", q_age="60", go="stay")
    again = choose(desk, conflict, keep_q_age="mine")
    assert again.status_code == 409
    assert [words[:2] for words in seen(again, "//main//label/span")] == ["60", "50"]
    choose(desk, again, keep_q_age="mine")
    assert desk.answers == {"housed": "no", "age": 50}


def test_choice_that_is_left_out_asks_again(desk: Desk, conflict: Any) -> None:
    assert choose(desk, conflict).status_code == 409
    assert desk.answers == {"housed": "no", "age": 40}


def test_answers_to_different_questions_go_together_without_a_word(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_age="40")
    answer = desk.send("home", shown=shown, go="stay", q_housed="no")
    assert (answer.status_code, desk.answers) == (302, {"age": 40, "housed": "no"})


def test_same_answer_twice_is_no_conflict(desk: Desk) -> None:
    shown = desk.get("page/home")
    answers = [desk.send("home", shown=shown, go="stay", q_age="40") for _ in range(2)]
    assert ([one.status_code for one in answers], desk.answers) == ([302, 302], {"age": 40})


def test_taking_an_answer_away_is_a_version_too(desk: Desk) -> None:
    desk.send("home", go="stay", q_age="40")
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_age="")
    page = desk.send("home", shown=shown, go="stay", q_age="50")
    assert (page.status_code, [words[:7] for words in seen(page, "//main//label/span")]) == (
        409,
        ["(empty)", "50what "],
    )


def test_draft_against_an_answer_is_one_choice(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_age="40")
    page = desk.send("home", shown=shown, go="stay", q_age="vijftig")
    assert (page.status_code, seen(page, "//main//legend")) == (409, ["Hoe oud bent u?"])
    choose(desk, page, keep_q_age="mine")
    assert (desk.answers, desk.record.drafts) == ({}, {"age": {"": ["vijftig"]}})


def test_notes_can_differ_too(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", n_age="rustig")
    page = desk.send("home", shown=shown, go="stay", n_age="gespannen")
    assert (page.status_code, seen(page, "//main//legend")) == (409, ["Note: Hoe oud bent u?"])
    choose(desk, page, keep_n_age="mine")
    assert desk.record.notes == {"age": "gespannen"}


def test_options_and_reasons_are_shown_in_words(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_housed="yes")
    page = desk.send("home", shown=shown, go="stay", q_housed="!dont_know")
    assert [words.split("filled")[0].split("what")[0] for words in seen(page, "//main//label/span")] == [
        "Ja",
        "Does not know",
    ]


def test_tab_is_never_in_conflict_with_itself(desk: Desk) -> None:
    shown = desk.get("page/home")
    desk.save("home", "age", shown=shown, q_age="40", tab="one")
    desk.save("home", "age", shown=shown, q_age="41", tab="one")
    assert desk.send("home", shown=shown, go="stay", q_age="42", tab="one").status_code == 302
    assert desk.answers == {"age": 42}


def test_words_of_the_other_are_words_and_nothing_else(desk: Desk) -> None:
    desk.send("home", q_housed="no")
    shown = desk.get("page/home")
    desk.send("home", shown=shown, go="stay", q_where="<b onload=x>een</b>")
    page = desk.send("home", shown=shown, go="stay", q_where="<script>twee</script>")
    assert (seen(page, "//b | //script[not(@src)]"), seen(page, "//main//label/span/span")[:1]) == (
        [],
        ["<b onload=x>een</b>"],
    )
