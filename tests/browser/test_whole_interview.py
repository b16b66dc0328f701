"""The first whole journey: sign in, interview in two languages, hand in, download, open the workbook in LibreOffice."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from interviewer import Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer
from watched_browser import program

from survey.answers.flow import Flow, flow
from survey.instruments.kinds.question import Unit
from survey.instruments.library import Library

SAID: dict[str, Any] = {
    "start_ok": "yes",
    "age": 46,
    "gender": {"missing": "refused"},
    "country_self": "syria",
    "country_mother": "other",
    "country_mother_namely": "=1+1",
    "nl_since": "2016",
    "school_years": {"missing": "dont_know"},
    "housing": "rent",
    "home_since": "2019-05",
    "children": 3,
    "children_home": 1,
    "children_away": 2,
    "activities": ["paid_work", "volunteering", "education", "caring"],
    "work_kind": '=HYPERLINK("http://x","y")',
    "work_hours": 7.5,
    "day_out": {"missing": "not_applicable"},
    "leisure": ["none"],
    "day_wish": '-2 koppen "thee" & <b>taart</b>\nmet m\'n zus, صباح الخير',
    "income": ["assistance", "other"],
    "income_namely": "#N/A",
    "get_by": 2,
    "debts": "yes",
    "fam_contact": "weekly",
    "fr_contact": "none",
    "fam_trust": {"missing": "not_applicable"},
    "oth_who": ["neighbours", "faith"],
    "grip_grade": 8,
    "coach_met": "yes",
    "coach_since": "2022-11",
    "coach_length": 95,
    "coach_place": {"office": 50, "home": 20, "area": 30, "phone": 0, "elsewhere": 0},
    "talk_more": "+31 6 is geen formule",
}
"""What the participant says where it matters; all else is answered with `anything`."""


def anything(unit: Unit, position: int) -> Any:
    """An answer that fits, other at each place."""
    question = unit.question
    if unit.role == "other":
        return f"namelijk {position}"
    codes = [code for code, option in question.options.items() if not option.exclusive and not option.other]
    if question.kind == "several":
        return [codes[position % len(codes)]]
    if codes:
        return codes[position % len(codes)]
    return {"number": 2 + position % 7, "duration": 30 + position, "open": f"Verhaal {position}."}.get(
        question.kind, f"woord {position}"
    )


@pytest.mark.libreoffice
def test_interview_by_clicking_and_typing_comes_out_of_libreoffice(
    server: RunningServer, sign_in: Callable[..., Page], library: Library, tmp_path: Path
) -> None:
    soffice = program(("soffice", "libreoffice"), "that LibreOffice opens the workbook", "libreoffice-calc")
    page = sign_in("ilse")
    code = begun_by_clicking(page)
    told = interviewed(page, library)
    handed_in(page)

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


def begun_by_clicking(page: Page) -> str:
    """A new participant and a first interview in Dutch and English; the participant's code."""
    page.get_by_role("link", name="To the participants").click()
    page.get_by_role("button", name="New participant").click()
    code = page.locator("h1").inner_text()
    first = page.get_by_role("listitem").filter(has_text="Start").filter(has_text="Gesprek over hoe het met u gaat")
    first.get_by_label("Second language").select_option(label="English")
    first.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Gesprek over hoe het met u gaat")).to_be_visible()
    page.get_by_role("link", name="Begin").click()
    return code


def interviewed(page: Page, library: Library) -> Flow:
    """Answer every question that comes; what was said."""
    interviewer = Interviewer(page, library.newest["client-interview"])
    english = library.texts(interviewer.instrument, "en")
    said: dict[str, Any] = {}
    position = 0
    for topic in interviewer.instrument.pages:
        expect(page.locator("h1")).to_contain_text(topic.title)
        expect(page.locator("h1")).to_contain_text(english[f"pages/{topic.page}/title"].words)
        for unit in topic.units():
            if unit.name in flow(interviewer.instrument, said).on_path:
                position += 1
                said[unit.name] = SAID.get(unit.name, anything(unit, position))
                expect(interviewer.unit(unit.name)).to_contain_text(english[unit.key].words)
                interviewer.answer(unit.name, said[unit.name])
        now = flow(interviewer.instrument, said)
        assert interviewer.visible() == [one.name for one in topic.questions if one.name in now.relevant]
        interviewer.press("Next")
    return flow(interviewer.instrument, said)


def handed_in(page: Page) -> None:
    expect(page.get_by_text("Every question has an answer.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()


def downloaded_by_clicking(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="To the download").click()
    page.get_by_label("Excel workbook").click()
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name="Make the file").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def cells(told: Flow) -> dict[str, Any]:
    """What the sheet must hold of what was said: the answers that count, and nothing where a reason stands instead."""
    found: dict[str, Any] = {}
    for name in told.asked:
        unit = told.instrument.units[name]
        answer = told.answers[name]
        missing = isinstance(answer, dict) and "missing" in answer
        values = [None] * len(unit.columns()) if missing else unit.cells(answer)
        found |= {column.name: value for column, value in zip(unit.columns(), values, strict=True)}
    return found
