"""Autosave: the page says saved when the server has it, not before, and closing it costs at most a character."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from interviewer import SAVED, WITHOUT_A_CONNECTION, Interviewer
from playwright.sync_api import Route, expect
from running_server import RunningServer

SitDown = Callable[..., Interviewer]


def eventually(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """What `look` finds once it is as wanted; else the last that it found."""
    for _ in range(75):
        if wanted(found := look()):
            return found
        time.sleep(0.2)
    return found


def test_page_says_saved_only_after_the_server_has_it(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    expect(ilse.status).to_have_text("nothing filled in yet")
    held: list[Route] = []
    ilse.page.route("**/save", lambda route: held.append(route))
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_text("saving …")
    ilse.page.wait_for_timeout(1000)
    assert (ilse.status.inner_text(), server.kept(ilse.token, "housed")) == ("saving …", None)
    answered = held[0].fetch()
    assert server.kept(ilse.token, "housed") == "yes"
    expect(ilse.status).to_have_text("saving …")
    held[0].fulfill(response=answered)
    ilse.expect_saved()


def test_without_a_connection_the_page_says_so_and_saves_when_it_is_back(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down()
    ilse.page.context.set_offline(True)
    ilse.answer("age", 52)
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
    expect(ilse.line("age")).to_have_value("52")
    assert server.record(ilse.token).answers == {}
    ilse.page.context.set_offline(False)
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"age": 52, "housed": "yes"}
    ilse.press("Next")
    expect(ilse.page.locator("h1")).to_have_text("Uw dagen")


def test_answer_of_another_network_is_not_taken_for_saved(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.page.route(
        "**/save",
        lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Sign in to this network</p>"),
    )
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_text("kept on this device, not with the server yet")
    ilse.page.unroute("**/save")
    ilse.expect_saved()
    assert server.kept(ilse.token, "housed") == "yes"


def test_what_is_no_answer_yet_is_kept_and_said_kindly_at_once(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.type("age", "12")
    expect(ilse.page.locator("#error-age")).to_have_text("The smallest number that fits here is 18.")
    expect(ilse.line("age")).to_have_attribute("aria-invalid", "true")
    assert server.record(ilse.token).drafts == {"age": {"": ["12"]}}
    ilse.line("age").fill("21")
    expect(ilse.page.locator("#error-age")).to_have_text("")
    assert eventually(lambda: server.kept(ilse.token, "age"), lambda age: age == 21) == 21


def test_closing_the_page_while_typing_costs_at_most_a_character(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    words = "Ik slaap bij mijn zus, en zoek een kamer."
    ilse.line("story").press_sequentially(words, delay=5)
    ilse.page.close()
    kept = eventually(
        lambda: server.kept(ilse.token, "story"), lambda story: bool(story) and len(story) >= len(words) - 1
    )
    assert kept == words


def test_typing_without_a_pause_is_sent_all_the_same(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.line("story").press_sequentially("woord na woord " * 4, delay=70)
    assert "woord" in (server.kept(ilse.token, "story") or "")


def test_following_a_link_while_typing_asks_nothing_and_loses_nothing(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    asked: list[Any] = []
    ilse.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    ilse.type("age", "63")
    ilse.page.get_by_role("link", name="All pages").click()
    expect(ilse.page.get_by_text("1 of 3", exact=True)).to_be_visible()
    assert (server.kept(ilse.token, "age"), asked) == (63, [])


def test_very_long_story_is_saved(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    story = "Er was eens een huis. " * 4000
    ilse.line("story").fill(story)
    ilse.expect_saved()
    assert server.kept(ilse.token, "story") == story.strip()


def test_note_is_saved_as_it_is_typed(sit_down: SitDown, server: RunningServer) -> None:
    ilse = sit_down()
    ilse.note("housed", "Keek naar de grond.")
    ilse.expect_saved()
    assert server.record(ilse.token).notes == {"housed": "Keek naar de grond."}


def test_interview_goes_on_on_another_device_where_it_stopped(
    sit_down: SitDown, sign_in: Any, server: RunningServer
) -> None:
    ilse = sit_down(page="days")
    ilse.answer("sup_family", 5)
    ilse.press("Pause")
    expect(ilse.page.get_by_role("heading", name="Paused")).to_be_visible()
    tablet = sign_in("ilse", viewport={"width": 390, "height": 800})
    tablet.goto(f"/response/{ilse.token}/")
    there = Interviewer(tablet, ilse.instrument, ilse.token)
    expect(tablet.locator("h1")).to_have_text("Uw dagen")
    expect(there.status).to_have_text(SAVED)
    assert there.chosen("sup_family") == ["5"]
