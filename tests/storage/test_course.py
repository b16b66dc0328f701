"""A participant's course: tasks that follow from what happens, and the arm that is drawn."""

from __future__ import annotations

import datetime
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.planning.randomisation import places
from survey.storage import course, participants, protocols, responses, studies
from survey.storage.database import Database
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Allocation, Participant, Study, Task

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
CLIENT, CLOSING, HOPE = "client-interview", "closing-interview", "hope-behaviour"


def days(count: int) -> datetime.datetime:
    """So many days after registering."""
    return NOW + datetime.timedelta(days=count)


def two_arms(within: str = "team") -> FiledProtocol:
    """The shipped protocol as a trial: a second arm, and a lot that decides."""
    old = "arms:\n  krachtwerk:"
    new = (
        f"randomisation: {{blocks: [4, 6], within: {within}}}\narms:\n  usual: {{nl: Anders, en: Usual}}\n  krachtwerk:"
    )
    source = krachtwerk().source.replace(old, new).replace("  last: t1\n", "  last: t1\n  comparison: usual\n")
    return FiledProtocol(kept_protocol(source), source)


@dataclass
class Course:
    """A session, a planned study, and a participant who takes part since NOW."""

    session: Session
    study: PlannedStudy
    participant: Participant

    def hand_in(self, instrument: str, wave: str, at: datetime.datetime) -> None:
        """Open a response of the participant, and hand it in as it is."""
        by, one = self.study.people["ilse"], self.participant
        opening = Opening(
            self.study.study,
            self.study.waves[wave],
            instrument,
            1,
            by,
            "nl",
            participant_id=one.id,
            team_id=one.team_id,
        )
        token = responses.open_response(self.session, opening, at)
        record = responses.response(self.session, token, for_writing=True)
        assert record is not None
        responses.submit(self.session, record, Saving("submit", None, by, record.version), at)

    def asked(self) -> dict[tuple[str, str], tuple[str, int]]:
        """Wave and instrument of what is asked -> how it stands on its due day, and that day counted from NOW."""
        found = {}
        for one in participants.tasks_of(self.session, self.participant.id):
            state = "done" if one.task.done_at else "begun" if one.task.begun_at else "open"
            if one.task.dropped_at is None:
                found[one.wave, one.task.instrument] = (state, (one.task.due_on - NOW.date()).days)
        return found

    def stands(self, status: Any, at: datetime.datetime = NOW, reason: Any = None) -> None:
        """Note another status."""
        course.set_status(self.session, self.participant, status, self.study.people["ilse"], at, reason)


@pytest.fixture
def one(database: Database) -> Any:
    with database.writing() as session:
        study = plan_study(session, NOW)
        found = participants.register(session, study.study, study.people["ilse"], NOW, team_id=study.teams["north"])
        course.set_status(session, found, "active", study.people["ilse"], NOW)
        yield Course(session, study, found)


def test_interview_after_six_months_comes_by_itself(one: Course) -> None:
    assert one.asked() == {("t0", CLIENT): ("open", 14)}
    one.hand_in(CLIENT, "t0", days(20))
    assert one.asked() == {
        ("t0", CLIENT): ("done", 14),
        ("t1", CLIENT): ("open", 203),
        ("t1", HOPE): ("open", 203),
    }


def test_end_follows_the_day_of_rounding_off_and_moves_with_it(one: Course) -> None:
    for day in (30, 50):
        course.set_round_off(one.session, one.participant, days(day).date(), NOW)
        assert one.asked()["end", CLOSING] == ("open", day + 14)
    course.set_round_off(one.session, one.participant, None, NOW)
    assert one.asked() == {("t0", CLIENT): ("open", 14)}


def test_who_stops_is_asked_nothing_more_and_what_was_done_stays(one: Course) -> None:
    one.hand_in(CLIENT, "t0", days(1))
    one.stands("dropped_out", days(2), "moved")
    assert one.asked() == {("t0", CLIENT): ("done", 14)}
    one.stands("active", days(3))
    assert set(one.asked()) == {("t0", CLIENT), ("t1", CLIENT), ("t1", HOPE)}


def test_who_did_everything_is_finished(one: Course) -> None:
    course.set_round_off(one.session, one.participant, days(300).date(), NOW)
    for wave, instrument, day in (("t0", CLIENT, 9), ("t1", CLIENT, 190), ("t1", HOPE, 191)):
        one.hand_in(instrument, wave, days(day))
        assert one.participant.status == "active"
    one.hand_in(CLOSING, "end", days(310))
    newest, by = participants.history(one.session, one.participant.id)[0]
    assert (newest.status, newest.at, by) == ("finished", days(310), None)


def test_team_takes_tasks_and_responses_along(one: Course) -> None:
    one.hand_in(CLIENT, "t0", days(1))
    south = one.study.teams["south"]
    assert participants.change(one.session, one.participant, {"team_id": south, "language": "ar"}) == [
        "team_id",
        "language",
    ]
    opened = participants.responses_of(one.session, [one.participant.id])
    found = [task.task for task in participants.tasks_of(one.session, one.participant.id)]
    assert {thing.team_id for thing in (*opened, *found)} == {south}


def test_response_from_before_the_protocol_is_found_by_its_task(database: Database) -> None:
    with database.writing() as session:
        study = studies.add_study(session, "old", "Old", [("t0", "Start"), ("t1", "Later"), ("end", "End")], NOW)
        ilse = plan_study(session, NOW).people["ilse"]
        found = participants.register(session, study, ilse, NOW)
        wave = studies.waves(session, study)[0].id
        opening = Opening(study, wave, CLIENT, 1, ilse, "nl", participant_id=found.id)
        token = responses.open_response(session, opening, NOW)
        course.replan(session, found, NOW)
        assert participants.tasks_of(session, found.id) == []
        protocols.adopt(session, study, krachtwerk(), ilse, NOW)
        course.replan(session, found, NOW)
        ((task, wave_code, found_token),) = [
            (asked.task, asked.wave, asked.token) for asked in participants.tasks_of(session, found.id)
        ]
        assert (task.instrument, wave_code, found_token, task.begun_at) == (CLIENT, "t0", token, NOW)


def test_coaches_and_team_leaders_have_tasks_while_they_have_their_role(one: Course) -> None:
    query = select(Task.person_id, Task.instrument).where(Task.person_id.is_not(None), Task.dropped_at.is_(None))
    coach = ["coach-fidelity", "coach-fidelity", "professional-interview"]

    def planned() -> dict[int | None, list[str]]:
        found: dict[int | None, list[str]] = {}
        for person, instrument in one.session.execute(query.order_by(Task.instrument)):
            found.setdefault(person, []).append(instrument)
        return found

    who = one.study.people
    assert planned() == {who["coen"]: coach, who["cora"]: coach, who["tess"]: ["professional-interview"]}


def test_arms_come_from_the_list_of_the_team_in_order_and_are_drawn_once(database: Database) -> None:
    with database.writing() as session:
        study = plan_study(session, NOW, filed=(filed := two_arms()))
        seed = session.get_one(Study, study.study).seed or 0
        for team, count in (("north", 30), ("south", 3)):
            drawn = []
            for _ in range(count):
                found = participants.register(
                    session, study.study, study.people["ilse"], NOW, team_id=study.teams[team]
                )
                arms = [protocols.draw_arm(session, found, filed.protocol, NOW) for _ in range(2)]
                drawn.append((*arms, found.arm))
            the_list = islice(places(seed, team, ["usual", "krachtwerk"], (4, 6)), count)
            assert drawn == [(place.arm,) * 3 for place in the_list]


def test_two_who_agree_at_once_never_get_the_same_place(database: Database) -> None:
    filed = two_arms("study")
    with database.writing() as session:
        study = plan_study(session, NOW, filed=filed)
        found = [participants.register(session, study.study, study.people["ilse"], NOW).id for _ in range(12)]

    def draw(participant_id: int) -> str:
        with database.writing() as session:
            return protocols.draw_arm(session, session.get_one(Participant, participant_id), filed.protocol, NOW)

    with ThreadPoolExecutor(6) as pool:
        drawn = list(pool.map(draw, found))
    with database.reading() as session:
        taken = select(Allocation.position, Allocation.arm).where(Allocation.participant_id.is_not(None))
        places = session.execute(taken.order_by(Allocation.position)).all()
    assert [position for position, _ in places] == list(range(1, 13))
    assert Counter(drawn) == Counter(arm for _, arm in places)
