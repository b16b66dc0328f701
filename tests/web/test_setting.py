"""Languages and company: said before the first page, changed at any moment, recorded with their time, nothing lost."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from seeing import seen
from small_interview import Desk

from survey.answers.company import INTERPRETERS, MODES, OTHERS, SAME, Company
from survey.answers.relay import RELAY
from survey.forms.interpreting import INTERPRETER_WORDS, MODE_WORDS, OTHERS_WORDS, RELAY_WORDS, SAME_WORDS
from survey.instruments.catalogues import Translation
from survey.storage import segments
from survey.storage.events import events
from survey.storage.tables import Visit

PHONE = {"interpreter": "professional", "mode": "phone", "same": "first", "code": "t-12", "promised": "y"}


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"))


@pytest.fixture
def two(house: Any, sign_in: Any) -> Desk:
    """A desk where the participant's language is English."""
    return Desk(house, sign_in("ilse"), "en")


def companies(desk: Desk) -> list[Company]:
    with desk.server.database.reading() as session:
        return list(segments.segments(session, desk.record.id).values())


def happened(desk: Desk, *kinds: Any) -> list[Any]:
    with desk.server.database.reading() as session:
        return events(session, desk.record.id, kinds)


def visited(desk: Desk) -> list[tuple[str | None, int | None, str | None]]:
    with desk.server.database.reading() as session:
        rows = session.query(Visit).filter(Visit.response_id == desk.record.id).order_by(Visit.id)
        return [(row.page, row.segment, row.layout) for row in rows]


def test_every_code_has_its_words() -> None:
    pairs = [
        (INTERPRETERS, INTERPRETER_WORDS),
        (MODES, MODE_WORDS),
        (SAME, SAME_WORDS),
        (OTHERS, OTHERS_WORDS),
        (RELAY, RELAY_WORDS),
    ]
    assert [set(codes) - set(words) for codes, words in pairs] == [set()] * len(pairs)


def test_company_is_kept_before_the_first_page(desk: Desk) -> None:
    desk.begin(**PHONE, others=["children", "partner"])
    assert companies(desk) == [Company("professional", "phone", "first", ("partner", "children"), "T-12", True)]
    assert seen(desk.get("page/home"), "//button[@value='setting']") == ["A professional interpreter, by phone"]


def test_nobody_interprets_is_an_answer_of_its_own(desk: Desk) -> None:
    desk.begin(mode="phone", code="T-1", same="yes")
    assert companies(desk) == [Company("none")]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"interpreter": ""}, "interpreter"),
        ({"interpreter": "robot"}, "interpreter"),
        ({"interpreter": "peer"}, "mode"),
        (PHONE | {"code": "Fatima"}, "code"),
        (PHONE | {"code": "T 12"}, "code"),
    ],
)
def test_mistake_is_told_and_nothing_that_was_filled_in_is_lost(desk: Desk, fields: dict[str, str], where: str) -> None:
    answer = desk.begin(**{"others": ["friend"], "language": "en", **fields})
    assert (answer.status_code, companies(desk), desk.record.language) == (422, [], "nl")
    assert seen(answer, f"//*[@id='error-{where}']") == seen(answer, "//section[@role='alert']//a")
    assert seen(answer, "//input[@name='others'][@checked]/@value") == ["friend"]
    assert seen(answer, "//select[@name='language']/option[@selected]/@value") == ["en"]
    assert seen(answer, "//input[@name='code']/@value") == [fields.get("code", "")]


def test_change_in_mid_interview_begins_a_segment_and_visits_belong_to_theirs(desk: Desk) -> None:
    desk.begin()
    desk.send("home", q_housed="no", go="stay")
    leaving = desk.send("home", q_age="40", go="setting", at="question-age")
    assert leaving.location == desk.address("welcome") + "?at=question-age"
    assert desk.answers == {"housed": "no", "age": 40}
    back = desk.begin(desk.get("welcome?at=question-age"), **PHONE)
    assert back.location == desk.address("page/home") + "#question-age"
    desk.send("home", q_where="buiten", go="stay")
    assert [company.interpreter for company in companies(desk)] == ["none", "professional"]
    assert visited(desk) == [("home", 1, "both"), ("home", 1, "both"), ("home", 2, "both")]
    assert [one.details["interpreter"] for one in happened(desk, "segment")] == ["none", "professional"]


def test_same_company_said_again_begins_nothing(desk: Desk) -> None:
    desk.begin(**PHONE)
    desk.begin()
    desk.begin(**PHONE)
    desk.begin(**PHONE)
    assert [company.interpreter for company in companies(desk)] == ["professional", "none", "professional"]


def test_visit_before_anybody_said_who_is_there_belongs_to_no_segment(desk: Desk) -> None:
    desk.send("home", q_housed="no", go="stay")
    assert visited(desk) == [("home", None, "both")]


def test_one_language_or_both_by_one_button_and_nothing_typed_is_lost(two: Desk) -> None:
    two.begin(second_language="en")
    shown = []
    for layout in ("show-participant", "show-staff", "show-both"):
        two.later(minutes=1)
        answer = two.send("home", q_age="dertig", q_housed="no", go=layout, at="question-age")
        assert answer.location == two.address("page/home") + "#question-age"
        page = two.get("page/home")
        shown.append(seen(page, "//label[@for='input-age']/span"))
        assert seen(page, "//input[@name='q_age']/@value") == ["dertig"]
        assert seen(page, "//button[@aria-pressed='true']/@value") == [layout]
    assert shown == [["EN Hoe oud bent u?"], ["Hoe oud bent u?"], ["Hoe oud bent u?", "EN Hoe oud bent u?"]]
    start = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
    assert [((one.at - start).seconds // 60, one.details["after"]["layout"]) for one in happened(two, "languages")] == [
        (1, "participant"),
        (2, "staff"),
        (3, "both"),
    ]


def test_instructions_stand_in_the_staffs_language_only(house: Any, sign_in: Any) -> None:
    desk = Desk(house, sign_in("ilse"), "en")
    for layout in ("show-both", "show-participant"):
        desk.send("last", go=layout)
        page = desk.get("page/last")
        assert seen(page, "//*[contains(@class, 'interviewer')]//@lang[.='en']") == []


def test_reasons_stand_in_both_languages(two: Desk) -> None:
    words = "//input[@name='m_age'][@value='refused']/following-sibling::span/span"
    page = two.get("page/home")
    assert seen(page, words) == ["Prefers not to say", "I would rather not say"]
    assert seen(page, f"{words}[2]/@lang") == ["en"]


def test_draft_translation_says_so_on_the_page(two: Desk) -> None:
    assert seen(two.get("page/home"), "//p[@class='standing']") == [
        "English: draft, not reviewed by a second person yet"
    ]


def test_buttons_for_relaying_are_there_with_an_interpreter_or_two_languages_only(desk: Desk, two: Desk) -> None:
    buttons = "//input[@name='r_age'][@type='checkbox']/@value"
    assert seen(desk.get("page/home"), buttons) == []
    assert seen(two.get("page/home"), buttons) == list(RELAY)
    desk.begin(**PHONE)
    assert seen(desk.get("page/home"), buttons) == list(RELAY)


def test_how_a_question_was_relayed_is_kept_changed_and_taken_away(desk: Desk) -> None:
    desk.begin(**PHONE)
    desk.save("home", "age", r_age=["", "repeated", "card", "nonsense"])
    assert desk.record.relay == {"age": ["repeated", "card"]}
    assert seen(desk.get("page/home"), "//input[@name='r_age'][@checked]/@value") == ["repeated", "card"]
    desk.send("home", r_age=["", "card"], r_housed=["", "side_talk"], go="stay")
    assert desk.record.relay == {"age": ["card"], "housed": ["side_talk"]}
    desk.send("home", r_age=[""], go="stay")
    assert desk.record.relay == {"housed": ["side_talk"]}


def test_trail_tells_how_a_question_was_relayed_in_words(desk: Desk, sign_in: Any) -> None:
    desk.begin(**PHONE)
    desk.save("home", "age", r_age=["", "not_as_written"])
    page = sign_in("rik").get(f"/study/demo/responses/{desk.token}")
    assert [row[3:5] for row in [seen(page, "//tbody/tr[1]/td")]] == [["(empty)", "said differently"]]


def test_untranslated_question_that_is_answered_counts_as_translated_on_sight(two: Desk) -> None:
    two.get("welcome")  # The first request adopts what translators wrote: nothing, here.
    gone = next(key for key in two.server.library.catalogue("small", "en") if key[0] == "small/age/text")
    two.server.library.adopt({"en": {gone: Translation("", "draft", False)}})
    try:
        page = two.get("page/home")
        assert seen(page, "//label[@for='input-age']//small") == ["not translated: translate aloud"]
        two.send("home", q_age="40", q_housed="no", go="stay")
        assert two.record.relay == {"age": ["on_sight"]}
        two.send("home", q_age="41", go="stay")
        assert two.record.relay == {"age": ["on_sight"]}
    finally:
        two.server.library.adopt({})


def test_language_that_fell_behind_stays_on_offer_where_it_is_shown(two: Desk) -> None:
    two.get("welcome")
    library = two.server.library
    key = next(key for key in library.catalogue("small", "en") if key[0] == "small/age/text")
    library.adopt({"en": {key: Translation("", "draft", False)}})
    try:
        options = "//select[@name='second_language']/option/@value"
        assert "en" in seen(two.get("welcome"), options)
        assert two.begin(second_language="en").status_code == 302
    finally:
        library.adopt({})


def test_next_interview_is_offered_in_the_language_of_the_last(two: Desk) -> None:
    two.begin(second_language="en")
    page = two.client.get(f"/study/demo/participants/{two.participant.code}")
    assert set(seen(page, "//select/option[@selected]/@value")) == {"en"}


def test_next_interview_begins_with_the_company_of_the_last(desk: Desk) -> None:
    desk.begin(**PHONE)
    with desk.server.database.reading() as session:
        last = segments.last_company(session, desk.participant.id, desk.moment(23, 0))
    assert last == companies(desk)[0]
