"""What a team leader sees: how far the own team is, in numbers, and nothing of another team or of any answer."""

from __future__ import annotations

from typing import Any

import pytest
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select, update

from survey.storage import course, participants, people
from survey.storage.database import Database
from survey.storage.tables import Participant, Task


@pytest.fixture
def team(planned: PlannedStudy, app: Any, clock: Any) -> dict[str, str]:
    """Participants of north (three, one of whom left) and south (one): name -> code."""
    database: Database = app.extensions["krachtmeting"].database
    codes = {}
    with database.writing() as session:
        for name, where in (("anna", "north"), ("bert", "north"), ("carla", "north"), ("south", "south")):
            one = participants.register(
                session, planned.study, planned.people["ilse"], clock.now, team_id=planned.teams[where]
            )
            course.set_status(session, one, "active", planned.people["ilse"], clock.now)
            codes[name] = one.code
        gone = session.scalars(select(Participant).where(Participant.code == codes["carla"])).one()
        course.set_status(session, gone, "withdrawn", planned.people["ilse"], clock.now)
        done = session.scalars(
            select(Task)
            .join(Participant)
            .where(Participant.code == codes["bert"], Task.instrument == "client-interview")
        ).first()
        assert done is not None
        session.execute(update(Task).where(Task.id == done.id).values(begun_at=clock.now, done_at=clock.now))
    return codes


def rows(page: Any, section: str) -> list[list[str]]:
    """The cells of each row of the table in a section."""
    count = len(seen(page, f"//section[@id='{section}']//tbody/tr"))
    path = f"//section[@id='{section}']//tbody/tr[%s]/*"
    return [seen(page, path % number) for number in range(1, count + 1)]


def test_team_leader_sees_the_numbers_of_the_own_team_alone(sign_in: Any, team: Any) -> None:
    page = sign_in("tess").get("/study/planned/team/")
    assert rows(page, "participants") == [["Team Noord", "0", "2", "0", "1"]]
    assert rows(page, "tasks")[0][2:] == ["2", "0", "1", "0", "0", "1"]
    assert [code for code in team.values() if code in page.text] == []


def test_coaches_of_the_own_team_are_there_by_code_with_what_is_open(
    sign_in: Any, team: Any, planned: PlannedStudy, clock: Any
) -> None:
    tess = sign_in("tess")
    before = rows(tess.get("/study/planned/team/?sort=wave"), "coaches")
    assert [(row[0], row[3]) for row in before] == [(planned.codes["coen"], "Later")] * 2
    clock.advance(days=125)
    tess = sign_in("tess")
    late = tess.get("/study/planned/team/?standing=overdue")
    assert [(row[0], row[3]) for row in rows(late, "coaches")] == [(planned.codes["coen"], "Past its window")]
    assert seen(late, "//*[@class='message']//li") == [
        "1 interview or questionnaire of a participant is past its window. "
        "It can still be done: ask the interviewer how it stands.",
        "1 questionnaire of a coach is past its window. Remind the coach.",
    ]
    assert seen(tess.get("/study/planned/team/?standing=done"), "//section//p[@class='empty']")[0] == (
        "No questionnaire stands so. Leave out the filter."
    )


def test_leader_of_a_whole_study_sees_every_team_and_can_look_at_one(
    sign_in: Any, team: Any, planned: PlannedStudy, app: Any
) -> None:
    with app.extensions["krachtmeting"].database.writing() as session:
        people.set_scopes(session, planned.people["tess"], planned.study, {"team_leader": None})
    tess = sign_in("tess")
    whole, south = (tess.get(f"/study/planned/team/?team={code}") for code in ("", "south"))
    assert rows(whole, "participants") == [["Team Noord", "0", "2", "0", "1"], ["Team Zuid", "0", "1", "0", "0"]]
    assert rows(south, "participants") == [["Team Zuid", "0", "1", "0", "0"]]
    assert {row[0] for row in rows(south, "coaches")} == {planned.codes["cora"]}


@pytest.mark.parametrize("query", ["?team=south", "?team=nowhere"])
def test_another_team_cannot_be_asked_for(sign_in: Any, team: Any, query: str) -> None:
    assert rows(sign_in("tess").get(f"/study/planned/team/{query}"), "participants")[0][0] == "Team Noord"


@pytest.mark.parametrize("name", ["ilse", "coen", "olga", "rik", "admin", "otto"])
def test_other_roles_have_no_such_page(name: str, sign_in: Any, planned: PlannedStudy) -> None:
    assert sign_in(name).get("/study/planned/team/").status_code == 404


def test_start_page_of_a_team_leader_says_what_there_is_and_no_zeros(sign_in: Any, team: Any) -> None:
    said = seen(sign_in("tess").get("/"), "//li[@class='card']/div")
    assert said == [
        "My team Team Noord 2 participants take part",
        "A poster for the teamOne page to hang up: what goes well, and what to work on",
    ]


def test_study_without_a_protocol_says_that_nothing_is_planned(sign_in: Any, house: Any) -> None:
    page = sign_in("otto").get("/study/other/team/")
    assert seen(page, "//p[@class='empty']")[-1] == "This study follows no protocol, so nothing is planned."
