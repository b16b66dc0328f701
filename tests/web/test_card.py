"""The show card on one device: a page of its own, all cards of a page at once, taps, and what is on record."""

from __future__ import annotations

from typing import Any

import pytest
from own_screen import Talk, chosen, words
from seeing import seen


@pytest.fixture
def talk(house: Any, sign_in: Any) -> Talk:
    return Talk(house, sign_in("ilse"))


def test_card_is_a_page_with_one_question_and_the_way_back(talk: Talk) -> None:
    page = talk.get("card/mood_today")
    assert seen(page, "/html/@lang | /html/@dir") == ["ar", "rtl"]
    assert seen(page, "//h1") == [talk.words("mood_today/text")]
    options = [talk.words(f"mood_today/choices/{code}") for code in range(1, 6)]
    assert seen(page, "//button[@name='answer']") == options
    assert seen(page, "//a") == [f"← {talk.words('controls/back')}"]
    assert seen(page, "//a/@href") == [f"{talk.address('page/welcome')}#unit-mood_today"]
    assert seen(page, "//nav | //header | //progress") == []


def test_opening_a_card_is_on_record_with_the_words_it_showed(talk: Talk) -> None:
    talk.get("card/mood_today")
    assert talk.post("card-opened", unit="start_ok").status_code == 204
    assert talk.happened() == [("card", "ilse", "mood_today"), ("card", "ilse", "start_ok")]
    texts = talk.server.library.texts(talk.server.library.newest["client-interview"], "ar")
    assert [one.details for one in talk.events()] == [{"language": "ar", "texts": texts.sha256}] * 2
    assert talk.events()[0].page == "welcome"


def test_tap_on_a_card_waits_for_the_interviewer(talk: Talk) -> None:
    answer = talk.post("card/mood_today", answer="4")
    assert answer.status_code == 200
    assert seen(answer, "//button[@aria-pressed='true']/@value") == ["4"]
    assert seen(answer, "//*[@role='status']") == [talk.words("controls/thanks")]
    assert talk.record.answers == {}
    assert [tap["answers"] for tap in talk.state()["tapped"]] == [["4"]]
    assert talk.events()[-1].details == {"answer": 4, "where": "card"}
    assert talk.happened() == [("tapped", "participant", "mood_today")]


def test_mistake_on_a_card_is_said_in_the_participants_language(talk: Talk) -> None:
    answer = talk.post("card/activities", answer=["none", "rest"])
    said = talk.words("controls/mistakes/several.exclusive")
    assert (answer.status_code, seen(answer, "//*[@role='status']")) == (422, [said])
    assert talk.post("card/activities", answer=["none", "rest"], script="1").json == {"say": said}
    assert talk.happened() == []


def test_recorded_answer_stands_as_chosen_on_the_card(talk: Talk) -> None:
    talk.answer("mood_today", 2)
    assert chosen(talk.get("card/mood_today").text) == ["2"]


def test_note_is_read_out_and_takes_no_answer(talk: Talk) -> None:
    page = talk.get("card/welcome_note")
    assert words(page.text.split("<main")[1])[1] == talk.words("welcome_note/text")
    assert seen(page, "//form") == []
    assert seen(page, "//a/@href") == [f"{talk.address('page/welcome')}#question-welcome_note"]


@pytest.mark.parametrize("unit", ["nothing", "fam_support", "controls"])
def test_card_of_nothing_is_not_there(talk: Talk, unit: str) -> None:
    assert (talk.get(f"card/{unit}").status_code, talk.post(f"card/{unit}", answer="1").status_code) == (404, 404)
    assert (talk.post("card-opened", unit=unit).status_code, talk.happened()) == (400, [])


def test_all_cards_of_a_page_come_at_once(talk: Talk) -> None:
    page = next(page for page in talk.server.library.newest["client-interview"].pages if page.page == "welcome")
    told = talk.get("cards/welcome").json
    names = [one for question in page.questions for one in ([u.name for u in question.units()] or [question.name])]
    assert list(told["units"]) == sorted(names)
    assert (told["lang"], told["dir"], told["thanks"]) == ("ar", "rtl", talk.words("controls/thanks"))
    assert words(told["units"]["mood_today"])[0] == talk.words("mood_today/text")
    assert words(told["back"]) == ["←", talk.words("controls/back")]
    # Looking ahead is no showing. What is chosen the page knows best: cards come without it.
    assert talk.happened() == []
    talk.answer("mood_today", 2)
    assert talk.get("cards/welcome").json == told


def test_every_card_of_every_page_can_be_drawn(talk: Talk) -> None:
    for page in talk.server.library.newest["client-interview"].pages:
        for name, markup in talk.get(f"cards/{page.page}").json["units"].items():
            unit = talk.server.library.newest["client-interview"].units.get(name)
            key = unit.key if unit else f"{name}/text"
            assert talk.words(key) in words(markup)


def test_what_is_read_aloud_from_a_card_is_on_record(talk: Talk) -> None:
    assert talk.post("played", unit="mood_today", keys="mood_today/text", how="recording").status_code == 204
    details = {"how": "recording", "keys": ["mood_today/text"], "language": "ar", "where": "card"}
    assert (talk.happened(), talk.events()[0].details) == ([("played", "participant", "mood_today")], details)


@pytest.mark.parametrize(
    "sent",
    [
        {"unit": "nothing", "keys": "mood_today/text", "how": "voice"},
        {"unit": "mood_today", "keys": "mood_today/text", "how": "shouting"},
        {"unit": "mood_today", "keys": "made/up", "how": "voice"},
        {},
    ],
)
def test_what_cannot_have_been_read_is_not_noted(talk: Talk, sent: dict[str, str]) -> None:
    assert (talk.post("played", **sent).status_code, talk.happened()) == (400, [])


def test_interview_page_has_the_tools_and_the_addresses_of_its_cards(talk: Talk) -> None:
    page = talk.get("page/welcome")
    assert seen(page, "//*[@id='screen-tools']/@data-cards") == [talk.address("cards/welcome")]
    assert seen(page, "//*[@id='screen-tools']//a/@href") == [talk.address("screen")]
    assert seen(page, "//a[@data-card='mood_today']/@href") == [talk.address("card/mood_today")]
