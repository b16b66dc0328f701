"""Text as shown: any answer's page comes back as it stood, whatever became of the catalogues and the answers since."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from lxml import html
from seeing import seen
from small_interview import Desk
from sqlalchemy import update

from survey.instruments.catalogues import Translation
from survey.storage.events import Kind, note_event
from survey.storage.tables import TextSet
from survey.web.research.event_words import WORDING

PAGE = "//section[@class='as-shown']"


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"), "en")


@pytest.fixture
def researcher(sign_in: Any) -> Any:
    return sign_in("rik")


def shown(researcher: Any, desk: Desk, version: int) -> Any:
    return researcher.get(f"/study/demo/responses/{desk.token}/shown/{version}")


def test_every_event_has_its_words() -> None:
    assert set(WORDING) == set(get_args(Kind))


def test_page_comes_back_as_it_stood_after_the_catalogue_changed(desk: Desk, researcher: Any) -> None:
    desk.send("home", q_age="40", q_housed="no", go="stay")
    library = desk.server.library
    before = seen(shown(researcher, desk, 1), f"{PAGE}//label[@for='input-age']/span")
    key = next(key for key in library.catalogue("small", "en") if key[0] == "small/age/text")
    library.adopt({"en": {key: Translation("Your age, please?", "approved", False)}})
    try:
        assert "Your age, please?" in desk.get("page/home").text
        assert seen(shown(researcher, desk, 1), f"{PAGE}//label[@for='input-age']/span") == before
        assert before == ["Hoe oud bent u?", "EN Hoe oud bent u?"]
    finally:
        library.adopt({})


def test_words_that_change_while_a_page_is_open_are_not_those_that_were_shown(desk: Desk, researcher: Any) -> None:
    open_page = desk.get("page/home")
    library = desk.server.library
    key = next(key for key in library.catalogue("small", "en") if key[0] == "small/age/text")
    library.adopt({"en": {key: Translation("Your age, please?", "approved", False)}})
    try:
        desk.send("home", shown=open_page, q_age="40", q_housed="no", go="stay")
        desk.send("home", q_age="41", go="stay")
    finally:
        library.adopt({})
    words = [seen(shown(researcher, desk, version), f"{PAGE}//label[@for='input-age']/span[2]") for version in (1, 2)]
    assert words == [["EN Hoe oud bent u?"], ["Your age, please?"]]


@pytest.mark.parametrize("said", ["", "0" * 64, "nonsense", "0 1 2 3"])
def test_page_that_names_words_that_were_never_kept_gets_those_of_now(desk: Desk, researcher: Any, said: str) -> None:
    desk.send("home", texts=said, q_age="40", q_housed="no", go="stay")
    assert seen(shown(researcher, desk, 1), f"{PAGE}//label[@for='input-age']/span[2]") == ["EN Hoe oud bent u?"]


def test_answers_are_those_of_that_moment(desk: Desk, researcher: Any) -> None:
    for age in ("40", "41", "42"):
        desk.send("home", q_age=age, q_housed="no", r_age=["", "repeated"], go="stay")
    pages = [shown(researcher, desk, version) for version in (1, 2, 3)]
    assert [seen(page, f"{PAGE}//input[@name='q_age']/@value") for page in pages] == [["40"], ["41"], ["42"]]
    assert seen(pages[0], f"{PAGE}//input[@name='r_age'][@checked]/@value") == ["repeated"]
    assert seen(pages[0], f"{PAGE}//div[@id='question-where']/@hidden") == []


def test_languages_layout_and_company_are_those_of_that_moment(desk: Desk, researcher: Any) -> None:
    desk.begin(second_language="en", interpreter="relative", mode="in_person")
    desk.send("home", q_housed="no", go="show-participant")
    desk.send("home", q_age="40", go="stay")
    desk.begin(second_language="")
    desk.send("home", q_age="41", go="stay")
    words = f"{PAGE}//label[@for='input-age']/span"
    assert [seen(shown(researcher, desk, version), words) for version in (1, 2, 3)] == [
        ["Hoe oud bent u?", "EN Hoe oud bent u?"],
        ["EN Hoe oud bent u?"],
        ["Hoe oud bent u?"],
    ]
    facts = [seen(shown(researcher, desk, version), "//dl/dd") for version in (1, 3)]
    assert [(fact[3], fact[4]) for fact in facts] == [
        ("Dutch + English (draft, not reviewed by a second person yet); both languages on the page",
         "A relative or friend, in the room"),
        ("Dutch; one language", "Nobody interprets"),
    ]  # fmt: skip


def test_untranslated_text_keeps_its_mark(desk: Desk, researcher: Any) -> None:
    desk.get("welcome")  # The first request adopts what translators wrote: nothing, here.
    library = desk.server.library
    key = next(key for key in library.catalogue("small", "en") if key[0] == "small/age/text")
    library.adopt({"en": {key: Translation("", "draft", False)}})
    try:
        desk.send("home", q_age="40", q_housed="no", go="stay")
    finally:
        library.adopt({})
    page = shown(researcher, desk, 1)
    assert seen(page, f"{PAGE}//label[@for='input-age']//small") == ["not translated: translate aloud"]
    assert seen(page, f"{PAGE}//label[@for='input-age']/span[2]/@lang") == ["nl"]


def test_what_was_played_and_shown_on_a_card_stands_with_it(desk: Desk, researcher: Any) -> None:
    with desk.server.database.writing() as session:
        for kind in ("card", "played"):
            note_event(session, desk.record, kind, None, desk.moment(9, 0), page="home", unit="age")
    desk.send("home", q_age="40", q_housed="no", go="stay")
    desk.later(minutes=1)
    desk.send("home", q_age="41", go="stay")
    first, second = (seen(shown(researcher, desk, version), "//main/ul/li") for version in (1, 2))
    assert (first, second) == (["10:00:00 · show card opened · age", "10:00:00 · read aloud · age"], [])


def test_nothing_can_be_changed_or_sent_there(desk: Desk, researcher: Any) -> None:
    desk.send("home", q_age="40", q_housed="no", go="stay")
    page = html.fromstring(shown(researcher, desk, 1).data)
    assert [page.xpath(path) for path in ("//main//form", "//main//script", "//main//button")] == [[], [], []]
    assert page.xpath(f"boolean({PAGE}[@inert])") is True


def test_text_set_of_an_earlier_version_without_controls_is_shown_too(desk: Desk, researcher: Any) -> None:
    desk.send("home", q_age="40", q_housed="no", go="stay")
    with desk.server.database.writing() as session:
        for kept in session.query(TextSet).all():
            document = json.loads(kept.document)
            document["texts"] = {key: text for key, text in document["texts"].items() if "controls/" not in key}
            session.execute(update(TextSet).where(TextSet.sha256 == kept.sha256).values(document=json.dumps(document)))
    assert seen(shown(researcher, desk, 1), f"{PAGE}//input[@name='m_age'][@value='refused']/../span/span") == [
        "Prefers not to say"
    ]


def test_trail_leads_there_and_unknown_versions_lead_nowhere(desk: Desk, researcher: Any) -> None:
    desk.send("home", q_age="40", q_housed="no", go="stay")
    links = seen(researcher.get(f"/study/demo/responses/{desk.token}"), "//a[.='As shown']/@href")
    assert set(links) == {f"/study/demo/responses/{desk.token}/shown/1"}
    assert [shown(researcher, desk, version).status_code for version in (0, 2)] == [404, 404]
    desk.client.post(desk.address("submit"), data=desk.form(desk.get("page/home")))
    assert shown(researcher, desk, 2).status_code == 404
