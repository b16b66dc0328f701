"""The interview page by page: what comes next, what stays, what is still open, and handing in."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from seeing import seen
from small_interview import Desk


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


def to(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.location or ""


def test_fresh_response_begins_with_what_it_is_for(desk: Desk) -> None:
    assert to(desk.get()) == (302, desk.address("welcome"))
    page = desk.get("welcome")
    assert seen(page, "//h1 | //p[@class='intro']") == ["Klein gesprek", "Om te proberen."]
    assert to(desk.begin(page)) == (302, desk.address("page/home"))


def test_next_leads_over_pages_with_nothing_to_ask(desk: Desk) -> None:
    answer = desk.send("home", q_housed="no", shown=desk.get("page/home"), go="on")
    assert to(answer) == (302, desk.address("page/last"))
    assert to(desk.send("last", go="previous")) == (302, desk.address("page/home"))
    assert to(desk.send("home", q_housed="yes")) == (302, desk.address("page/rent"))
    assert to(desk.send("rent")) == (302, desk.address("page/last"))
    assert to(desk.send("last")) == (302, desk.address("end"))


def test_page_that_became_unreachable_leads_on(desk: Desk) -> None:
    desk.send("home", q_housed="no", go="stay")
    assert to(desk.get("page/rent")) == (302, desk.address("page/last"))


def test_page_that_does_not_exist_is_not_there(desk: Desk) -> None:
    assert desk.get("page/nowhere").status_code == 404


def test_newly_relevant_question_brings_the_page_back_unanswered(desk: Desk) -> None:
    hidden = "//*[@data-question and @hidden]/@data-question"
    assert seen(desk.get("page/home"), hidden) == ["where"]
    answer = desk.send("home", q_housed="no")
    assert to(answer) == (302, desk.address("page/home") + "?new=1#question-where")
    page = desk.client.get(answer.location)
    assert seen(page, "//p[@class='message']") == ["There is something new to ask on this page."]
    assert (seen(page, hidden), seen(page, "//input[@name='q_where']/@value")) == ([], [""])
    assert to(desk.send("home", shown=page, q_where="bij een vriend")) == (302, desk.address("page/last"))
    assert desk.answers == {"housed": "no", "where": "bij een vriend"}


def test_namely_text_is_asked_before_going_on(desk: Desk) -> None:
    answer = desk.send("last", q_worries=["money", "other"])
    assert to(answer) == (302, desk.address("page/last") + "?new=1#question-worries")
    assert to(desk.send("last", q_worries_namely="de kat")) == (302, desk.address("end"))
    assert desk.answers == {"worries": ["money", "other"], "worries_namely": "de kat"}


def test_mistakes_are_told_beside_the_question_and_on_top_and_nothing_typed_is_lost(desk: Desk) -> None:
    page = desk.send("home", q_age="oud")
    assert page.status_code == 422
    unreadable, required = (
        "Write this as a number, for example 12.",
        "Please choose or fill in an answer, or say why there is none.",
    )
    assert seen(page, "//section[@id='summary']//h2 | //section[@id='summary']//li") == [
        "2 questions need another look",
        f"Heeft u een huis?: {required}",
        f"Hoe oud bent u?: {unreadable}",
    ]
    assert seen(page, "//*[@id='error-age'] | //*[@id='error-housed']") == [required, unreadable]
    assert seen(page, "//input[@name='q_age']/@value") == ["oud"]
    assert (desk.answers, desk.record.drafts) == ({}, {"age": {"": ["oud"]}})
    assert to(desk.send("home", shown=page, go="on")) == (302, desk.address("page/last"))
    assert seen(desk.get("page/home"), "//*[@id='error-age']") == [unreadable]


def test_page_that_was_only_opened_blames_nobody(desk: Desk) -> None:
    page = desk.get("page/home")
    assert (seen(page, "//section[@id='summary']"), seen(page, "//*[@class='error']")) == ([], [""] * 3)


def test_answer_together_with_a_reason_asks_which_counts(desk: Desk) -> None:
    page = desk.send("home", q_housed="yes", q_age="40", m_age="refused", shown=desk.get("page/home"))
    assert seen(page, "//*[@id='error-age']") == [
        "There is an answer and also a reason for no answer. Keep one of the two."
    ]
    assert seen(page, "//input[@name='q_age']/@value") == ["40"]


def test_reasons_stand_in_the_place_of_answers(desk: Desk) -> None:
    desk.send("home", q_housed="!refused", m_age="dont_know")
    assert desk.answers == {"housed": {"missing": "refused"}, "age": {"missing": "dont_know"}}
    page = desk.get("page/home")
    assert seen(page, "//input[@checked]/@value") == ["!refused", "dont_know"]


@pytest.mark.parametrize("fields", [{"m_rent_sum": "dont_know"}, {"m_rent_sum": "technical"}, {"m_rent_sum": "none"}])
def test_reason_that_is_not_offered_is_not_taken(desk: Desk, fields: dict[str, str]) -> None:
    desk.send("home", q_housed="yes")
    desk.send("rent", **fields)
    assert desk.answers == {"housed": "yes"}


def test_notes_are_kept_with_their_question(desk: Desk) -> None:
    desk.send("home", go="stay", n_age="Dacht lang na.\r\nKeek weg.", n_housed="  ")
    assert desk.record.notes == {"age": "Dacht lang na.\nKeek weg."}
    page = desk.get("page/home")
    assert seen(page, "//details[@open]//textarea/@data-note") == ["age"]


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "\x020\x03\x021\x03",
    "{{ 7 * 7 }}{% raw %}",
    "</textarea><b>",
    "&lt;&amp;",
]
CONTROL = {2: None, 3: None}


@pytest.mark.parametrize("words", NASTY)
def test_words_of_people_are_words_and_nothing_else(desk: Desk, words: str) -> None:
    desk.send("home", q_housed="no")
    before = html.fromstring(desk.get("page/home").data).xpath("count(//*)")
    desk.send("home", q_where=words, q_age=words, n_where=words, go="stay")
    page = desk.get("page/home")
    # Only the list on top of the page is new, for the age that is no number.
    assert html.fromstring(page.data).xpath("count(//*[not(ancestor-or-self::section)])") == before
    # Control characters are no characters of HTML: its reader leaves them out.
    kept = [value.translate(CONTROL) for value in seen(page, "//input[@name='q_where' or @name='q_age']/@value")]
    assert kept == [words.translate(CONTROL)] * 2
    assert desk.answers["where"] == " ".join(words.split())


def test_resuming_leads_to_the_page_where_it_stopped(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    desk.send("rent", q_rent_sum="500", go="pause")
    assert to(desk.get()) == (302, desk.address("page/rent"))
    desk.send("home", q_housed="no", q_where="hier", go="stay")
    assert to(desk.get()) == (302, desk.address("page/home"))


def test_resuming_on_a_page_that_became_unreachable_leads_to_the_first(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    shown = desk.get("page/rent")
    desk.send("home", q_housed="no", q_where="hier", go="stay")
    desk.send("rent", shown=shown, q_rent_sum="500", go="pause")
    assert to(desk.get()) == (302, desk.address("page/home"))


def test_pause_says_that_everything_is_kept(desk: Desk) -> None:
    answer = desk.send("home", q_age="33", go="pause")
    assert to(answer) == (302, desk.address("paused"))
    page = desk.get("paused")
    assert seen(page, "//h1 | //main/p[not(@class)]") == [
        "Paused",
        "Everything is kept. You can go on at any time, on this or another device, on the page where you stopped.",
    ]
    assert desk.answers == {"age": 33}


def test_list_of_pages_tells_what_is_done_open_and_not_needed(desk: Desk) -> None:
    state = "//ol//span[@class='page-title' or @class='state']"
    assert seen(desk.get("pages"), state) == [
        "Huis",
        "open",
        "Huur",
        "not needed for now",
        "Slot",
        "open",
        "Round off and hand in",
        "",
    ]
    desk.send("home", q_housed="yes", m_age="refused")
    desk.send("last", q_years="3")
    assert seen(desk.get("pages"), state) == [
        "Huis",
        "done",
        "Huur",
        "open",
        "Slot",
        "1 of 3",
        "Round off and hand in",
        "",
    ]
    assert seen(desk.get("pages"), "//main/p[not(@class)]") == ["3 of 6 questions have an answer."]


def test_end_lists_every_unanswered_question_with_a_link(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    page = desk.get("end")
    links = "//ul[@class='open-list']//a"
    assert list(zip(seen(page, links), seen(page, f"{links}/@href"), strict=True)) == [
        ("Hoe oud bent u?", desk.address("page/home#unit-age")),
        ("Hoeveel huur betaalt u?", desk.address("page/rent#unit-rent_sum")),
        ("Hoeveel jaar woont u hier?", desk.address("page/last#unit-years")),
        ("Waar denkt u aan?", desk.address("page/last#unit-worries")),
        ("Wat wilt u vertellen?", desk.address("page/last#unit-story")),
    ]
    assert seen(page, "//main//form//button") == ["Hand in"]


def test_handing_in_waits_for_required_answers(desk: Desk) -> None:
    page = desk.hand_in()
    assert (page.status_code, desk.record.submitted_at) == (422, None)
    assert seen(page, "//section[@role='alert']//li") == [
        "Heeft u een huis?: Please choose or fill in an answer, or say why there is none."
    ]


def test_handing_in_waits_when_an_earlier_answer_changed_what_a_later_one_means(desk: Desk) -> None:
    desk.send("home", q_housed="no", q_where="hier", q_age="40", go="stay")
    desk.send("last", q_years="30")
    desk.send("home", q_age="20")
    page = desk.hand_in()
    assert (page.status_code, seen(page, "//section[@role='alert']//li")) == (
        422,
        ["Hoeveel jaar woont u hier?: Dat is langer dan u leeft."],
    )
    desk.send("last", q_years="3")
    assert to(desk.hand_in()) == (302, desk.address("end"))


def test_mistake_on_a_branch_that_is_not_asked_holds_nothing_up(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    desk.send("rent", q_rent_sum="veel")
    assert desk.hand_in().status_code == 422
    desk.send("home", q_housed="no", q_where="hier")
    assert to(desk.hand_in()) == (302, desk.address("end"))


def test_handing_in_any_number_of_times_hands_in_once(desk: Desk) -> None:
    desk.send("home", q_housed="yes")
    assert to(desk.hand_in()) == (302, desk.address("end"))
    first, visits = desk.record.submitted_at, desk.visits()
    desk.later(minutes=5)
    assert [to(desk.hand_in()) for _ in range(4)] == [(302, desk.address("end"))] * 4
    assert (desk.record.submitted_at, desk.visits()) == (first, visits)
    assert to(desk.get()) == (302, desk.address("end"))
    assert seen(desk.get("end"), "//main/h1 | //main/p[not(@class)][1]") == [
        "Handed in. Thank you.",
        "Handed in on 3 March 2025, 10:00.",
    ]


def test_other_languages_lose_nothing_and_each_text_says_its_own(desk: Desk) -> None:
    desk.send("home", q_housed="no", q_age="dertig", go="stay")
    before = desk.record.document
    answer = desk.begin(language="en", second_language="nl")
    assert to(answer) == (302, desk.address("page/home"))
    page = desk.get("page/home")
    words = "//label[@for='input-age']/span"
    assert list(zip(*(seen(page, words + part) for part in ("", "/@lang", "/@dir")), strict=True)) == [
        ("EN Hoe oud bent u?", "en", "ltr"),
        ("Hoe oud bent u?", "nl", "ltr"),
    ]
    assert desk.record.document == before
    assert seen(page, "//input[@name='q_age']/@value") == ["dertig"]


@pytest.mark.parametrize("fields", [{"language": "xx"}, {"second_language": "xx"}])
def test_language_that_is_not_offered_is_refused(desk: Desk, fields: dict[str, str]) -> None:
    assert desk.begin(**fields).status_code == 422
    assert (desk.record.language, desk.record.second_language) == ("nl", None)


def test_times_are_those_of_the_study(desk: Desk) -> None:
    desk.send("home", q_age="30", go="stay")
    assert desk.record.changed_at == desk.moment(9, 0)
    assert seen(desk.get("page/home"), "//*[@id='saved']") == ["safe at 10:00"]
