"""Evidence for fidelity as it is read: what observers settled, the clock of meetings, and what came in of what."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study

from survey.instruments.library import Library, shelves
from survey.measures.fidelity.evidence import Contacted, Evidence, Rate, Reach
from survey.planning import due
from survey.storage import consensus, contacts, observing, participants, step_times
from survey.storage.database import Database
from survey.storage.evidence import evidence_of
from survey.storage.measured import Measures
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save, submit
from survey.storage.step_times import Stretch
from survey.storage.tables import Meeting, Task

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
LATER = NOW.date() + datetime.timedelta(days=400)
"""When everything was asked."""
LIBRARY = Library(shelves())


class Room:
    """A planned study in which olga and oscar observe a meeting of team north."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.place: PlannedStudy = plan_study(session, NOW)
        self.olga, self.oscar = (self.place.people[name] for name in ("olga", "oscar"))
        ask = krachtwerk().protocol.ask("team-meeting", "t1")
        assert ask is not None
        planned = due.of_meeting(krachtwerk().protocol, ask, "t1", NOW.date())
        self.meeting: Meeting = observing.add_meeting(
            session, self.place.study, self.place.teams["north"], planned, NOW.date(), (self.olga, self.oscar),
            self.place.people["rik"], NOW,
        )  # fmt: skip

    def observes(self, who: int, **answers: Any) -> str:
        """The token of what an observer handed in."""
        opening = Opening(
            self.place.study, self.meeting.wave_id, "team-meeting", 1, who, "nl", person_id=who,
            team_id=self.meeting.team_id, meeting_id=self.meeting.id,
        )  # fmt: skip
        token = open_response(self.session, opening, NOW)
        record = response(self.session, token, for_writing=True)
        values = {("answers", name): value for name, value in ({"cases_discussed": 1} | answers).items()}
        record = save(self.session, record, Saving("page", "session", who, record.version, values), NOW)
        submit(self.session, record, Saving("submit", None, who, record.version), NOW)
        return token

    def times(self, who: int, **minutes: float) -> None:
        """One step after the other."""
        begin = NOW
        for step, long in minutes.items():
            end = begin + datetime.timedelta(minutes=long)
            step_times.add(self.session, self.meeting.id, who, Stretch(step, begin, end), NOW)
            begin = end

    def evidence(self, *teams: str, but: tuple[int, ...] = ()) -> Evidence:
        """Of these teams; without any, of the study."""
        scope = frozenset(self.place.teams[team] for team in teams) if teams else None
        names, protocol = ("team-meeting", "coach-fidelity"), krachtwerk().protocol
        return evidence_of(self.session, Measures(), LIBRARY, self.place.study, names, protocol, LATER, scope, but)


@pytest.fixture
def room(database: Database) -> Any:
    with database.writing() as session:
        yield Room(session)


def test_what_was_settled_last_stands_by_meeting_and_unit(room: Room) -> None:
    tokens = [room.observes(room.olga, case_compass="no"), room.observes(room.oscar, case_compass="beforehand")]
    consensus.settle(room.session, room.meeting.id, "case_compass", "no", "first thought", room.olga, NOW)
    last = consensus.settlements(room.session, room.meeting.id)[-1].id
    consensus.settle(room.session, room.meeting.id, "case_compass", "beforehand", "seen", room.olga, NOW, base=last)
    consensus.settle(room.session, room.meeting.id, "led_by", {"missing": "dont_know"}, "nobody knows", room.olga, NOW)
    found = room.evidence()
    assert found.settled == {room.meeting.code: {"case_compass": "beforehand", "led_by": None}}
    assert found.meeting_of == dict.fromkeys(tokens, room.meeting.code)
    assert [found.order[token] for token in tokens] == [0, 1]


def test_clock_is_the_mean_of_those_who_did_not_fall_out(room: Room) -> None:
    room.times(room.olga, opening=10, ideas=30)
    room.times(room.oscar, opening=20)
    (clock,) = room.evidence().clocks
    assert (clock.observers, clock.minutes, clock.held) == (2, 30, {"opening": 15, "ideas": 15})
    assert (clock.team, clock.wave, clock.share) == ("north", "t1", pytest.approx(100 * 2 / 6))
    observing.fall_out(room.session, room.meeting.id, room.oscar, "ill", NOW)
    (clock,) = room.evidence().clocks
    assert (clock.observers, clock.minutes) == (1, 40)


def test_meeting_that_is_still_blind_and_that_of_another_team_are_not_there(room: Room) -> None:
    room.observes(room.olga)
    room.times(room.olga, opening=10)
    for found in (room.evidence(but=(room.meeting.id,)), room.evidence("south")):
        assert (found.of("team-meeting", "t1", Reach()), found.clocks, found.meeting_of) == ([], [], {})
    assert len(room.evidence("north").clocks) == 1


def test_rates_count_what_is_asked_by_team_and_what_came_in(room: Room) -> None:
    room.observes(room.olga)
    found = {(one.instrument, one.wave, one.team): one for one in room.evidence().rates}
    assert found["team-meeting", "t1", "north"] == Rate("team-meeting", "t1", "north", 2, 1)
    assert found["coach-fidelity", "t0", "south"] == Rate("coach-fidelity", "t0", "south", 1, 0)
    observing.fall_out(room.session, room.meeting.id, room.oscar, "ill", NOW)
    assert room.evidence().asked("team-meeting", "t1", Reach("north")) == 1
    assert room.evidence().asked("team-meeting", "t1", Reach("south")) is None


def test_attempts_to_reach_participants_are_counted_by_team(room: Room) -> None:
    ilse = room.place.people["ilse"]
    for outcomes in (("no_answer", "appointment"), ("no_answer",)):
        person = participants.register(
            room.session, room.place.study, ilse, NOW, "nl", team_id=room.place.teams["north"]
        )
        task = room.session.query(Task).filter_by(participant_id=person.id).first()
        for i, outcome in enumerate(outcomes):
            at = NOW + datetime.timedelta(minutes=i)
            contacts.note_attempt(room.session, task, ilse, at, how="phone", outcome=outcome)
    assert room.evidence().contacts == [Contacted("t0", "north", 2, 1, 3)]
    assert room.evidence("south").contacts == []
