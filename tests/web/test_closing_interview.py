"""The interview at the end: offered beside the first one, open, with probes, and with care about interpreters."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from seeing import seen

from survey.instruments.library import Library

CLIENT, CLOSING = "client-interview", "closing-interview"
LIST = "/study/demo/participants/"
CARE = "//p[contains(@class, 'suits')]"


@pytest.fixture
def library(app: Flask) -> Library:
    return app.extensions["krachtmeting"].library  # type: ignore[no-any-return]


@pytest.fixture
def browser(house: Any, sign_in: Any) -> FlaskClient:
    return sign_in("ilse")  # type: ignore[no-any-return]


@pytest.fixture
def participant(browser: FlaskClient, send: Any) -> str:
    """The address of a participant."""
    return str(send(browser, LIST + "new").location)


def begun(browser: FlaskClient, send: Any, participant: str, instrument: str, **fields: str) -> str:
    """The address of an interview at the first wave, before its first page."""
    return str(send(browser, f"{participant}/begin/{instrument}/t0", **fields).location)


def begin(browser: FlaskClient, address: str, **fields: str) -> Any:
    """Say who is there, and go to the first page."""
    form = html.fromstring(browser.get(f"{address}welcome").data).xpath("//main//form")[0]
    return browser.post(f"{address}welcome", data=dict(form.form_values()) | {"interpreter": "none"} | fields)


def test_both_interviews_are_offered_at_every_wave(browser: FlaskClient, participant: str, library: Library) -> None:
    titles = [library.newest[name].title for name in (CLIENT, CLOSING)]
    shown = seen(browser.get(participant), "//li[contains(@class, 'card')]/div[@class='what']")
    assert shown == [f"{wave}{title}" for wave in ("Start", "Later") for title in titles]


def test_list_of_participants_says_which_interview_is_under_way(
    browser: FlaskClient, send: Any, participant: str, library: Library
) -> None:
    before = seen(browser.get(LIST), "//tbody/tr/td[position() > 1]")
    begun(browser, send, participant, CLOSING)
    after = seen(browser.get(LIST), "//tbody/tr/td[position() > 1]")
    assert (before, after) == (
        ["not begun", "not begun"],
        [f"Go on {library.newest[CLOSING].title}", "not begun"],
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_interviewer_reads_why_it_takes_care_with_an_interpreter_in_the_own_language(
    browser: FlaskClient, send: Any, participant: str, library: Library, language: str
) -> None:
    address = begun(browser, send, participant, CLOSING)
    begin(browser, address, language=language, second_language="")
    why = library.texts(library.newest[CLOSING], language)["interpreter/why"]
    page = browser.get(f"{address}welcome")
    assert (seen(page, f"{CARE}/span"), seen(page, f"{CARE}/span/@lang")) == ([why.words], [language])


def test_nothing_is_said_about_care_where_an_interpreter_suits(
    browser: FlaskClient, send: Any, participant: str
) -> None:
    address = begun(browser, send, participant, CLIENT)
    assert seen(browser.get(f"{address}welcome"), CARE) == []


def test_every_page_opens_in_two_languages_with_probes_in_the_first_only(
    browser: FlaskClient, send: Any, participant: str, library: Library
) -> None:
    instrument = library.newest[CLOSING]
    address = begun(browser, send, participant, CLOSING, second_language="en")
    begin(browser, address)
    english = library.texts(instrument, "en")
    probes = {key for key in instrument.texts if "/probes/" in key}
    for page in instrument.pages:
        shown = browser.get(f"{address}page/{page.page}")
        words = set(seen(shown, "//main//*[not(*)]"))
        own = page.texts().keys() & probes
        assert shown.status_code == 200
        assert {instrument.texts[key] for key in own} - words == set()
        assert {english[key].words for key in own} & words == set()


def test_grade_is_followed_by_the_question_why_and_then_the_page_goes_on(
    browser: FlaskClient, send: Any, participant: str
) -> None:
    address = begun(browser, send, participant, CLOSING)
    begin(browser, address)
    page, story = f"{address}page/looking_back", "Eerst was het stil.\nToen kwam mijn coach langs."

    def send_page(**fields: str) -> str:
        form = html.fromstring(browser.get(page).data).get_element_by_id("interview")
        sent = dict(form.form_values()) | fields | {"go": "next"}
        return str(browser.post(page, data=sent).location).split("?")[0]

    assert send_page(q_time_was=story, q_grade="8") == page
    assert send_page(q_grade_why="Ik telde mee.") == f"{address}page/coach"
    shown = browser.get(page)
    assert seen(shown, "//textarea[@name='q_time_was']") == [" ".join(story.split())]
    assert seen(shown, "//textarea[@name='q_grade_why']") == ["Ik telde mee."]
    assert seen(shown, "//input[@name='q_grade']/@value") == ["8"]
