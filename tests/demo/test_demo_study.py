"""The demo study follows its protocol: who was asked, who left, what is done, and what people said of their coach."""

from __future__ import annotations

from collections import Counter
from statistics import mean

from made_demo import Demo
from sqlalchemy import select

from survey.storage.tables import ContactAttempt, Participant, Person, Task, Team, Visit


def test_everybody_who_was_asked_stands_somewhere_in_the_study(demo: Demo) -> None:
    with demo.database.reading() as session:
        found = Counter(session.scalars(select(Participant.status)))
        reasons = Counter(session.scalars(select(Participant.reason).where(Participant.status == "dropped_out")))
    assert found == {"finished": 27, "active": 3, "dropped_out": 5, "declined": 6}
    assert reasons["too_heavy"] == 1 and None not in reasons


def test_eight_did_the_questionnaire_only_and_nobody_was_interviewed_in_depth_through_an_interpreter_but_some_rated(
    demo: Demo,
) -> None:
    whole = {row.subject for row in demo.rows if row.record.instrument == "client-interview" and row.wave == "t0"}
    deep = [row for row in demo.rows if row.record.instrument == "closing-interview"]
    assert len(whole - {row.subject for row in deep}) == 8
    grades = [row.record.answers["grade"] for row in deep]
    assert 8 <= mean(grades) <= 8.4


def test_nobody_of_the_staff_stands_at_what_participants_filled_in_alone(demo: Demo) -> None:
    ratings = [row.record for row in demo.rows if row.record.instrument == "hope-behaviour"]
    assert {record.mode for record in ratings} == {"link", "kiosk"}
    assert all(record.submitted_at and record.submitted_by is None for record in ratings)
    with demo.database.reading() as session:
        visits = select(Visit.person_id).where(Visit.response_id.in_([record.id for record in ratings]))
        assert set(session.scalars(visits)) == {None}


def test_coaches_are_good_at_leaving_the_choice_and_less_at_goals_and_strengths(demo: Demo) -> None:
    instrument = demo.library.newest["hope-behaviour"]
    found = demo.answers("hope-behaviour", "t1").values()

    def of(score: str) -> float:
        return mean(answers[item] for answers in found for item in instrument.scores[score].items if item in answers)

    assert of("autonomy") >= 4.15
    assert of("meaningful_goals") < 3.9
    assert of("finding_strengths") < 3.75
    assert 3.5 < of("hope_behaviour") < 4


def test_tasks_are_done_as_planned_and_nobody_is_forgotten(demo: Demo) -> None:
    with demo.database.reading() as session:
        tasks = list(session.scalars(select(Task)))
        done = [task for task in tasks if task.done_at]
        assert {task.response_id for task in done} == {row.record.id for row in demo.rows if row.record.submitted_at}
        assert all(task.opens_on <= task.done_at.date() <= task.closes_on for task in done if task.participant_id)
        left = [task for task in tasks if not task.done_at and not task.dropped_at]
        assert Counter(task.instrument for task in left)["client-interview"] == 2


def test_coaches_are_in_two_teams_and_their_participants_with_them(demo: Demo) -> None:
    with demo.database.reading() as session:
        rows = session.execute(
            select(Team.code, Participant.coach_id, Person.name)
            .select_from(Participant)
            .join(Team, Participant.team_id == Team.id)
            .join(Person, Participant.coach_id == Person.id)
        ).all()
    assert {team for team, _, _ in rows} == {"north", "south"}
    assert all(len({team for team, coach, _ in rows if coach == one}) == 1 for one in {row[1] for row in rows})


def test_everybody_was_called_before_the_first_interview(demo: Demo) -> None:
    with demo.database.reading() as session:
        outcomes = Counter(session.scalars(select(ContactAttempt.outcome)))
    assert outcomes["appointment"] == 35
    assert outcomes["refused"] + outcomes["no_answer"] > 6
