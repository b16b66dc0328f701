"""Everything of one team, against somebody who has every role in another team of the same study."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from planned_study import PlannedStudy, krachtwerk
from sqlalchemy import select
from sqlalchemy.orm import Session
from test_refused import MEETING, TABLE, request

from survey.storage import consents, participants, people, queries, responses
from survey.storage.people_list import Wanted, people_found
from survey.storage.responses import Opening
from survey.storage.tables import Meeting, MeetingObserver, StepTime, Task

NOW = datetime.datetime(2025, 3, 3, 8, 0, tzinfo=datetime.UTC)

OBJECTS = ("<code>", "<token>", "<int:task_id>", "<meeting>", "<int:query>")
"""What stands in an address of something that belongs to a team."""


@pytest.fixture
def north(planned: PlannedStudy, app: Flask) -> Mapping[str, str]:
    """What there is of team north: placeholder -> what stands in its place."""
    with app.extensions["krachtmeting"].database.writing() as session:
        found = _made_in_north(session, planned)
        people.set_scopes(session, _otto(session), planned.study, _everything_in(planned.teams["south"]))
    return found


def _otto(session: Session) -> int:
    return next(one.id for one in people_found(session, Wanted("otto"), 1))


def _everything_in(team: int) -> dict[str, frozenset[int]]:
    return {role: frozenset({team}) for role in people.ROLES}


def _made_in_north(session: Session, planned: PlannedStudy) -> dict[str, str]:
    ilse, team = planned.people["ilse"], planned.teams["north"]
    participant = participants.register(session, planned.study, ilse, NOW, team_id=team, interviewer_id=ilse)
    protocol = krachtwerk().protocol
    agreed = consents.Agreed(protocol.newest_consent, "en", ["interviews"], "spoken", True)
    consents.give(session, participant, protocol, agreed, ilse, NOW)
    opening = Opening(
        planned.study, planned.waves["t0"], "client-interview", 1, ilse, "nl", None, participant.id, team_id=team
    )
    token = responses.open_response(session, opening, NOW)
    record = responses.response(session, token)
    assert record is not None
    query = queries.ask(session, record, "mood_today", "Is this so?", planned.people["rik"], NOW)
    meeting = Meeting(
        study_id=planned.study, wave_id=planned.waves["t1"], team_id=team, instrument="team-meeting", code=MEETING,
        held_on=NOW.date(), made_at=NOW, made_by=planned.people["olga"],
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(MeetingObserver(meeting_id=meeting.id, person_id=planned.people["olga"]))
    time = StepTime(
        meeting_id=meeting.id, person_id=planned.people["olga"], step="opening", started_at=NOW, ended_at=NOW,
        noted_at=NOW,
    )  # fmt: skip
    session.add(time)
    session.flush()
    task = session.scalars(select(Task.id).where(Task.participant_id == participant.id)).first()
    return {
        "<slug>": planned.slug,
        "<code>": participant.code,
        "<token>": token,
        "<int:task_id>": str(task),
        "<meeting>": MEETING,
        "<int:query>": str(query),
        "<int:time>": str(time.id),
        "<int:version>": "1",
        "<int:passage>": "1",
        "<instrument>": "client-interview",
        "<wave>": "t0",
        "<name>": "welcome",
        "<unit>": "mood_today",
        "<item>": "session_rhythm",
    }


def addresses(north: Mapping[str, str], *, of_objects: bool) -> list[tuple[str, str]]:
    """Method and address of everything in a study: of single things, or of lists and what begins something new."""
    found = []
    for method, rule in TABLE:
        if not rule.startswith(("/study/", "/response/")) or any(one in rule for one in OBJECTS) != of_objects:
            continue
        for part, value in north.items():
            rule = rule.replace(part, value)
        found.append((method, rule))
    return found


def test_nothing_of_another_team_is_found_by_anybody_in_this_one(north: Mapping[str, str], sign_in: Any) -> None:
    otto = sign_in("otto")
    wanted = addresses(north, of_objects=True)
    answers = {(method, address): request(otto, method, address) for method, address in wanted}
    assert len(answers) > 60
    assert {address: answer for address, answer in answers.items() if answer != (404, "")} == {}


def test_lists_of_a_team_name_nobody_of_another(north: Mapping[str, str], planned: PlannedStudy, sign_in: Any) -> None:
    otto = sign_in("otto")
    told = (north["<code>"], north["<token>"], MEETING, planned.codes["coen"])
    lists = [address for method, address in addresses(north, of_objects=False) if method == "GET"]
    pages = {address: otto.get(address) for address in ["/", "/queries/", *lists]}
    assert {address: page.status_code for address, page in pages.items() if page.status_code not in (200, 400)} == {}
    naming = {address: [one for one in told if one.encode() in page.data] for address, page in pages.items()}
    assert {address: names for address, names in naming.items() if names} == {}


def test_file_of_a_team_holds_nothing_of_another(north: Mapping[str, str], sign_in: Any) -> None:
    file = sign_in("otto").get(f"/study/{north['<slug>']}/download/file?format=.zip")
    assert file.status_code == 200
    with ZipFile(io.BytesIO(file.data)) as package:
        held = b"".join(package.read(name) for name in package.namelist())
    assert [one for one in ("<code>", "<token>", "<meeting>") if north[one].encode() in held] == []
