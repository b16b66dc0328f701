"""A whole study in fast-forward: set up, filled in by everybody whose part it is, settled, erased, and downloaded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from interviewer import Interviewer
from played_study import PlayedStudy
from playwright.sync_api import BrowserContext, Page, expect

from survey.instruments.library import Library

PEOPLE = {
    "ilse": [("interviewer", "North")],
    "coen": [("coach", "North")],
    "cora": [("coach", "South")],
    "olga": [("observer", "Whole study")],
    "oscar": [("observer", "Whole study")],
    "rik": [("researcher", "Whole study")],
    "tess": [("team leader", "North")],
}
"""Name -> roles, each with where it holds."""


@pytest.fixture
def study(tmp_path: Path, open_context: Callable[..., BrowserContext]) -> Iterator[PlayedStudy]:
    played = PlayedStudy(tmp_path, open_context)
    yield played
    played.stop()


def set_up(study: PlayedStudy) -> None:
    """The admin makes the study by its protocol, and lets everybody in."""
    page = study.signed_in("admin")
    page.goto("/admin/studies/new")
    page.get_by_label("Title").fill("The small study")
    page.get_by_label("Short name").fill("small")
    page.get_by_text("By the protocol “In small”").click()
    page.get_by_role("button", name="Add this study").click()
    for name, roles in PEOPLE.items():
        page.goto("/admin/people/new")
        page.get_by_label("Name to sign in with").fill(name)
        page.get_by_label("English").check()
        page.locator("form.card button").first.click()
        study.passwords[name] = page.locator(".secret").inner_text()
        for role, place in roles:
            page.get_by_role("group", name=role, exact=True).get_by_label(place).check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
    # A password that was handed out works for two weeks only. Ilse chooses her own; the others did, as the page has it.
    study.signed_in("ilse").context.close()
    study.everybody_chose()


def registered(page: Page, *, interpreter: bool) -> str:
    """The code of a new participant of team north, whose coach is coen."""
    page.goto("/study/small/participants/new")
    page.get_by_label("Language they like to speak").select_option("ar" if interpreter else "")
    page.get_by_role("group", name="Is an interpreter needed?").get_by_label(
        "Yes" if interpreter else "No", exact=True
    ).check()
    coach = page.get_by_label("Coach")
    coach.select_option(coach.locator("option", has_text="coen").get_attribute("value"))
    page.get_by_role("button", name="Make the code").click()
    return page.locator("h1").inner_text()


def agreed(page: Page, code: str, *, keeps: bool) -> None:
    page.goto(f"/study/small/participants/{code}/consent")
    page.get_by_label("I take part in the talks.").check()
    page.get_by_label("Yes, the answers may be kept" if keeps else "No", exact=True).check()
    page.get_by_label("Said yes out loud").check()
    page.get_by_role("button", name="Takes part", exact=True).click()
    expect(page.get_by_text("The consent is noted.")).to_be_visible()


def talked(page: Page, library: Library, code: str, answers: dict[str, Any], *, interpreter: bool) -> None:
    """The interview that is next for this participant, from the page about them to handing in."""
    page.goto(f"/study/small/participants/{code}")
    page.locator(".next-step").get_by_role("button", name="Begin").click()
    ilse = Interviewer(page, library.newest["talk" if "age" in answers else "last-talk"])
    promise = "The declaration was read out, and the interpreter agreed"
    helped = ("A professional interpreter", "By phone", "There was no last time", promise)
    ilse.begin(*helped if interpreter else ("Nobody interprets",))
    handed_in(ilse, answers)


def handed_in(who: Interviewer, answers: dict[str, Any]) -> None:
    """One page with these answers, and the last page."""
    for unit, value in answers.items():
        who.answer(unit, value)
    who.press("Next")
    who.press("Hand in")
    expect(who.page.get_by_text("Handed in", exact=False).first).to_be_visible()


def link_of(page: Page, instrument: str, code: str) -> str:
    """A new personal link for the task of this participant or coach, as it is shown for copying."""
    page.goto(f"/study/small/links/?code={code}")
    page.get_by_role("row").filter(has_text=instrument).get_by_role("link").first.click()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("#address").input_value()


def by_link(study: PlayedStudy, link: str, instrument: str, answers: dict[str, Any]) -> None:
    """Somebody fills in by a link: that, and nothing else."""
    page = study.browser()
    page.goto(link)
    page.locator("form button").first.click()
    alone = Interviewer(page, study.library.newest[instrument])
    for address in ("/", "/study/small/participants/", "/account/"):
        assert page.context.request.get(f"{study.url}{address}", max_redirects=0).status == 404
    filled_in_alone(page, alone, answers)
    page.goto(link)
    assert page.locator("form button").count() == 0


def filled_in_alone(page: Page, alone: Interviewer, answers: dict[str, Any]) -> None:
    """The one page, and handing in: by the buttons' places, since their words are in the person's own language."""
    for unit, value in answers.items():
        alone.answer(unit, value)
    page.locator("button[name=go][value=next]:visible").last.click()
    page.locator("form[action$=submit] button").click()
    expect(page.locator("form[action$=submit]")).to_have_count(0)


def stopped(page: Page, code: str, reason: str) -> None:
    page.goto(f"/study/small/participants/{code}/leave")
    page.get_by_label(reason).check()
    page.get_by_role("button", name="Note that this person stops").click()
    expect(page.get_by_text("Has stopped", exact=False).first).to_be_visible()


def withdrawn_and_erased(study: PlayedStudy, page: Page, code: str) -> None:
    page.goto(f"/study/small/participants/{code}/withdraw")
    page.get_by_role("button", name="Withdraw the consent").click()
    admin = study.signed_in("admin")
    admin.goto("/admin/erasing/")
    admin.get_by_role("link", name=code).click()
    admin.locator("input[name=code]").fill(code)
    admin.locator("input[name=sure]").check()
    admin.get_by_role("button", name="Erase for good").click()
    expect(admin.get_by_role("heading", name="Erasing")).to_be_visible()


def observed(study: PlayedStudy, answers: dict[str, dict[str, Any]]) -> None:
    """Two observers at one meeting: blind to each other until both have handed in, then they settle what differs."""
    rik = study.signed_in("rik")
    rik.goto("/study/small/meetings/new")
    rik.get_by_label("Team").select_option(label="North")
    rik.locator("[name=held_on]").fill(study.now.date().isoformat())
    for name in answers:
        rik.get_by_text(name).click()
    rik.get_by_role("button", name="Plan this meeting").click()
    address = rik.url
    for position, (name, said) in enumerate(answers.items()):
        page = study.signed_in(name)
        page.goto(address)
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("^The question")).click()
        study.pass_days(10 / 24 / 60)
        page.reload()
        page.get_by_role("button", name=re.compile("^The question")).click()
        page.get_by_role("button", name="Fill in the questionnaire").click()
        observer = Interviewer(page, study.library.newest["seen"])
        observer.press("Begin")
        handed_in(observer, said)
        answer = page.goto(f"{address}/comparison/")
        assert answer is not None
        expect(page.get_by_role("button", name="Settle")).to_have_count(position)
    page.locator("input[name=choice]").first.check()
    page.get_by_label("Why?").fill("We looked at our notes together.")
    page.get_by_role("button", name="Settle").click()
    page.get_by_role("button", name="Round off").click()
    expect(page.get_by_text("settled", exact=False).first).to_be_visible()


def downloaded(page: Page) -> dict[str, str]:
    """The files of a download, by name: after looking at the small groups."""
    page.goto("/study/small/download/")
    page.get_by_label("CSV", exact=False).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Before you download")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    with ZipFile(io.BytesIO(download.value.path().read_bytes())) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith(".csv")}


def test_whole_study_in_fast_forward(study: PlayedStudy) -> None:
    set_up(study)
    ilse = study.signed_in("ilse")
    codes = [registered(ilse, interpreter=position == 0) for position in range(3)]
    first, leaver, erased = codes
    for code in codes:
        agreed(ilse, code, keeps=code != erased)
        talked(ilse, study.library, code, {"age": 44, "gender": "woman", "mo_home": 2, "mo_out": 3},
               interpreter=code == first)  # fmt: skip
    rik = study.signed_in("rik")
    rik.goto("/study/small/links/?by=coach")
    coaches = [row.inner_text().split()[0] for row in rik.get_by_role("row").filter(has_text="Your work").all()]
    for code in coaches:
        by_link(study, link_of(rik, "Your work", code), "own-work", {"caseload": 23})
    before = downloaded(rik)
    assert len(coaches) == 2
    assert all(code in before["talk/data.csv"] for code in codes)
    stopped(ilse, leaver, "Has moved")
    withdrawn_and_erased(study, ilse, erased)

    study.pass_days(190)
    ilse = study.signed_in("ilse")
    expect(ilse.get_by_text(erased)).to_have_count(0)
    expect(ilse.get_by_text(leaver)).to_have_count(0)
    talked(ilse, study.library, first, {"age": 45, "gender": "woman", "mo_home": 3, "mo_out": 3}, interpreter=True)
    handed_over(study, ilse, first)
    coen = study.signed_in("coen")
    rounded_off(coen, study, first)
    study.pass_days(3)
    talked(study.signed_in("ilse"), study.library, first, {"grade": 8}, interpreter=False)
    observed(study, {"olga": {"se_question": 3, "se_ideas": 2}, "oscar": {"se_question": 3, "se_ideas": 3}})

    rik = study.signed_in("rik")
    counted(rik)
    exported(downloaded(rik), first, leaver, erased)
    rik.goto("/study/small/download/")
    expect(rik.get_by_text("Somebody was erased since. Remove this file, and make it anew.")).to_have_count(1)
    tess = study.signed_in("tess")
    tess.get_by_role("link", name="How far we are").click()
    assert [code for code in codes if code in tess.content()] == []


def counted(page: Page) -> None:
    """Who is where, as the researcher sees it: each of the three in one place at each step."""
    page.goto("/study/small/progress/")
    rows = [row.inner_text().split("\t") for row in page.get_by_role("table").first.locator("tbody tr").all()]
    assert {words.strip(): int(count) for words, count in rows} == {
        "Asked to take part": 3,
        "Agreed to take part": 3,
        "Start: done": 3,
        "Has stopped": 1,
        "Has moved": 1,
        "Erased": 1,
        "After six months: done": 1,
        "End: done": 1,
    }


def exported(files: dict[str, str], first: str, leaver: str, erased: str) -> None:
    """What the researcher takes home: nothing that was erased, and the meeting with what was settled."""
    found = {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in files.items()}
    talks = [(row["km_subject"], row["km_wave"], row["km_interpreter"]) for row in found["talk/data.csv"]]
    assert talks == sorted([(first, "t0", "professional"), (first, "t1", "professional"), (leaver, "t0", "none")])
    assert [name for name, text in files.items() if erased in text] == ["participants.csv"]
    assert [(row["km_subject"], row["km_mode"], row["co_waits"]) for row in found["rate/data.csv"]] == [
        (first, "kiosk", "1")
    ]
    (meeting,) = found["meetings.csv"]
    assert (meeting["state"], meeting["question_1"], meeting["question_2"]) == ("settled", "600", "600")
    (settled,) = found["consensus.csv"]
    assert (settled["unit"], settled["answer_1"], settled["answer_2"], settled["consensus"]) == (
        "se_ideas",
        "2",
        "3",
        "2",
    )
    assert {row["by"] for row in found["trail.csv"] if row["km_instrument"] == "rate"} == {"participant"}


def handed_over(study: PlayedStudy, page: Page, code: str) -> None:
    """The participant says alone, in Arabic, what the coach does."""
    page.goto(f"/study/small/participants/{code}")
    page.get_by_role("link", name="Link or device").first.click()
    page.get_by_role("link", name="Hand over this device").click()
    page.get_by_role("button", name="Sign out and begin").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.locator("form button").first.click()
    alone = Interviewer(page, study.library.newest["rate"])
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    filled_in_alone(page, alone, {"co_asks": 3, "co_waits": 1})
    assert page.context.request.get(f"{study.url}/study/small/participants/", max_redirects=0).status in (302, 404)


def rounded_off(page: Page, study: PlayedStudy, code: str) -> None:
    """The coach says when the support ended."""
    page.get_by_role("link", name="Rounding off, and your team").click()
    row = page.get_by_role("listitem").filter(has_text=code)
    row.locator("input[type=date]").fill(study.now.date().isoformat())
    row.get_by_role("button").click()
