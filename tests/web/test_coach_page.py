"""What a coach sees: the own questionnaires, the own participants by code, and figures of the team from five up."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from by_link import ByLink
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select

from survey.storage import links, responses
from survey.storage.record import Saving
from survey.storage.tables import Participant, Task

PAGE = "/study/planned/coach/"
STUDY = "//section[h2='Krachtwerk in practice']"
CARDS = f"{STUDY}//li//strong"
BUTTONS = f"{STUDY}//li//form/button"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def rated(place: ByLink, person: Participant, points: int) -> None:
    """Let a participant rate all items with these points, and hand in."""
    instrument = place.here.library.newest["hope-behaviour"]
    items = instrument.scores["hope_behaviour"].items
    with place.here.database.writing() as session:
        link = links.link_with(session, place.link(place.task(person)))
        token = links.begin(session, link, instrument, "nl", place.clock.now)
        record = responses.response(session, token, for_writing=True)
        values = {("answers", item): points for item in items}
        record = responses.save(session, record, Saving("page", "own_choice", None, 0, values), place.clock.now)
        responses.submit(session, record, Saving("submit", None, None, record.version), place.clock.now)


def test_own_questionnaire_appears_when_its_window_opens(place: ByLink, sign_in: Any, send: Any) -> None:
    coen = sign_in("coen")
    assert seen(coen.get("/"), CARDS)[0] == "Your own questionnaires"
    place.clock.advance(days=31)
    coen = sign_in("coen")
    assert seen(coen.get("/"), BUTTONS) == ["Begin"]
    begun = send(coen, "/study/planned/own/coach-fidelity/t0")
    assert begun.status_code == 302
    assert seen(coen.get("/"), BUTTONS) == ["Go on"]
    with place.here.database.reading() as session:
        task = session.get(Task, place.task())
        assert responses.by_id(session, task.response_id).team_id == place.study.teams["north"]
    assert send(coen, "/study/planned/own/professional-interview/end").status_code == 404


def test_coach_sees_own_participants_by_code_and_writes_down_the_round_off(
    place: ByLink, sign_in: Any, send: Any
) -> None:
    mine, other = place.participant(), place.participant(team="south", coach="cora")
    coen = sign_in("coen")
    assert seen(coen.get(PAGE), "//strong[@class='code']") == [mine.code]
    kept = send(coen, f"{PAGE}{mine.code}/round-off", day="2025-06-01")
    assert kept.location == PAGE
    with place.here.database.reading() as session:
        assert session.get(Participant, mine.id).round_off == datetime.date(2025, 6, 1)
        found = session.scalars(select(Task.instrument).where(Task.participant_id == mine.id))
        assert "closing-interview" in set(found)
    assert send(coen, f"{PAGE}{other.code}/round-off", day="2025-06-01").status_code == 404
    assert {sign_in(name).get(PAGE).status_code for name in ("ilse", "rik", "olga", "tess", "otto")} == {404}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("soon", "Write a day, such as 03-06-2025."),
        ("2020-01-01", "This day lies before the participant was registered."),
        ("2031-01-01", "This day lies more than a year ahead."),
    ],
)
def test_a_day_that_cannot_be_is_explained_and_stays_typed(
    place: ByLink, sign_in: Any, send: Any, typed: str, why: str
) -> None:
    mine = place.participant()
    page = send(sign_in("coen"), f"{PAGE}{mine.code}/round-off", day=typed)
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, [why])
    assert f'value="{typed}"' in page.text


def test_figures_of_the_team_come_at_five_ratings_of_two_coaches_and_hold_no_code(place: ByLink, sign_in: Any) -> None:
    people = [place.participant(coach="coen" if number < 4 else "cora") for number in range(5)]
    place.clock.advance(days=190)
    for person in people[:4]:
        rated(place, person, 4)
    coen = sign_in("coen")
    assert seen(coen.get(PAGE), "//section//p[@class='empty']") == [
        "Not shown below 5 ratings, or when they are about one coach."
    ]
    rated(place, people[4], 2)
    rows = seen(coen.get(PAGE), "//section//tbody/tr/td")
    assert rows == ["3.6", "1–5", "5"] * 4
    assert sign_in("cora").get(PAGE).text.count("3.6") == 0
