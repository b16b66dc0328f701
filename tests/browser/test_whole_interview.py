"""Whole journeys: sign in, interview through an interpreter with a second device, hand in, download, LibreOffice."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from interviewer import Interviewer
from layout import axe_faults, layout_faults
from playwright.sync_api import BrowserContext, Page, expect
from running_server import RunningServer
from telling import cells, handed_in, interviewed
from watched_browser import program

from survey.answers.flow import Flow
from survey.instruments.library import Library


@dataclass
class Journey:
    """One whole interview through an interpreter, with a second device beside the interviewer's."""

    page: Page
    device: Page
    library: Library
    server: RunningServer
    language: str

    @property
    def token(self) -> str:
        """The response's."""
        return self.page.url.split("/response/")[1].split("/")[0]

    def control(self, name: str) -> str:
        """The words of a control in the participant's language."""
        return self.library.controls(self.language)[f"controls/{name}"].words

    def begun(self) -> str:
        """A new participant, their language, and a professional interpreter on the phone; the participant's code."""
        page = self.page
        page.get_by_role("link", name="To the participants").click()
        page.get_by_role("button", name="New participant").click()
        code = page.locator("h1").inner_text()
        title = "Gesprek over hoe het met u gaat"
        first = page.get_by_role("listitem").filter(has_text="Start").filter(has_text=title)
        first.get_by_label("Second language").select_option(self.language)
        first.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        promise = "The declaration was read out, and the interpreter agreed"
        choices = ("A professional interpreter", "By phone", "There was no last time", promise)
        Interviewer(page, self.library.newest["client-interview"]).begin(*choices)
        return code

    def paired(self) -> None:
        """The second device, paired by the code that is typed on it."""
        here = self.page.url
        self.page.locator("#screen-tools a").click()
        self.page.get_by_role("button", name="Pair a screen").click()
        code = self.page.locator(".short-code").inner_text()
        self.device.goto("/screen/join")
        self.device.locator("#code").fill(code)
        self.device.locator("form button").click()
        expect(self.page.get_by_text("A screen is paired since")).to_be_visible()
        self.page.goto(here)

    def on_each_page(self, interviewer: Interviewer, name: str) -> None:
        """The device stands where the interviewer is; on some pages something happens."""
        last = str(self.page.locator("[data-unit]:visible").last.get_attribute("data-unit"))
        expect(self.device.locator("html")).to_have_attribute("lang", self.language)
        shown = self.device.locator("[data-one]")
        expect(shown).to_have_attribute("data-one", last)
        if name == "about_you":
            interviewer.question("age").get_by_text("repeated", exact=True).click()
        if name == "family":
            self.page.get_by_role("button", name="Blank").click()
            expect(self.device.locator("main")).to_be_empty()
            self.page.get_by_role("button", name="Show again").click()
            expect(shown).to_be_visible()
        if name == "mind":
            self.device.context.set_offline(True)
            expect(self.device.locator("#contact")).to_have_text(self.control("look_on"))
            expect(shown).to_be_visible()
            self.device.context.set_offline(False)
            expect(self.device.locator("#contact")).to_be_hidden()
        if name == "tension":
            interviewer.expect_saved()
            answers = self.server.record(self.token).answers
            self.page.get_by_role("button", name="A professional interpreter, by phone").click()
            interviewer.begin("A relative or friend", "In the room", button="Go on")
            expect(self.page.get_by_role("button", name="A relative or friend, in the room")).to_be_visible()
            expect(self.page).to_have_url(re.compile("/page/tension"))
            assert self.server.record(self.token).answers == answers
        if name in ("mind", "control"):
            assert layout_faults(self.page) + layout_faults(self.device, (390, 820)) + axe_faults(self.page) == []
            assert axe_faults(self.device) == []


@pytest.fixture
def journey(
    server: RunningServer,
    sign_in: Callable[..., Page],
    open_context: Callable[..., BrowserContext],
    library: Library,
) -> Callable[[str], Journey]:
    def ready(language: str) -> Journey:
        device = open_context(base_url=server.url, viewport={"width": 820, "height": 1180}).new_page()
        return Journey(sign_in("ilse"), device, library, server, language)

    return ready


def interview(there: Journey) -> tuple[str, str, Flow]:
    """From the first click to handing in; the participant's code, the response's token, and what was said."""
    code = there.begun()
    there.paired()
    token = there.token
    told = interviewed(there.page, there.library, there.language, there.on_each_page)
    handed_in(there.page)
    expect(there.device.locator("main")).to_contain_text(there.control("ended"))
    record = there.server.record(token)
    assert (record.segment, record.relay["age"], record.second_language) == (2, ["repeated"], there.language)
    return code, token, told


def test_interview_in_dutch_and_tigrinya_keeps_all_that_was_said(
    journey: Callable[[str], Journey], server: RunningServer
) -> None:
    _, token, told = interview(journey("ti"))
    kept = server.record(token).answers
    assert {name: kept.get(name) for name in told.asked} == {name: told.answers[name] for name in told.asked}


@pytest.mark.libreoffice
def test_interview_in_dutch_and_arabic_comes_out_of_libreoffice(
    journey: Callable[[str], Journey], sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    soffice = program(("soffice", "libreoffice"), "that LibreOffice opens the workbook", "libreoffice-calc")
    code, _, told = interview(journey("ar"))

    downloaded = downloaded_by_clicking(sign_in("rik"), tmp_path)
    again = tmp_path / "again"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(again), str(downloaded)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    workbook = openpyxl.load_workbook(again / downloaded.name)

    names, *rows = workbook[
        "Data client-interview" if "Data client-interview" in workbook.sheetnames else "Data"
    ].values
    mine = next(dict(zip(names, row, strict=True)) for row in rows if code in row)
    expected = cells(told)
    assert len(told.asked) > 100
    assert {name: mine[name] for name in expected} == expected
    assert (mine["country_mother_namely"], mine["income_namely"], mine["work_hours"]) == ("=1+1", "#N/A", 7.5)
    hidden = {
        column.name
        for unit in set(told.instrument.units) - told.on_path
        for column in told.instrument.units[unit].columns()
    }
    assert {name: mine[name] for name in hidden} == dict.fromkeys(hidden)


def downloaded_by_clicking(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="To the download").click()
    page.get_by_label("Excel workbook").click()
    page.get_by_role("button", name="Go on").click()
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name="Make the file").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path
