"""The export of the demo study agrees with itself: the sheets on interpreters say what Data, Status and Trail say."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections import Counter, defaultdict
from pathlib import Path
from zipfile import ZipFile

import pytest
from made_demo import NOW, Demo

from exports.formats import write
from survey.answers.missing import CODES, State
from survey.storage.reading import Selection

CLIENT = "client-interview"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def package(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the client interviews."""
    path = tmp_path_factory.mktemp("exported") / "demo.zip"
    chosen = Selection(demo.made.study_id, instruments=(CLIENT,))
    write(demo.database, demo.library, chosen, path, now=NOW, by="a test", language="en")
    return path


@pytest.fixture(scope="module")
def sheets(package: Path) -> dict[str, Rows]:
    """The files of an export of the client interviews, by name."""
    with ZipFile(package) as files:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(files.read(name).decode("utf-8"), newline="")))
            for name in files.namelist()
            if name.endswith(".csv")
        }


def test_groups_together_have_every_response_and_every_question_that_was_asked(
    demo: Demo, sheets: dict[str, Rows]
) -> None:
    instrument = demo.library.newest[CLIENT]
    # One variable for each unit: the options of a "several" have the state of their question.
    variables = {
        unit.columns()[0].name: instrument.page_of[unit.name].page
        for unit in instrument.units.values()
        if unit.role != "other"
    }
    expected: dict[str, Counter[int]] = defaultdict(Counter)
    for row in sheets["status"]:
        for variable, page in variables.items():
            expected[page][int(row[variable])] += 1
    for page in (*instrument.pages, None):
        name = page.page if page else ""
        groups = [
            row
            for row in sheets["interpreting"]
            if row["page"] == name and row["group"] in ("with", "without", "not_recorded")
        ]
        due = expected[name] if name else sum(expected.values(), Counter())
        found = {state: sum(int(row[state.value]) for row in groups) for state in State if state.value in groups[0]}
        assert found == {state: due[CODES[state]] for state in found}
        assert len(found) == 5
        asked = due.total() - due[CODES[State.NOT_ASKED]]
        assert sum(int(row["asked"]) for row in groups) == asked
        assert sum(int(row["missing"]) for row in groups) == asked - due[CODES[State.ANSWERED]]
    whole = {row["group"]: int(row["responses"]) for row in sheets["interpreting"] if row["page"] == ""}
    assert whole["with"] + whole["without"] + whole["not_recorded"] == len(sheets["data"])
    assert whole["with"] == sum(row["km_interpreter"] != "none" for row in sheets["data"])


def test_long_has_every_answer_and_reason_of_data_and_status_once(sheets: dict[str, Rows]) -> None:
    # Every interview of the demo has it on record who was there.
    status = {row["km_response"]: row for row in sheets["status"]}
    found = Counter((row["km_response"], row["unit"]) for row in sheets["long"])
    assert set(found.values()) == {1}
    for row in sheets["long"]:
        if row["unit"] in status[row["km_response"]]:
            assert status[row["km_response"]][row["unit"]] == row["status"]
    single = {row["variable"] for row in sheets["codebook"] if row["variable"] == row["question"]}
    due = sum(int(row[name]) not in (-95, -96) for row in sheets["status"] for name in single)
    assert sum(row["unit"] in single for row in sheets["long"]) == due


def test_every_row_of_long_is_the_last_change_of_its_answer(sheets: dict[str, Rows]) -> None:
    last = {(row["km_response"], row["unit"]): row for row in sheets["trail"] if row["part"] == "answers"}
    for row in sheets["long"]:
        change = last[row["km_response"], row["unit"]]
        assert (row["save"], row["at"], row["kind"]) == (change["save"], change["at"], change["kind"])
        assert row["second_language"] == change["second_language"]


def test_segments_add_up_to_their_responses(sheets: dict[str, Rows]) -> None:
    data = {row["km_response"]: row for row in sheets["data"]}
    seconds: Counter[str] = Counter()
    for row in sheets["segments"]:
        seconds[row["km_response"]] += int(row["seconds"])
    for response, row in data.items():
        # Each is rounded for itself.
        assert abs(seconds[response] - int(row["km_seconds"] or 0)) <= 1
    answers = sum(int(row["answers"]) for row in sheets["segments"])
    others = {f"{row['question']}_namely" for row in sheets["codebook"]}
    assert answers == sum(row["status"] == "0" and row["unit"] not in others for row in sheets["long"])


def test_events_of_segments_are_the_segments(sheets: dict[str, Rows]) -> None:
    began = [(row["km_response"], row["segment"], row["at"]) for row in sheets["events"] if row["kind"] == "segment"]
    assert began == [(row["km_response"], row["segment"], row["began_at"]) for row in sheets["segments"]]


@pytest.mark.parametrize(
    ("program", "script", "said"),
    [("Rscript", "change.R", "282 cells compared, 0 differ"), ("pspp", "change.sps", "")],
)
def test_other_programs_find_the_reported_change_in_the_files(
    package: Path, tmp_path: Path, program: str, script: str, said: str
) -> None:
    found = shutil.which(program)
    if not found and os.environ.get("CI") != "true":
        pytest.skip(f"{program} is not there: tests/prepare.sh installs it")
    with ZipFile(package) as files:
        files.extractall(tmp_path)
    run = subprocess.run([str(found), script], cwd=tmp_path, capture_output=True, text=True)
    assert (run.stderr, run.returncode) == ("", 0)
    if said:
        assert run.stdout == f"{said}\n"
    else:
        with (tmp_path / "change_from_spss.csv").open(newline="") as file:
            assert [row["differ"].strip() for row in csv.DictReader(file)] == ["0"] * 6
