"""The participant's own screen beside the interview page: two devices, one talk, a connection that comes and goes."""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest
from interviewer import Interviewer
from layout import axe_faults, layout_faults
from own_instruments import RIGHT_TO_LEFT
from playwright.sync_api import BrowserContext, Locator, Page, expect
from running_server import RunningServer
from sqlalchemy import update

from survey.instruments.library import Library
from survey.instruments.texts import Texts
from survey.storage import responses, screens
from survey.storage.events import Happened, events
from survey.storage.record import Saving
from survey.storage.screens import THERE_WITHIN, OnScreen
from survey.storage.tables import Screen

OpenContext = Callable[..., BrowserContext]
SIZES = ((390, 844), (820, 1180), (1280, 800))


class Tablet:
    """The participant's device."""

    def __init__(self, context: BrowserContext, texts: Texts) -> None:
        self.context, self.texts = context, texts
        self.page: Page = context.new_page()

    def join(self, code: str) -> None:
        """Type the code that the interviewer shows."""
        self.page.goto("/screen/join")
        self.page.locator("#code").fill(code)
        self.page.locator("main button").click()
        expect(self.page.locator("#code")).to_have_count(0)

    def words(self, key: str) -> str:
        """The words of a text key in the participant's language."""
        return self.texts[key].words

    def text(self) -> str:
        """Everything that can be read on it."""
        return self.page.inner_text("body").strip()

    @property
    def question(self) -> Locator:
        """The question in large type."""
        return self.page.locator("#one-text")


@pytest.fixture
def talk(
    sit_down: Callable[..., Interviewer], open_context: OpenContext, server: RunningServer, library: Library
) -> Callable[..., tuple[Interviewer, Tablet]]:
    """An interviewer at a page, and a tablet that joined by its code."""

    def begun(instrument: str = "client-interview", page: str = "", second: str = "ar") -> tuple[Interviewer, Tablet]:
        ilse = sit_down(instrument, page=page, second=second)
        tablet = Tablet(open_context(base_url=server.url), library.texts(library.newest[instrument], second))
        tablet.join(code(server, ilse.token))
        ilse.page.reload()
        expect(ilse.page.locator("#screen-status")).to_have_text("paired")
        return ilse, tablet

    return begun


def code(server: RunningServer, token: str) -> str:
    """The code of a new invitation, without the page that shows it."""
    with server.database.writing() as session:
        return screens.invite(session, server.record(token), server.people["ilse"], now()).code


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def happened(server: RunningServer, token: str) -> list[Happened]:
    with server.database.reading() as session:
        return events(session, server.record(token).id)


def kinds(server: RunningServer, token: str) -> list[str]:
    return [one.kind for one in happened(server, token)]


def test_device_is_paired_by_the_code_on_the_page(
    sit_down: Callable[..., Interviewer], open_context: OpenContext, server: RunningServer, library: Library
) -> None:
    ilse = sit_down("client-interview", page="welcome", second="ar")
    tablet = Tablet(open_context(base_url=server.url), library.texts(library.newest["client-interview"], "ar"))
    ilse.page.get_by_role("link", name="Participant's screen").click()
    ilse.press("Pair a screen")
    faults = layout_faults(ilse.page) + axe_faults(ilse.page)
    tablet.join(ilse.page.locator(".short-code").inner_text())
    assert tablet.text() == tablet.words("controls/wait")
    # The page with the code sees by itself that the device has joined.
    expect(ilse.page.get_by_text("A screen is paired since")).to_be_visible()
    faults += layout_faults(ilse.page) + axe_faults(ilse.page)
    ilse.page.get_by_role("link", name="Back to the questions").click()
    assert faults == []


@pytest.mark.alone
def test_screen_follows_the_interviewer_within_a_second(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    # The first question without an answer comes by itself.
    expect(tablet.question).to_have_text(tablet.words("mood_today/text"))
    expect(ilse.question("mood_today")).to_have_attribute("data-on-screen", "On the participant’s screen")
    took = []
    for name in ("start_ok", "mood_today") * 3:
        began = time.monotonic()
        ilse.unit(name).locator("input").first.focus()
        tablet.page.wait_for_function(
            "words => document.getElementById('one-text')?.textContent.trim() === words",
            arg=tablet.words(f"{name}/text"),
            polling=20,
        )
        took.append(time.monotonic() - began)
    assert statistics.median(took) < 1, took
    shown = [(one.unit, one.details["language"]) for one in happened(server, ilse.token) if one.kind == "shown"]
    assert shown == [("mood_today", "ar")] + [("start_ok", "ar"), ("mood_today", "ar")] * 3


def test_nothing_but_the_question_stands_on_the_screen(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    ilse.unit("start_ok").click(position={"x": 5, "y": 5})
    expect(tablet.question).to_have_text(tablet.words("start_ok/text"))
    keys = ("start_ok/text", "choices/yes_no/yes", "choices/yes_no/no")
    assert [line for line in tablet.text().splitlines() if line.strip()] == [tablet.words(key) for key in keys]
    assert tablet.page.locator("a, nav, header, progress").count() == 0
    assert ilse.token not in tablet.page.content()


def test_tap_is_taken_over_and_saved(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    tablet.page.get_by_role("button", name=tablet.words("mood_today/choices/4"), exact=True).click()
    expect(tablet.page.get_by_text(tablet.words("controls/thanks"))).to_be_visible()
    note = ilse.unit("mood_today").locator("[data-tapped]")
    expect(note).to_contain_text("Tapped by the participant: Goed")
    assert server.record(ilse.token).answers == {}
    note.get_by_role("button", name="Take over").click()
    ilse.expect_saved()
    assert (ilse.chosen("mood_today"), server.kept(ilse.token, "mood_today")) == (["4"], 4)
    expect(note).to_have_count(0)
    # On the tablet it stays chosen: now it is the answer, and the thanks are over.
    expect(tablet.page.locator(".one-said")).to_have_text("")
    expect(tablet.page.locator("[aria-pressed=true]")).to_have_attribute("value", "4")
    assert kinds(server, ilse.token)[-2:] == ["tapped", "confirmed"]
    assert happened(server, ilse.token)[-1].details == {"tapped": 4, "recorded": 4}


def test_several_options_are_tapped_and_sent_with_one_button(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk("every-kind", page="days", second=RIGHT_TO_LEFT)
    expect(tablet.question).to_have_text(tablet.words("worries/text"))
    for code in ("none", "money", "health"):
        tablet.page.locator(f"input[value={code}]").locator("..").click()
    tablet.page.locator("[data-ready]").click()
    note = ilse.unit("worries").locator("[data-tapped]")
    # "None of these" went when something else was chosen.
    expect(note).to_contain_text("Tapped by the participant: Geld, Gezondheid")
    note.get_by_role("button", name="Take over").click()
    ilse.expect_saved()
    assert server.kept(ilse.token, "worries") == ["money", "health"]


def test_tapped_reason_is_taken_over_and_a_tap_can_be_turned_down(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk("every-kind", page="home", second=RIGHT_TO_LEFT)
    ilse.line("age").click()
    expect(tablet.question).to_have_text(tablet.words("age/text"))
    tablet.page.locator("button[name=reason][value=refused]").click()
    note = ilse.unit("age").locator("[data-tapped]")
    note.get_by_role("button", name="Take over").click()
    ilse.expect_saved()
    assert server.kept(ilse.token, "age") == {"missing": "refused"}
    ilse.unit("housed").locator("input").first.focus()
    expect(tablet.question).to_have_text(tablet.words("housed/text"))
    tablet.page.locator("button[name=answer][value=no]").click()
    note = ilse.unit("housed").locator("[data-tapped]")
    note.get_by_role("button", name="No", exact=True).click()
    expect(note).to_have_count(0)
    expect(tablet.page.locator("[aria-pressed=true]")).to_have_count(0)
    assert server.record(ilse.token).answers == {"age": {"missing": "refused"}}
    assert kinds(server, ilse.token)[-1] == "declined"


@pytest.mark.alone
def test_screen_goes_dark_at_once_and_comes_back(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    expect(tablet.question).to_be_visible()
    began = time.monotonic()
    ilse.press("Blank")
    tablet.page.wait_for_function("() => document.body.classList.contains('dark')", polling=20)
    took = time.monotonic() - began
    assert tablet.text() == ""
    assert tablet.page.locator("main *").count() == 0
    assert took < 1.5, took
    expect(ilse.page.locator("#screen-status")).to_have_text("dark")
    # Loading the page again brings nothing back, and moving on does not light it.
    tablet.page.reload()
    ilse.unit("start_ok").locator("input").first.focus()
    tablet.page.wait_for_timeout(900)
    assert tablet.text() == ""
    ilse.press("Show again")
    expect(tablet.question).to_have_text(tablet.words("start_ok/text"))
    assert [kind for kind in kinds(server, ilse.token) if "blank" in kind] == ["blanked", "unblanked"]


def test_lost_connection_is_calm_and_mends_itself(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    expect(tablet.question).to_be_visible()
    tablet.context.set_offline(True)
    expect(tablet.page.get_by_text(tablet.words("controls/look_on"))).to_be_visible()
    # The question stays, and a tap is kept until there is a connection again.
    expect(tablet.question).to_have_text(tablet.words("mood_today/text"))
    tablet.page.locator("button[name=answer][value='2']").click()
    assert tablet.page.locator(".one-said").inner_text() == ""
    tablet.context.set_offline(False)
    expect(tablet.page.get_by_text(tablet.words("controls/look_on"))).to_be_hidden()
    expect(ilse.unit("mood_today").locator("[data-tapped]")).to_contain_text("Slecht")
    expect(tablet.page.get_by_text(tablet.words("controls/thanks"))).to_be_visible()


def test_after_a_minute_without_contact_it_says_to_ask_the_interviewer(talk: Any) -> None:
    tablet = talk(page="welcome")[1]
    expect(tablet.question).to_be_visible()
    tablet.page.clock.install()
    tablet.page.reload()
    expect(tablet.question).to_be_visible()
    tablet.context.set_offline(True)
    tablet.page.clock.run_for(62_000)
    assert tablet.text() == tablet.words("controls/ask_interviewer")
    tablet.context.set_offline(False)
    tablet.page.clock.run_for(5_000)
    expect(tablet.question).to_have_text(tablet.words("mood_today/text"))


def test_lost_connection_of_a_dark_screen_leaves_it_dark(talk: Any) -> None:
    ilse, tablet = talk(page="welcome")
    ilse.press("Blank")
    tablet.page.wait_for_function("() => document.body.classList.contains('dark')")
    tablet.context.set_offline(True)
    tablet.page.wait_for_timeout(3600)
    assert tablet.text() == ""
    tablet.context.set_offline(False)


def test_interview_goes_on_when_the_tools_fail(talk: Any, server: RunningServer) -> None:
    ilse = talk(page="welcome")[0]
    ilse.page.route("**/screen/**", lambda route: route.abort())
    ilse.page.route("**/card*", lambda route: route.abort())
    ilse.answer("mood_today", 3)
    ilse.answer("start_ok", "yes")
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"mood_today": 3, "start_ok": "yes"}


def test_handing_in_ends_the_pairing_and_nothing_leads_back(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    expect(tablet.question).to_be_visible()
    with server.database.writing() as session:
        record = responses.response(session, ilse.token, for_writing=True)
        assert record is not None
        saving = Saving("submit", None, server.people["ilse"], record.version)
        responses.submit(session, record, saving, record.changed_at)
    expect(tablet.page.get_by_text(tablet.words("controls/ended"))).to_be_visible()
    assert tablet.text() == tablet.words("controls/ended")
    assert [cookie for cookie in tablet.context.cookies() if "screen" in cookie["name"]] == []
    tablet.page.reload()
    expect(tablet.page.locator("#code")).to_be_visible()
    tablet.page.go_back()
    assert tablet.words("mood_today/text") not in tablet.text()
    assert kinds(server, ilse.token)[-1] == "unpaired"


def test_next_page_shows_its_first_open_question(talk: Any, library: Library) -> None:
    ilse, tablet = talk(page="welcome")
    pages = library.newest["client-interview"].pages
    ilse.answer("start_ok", "yes")
    ilse.press("Next")
    expect(ilse.page.locator("h1")).to_contain_text(pages[1].title)
    first = next(unit for unit in pages[1].units())
    expect(tablet.question).to_have_text(tablet.words(first.key))


def test_interviewer_learns_that_the_device_is_away(talk: Any, server: RunningServer) -> None:
    ilse, tablet = talk(page="welcome")
    tablet.page.close()
    ilse.page.wait_for_timeout(500)  # What the tablet asked last may still be on its way.
    with server.database.writing() as session:
        session.execute(update(Screen).values(seen_at=now() - THERE_WITHIN))
    expect(ilse.page.locator("#screen-status")).to_have_text("not there just now")


CARDS = {
    "welcome_note": "welcome",
    "mood_today": "welcome",
    "fam_listen": "family",
    "income": "money",
    "age": "about_you",
    "coach_place": "coach",
}


@pytest.mark.parametrize("language", ["nl", "ar", "ti"])
def test_screen_is_accessible_and_fits_at_every_size(
    language: str, open_context: OpenContext, server: RunningServer, library: Library
) -> None:
    instrument = library.newest["client-interview"]
    token = server.new_response("client-interview", None if language == "nl" else language)
    tablet = Tablet(open_context(base_url=server.url), library.texts(instrument, language))
    by = server.people["ilse"]
    tablet.page.goto("/screen/join")
    found = layout_faults(tablet.page) + axe_faults(tablet.page)
    tablet.join(code(server, token))
    for unit, page in CARDS.items():
        with server.database.writing() as session:
            pairing = screens.of_response(session, server.record(token).id)
            assert pairing is not None
            screens.show(session, pairing, OnScreen(page, unit, language, "f" * 64), by, now())
        expect(tablet.page.locator(f"[data-one={unit}]")).to_be_visible()
        found += layout_faults(tablet.page) + axe_faults(tablet.page)
    assert found == []


def xs(points: Locator) -> list[float]:
    return [point.bounding_box()["x"] for point in points.all()]  # type: ignore[index]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_scale_keeps_its_order_in_a_language_from_right_to_left(size: tuple[int, int], talk: Any) -> None:
    ilse, tablet = talk("every-kind", page="days", second=RIGHT_TO_LEFT)
    tablet.page.set_viewport_size({"width": size[0], "height": size[1]})
    ilse.unit("sup_family").locator("input").first.focus()
    points = tablet.page.locator(".one-row .one-option")
    expect(points).to_have_count(7)
    assert [point.get_attribute("value") for point in points.all()] == [str(code) for code in range(1, 8)]
    assert xs(points) == sorted(xs(points))


def test_scale_that_follows_the_reading_direction_turns(talk: Any) -> None:
    tablet = talk("turning-scale", page="only", second=RIGHT_TO_LEFT)[1]
    points = tablet.page.locator(".one-row .one-option")
    expect(points).to_have_count(3)
    assert [point.get_attribute("value") for point in points.all()] == ["1", "2", "3"]
    assert xs(points) == sorted(xs(points), reverse=True)
