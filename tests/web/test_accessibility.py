"""The accessibility statement: open to everybody, a draft until somebody stands for it, with the status it deserves."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from seeing import seen

from survey.web.settings import SettingsError
from survey.web.statement import Statement, read_statement

DAY = datetime.date(2026, 12, 1)
WHOLE = Statement("Gemeente Voorbeeld", "a@voorbeeld.example", approved_by="A", function="F", approved_on=DAY)


def later(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("said", "today", "status"),
    [
        ({}, DAY, "D"),
        ({"approved_on": None}, DAY, "E"),
        ({"research_planned": later(90)}, DAY, "C"),
        ({"research_planned": later(90)}, later(200), "D"),
        ({"research_planned": later(300)}, DAY, "D"),
        ({"researched_on": DAY, "report": "https://voorbeeld.example/report", "open": ("1.4.3",)}, DAY, "B"),
        ({"researched_on": DAY, "report": "https://voorbeeld.example/report"}, DAY, "A"),
        ({"researched_on": DAY, "report": "https://voorbeeld.example/report"}, later(1200), "D"),
        ({"researched_on": DAY}, DAY, "D"),
    ],
)
def test_status_is_the_one_that_the_register_would_give(said: Any, today: datetime.date, status: str) -> None:
    statement = Statement(**{**vars(WHOLE), **said})
    assert statement.status(today) == status


def test_page_is_open_to_everybody_and_a_draft_while_nobody_stands_for_it(app: Any) -> None:
    page = app.test_client().get("/accessibility", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert seen(page, "//h1") == ["Accessibility statement"]
    assert seen(page, "//*[@role='note']//strong") == ["This is a draft, and nobody's statement yet."]
    assert seen(page, "//h2[@id='status']/following-sibling::p[1]/strong") == [
        "Status E: there is no valid statement yet."
    ]


def test_filled_in_statement_names_who_stands_for_it(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "accessibility.toml"
    file.write_text(
        'organisation = "Gemeente <b>Voorbeeld</b>"\nemail = "a@voorbeeld.example"\napproved_by = "A. Voorbeeld"\n'
        'function = "secretaris"\napproved_on = 2025-03-01\nresearch_planned = 2025-06-01\n',
        encoding="utf-8",
    )
    monkeypatch.setitem(app.extensions, "krachtmeting_statement", read_statement(file))
    page = app.test_client().get("/accessibility", headers={"Accept-Language": "nl"})
    assert page.text.count("Gemeente &lt;b&gt;Voorbeeld&lt;/b&gt;") == 1
    assert (seen(page, "//*[@role='note']"), "Status C" in page.text) == ([], True)
    assert seen(page, "//a[starts-with(@href, 'mailto:')]") == ["a@voorbeeld.example"]


@pytest.mark.parametrize(
    "written",
    ['organistation = "x"', 'approved_on = "soon"', "open = [3]", "organisation = ", 'report = "javascript:alert(1)"'],
)
def test_file_that_cannot_be_meant_stops_the_server_at_the_start(written: str, tmp_path: Path) -> None:
    file = tmp_path / "accessibility.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"accessibility\.toml"):
        read_statement(file)
