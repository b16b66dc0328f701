"""Observed meetings from planning to consensus."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy import select

from survey.instruments.library import Library, shelves
from survey.planning import due
from survey.storage import consensus, meetings, observing, step_times
from survey.storage.database import Database
from survey.storage.meetings import ObservedMeeting, Which
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save, submit
from survey.storage.step_times import Overlap, Stretch
from survey.storage.tables import Meeting, StepTime, Task

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
DAY = NOW.date()


def after(**passed: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**passed)


class Room:
    """A planned study and one meeting in team north, observed by olga and oscar."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.place: PlannedStudy = plan_study(session, NOW)
        self.olga, self.oscar, self.rik = (self.place.people[name] for name in ("olga", "oscar", "rik"))
        self.library = Library(shelves())
        self.code = self.made().code

    def made(self, *observers: int, team: str = "north", held_on: datetime.date = DAY, click: str = "") -> Meeting:
        protocol = krachtwerk().protocol
        ask = protocol.ask("team-meeting", "t1")
        assert ask is not None
        planned = due.of_meeting(protocol, ask, "t1", held_on)
        return observing.add_meeting(
            self.session, self.place.study, self.place.teams[team], planned, held_on,
            observers or (self.olga, self.oscar), self.rik, NOW, click or None,
        )  # fmt: skip

    @property
    def seen(self) -> ObservedMeeting:
        self.session.expire_all()
        found = meetings.meeting_with(self.session, self.place.study, self.code)
        assert found is not None
        return found

    def fills_in(self, who: int, answers: dict[str, Any], *, done: bool = True, kind: Any = "page") -> str:
        meeting = self.seen.meeting
        opening = Opening(
            self.place.study, meeting.wave_id, meeting.instrument, 1, who, "nl",
            person_id=who, team_id=meeting.team_id, meeting_id=meeting.id,
        )  # fmt: skip
        token = open_response(self.session, opening, NOW)
        record = response(self.session, token, for_writing=True)
        values = {("answers", name): value for name, value in answers.items()}
        reason = "seen wrongly" if record.submitted_at else None
        record = save(self.session, record, Saving(kind, "session", who, record.version, values, reason=reason), NOW)
        if done:
            submit(self.session, record, Saving("submit", None, who, record.version), NOW)
        return token

    def compared(self) -> consensus.Comparison | None:
        return consensus.comparison(
            self.session, self.seen, lambda record: self.library.instrument(record.instrument, 1)
        )

    def tasks(self, who: int) -> list[tuple[bool, bool, bool]]:
        self.session.expire_all()
        rows = self.session.scalars(select(Task).where(Task.person_id == who, Task.meeting_id.is_not(None)))
        return [(row.begun_at is not None, row.done_at is not None, row.dropped_at is not None) for row in rows]


@pytest.fixture
def room(database: Database) -> Any:
    with database.writing() as session:
        yield Room(session)


def test_meeting_is_planned_once_and_asks_each_observer(room: Room) -> None:
    first = room.made(room.olga, click="x" * 24)
    assert room.made(room.olga, room.oscar, click="x" * 24).id == first.id
    assert room.tasks(room.olga) == [(False, False, False)] * 2
    task = room.session.scalars(select(Task).where(Task.person_id == room.oscar)).one()
    assert (task.by, task.opens_on, task.team_id, task.meeting_id) == (
        "observer", DAY, room.place.teams["north"], room.seen.meeting.id,
    )  # fmt: skip


def test_nobody_sees_the_other_until_both_have_handed_in(room: Room) -> None:
    assert (room.seen.state, room.compared()) == ("planned", None)
    room.fills_in(room.olga, {"session_rhythm": "weekly"}, done=False)
    assert room.seen.state == "observed"
    room.fills_in(room.olga, {"cases_discussed": 1})
    assert (room.seen.state, room.compared(), room.tasks(room.olga)) == ("waiting", None, [(True, True, False)])
    assert [room.seen.open_to(one) for one in (room.olga, room.oscar, room.rik)] == [False, False, False]
    theirs = response(room.session, room.fills_in(room.oscar, {}, done=False)).id
    hidden = [meetings.hidden_from(room.session, theirs, one) for one in (room.olga, room.oscar, room.rik)]
    assert hidden == [True, False, False]
    room.fills_in(room.oscar, {"session_rhythm": "monthly"})
    assert (room.seen.state, meetings.hidden_from(room.session, theirs, room.olga)) == ("to_settle", False)
    assert [room.seen.open_to(one) for one in (room.olga, room.oscar, room.rik)] == [True, True, True]


def test_differences_are_those_from_before_anybody_saw_them(room: Room) -> None:
    room.fills_in(room.olga, {"session_rhythm": "weekly", "cases_discussed": 1})
    room.fills_in(room.olga, {"cases_discussed": 2}, kind="correction")
    room.fills_in(room.oscar, {"session_rhythm": "monthly", "cases_discussed": 2})
    room.fills_in(room.oscar, {"session_rhythm": "weekly"}, kind="correction")
    found = room.compared()
    assert found is not None
    assert [(row.unit.name, [one.value for one in row.said]) for row in found.differing] == [
        ("session_rhythm", ["weekly", "monthly"])
    ]
    assert [side.corrected for side in found.sides] == [{}, {"session_rhythm": "weekly"}]


def test_every_settlement_stays_and_the_newest_counts(room: Room) -> None:
    room.fills_in(room.olga, {"session_rhythm": "weekly"})
    room.fills_in(room.oscar, {"session_rhythm": "monthly"})
    meeting = room.seen.meeting.id
    consensus.settle(room.session, meeting, "session_rhythm", "weekly", "the leader said so", room.olga, NOW)
    consensus.settle(room.session, meeting, "session_rhythm", "weekly", "the leader said so", room.olga, NOW)
    with pytest.raises(consensus.SettledMeanwhile) as meanwhile:
        consensus.settle(room.session, meeting, "session_rhythm", "monthly", "no", room.oscar, NOW)
    consensus.settle(
        room.session, meeting, "session_rhythm", None, "we saw two weeks", room.oscar, NOW, base=meanwhile.value.now_id
    )
    found = room.compared()
    assert found is not None
    assert [(one.value, one.by) for one in found.history] == [
        ("weekly", room.place.codes["olga"]), (None, room.place.codes["oscar"]),
    ]  # fmt: skip
    assert (found.settled["session_rhythm"].reason, found.open) == ("we saw two weeks", [])
    consensus.round_off(room.session, meeting, NOW)
    assert (room.seen.state, room.seen.settled_at) == ("settled", NOW)
    consensus.open_again(room.session, meeting)
    assert room.seen.state == "to_settle"


def test_observer_who_falls_ill_leaves_a_record_that_stands_alone(room: Room) -> None:
    meeting = room.seen.meeting.id
    room.fills_in(room.olga, {"session_rhythm": "weekly"}, done=False)
    step_times.start(room.session, meeting, room.olga, "opening", NOW)
    observing.fall_out(room.session, meeting, room.olga, "ill", after(minutes=5))
    room.fills_in(room.oscar, {"session_rhythm": "monthly"})
    seen = room.seen
    assert (seen.state, seen.comparing, seen.settled_at) == ("single", (), after(minutes=5))
    olga = seen.observer(room.olga)
    assert olga is not None
    assert (olga.active, olga.reason, olga.token is not None, room.tasks(room.olga)) == (
        False, "ill", True, [(True, False, True)],
    )  # fmt: skip
    assert step_times.times(room.session, meeting, room.olga)[0].ended_at == after(minutes=5)
    observing.come_back(room.session, meeting, room.olga)
    assert (room.seen.state, room.tasks(room.olga)) == ("waiting", [(True, False, False)])


def test_both_stay_to_be_read_when_one_falls_out_after_handing_in(room: Room) -> None:
    for who in (room.olga, room.oscar):
        room.fills_in(who, {"session_rhythm": "weekly"})
    observing.fall_out(room.session, room.seen.meeting.id, room.olga, "called_away", NOW)
    assert (room.seen.state, len(room.seen.comparing)) == ("single", 2)
    third = room.place.people["iris"]
    observing.add_observer(
        room.session, room.seen.meeting, third,
        due.of_meeting(krachtwerk().protocol, krachtwerk().protocol.asks[-1], "t1", DAY),
    )  # fmt: skip
    assert (room.seen.state, room.seen.comparing) == ("waiting", ())


def test_one_step_runs_at_a_time_and_a_second_tap_changes_nothing(room: Room) -> None:
    meeting, olga = room.seen.meeting.id, room.olga
    step_times.start(room.session, meeting, olga, "opening", NOW)
    step_times.start(room.session, meeting, olga, "opening", after(minutes=1))
    step_times.start(room.session, meeting, olga, "ideas", after(minutes=4))
    step_times.stop(room.session, meeting, olga, after(minutes=10))
    step_times.start(room.session, meeting, olga, "opening", after(minutes=12))
    room.session.expire_all()
    rows = step_times.times(room.session, meeting, olga)
    assert step_times.seconds(rows) == {"opening": 240.0, "ideas": 360.0}
    assert step_times.seconds(rows, after(minutes=13)) == {"opening": 300.0, "ideas": 360.0}
    assert step_times.times(room.session, meeting, room.oscar) == []


def test_tap_that_comes_late_keeps_its_moment_but_none_before_what_is_there(room: Room) -> None:
    meeting, olga = room.seen.meeting.id, room.olga
    step_times.start(room.session, meeting, olga, "opening", NOW)
    step_times.start(room.session, meeting, olga, "ideas", after(minutes=40), after(minutes=35))
    step_times.stop(room.session, meeting, olga, after(minutes=50), after(minutes=20))
    rows = step_times.times(room.session, meeting, olga)
    assert [(row.started_at, row.ended_at, row.noted_at) for row in rows] == [
        (NOW, after(minutes=35), NOW),
        (after(minutes=35), after(minutes=35), after(minutes=40)),
    ]
    step_times.start(room.session, meeting, olga, "opening", after(minutes=51), after(hours=9))
    assert step_times.times(room.session, meeting, olga)[-1].started_at == after(minutes=51)


def test_correction_keeps_what_was_tapped_first(room: Room) -> None:
    meeting, olga = room.seen.meeting.id, room.olga
    step_times.start(room.session, meeting, olga, "opening", NOW)
    step_times.start(room.session, meeting, olga, "ideas", after(minutes=4))
    step_times.stop(room.session, meeting, olga, after(minutes=10))
    room.session.expire_all()
    first = step_times.times(room.session, meeting, olga)[0]
    with pytest.raises(Overlap) as overlap:
        step_times.correct(room.session, first, Stretch("opening", NOW, after(minutes=5)), after(hours=1))
    assert overlap.value.other.step == "ideas"
    step_times.correct(room.session, first, Stretch("compass", NOW, after(minutes=3)), after(hours=1))
    step_times.add(room.session, meeting, olga, Stretch("opening", after(minutes=3), after(minutes=4)), after(hours=1))
    rows = step_times.times(room.session, meeting, olga)
    assert [(row.step, row.corrects is not None) for row in rows] == [
        ("compass", True), ("opening", False), ("ideas", False),
    ]  # fmt: skip
    assert step_times.first_tapped(room.session, rows[0]).step == "opening"
    step_times.remove(room.session, rows[2], after(hours=1))
    assert [row.step for row in step_times.times(room.session, meeting, olga)] == ["compass", "opening"]
    assert len(list(room.session.scalars(select(StepTime)))) == 4


def test_list_shows_each_what_is_theirs_in_the_state_it_has(room: Room) -> None:
    def listed(person: int, **more: Any) -> list[str]:
        which = Which(room.place.study, person, **more)
        found = meetings.meetings(room.session, which)
        assert meetings.meeting_count(room.session, which) == len(found)
        return [one.state for one in found]

    south = room.made(room.oscar, team="south", held_on=DAY + datetime.timedelta(days=1))
    room.fills_in(room.olga, {"session_rhythm": "weekly"})
    assert listed(room.rik, teams=None) == ["planned", "waiting"]
    assert listed(room.rik, teams=frozenset({room.place.teams["north"]})) == ["waiting"]
    assert (listed(room.rik), listed(room.olga, observing=None)) == ([], ["waiting"])
    assert listed(room.oscar, observing=frozenset({room.place.teams["south"]})) == ["planned"]
    assert [listed(room.rik, teams=None, state=state) for state in ("waiting", "single")] == [["waiting"], []]
    assert (listed(room.olga, observing=None, to_do=True), len(listed(room.oscar, observing=None, to_do=True))) == (
        [],
        2,
    )
    observing.fall_out(room.session, south.id, room.oscar, "ill", NOW)
    assert listed(room.rik, teams=None, state="nobody") == ["nobody"]
    for sort in meetings.SORTS:
        assert len(meetings.meetings(room.session, Which(room.place.study, room.rik, None), sort=sort)) == 2
