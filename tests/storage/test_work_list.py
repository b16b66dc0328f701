"""The interviewer's work list, attempts to reach people, and the figures of response."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest
from planned_study import PlannedStudy, plan_study
from sqlalchemy import insert, select

from survey.storage import contacts, course, participants, responses, work
from survey.storage.database import Database
from survey.storage.responses import Opening
from survey.storage.tables import Participant, Task
from survey.storage.work import Wanted

REGISTERED = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2025, 3, 3)
DAY = datetime.timedelta(days=1)


@dataclass
class Here:
    """A planned study with three participants in the north, of ilse, of nobody and of iris, and one in the south."""

    database: Database
    study: PlannedStudy
    codes: dict[str, str]

    def wanted(self, **more: object) -> Wanted:
        north = frozenset({self.study.teams["north"]})
        return Wanted(**{"study_id": self.study.study, "teams": north, "today": TODAY, **more})

    def shown(self, wanted: Wanted, *, sort: str = "closes_on", descending: bool = False) -> list[str]:
        names = {code: name for name, code in self.codes.items()}
        with self.database.reading() as session:
            return [names[one.code] for one in work.work(session, wanted, 25, 0, sort, descending)]


@pytest.fixture
def here(database: Database) -> Here:
    with database.writing() as session:
        study = plan_study(session, REGISTERED)
        codes = {name: study.codes[name] for name in ("coen", "cora", "tess")}
        for name, team, interviewer in (
            ("mine", "north", "ilse"), ("nobodys", "north", None), ("hers", "north", "iris"), ("south", "south", "iris")
        ):  # fmt: skip
            one = participants.register(
                session, study.study, study.people["ilse"], REGISTERED, team_id=study.teams[team],
                interviewer_id=study.people[interviewer] if interviewer else None,
            )  # fmt: skip
            course.set_status(session, one, "active", None, REGISTERED)
            codes[name] = one.code
    return Here(database, study, codes)


def task_of(session: object, here: Here, name: str) -> Task:
    query = select(Task).join(Participant, Task.participant_id == Participant.id)
    return session.scalars(query.where(Participant.code == here.codes[name], Task.by == "interviewer")).one()


def test_list_holds_the_own_teams_and_narrows_to_what_is_mine_or_nobodys(here: Here) -> None:
    assert sorted(here.shown(here.wanted())) == ["hers", "mine", "nobodys"]
    assert sorted(here.shown(here.wanted(mine=here.study.people["ilse"]))) == ["mine", "nobodys"]
    assert sorted(here.shown(here.wanted(teams=None))) == ["hers", "mine", "nobodys", "south"]
    assert here.shown(here.wanted(teams=frozenset())) == []
    assert here.shown(here.wanted(code=here.codes["hers"][:5])) == ["hers"]
    assert here.shown(here.wanted(wave="t1")) == []


def test_professionals_who_are_interviewed_stand_in_it_too(here: Here) -> None:
    later = here.wanted(today=TODAY + 330 * DAY, wave="end", mine=here.study.people["ilse"])
    assert sorted(here.shown(later)) == ["coen", "tess"]


@pytest.mark.parametrize("days", [-20, 0, 42, 43])
def test_database_and_planning_say_the_same_of_how_a_task_stands(days: int, here: Here) -> None:
    with here.database.writing() as session:
        running, done, left = (task_of(session, here, name) for name in ("mine", "nobodys", "hers"))
        running.begun_at = done.begun_at = done.done_at = left.dropped_at = REGISTERED
    wanted = here.wanted(teams=None, today=TODAY + days * DAY)
    found = {}
    with here.database.reading() as session:
        counted = work.counts(session, wanted)
        for shown in work.SHOWN[1:]:
            rows = work.work(session, Wanted(**(vars(wanted) | {"shown": shown})), 99)
            assert [one.standing(wanted.today) for one in rows] == [shown] * len(rows)
            assert counted[shown] == len(rows)
            found |= {one.code: shown for one in rows}
    names = {here.codes[name]: name for name in ("mine", "nobodys", "hers", "south")}
    untouched = "waiting" if days < 0 else "due" if days <= 42 else "overdue"
    assert {name: found[code] for code, name in names.items() if code in found} == {
        "mine": "running", "nobodys": "done", "south": untouched
    }  # fmt: skip
    assert counted["now"] == counted["due"] + counted["overdue"] + counted["running"]


def test_list_is_sorted_by_days_appointments_and_codes(here: Here) -> None:
    with here.database.writing() as session:
        contacts.set_appointment(session, task_of(session, here, "hers"), REGISTERED + 2 * DAY)
        contacts.set_appointment(session, task_of(session, here, "nobodys"), REGISTERED + DAY)
        task_of(session, here, "mine").closes_on = TODAY
    assert here.shown(here.wanted(), sort="appointment") == ["nobodys", "hers", "mine"]
    assert here.shown(here.wanted(), sort="appointment", descending=True) == ["hers", "nobodys", "mine"]
    assert here.shown(here.wanted())[0] == here.shown(here.wanted(), sort="closes_on", descending=True)[-1] == "mine"
    by_code = here.shown(here.wanted(), sort="code")
    assert [here.codes[name] for name in by_code] == sorted(here.codes[name] for name in by_code)


def test_next_are_todays_appointments_then_what_runs_then_whom_to_plan(here: Here) -> None:
    with here.database.writing() as session:
        south, hers = task_of(session, here, "south"), task_of(session, here, "hers")
        contacts.set_appointment(session, south, REGISTERED + datetime.timedelta(hours=3))
        hers.begun_at = REGISTERED
        again = {"how": "phone", "outcome": "call_back", "again_on": TODAY + 7 * DAY}
        contacts.note_attempt(session, task_of(session, here, "mine"), here.study.people["ilse"], REGISTERED, **again)
    names = {code: name for name, code in here.codes.items()}

    def next_up(days: int) -> list[str]:
        wanted = here.wanted(teams=None, today=TODAY + days * DAY)
        midnight = datetime.datetime.combine(wanted.today + DAY, datetime.time(), datetime.UTC)
        with here.database.reading() as session:
            return [names[one.code] for one in work.next_up(session, wanted, midnight, 9) if one.wave == "t0"]

    assert next_up(0) == ["south", "hers", "nobodys", "mine"]
    # On the day on which somebody asked to be called, they stand where they belong again.
    assert next_up(7) == ["south", "hers", "mine", "nobodys"]
    # And so they do after a later attempt that says nothing of a day.
    with here.database.writing() as session:
        at, tried = REGISTERED + DAY, {"how": "phone", "outcome": "no_answer"}
        contacts.note_attempt(session, task_of(session, here, "mine"), here.study.people["ilse"], at, **tried)
    assert next_up(1) == ["south", "hers", "mine", "nobodys"]


def test_row_knows_its_response_and_the_last_attempt(here: Here) -> None:
    ilse = here.study.people["ilse"]
    with here.database.writing() as session:
        task = task_of(session, here, "mine")
        for hour, outcome in enumerate(("no_answer", "appointment")):
            at = REGISTERED + datetime.timedelta(hours=hour)
            assert contacts.note_attempt(session, task, ilse, at, how="phone", outcome=outcome)
        assert not contacts.note_attempt(session, task, ilse, at + DAY / 86400, how="phone", outcome="appointment")
        opening = Opening(
            here.study.study, task.wave_id, "client-interview", 1, ilse, "nl", participant_id=task.participant_id
        )
        token = responses.open_response(session, opening, REGISTERED)
    with here.database.reading() as session:
        (row,) = work.work(session, here.wanted(shown="running"), 9)
        tried = contacts.attempts(session, row.task.participant_id, row.task.wave_id)
        assert work.one_task(session, here.study.study, row.task.id) == row
        assert work.one_task(session, here.study.study + 1, row.task.id) is None
    assert (row.code, row.wave, row.wave_title, row.token) == (here.codes["mine"], "t0", "Start", token)
    assert (row.contact.attempts, row.contact.last.outcome) == (2, "appointment")
    assert [(one.outcome, code) for one, code in tried] == [
        ("appointment", here.study.codes["ilse"]), ("no_answer", here.study.codes["ilse"])
    ]  # fmt: skip


def test_attempts_are_kept_of_participants_only(here: Here) -> None:
    with here.database.writing() as session:
        task = session.scalars(select(Task).where(Task.person_id.is_not(None)).limit(1)).one()
        with pytest.raises(ValueError, match="participants"):
            contacts.note_attempt(session, task, 1, REGISTERED, how="phone", outcome="no_answer")


def test_outcomes_count_attempts_people_and_how_it_ended(here: Here) -> None:
    ilse = here.study.people["ilse"]
    with here.database.writing() as session:
        for hour, (name, outcome) in enumerate(
            [("mine", "no_answer"), ("mine", "refused"), ("hers", "no_answer"), ("south", "wrong_number")]
        ):
            at = REGISTERED + datetime.timedelta(hours=hour)
            contacts.note_attempt(session, task_of(session, here, name), ilse, at, how="phone", outcome=outcome)
    with here.database.reading() as session:
        start, later, end = contacts.outcomes(session, here.study.study)
        north, *_ = contacts.outcomes(session, here.study.study, frozenset({here.study.teams["north"]}))
    assert vars(start) == {
        "wave": "t0", "asked": 4, "tried": 3, "reached": 1, "attempts": 4,
        "outcomes": {"no_answer": 2, "refused": 1, "wrong_number": 1},
        "last": {"no_answer": 1, "refused": 1, "wrong_number": 1},
    }  # fmt: skip
    assert (north.asked, north.tried, north.attempts, north.last) == (3, 2, 3, {"no_answer": 1, "refused": 1})
    assert [(one.wave, one.attempts) for one in (later, end)] == [("t1", 0), ("end", 0)]


def test_agenda_has_appointments_and_what_is_due_without_one(here: Here) -> None:
    with here.database.writing() as session:
        contacts.set_appointment(session, task_of(session, here, "mine"), REGISTERED + 90 * DAY)
        task_of(session, here, "hers").begun_at = REGISTERED
    names = {code: name for name, code in here.codes.items()}
    with here.database.reading() as session:
        found = work.agenda(session, here.wanted(), 99)
        later = work.agenda(session, here.wanted(today=TODAY + 60 * DAY), 99)
    assert [(names[one.code], one.task.appointment_at is not None) for one in found] == [
        ("mine", True), ("nobodys", False)
    ]  # fmt: skip
    assert [names[one.code] for one in later] == ["mine"]


def test_page_of_a_long_list_loads_what_stands_on_it_alone(here: Here) -> None:
    # No real code has an L in it.
    rows = [
        {"study_id": here.study.study, "code": f"L{number:05}", "registered_at": REGISTERED, "registered_by": 1}
        for number in range(300)
    ]
    with here.database.writing() as session:
        session.execute(insert(Participant), rows)
        ids = session.scalars(select(Participant.id).where(Participant.code.startswith("L")))
        days = {"opens_on": TODAY, "due_on": TODAY, "closes_on": TODAY + DAY, "team_id": here.study.teams["north"]}
        base = {"study_id": here.study.study, "wave_id": here.study.waves["t0"], "instrument": "x", "by": "interviewer"}
        session.execute(insert(Task), [base | days | {"participant_id": one} for one in ids])
    with here.database.reading() as session:
        assert work.counts(session, here.wanted())["due"] == 303
        page = work.work(session, here.wanted(code="L"), 3, 297, "code")
        loaded = [one for one in session.identity_map.values() if isinstance(one, Task)]
    assert [one.code for one in page] == ["L00297", "L00298", "L00299"]
    assert loaded == [one.task for one in page]
