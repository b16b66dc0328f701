"""The page of downloads: choose, see who could be recognised, take the file, and find it again in the list."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from flask import Flask
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select

from survey.storage import participants
from survey.storage import people as staff
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save
from survey.storage.tables import Download
from survey.web.server import Server

PAGE = "/study/planned/download/"


@pytest.fixture
def here(app: Flask) -> Server:
    found: Server = app.extensions["krachtmeting"]
    return found


@pytest.fixture
def talked(here: Server, planned: PlannedStudy) -> list[str]:
    """The codes of six participants: five of team north have debts and one of south has none."""
    return [_talked(here, planned, "north", "yes") for _ in range(5)] + [_talked(here, planned, "south", "no")]


def _talked(here: Server, planned: PlannedStudy, team: str, debts: str) -> str:
    ilse, now, team_id = planned.people["ilse"], here.now(), planned.teams[team]
    with here.database.writing() as session:
        found = participants.register(session, planned.study, ilse, now, team_id=team_id)
        opening = Opening(
            planned.study, planned.waves["t0"], "client-interview", 1, ilse, "nl", participant_id=found.id,
            team_id=team_id,
        )  # fmt: skip
        record = response(session, open_response(session, opening, now), for_writing=True)
        assert record is not None
        said: Any = {("answers", "age"): 45, ("answers", "debts"): debts}
        save(session, record, Saving("page", "money", ilse, 0, said), now)
        return found.code


def noted(here: Server) -> list[tuple[str, int, str]]:
    with here.database.reading() as session:
        found = session.scalars(select(Download).order_by(Download.id)).all()
        return [(one.format, one.responses, one.selection) for one in found]


def test_rare_background_is_shown_before_the_file_with_what_to_do(talked: list[str], sign_in: Any) -> None:
    page = sign_in("rik").get(f"{PAGE}check?format=.zip&wave=t0")
    assert seen(page, "//tbody/tr/td") == ["Do you have debts at the moment? No debts", "1"]
    assert seen(page, "//section[contains(@class, 'card')]/h2") == ["What you can do"]
    assert seen(page, "//p[@class='muted'][1]") == ["6 participants are in this selection."]
    # What was chosen goes along to the file.
    chosen = zip(seen(page, "//form[.//button[text()='Make the file']]/input/@name"),
                 seen(page, "//form[.//button[text()='Make the file']]/input/@value"), strict=True)  # fmt: skip
    assert list(chosen) == [("format", ".zip"), ("language", ""), ("wave", "t0")]


def test_study_without_a_protocol_says_that_nothing_is_declared(sign_in: Any) -> None:
    page = sign_in("rik").get("/study/demo/download/check?format=.zip")
    assert seen(page, "//p[@class='empty']")[0].startswith("Whether somebody could be recognised is not counted here")


def test_every_file_stands_in_the_list_with_its_fingerprint(talked: list[str], here: Server, sign_in: Any) -> None:
    rik = sign_in("rik")
    assert seen(rik.get(PAGE), "//h2[text()='Earlier files']") == []
    made = rik.get(f"{PAGE}file?format=.zip&instrument=client-interview&submitted_only=1")
    rik.get(f"{PAGE}file?format=.xlsx")
    narrowed = '{"instruments":["client-interview"],"submitted_only":true}'
    assert noted(here) == [(".zip", 0, narrowed), (".xlsx", 6, "{}")]
    assert made.headers["X-Content-SHA256"][:12] in seen(rik.get(PAGE), "//td/code")
    asked = ("", "sort=at", "format=.zip")
    rows = [seen(rik.get(f"{PAGE}?{one}"), "//table[.//code]/tbody/tr/td[3]") for one in asked]
    assert rows == [[".xlsx", ".zip"], [".zip", ".xlsx"], [".zip"]]
    assert seen(rik.get(f"{PAGE}?state=superseded"), "//p[@class='empty']") == ["No file fits. Choose less narrowly."]


def test_researcher_of_one_team_gets_that_team_only(
    talked: list[str], planned: PlannedStudy, here: Server, sign_in: Any
) -> None:
    rik = sign_in("rik")
    rik.get(f"{PAGE}file?format=.zip")
    with here.database.writing() as session:
        south = frozenset({planned.teams["south"]})
        staff.set_scopes(session, planned.people["olga"], planned.study, {"researcher": south})
    olga = sign_in("olga")
    assert seen(olga.get(PAGE), "//h2[text()='Earlier files']") == []
    checked = olga.get(f"{PAGE}check?format=.zip")
    assert seen(checked, "//p[@class='muted'][1]") == ["1 participant is in this selection."]
    olga.get(f"{PAGE}file?format=.zip")
    assert [responses for _, responses, _ in noted(here)] == [6, 1]


@pytest.mark.parametrize("asked", ["format=.exe", "instrument=none", "wave=t9", "language=xx"])
@pytest.mark.parametrize("what", ["check", "file"])
def test_what_cannot_be_chosen_is_refused(what: str, asked: str, sign_in: Any) -> None:
    assert sign_in("rik").get(f"/study/demo/download/{what}?{asked}").status_code == 400


def test_format_that_is_not_installed_says_so_and_cannot_be_chosen(
    talked: list[str], sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rik, inputs = sign_in("rik"), "//fieldset[1]//input[@disabled]/@value"
    assert seen(rik.get(PAGE), inputs) == []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    page = rik.get(PAGE)
    assert seen(page, inputs) == [".sav.zip", ".dta.zip"]
    said = "Not possible on this server yet: it needs the extra [stats]. Ask whoever keeps the server."
    assert seen(page, "//fieldset[1]//small") == [said, said]
    assert rik.get(f"{PAGE}file?format=.sav.zip").status_code == 400


def test_one_file_at_a_time_is_made_for_each_person(here: Server, planned: PlannedStudy, sign_in: Any) -> None:
    rik = sign_in("rik")
    with here.database.reading() as session:
        code = staff.person_by_id(session, planned.people["rik"]).code
    here.makers.busy.add(code)
    refused = rik.get(f"{PAGE}file")
    assert (refused.status_code, seen(refused, "//h1")) == (429, ["One moment"])
    here.makers.busy.discard(code)
    assert rik.get(f"{PAGE}file").status_code == 200
    here.makers.busy.update(("a", "b", "c"))
    assert rik.get(f"{PAGE}file").status_code == 429
    here.makers.busy.clear()
    assert rik.get(f"{PAGE}file").status_code == 200
    assert here.makers.busy == set()
