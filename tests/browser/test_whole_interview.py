"""The first whole journey: sign in, interview in two languages, hand in, download, open the workbook in LibreOffice."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from interviewer import Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer
from telling import cells, handed_in, interviewed
from watched_browser import program

from survey.instruments.library import Library


@pytest.mark.libreoffice
def test_interview_by_clicking_and_typing_comes_out_of_libreoffice(
    server: RunningServer, sign_in: Callable[..., Page], library: Library, tmp_path: Path
) -> None:
    soffice = program(("soffice", "libreoffice"), "that LibreOffice opens the workbook", "libreoffice-calc")
    page = sign_in("ilse")
    code = begun_by_clicking(page, library)
    told = interviewed(page, library, "en")
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


def begun_by_clicking(page: Page, library: Library) -> str:
    """A new participant and a first interview in Dutch and English; the participant's code."""
    page.get_by_role("link", name="To the participants").click()
    page.get_by_role("button", name="New participant").click()
    code = page.locator("h1").inner_text()
    first = page.get_by_role("listitem").filter(has_text="Start").filter(has_text="Gesprek over hoe het met u gaat")
    first.get_by_label("Second language").select_option(label="English")
    first.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Gesprek over hoe het met u gaat")).to_be_visible()
    Interviewer(page, library.newest["client-interview"]).begin()
    return code


def downloaded_by_clicking(page: Page, folder: Path) -> Path:
    page.get_by_role("link", name="To the download").click()
    page.get_by_label("Excel workbook").click()
    with page.expect_download(timeout=60_000) as coming:
        page.get_by_role("button", name="Make the file").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path
