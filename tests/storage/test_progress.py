"""Who is where, counted in the database: everybody once at each step, and tasks as the rules of planning say."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from small_study import START, Place
from sqlalchemy import select

from survey.storage import consents, course, participants, progress
from survey.storage.consents import Agreed
from survey.storage.database import Database
from survey.storage.roster import roster
from survey.storage.standings import standing_on
from survey.storage.tables import Participant, Task

PROTOCOL = krachtwerk().protocol
YES = Agreed(PROTOCOL.newest_consent, "nl", {"interviews"}, "spoken", keeps=True)


@pytest.fixture
def study(database: Database) -> PlannedStudy:
    """In the north: one who was asked, one who said no, one who stopped, one at the start, one who missed it and did
    the later one; in the south one who has done the start."""
    with database.writing() as session:
        made = plan_study(session, START)
        ilse = made.people["ilse"]

        def one(team: str, *done: str) -> Participant:
            new = participants.register(session, made.study, ilse, START, team_id=made.teams[team])
            if done:
                consents.give(session, new, PROTOCOL, YES, ilse, START)
            for wave in done[1:]:
                task = Task(
                    study_id=made.study, wave_id=made.waves[wave], instrument="client-interview", by="interviewer",
                    participant_id=new.id, team_id=new.team_id, opens_on=START.date(), due_on=START.date(),
                    closes_on=START.date(),
                )  # fmt: skip
                mine = Task.participant_id == new.id, Task.wave_id == task.wave_id, Task.instrument == task.instrument
                there = session.scalar(select(Task).where(*mine))
                if there is None:
                    session.add(there := task)
                there.done_at = START
            session.flush()
            return new

        one("north")
        course.set_status(session, one("north"), "declined", ilse, START, "no_time")
        course.set_status(session, one("north", "agreed", "t0"), "dropped_out", ilse, START, "moved")
        one("north", "agreed")
        one("north", "agreed", "t1")
        one("south", "agreed", "t0")
    return made


def seen(level: Any) -> tuple[Any, ...]:
    left = {key: tally.total() for key, tally in level.left.items()}
    return level.came, level.passed.total(), level.skipped.total(), left, level.waiting.total()


def test_everybody_stands_at_the_step_that_they_came_to(database: Database, study: PlannedStudy) -> None:
    with database.reading() as session:
        found = progress.flow(session, study.study, PROTOCOL)
    assert [wave.code for wave in found.waves] == ["t0", "t1", "end"]
    assert [seen(level) for level in found.levels] == [
        (6, 4, 0, {("declined", "no_time"): 1}, 1),
        (4, 3, 1, {}, 1),
        (3, 1, 0, {("dropped_out", "moved"): 1}, 1),
        (1, 0, 0, {}, 1),
    ]
    assert found.levels[1].passed == Counter({"krachtwerk": 3})


def test_one_team_is_counted_by_itself(database: Database, study: PlannedStudy) -> None:
    south = frozenset({study.teams["south"]})
    with database.reading() as session:
        levels = progress.flow(session, study.study, PROTOCOL, south).levels
        tasks = progress.task_counts(session, study.study, START.date(), south)
        nobody = progress.flow(session, study.study, PROTOCOL, frozenset())
    assert [level.came for level in levels] == [1, 1, 1, 0]
    assert next((one.wave, one.instrument, one.planned) for one in tasks) == ("t0", "client-interview", 1)
    assert nobody.participants == 0


def test_tasks_stand_as_the_rules_of_planning_say(database: Database, study: PlannedStudy) -> None:
    day, moment = START.date(), datetime.timedelta(days=1)
    with database.writing() as session:
        for place, task in enumerate(session.scalars(select(Task).order_by(Task.id))):
            task.opens_on, task.closes_on = day + (place % 5 - 3) * moment, day + (place % 7 - 2) * moment
            task.begun_at = START if place % 3 == 1 else None
            task.dropped_at = START if place % 4 == 1 else None
    for today in (day - 2 * moment, day, day + 2 * moment):
        with database.reading() as session:
            counted = progress.task_counts(session, study.study, today)
            tasks = session.scalars(select(Task))
            by_rule = Counter(standing_on(one, today) for one in tasks)
        assert sum((one.counts for one in counted), Counter()) == by_rule
        assert progress.overall(counted)["overdue"] == by_rule["overdue"]


def test_study_without_a_protocol_counts_what_was_handed_in(place: Place) -> None:
    from_nothing = place.open()
    with place.database.writing() as session:
        session.scalars(select(Participant)).one().status = "active"
    place.save(from_nothing, {("answers", "age"): 40})
    with place.database.reading() as session:
        found = progress.flow(session, place.study, None)
        assert progress.task_counts(session, place.study, START.date()) == []
    assert [seen(level) for level in found.levels] == [(1, 1, 0, {}, 0), (1, 0, 0, {}, 1), (0, 0, 0, {}, 0)]


def test_roster_says_of_each_how_they_stand_since_when(database: Database, study: PlannedStudy) -> None:
    with database.reading() as session:
        found = list(roster(session, study.study))
        south = list(roster(session, study.study, frozenset({study.teams["south"]})))
    assert [(one.team, one.status, one.reason, one.consent_version, one.since) for one in found] == [
        ("north", "approached", None, None, START),
        ("north", "declined", "no_time", None, START),
        ("north", "dropped_out", "moved", 1, START),
        ("north", "active", None, 1, START),
        ("north", "active", None, 1, START),
        ("south", "active", None, 1, START),
    ]
    assert [one.code for one in south] == [found[-1].code]


def test_study_without_anybody_has_empty_steps(place: Place) -> None:
    with place.database.reading() as session:
        found = progress.flow(session, place.study, None)
    assert (found.participants, len(found.levels)) == (0, 3)
