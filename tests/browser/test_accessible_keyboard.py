"""Without a mouse: an interview from signing in to handing in, with a mistake on the way, and a session that ends."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from accessible import AT_FOCUS
from interviewer import SAVED, Interviewer
from playwright.sync_api import BrowserContext, Page, expect
from running_server import PASSWORD, RunningServer

FARTHEST = 90
"""So many presses of Tab lead everywhere on a page."""


class Keyboard:
    """Somebody who only has a keyboard. Wherever the focus goes, it must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []
        self.titles: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, words: str) -> None:
        """Type."""
        self.page.keyboard.type(words)

    def to(self, words: str = "", name: str = "") -> None:
        """Tab to what begins with these words, or has this name."""
        stops = []
        for _ in range(FARTHEST):
            self.press("Tab")
            at = self.page.evaluate(AT_FOCUS)
            stops.append(at["words"] or at["name"])
            if at["fault"]:
                self.unseen.append(at["fault"])
            if (words and at["words"].startswith(words)) or (name and at["name"] == name):
                return
        pytest.fail(f"Tab does not reach {words or name}: {stops}")

    def open(self, words: str, heading: str) -> None:
        """Tab to a link or a button, and press Enter; a page with this heading comes."""
        self.to(words)
        self.press("Enter")
        expect(self.page.locator("main h1:visible")).to_have_text(re.compile(heading))
        self.titles.append(self.page.title())


def test_whole_interview_by_keyboard_alone(open_context: Callable[..., BrowserContext], server: RunningServer) -> None:
    page = open_context(base_url=server.url, reduced_motion="reduce").new_page()
    page.goto("/")
    keys = Keyboard(page)
    keys.press("Tab")
    assert page.evaluate(AT_FOCUS)["words"] == "To the content"
    keys.to(name="name")
    keys.write("ilse")
    keys.to(name="password")
    keys.write(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    keys.open("To the participants", "Participants")
    keys.open("New participant", r"[A-Z0-9]{3}-[A-Z0-9]{3}")
    keys.open("Begin Van alles wat", "Van alles wat")
    keys.to("Nobody interprets")
    keys.press("Space")
    keys.open("Begin", "Uw huis")
    token = page.url.split("/response/")[1].split("/")[0]

    # Something must be answered: the focus goes to what says so, and from there to the question.
    keys.to(name="q_age")
    keys.write("veertig")
    keys.to("Next")
    keys.press("Enter")
    expect(page.locator("#summary")).to_be_focused()
    keys.to("Heeft u een huis?")
    keys.press("Enter", "Tab")
    assert page.evaluate(AT_FOCUS)["name"] == "q_housed"
    keys.press("ArrowDown", "ArrowUp")
    keys.to(name="q_age")
    keys.press("Control+A")
    keys.write("40")
    # What is saved by itself takes the focus nowhere.
    expect(page.locator("#saved")).to_have_text(SAVED)
    assert page.evaluate(AT_FOCUS)["name"] == "q_age"
    keys.open("Next", "Uw dagen")

    keys.to(name="q_worries")
    keys.press("Space")
    keys.to(name="q_sup_family")
    keys.press("Space", "ArrowRight", "ArrowRight")
    keys.to(name="m_sup_family" if page.locator("[name=m_sup_family]").count() else "q_sup_friends")
    keys.press("ArrowRight")
    for name, words in {"moved.day": "3", "moved.month": "2", "moved.year": "2011", "walk.hours": "1"}.items():
        keys.to(name=f"q_{name}")
        keys.write(words)
    keys.open("Next", "Tot slot")
    keys.to(name="q_children")
    keys.write("0")
    keys.to(name="q_known")
    keys.press("Space")
    keys.to("Next")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    keys.titles.append(page.title())
    keys.open("Hand in", "Handed in. Thank you.")

    record = server.record(token)
    assert record.submitted_at is not None
    assert {name: record.answers[name] for name in ("housed", "age", "worries", "sup_family", "known")} == {
        "housed": "yes", "age": 40, "worries": ["money"], "sup_family": 3, "known": "friend",
    }  # fmt: skip
    assert keys.unseen == []
    assert len(set(keys.titles)) == len(keys.titles)


@pytest.mark.parametrize("where", ["interview", "another page"])
def test_end_of_a_session_is_announced_and_put_off_by_keyboard(
    where: str, sit_down: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = sit_down()
    if where == "another page":
        ilse.page.goto("/account/")
    ilse.page.clock.install()
    ilse.page.reload()
    keys = Keyboard(ilse.page)
    keys.to(*([] if where == "interview" else ["Your password now"]), name="q_age")
    warning = ilse.page.locator("#session-warning, #staying")
    assert warning.get_attribute("role") == "status"
    server.last_seen("ilse", minutes=27.5)
    ilse.page.clock.fast_forward(21_000)
    expect(warning).to_contain_text("You will be signed out in 3 min.")
    keys.to("Stay signed in")
    # The minutes go on, and who is at the button stays there.
    server.last_seen("ilse", minutes=28.5)
    ilse.page.clock.fast_forward(21_000)
    expect(warning).to_contain_text("You will be signed out in 2 min.")
    assert ilse.page.evaluate(AT_FOCUS)["words"] == "Stay signed in"
    keys.press("Enter")
    expect(warning).to_be_hidden()
    assert ilse.page.evaluate("document.activeElement !== document.body")
    assert keys.unseen == []
