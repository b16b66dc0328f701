"""A study with two arms, from answers to pages, printed report, workbook and R: one difference, with the same sign."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from planned_study import PlannedStudy, krachtwerk
from seeing import seen

from exports.formats import write
from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import protocols, responses
from survey.storage.participants import register
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Participant

NOTHING_SKIPPED = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"
FAMILY = ["fam_listen", "fam_practical", "fam_advice", "fam_company", "fam_trust", "fam_comfort", "fam_welcome"]
GROUPS = {
    "krachtwerk": [(2, 4), (3, 5), (1, 4), (4, 5), (2, 5), (3, 6), (2, 3), (5, 6)],
    "usual": [(2, 2), (3, 2), (4, 4), (1, 2), (5, 4), (2, 3), (3, 3), (4, 3)],
}
"""Arm -> what all items on family are answered with, at both moments: up by 2 with the method."""


@pytest.fixture
def arms(planned: PlannedStudy, house: Any) -> PlannedStudy:
    here, by, team = house.app.extensions["krachtmeting"], house.people["ilse"], planned.teams["north"]
    source = krachtwerk().source.replace("version: 2", "version: 99", 1)
    source = source.replace("\n  last: t1\n", "\n  last: t1\n  comparison: usual\n").replace(
        "\narms:\n", "\nrandomisation: {blocks: [2]}\narms:\n  usual: {nl: Gewone hulp, en: Usual support}\n"
    )
    with here.database.writing() as session:
        protocols.adopt(session, planned.study, FiledProtocol(kept_protocol(source), source), None, here.now())
        for arm, moments in [(arm, one) for arm, people in GROUPS.items() for one in people]:
            person = register(session, planned.study, by, here.now(), team_id=team)
            session.get_one(Participant, person.id).arm = arm
            for wave, answer in zip(("t0", "t1"), moments, strict=True):
                opening = Opening(
                    planned.study, planned.waves[wave], "client-interview", 1, by, "nl", participant_id=person.id,
                    team_id=team,
                )  # fmt: skip
                token = responses.open_response(session, opening, here.now())
                record = responses.response(session, token, for_writing=True)
                assert record is not None
                values = {("answers", item): answer for item in FAMILY} | {("answers", "fam_contact"): "weekly"}
                record = responses.save(
                    session, record, Saving("page", "family", by, record.version, values), here.now()
                )
                responses.submit(session, record, Saving("submit", None, by, record.version), here.now())
    return planned


def test_printed_report_says_first_what_can_be_found_and_then_who_changed_more(arms: Any, sign_in: Any) -> None:
    rik = sign_in("rik")
    page = rik.get("/study/planned/report/all/?language=en")
    (first,) = seen(page, "//main/p[@class='first-line']")
    assert first.startswith(
        "16 people were measured at both moments. With so many, a study finds a mean change of 0.75"
    )
    assert first.endswith(
        "Between the groups (8 and 8 people) it finds a difference of 1.51 standard deviations. "
        "With 6 outcomes together it has to be 1.99."
    )
    # As R has it: lm(after ~ before + arm). The method is ahead, so above zero.
    assert seen(page, "(//section[h2/@id='change-arms']//tbody/tr)[1]/td") == [
        "Krachtwerk minus Usual support", "8 / 8 few", "2.01 (95 % CI 1.29 to 2.73)", "2.12", "< 0.001", "< 0.001",
    ]  # fmt: skip
    assert "effect" not in seen(page, "//main")[0].lower()
    planner = rik.get("/study/planned/report/planner/")
    assert seen(planner, "//input[@checked]/@value | //input[@name='people']/@value") == ["two", "8"]


def test_workbook_and_r_come_to_the_same_difference(arms: PlannedStudy, house: Any, tmp_path: Path) -> None:
    here = house.app.extensions["krachtmeting"]
    for suffix in (".xlsx", ".zip"):
        path = tmp_path / f"out{suffix}"
        write(here.database, here.library, Selection(arms.study), path, now=here.now(), by="TEST", language="en")
    rows = list(openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True, data_only=True)["Change"].values)
    heading = next(row for row in rows if row[0] == "score")
    (between,) = (dict(zip(heading, row, strict=True)) for row in rows[rows.index(heading) :] if row[2] == "between")
    assert (between["arm"], between["reference"]) == ("krachtwerk", "usual")
    assert [round(between[name], 2) for name in ("adjusted", "adjusted_low", "adjusted_high", "raw")] == [
        2.01, 1.29, 2.73, 2.12,
    ]  # fmt: skip
    said = " ".join(str(row[0]) for row in rows[: rows.index(heading)])
    assert "Between arms of 8 and 8 people a difference of 1.51 " in said and "over 6 outcomes that is 1.99." in said
    with ZipFile(tmp_path / "out.zip") as package:
        package.extractall(tmp_path)
    found = shutil.which("Rscript")
    if not found and not NOTHING_SKIPPED:
        pytest.skip("Rscript is not there: tests/prepare.sh installs it")
    assert found, "Rscript is not there: tests/prepare.sh installs it"
    run = subprocess.run([found, "change.R"], cwd=tmp_path, capture_output=True, text=True)
    assert run.stdout.endswith(" cells compared, 0 differ\n")
    with (tmp_path / "change_from_r.csv").open(newline="", encoding="utf-8") as file:
        (by_r,) = (row for row in csv.DictReader(file) if row["part"] == "between")
    assert (by_r["adjusted"], by_r["raw"]) == ("2.01", "2.12")
