"""Observed meetings in a file: how they went, what was settled, and the observers' responses."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study

from exports.formats import FORMATS, write
from survey.instruments.library import Library, shelves
from survey.planning import due
from survey.storage import consensus, observing, step_times
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save, submit

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
LIBRARY = Library(shelves())


ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is read from the database is read by the tests without this mark, on both."""


def later(minutes: float) -> datetime.datetime:
    return NOW + datetime.timedelta(minutes=minutes)


def observed(session: Any, place: PlannedStudy, rhythms: tuple[str | None, str | None], day: int) -> Any:
    """A meeting with what olga and oscar say of its rhythm; None: handed in nothing."""
    protocol = krachtwerk().protocol
    ask = protocol.ask("team-meeting", "t1")
    held_on = datetime.date(2025, 3, day)
    pair = [place.people["olga"], place.people["oscar"]]
    planned = due.of_meeting(protocol, ask, "t1", held_on)  # type: ignore[arg-type]
    meeting = observing.add_meeting(session, place.study, place.teams["north"], planned, held_on, pair, pair[0], NOW)
    for who, rhythm in zip(pair, rhythms, strict=True):
        opening = Opening(
            place.study, meeting.wave_id, "team-meeting", 1, who, "nl", person_id=who, team_id=meeting.team_id,
            meeting_id=meeting.id,
        )  # fmt: skip
        record = response(session, open_response(session, opening, NOW), for_writing=True)
        if rhythm is not None:
            values = {("answers", "session_rhythm"): rhythm, ("answers", "session_length"): 95}
            record = save(session, record, Saving("page", "session", who, 0, values), NOW)
            submit(session, record, Saving("submit", None, who, record.version), later(30))
    return meeting


@pytest.fixture
def place(database: Database) -> PlannedStudy:
    with database.writing() as session:
        place = plan_study(session, NOW)
        olga, oscar = place.people["olga"], place.people["oscar"]
        first = observed(session, place, ("weekly", "monthly"), 3)
        second = observed(session, place, ("weekly", None), 4)
        step_times.start(session, first.id, olga, "ideas", NOW)
        step_times.stop(session, first.id, olga, later(10))
        observing.set_share(session, first.id, olga, 80)
        for value, reason in (("weekly", "heard"), (None, "both may be right")):
            base = max((one.id for one in consensus.settlements(session, first.id)), default=0)
            consensus.settle(session, first.id, "session_rhythm", value, reason, oscar, later(40), base=base)
        consensus.round_off(session, first.id, later(50))
        observing.fall_out(session, second.id, oscar, "ill", later(60))
        return place


def sheets(database: Database, place: PlannedStudy, folder: Path, **selection: Any) -> dict[str, list[dict[str, Any]]]:
    file = write(
        database, LIBRARY, Selection(place.study, **selection), folder / "out.xlsx", now=NOW, by="x", language="en"
    ).path
    found = {}
    for sheet in openpyxl.load_workbook(file).worksheets:
        heading, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


@ON_SQLITE
def test_meeting_has_one_row_with_its_observers_and_their_times(
    database: Database, place: PlannedStudy, tmp_path: Path
) -> None:
    first, second = sheets(database, place, tmp_path)["Meetings"]
    assert [first["observer_1"], first["observer_2"]] == [place.codes["olga"], place.codes["oscar"]]
    told = ("wave", "team", "state", "observers", "differences", "settled", "corrected")
    assert {name: first[name] for name in told} == {
        "wave": "t1", "team": "north", "state": "settled", "observers": 2, "differences": 1, "settled": 1,
        "corrected": 0,
    }  # fmt: skip
    assert first["settled_at"] == "2025-03-03T10:50:00+01:00"
    assert [first[f"{name}_1"] for name in ("share", "ideas", "fell_out")] == [80, 600, None]
    assert [first[f"{name}_2"] for name in ("share", "ideas", "began_at")] == [None, None, None]
    assert [second[name] for name in ("state", "observers", "differences", "settled_at", "fell_out_2")] == [
        "single", 1, None, "2025-03-03T11:00:00+01:00", "ill",
    ]  # fmt: skip


def test_all_that_was_settled_has_a_row_and_the_last_one_counts(
    database: Database, place: PlannedStudy, tmp_path: Path
) -> None:
    rows = sheets(database, place, tmp_path)["Consensus"]
    told = ("unit", "counts", "answer_1", "answer_2", "consensus", "status", "reason", "by")
    by = place.codes["oscar"]
    assert [tuple(row[name] for name in told) for row in rows] == [
        ("session_rhythm", 0, "weekly", "monthly", "weekly", 0, "heard", by),
        ("session_rhythm", 1, "weekly", "monthly", None, None, "both may be right", by),
    ]


@ON_SQLITE
def test_two_meetings_of_one_observer_are_two_rows_of_wide(
    database: Database, place: PlannedStudy, tmp_path: Path
) -> None:
    found = sheets(database, place, tmp_path)
    meetings = [row["meeting"] for row in found["Meetings"]]
    rows = [row for row in found["Wide"] if row["km_subject"] == place.codes["olga"]]
    assert [(row["km_meeting"], row["session_rhythm_t1"]) for row in rows] == [(one, "weekly") for one in meetings]
    assert {(row["km_team"], row["km_mode"]) for row in found["Data"]} == {("north", "signed_in")}


@ON_SQLITE
def test_sheets_are_there_for_meetings_that_were_selected_only(
    database: Database, place: PlannedStudy, tmp_path: Path
) -> None:
    assert "Meetings" not in sheets(database, place, tmp_path, waves=("t0",))
    assert "Meetings" not in sheets(database, place, tmp_path, teams=(place.teams["south"],))
    assert len(sheets(database, place, tmp_path, instruments=("team-meeting",))["Meetings"]) == 2


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_takes_them_and_reads_them_back(
    database: Database, place: PlannedStudy, tmp_path: Path, suffix: str
) -> None:
    written = write(
        database, LIBRARY, Selection(place.study), tmp_path / f"out{suffix}", now=NOW, by="x", language="nl"
    )
    assert (written.rows["Meetings"], written.rows["Consensus"]) == (2, 2)
    # Stata has little room for a question.
    assert [loss for loss in written.losses.listed if not loss.cell.startswith("label of ")] == []
    if suffix == ".zip":
        package = json.loads(ZipFile(written.path).read("datapackage.json"))
        schema = {one["name"]: one["schema"] for one in package["resources"]}
        assert schema["meetings"]["primaryKey"] == ["meeting"]
        assert schema["consensus"]["foreignKeys"][0]["reference"] == {"resource": "meetings", "fields": ["meeting"]}
        assert "primaryKey" not in schema["wide"]
