"""Participants and queries in exports: where each stands, what was asked and answered; never who somebody is."""

from __future__ import annotations

import datetime
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import make_url

from exports.formats import write
from survey.instruments.library import Library, shelves
from survey.storage import consents, contacts, course, participants, queries, responses
from survey.storage.consents import Agreed
from survey.storage.database import Database
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Participant, Task

START = datetime.datetime(2025, 3, 3, 22, 30, tzinfo=datetime.UTC)
PROTOCOL = krachtwerk().protocol


class Study:
    """A planned study with one who took part and stopped, and one of the south who was asked, in a file."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        with database.writing() as session:
            self.made: PlannedStudy = plan_study(session, START)
            self.ilse, self.rik = self.made.people["ilse"], self.made.people["rik"]
            self.codes = [self._taking_part(session), self._asked(session)]

    def _taking_part(self, session: Any) -> str:
        made = self.made
        one = participants.register(
            session, made.study, self.ilse, START, "ar", team_id=made.teams["north"], needs_interpreter=True,
            interviewer_id=self.ilse, coach_id=made.people["coen"],
        )  # fmt: skip
        agreed = Agreed(PROTOCOL.newest_consent, "nl", {"interviews"}, "spoken", keeps=True)
        consents.give(session, one, PROTOCOL, agreed, self.ilse, START + datetime.timedelta(hours=1))
        task = session.query(Task).filter_by(participant_id=one.id, wave_id=made.waves["t0"]).one()
        for day, outcome in ((1, "no_answer"), (2, "appointment")):
            at = START + datetime.timedelta(days=day)
            contacts.note_attempt(session, task, self.ilse, at, how="phone", outcome=outcome)
        self._ask(session, one)
        course.set_status(session, one, "dropped_out", self.ilse, START + datetime.timedelta(days=9), "moved")
        return one.code

    def _ask(self, session: Any, one: Participant) -> None:
        made = self.made
        opening = Opening(
            made.study, made.waves["t0"], "client-interview", 1, self.ilse, "nl", participant_id=one.id,
            team_id=one.team_id,
        )  # fmt: skip
        self.token = responses.open_response(session, opening, START)
        record = responses.response(session, self.token, for_writing=True)
        saving = Saving("page", "welcome", self.ilse, 0, {("answers", "age"): 40})
        record = responses.save(session, record, saving, START)
        self.query = queries.ask(session, record, "age", "=1+1?", self.rik, START)
        found = queries.query_with(session, made.study, self.query)
        queries.remark(session, found, "answered", "Ja", self.ilse, START + datetime.timedelta(days=1))
        queries.remark(session, found, "closed", "", self.rik, START + datetime.timedelta(days=2))

    def _asked(self, session: Any) -> str:
        return participants.register(session, self.made.study, self.ilse, START, team_id=self.made.teams["south"]).code

    def file(self, name: str = "out.xlsx", **selection: Any) -> Path:
        chosen = Selection(self.made.study, **selection)
        library = Library(shelves())
        return write(self.database, library, chosen, self.folder / name, now=START, by="ILS-222").path

    def rows(self, sheet: str, **selection: Any) -> list[dict[str, Any]]:
        heading, *rows = openpyxl.load_workbook(self.file(**selection))[sheet].iter_rows(values_only=True)
        return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.fixture
def study(with_tables: Callable[[str], str], tmp_path: Path) -> Iterator[Study]:
    shutil.copy(str(make_url(with_tables("sqlite")).database), tmp_path / "test.sqlite")
    with closing(Database(f"sqlite:///{tmp_path / 'test.sqlite'}")) as database:
        yield Study(database, tmp_path)


def test_each_participant_has_a_row_with_how_they_stand(study: Study) -> None:
    codes = study.made.codes
    first, second = study.rows("Participants")
    assert first == {
        "participant": study.codes[0],
        "team": "north",
        "arm": "krachtwerk",
        "status": "dropped_out",
        "reason": "moved",
        "status_since_at": "2025-03-12T23:30:00+01:00",
        "status_since": datetime.datetime(2025, 3, 12, 23, 30),  # noqa: DTZ001 - a cell has no zone
        "registered": datetime.datetime(2025, 3, 3),  # noqa: DTZ001
        "language": "ar",
        "interpreter_needed": "yes",
        "consent_version": 1,
        "consent_given": datetime.datetime(2025, 3, 4),  # noqa: DTZ001
        "consent_withdrawn": None,
        "consent_keeps": "yes",
        "interviewer": codes["ilse"],
        "coach": codes["coen"],
        "round_off": None,
        "attempts_t0": 2,
        "last_outcome_t0": "appointment",
        "attempts_t1": 0,
        "last_outcome_t1": None,
        "attempts_end": 0,
        "last_outcome_end": None,
    }
    assert {name: cell for name, cell in second.items() if cell is not None} == {
        "participant": study.codes[1],
        "team": "south",
        "status": "approached",
        "status_since_at": "2025-03-03T23:30:00+01:00",
        "status_since": datetime.datetime(2025, 3, 3, 23, 30),  # noqa: DTZ001
        "registered": datetime.datetime(2025, 3, 3),  # noqa: DTZ001
        "attempts_t0": 0,
        "attempts_t1": 0,
        "attempts_end": 0,
    }


def test_file_for_some_teams_has_their_participants_only(study: Study) -> None:
    south = (study.made.teams["south"],)
    assert [row["participant"] for row in study.rows("Participants", teams=south)] == [study.codes[1]]


def test_each_step_of_a_query_has_a_row(study: Study) -> None:
    codes = study.made.codes
    rows = study.rows("Queries")
    assert [(row["step"], row["status"], row["by"], row["words"]) for row in rows] == [
        (1, "open", codes["rik"], "=1+1?"),
        (2, "answered", codes["ilse"], "Ja"),
        (3, "closed", codes["rik"], None),
    ]
    assert {(row["km_response"], row["km_subject"], row["query"], row["unit"]) for row in rows} == {
        (study.token, study.codes[0], study.query, "age")
    }


def test_both_are_files_of_the_csv_too(study: Study) -> None:
    with zipfile.ZipFile(study.file("out.zip")) as package:
        assert {"participants.csv", "queries.csv"} <= set(package.namelist())
        assert package.read("queries.csv").decode().splitlines()[1].endswith("'=1+1?")


def test_queries_about_what_was_not_chosen_are_left_out(study: Study) -> None:
    names = openpyxl.load_workbook(study.file(submitted_only=True)).sheetnames
    assert ("Participants" in names, "Queries" in names) == (True, False)
