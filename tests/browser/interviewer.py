"""Somebody who leads an interview: finds what stands on the page, clicks and types, and does nothing else."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from survey.instruments.model import Instrument

WITHOUT_A_CONNECTION = "working without a connection: kept on this device"
SAVED = re.compile(r"^safe at \d\d:\d\d$")
REASONS = {"refused": "Prefers not to say", "dont_know": "Does not know", "not_applicable": "Does not apply"}


class Interviewer:
    """At one page of a browser, with one instrument."""

    def __init__(self, page: Page, instrument: Instrument, token: str = "") -> None:
        self.page, self.instrument, self.token = page, instrument, token
        self.status = page.locator("#saved")

    def open(self, page: str) -> None:
        """Go to a page of this response."""
        self.page.goto(f"/response/{self.token}/page/{page}")

    def question(self, name: str) -> Locator:
        """Where a question stands."""
        return self.page.locator(f"#question-{name}")

    def unit(self, name: str) -> Locator:
        """Where a unit stands."""
        return self.page.locator(f"#unit-{name}")

    def line(self, name: str, part: str = "") -> Locator:
        """A line or an area to type in."""
        return self.page.locator(f"[name='q_{name}{part and '.' + part}']")

    def option(self, name: str, code: Any) -> Locator:
        """An option of a list, or a point of a scale, as a person touches it: with its words."""
        codes = list(self.instrument.units[name].question.options)
        return self.unit(name).locator(".option, .point").nth(codes.index(code))

    def answer(self, name: str, value: Any) -> None:
        """Give an answer: a value as the instrument knows it, or a reason for having none."""
        unit = self.instrument.units[name]
        if isinstance(value, dict) and "missing" in value:
            self.unit(name).get_by_text(REASONS[value["missing"]], exact=True).click()
        elif unit.role != "other" and unit.question.options:
            for code in value if isinstance(value, list) else [value]:
                self.option(name, code).click()
        else:
            for part, strings in unit.show(value).items():
                self.type(name, strings[0], part)

    def type(self, name: str, words: str, part: str = "") -> None:
        """Put the cursor in an input and type."""
        self.line(name, part).click()
        self.page.keyboard.type(words)

    def note(self, question: str, words: str) -> None:
        """Write a note with a question."""
        self.question(question).locator("summary").click()
        self.page.locator(f"#note-{question}").click()
        self.page.keyboard.type(words)

    def visible(self) -> list[str]:
        """The names of the questions that are to be seen, in order."""
        found = self.page.locator("[data-question]:visible").all()
        return [one.get_attribute("data-question") or "" for one in found]

    def chosen(self, name: str) -> list[str]:
        """The values of what is chosen in a unit."""
        return [one.get_attribute("value") or "" for one in self.unit(name).locator("input:checked").all()]

    def press(self, words: str) -> None:
        """Press a button; its words may stand there in a second language too."""
        self.page.get_by_role("button", name=re.compile(rf"^{re.escape(words)}\b")).click()

    def begin(self, interpreter: str = "Nobody interprets", *more: str, button: str = "Begin") -> None:
        """Say who is there, and begin or go on."""
        for words in (interpreter, *more):
            self.page.get_by_text(words, exact=True).click()
        self.press(button)

    def expect_saved(self) -> None:
        """Wait until the page says that all is saved."""
        expect(self.status).to_have_text(SAVED)
