"""When somebody is due: from what happened, within the protocol's windows."""

from __future__ import annotations

import datetime

import pytest

from survey.instruments.library import Library, shelves
from survey.instruments.protocols.collection import read_protocols
from survey.planning.due import Happened, of_meeting, of_participant, of_person, standing

PROTOCOL = read_protocols(Library(shelves()))["krachtwerk"].protocol
DAY = datetime.date(2025, 3, 3)


def later(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


def planned(happened: Happened) -> list[tuple[str, str, str, int, int, int]]:
    return [
        (one.wave, one.instrument, one.by, *((day - DAY).days for day in (one.opens_on, one.due_on, one.closes_on)))
        for one in of_participant(PROTOCOL, happened)
    ]


def test_only_the_start_is_planned_at_first() -> None:
    assert planned(Happened(DAY)) == [("t0", "client-interview", "interviewer", 0, 14, 42)]


def test_six_months_count_from_the_first_interview() -> None:
    found = planned(Happened(DAY, asked_at={"t0": later(10)}))
    assert found[1:] == [
        ("t1", "client-interview", "interviewer", 179, 193, 235),
        ("t1", "hope-behaviour", "participant", 179, 193, 235),
    ]


def test_end_counts_from_the_day_of_rounding_off() -> None:
    found = planned(Happened(DAY, round_off=later(300)))
    assert found[-1] == ("end", "closing-interview", "interviewer", 300, 314, 356)


@pytest.mark.parametrize(
    ("roles", "instruments"),
    [
        ({"coach"}, ["coach-fidelity", "coach-fidelity", "professional-interview"]),
        ({"team_leader"}, ["professional-interview"]),
        ({"interviewer"}, []),
    ],
)
def test_professionals_are_asked_by_their_role(roles: set[str], instruments: list[str]) -> None:
    assert [one.instrument for one in of_person(PROTOCOL, roles, DAY)] == instruments


def test_observer_writes_down_a_meeting_from_its_day_on() -> None:
    ask = PROTOCOL.ask("team-meeting", "t1")
    assert ask is not None
    one = of_meeting(PROTOCOL, ask, "t1", DAY)
    assert (one.by, one.opens_on, one.closes_on) == ("observer", DAY, later(14))


@pytest.mark.parametrize(
    ("today", "happened", "stands"),
    [
        (-1, {}, "waiting"),
        (0, {}, "due"),
        (20, {}, "due"),
        (21, {}, "overdue"),
        (21, {"begun": True}, "running"),
        (-1, {"begun": True}, "running"),
        (21, {"begun": True, "done": True}, "done"),
        (21, {"begun": True, "dropped": True}, "dropped"),
        (21, {"done": True, "dropped": True}, "done"),
    ],
)
def test_task_stands_by_day_and_by_what_happened(today: int, happened: dict[str, bool], stands: str) -> None:
    assert standing(DAY, later(20), later(today), **happened) == stands
