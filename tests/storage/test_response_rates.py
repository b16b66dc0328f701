"""What came in is counted by moment, questionnaire and team, and by way and interpreter."""

from __future__ import annotations

from collections import Counter

from planned_study import krachtwerk, plan_study
from small_study import START, Place, a, at
from sqlalchemy import select

from survey.answers.company import Company
from survey.storage import consents, course, participants, segments
from survey.storage.consents import Agreed
from survey.storage.database import Database
from survey.storage.record import Saving
from survey.storage.response_rates import Went, over_teams, rates, went
from survey.storage.responses import response, submit
from survey.storage.tables import Task

PROTOCOL = krachtwerk().protocol
YES = Agreed(PROTOCOL.newest_consent, "nl", {"interviews"}, "spoken", keeps=True)


def test_rate_is_of_who_was_asked_and_of_everybody(database: Database) -> None:
    with database.writing() as session:
        made = plan_study(session, START)
        ilse = made.people["ilse"]
        for team, done, leaves in (("north", True, False), ("north", False, True), ("south", False, False)):
            one = participants.register(session, made.study, ilse, START, team_id=made.teams[team])
            consents.give(session, one, PROTOCOL, YES, ilse, START)
            if done:
                task = session.scalars(select(Task).where(Task.participant_id == one.id)).first()
                assert task is not None
                task.done_at = START
                session.flush()
            if leaves:
                course.set_status(session, one, "dropped_out", ilse, START, "moved")
    with database.reading() as session:
        each = [one for one in rates(session, made.study, START.date()) if one.of_participants]
        south = rates(session, made.study, START.date(), frozenset([made.teams["south"]]))
        nothing = rates(session, made.study, START.date(), frozenset())
    assert [(one.wave, one.team, one.done, one.asked, one.everybody) for one in each] == [
        ("t0", "north", 1, 1, 2),
        ("t0", "south", 0, 1, 1),
    ]
    (together,) = over_teams(each)
    assert (together.done, together.open, together.asked, together.dropped, together.everybody) == (1, 1, 2, 1, 3)
    assert ([one.team for one in south if one.of_participants], nothing) == (["south"], [])


def test_responses_are_counted_by_way_and_by_who_interpreted(place: Place) -> None:
    def handed_in(*company: tuple[str, bool], **more: object) -> None:
        token = place.open(**more)
        for number, (interpreter, saved) in enumerate(company):
            with place.database.writing() as session:
                there = Company(interpreter, None if interpreter == "none" else "phone")  # type: ignore[arg-type]
                segments.begin_segment(session, place.record(token), there, place.ilse, at(number))
            if saved:
                place.save(token, {a("age"): 30 + number}, minute=number)
        with place.database.writing() as session:
            found = response(session, token, for_writing=True)
            assert found is not None
            submit(session, found, Saving("submit", None, place.ilse, found.version), at(9))

    handed_in(("none", True))
    handed_in(("professional", True), ("relative", True))
    handed_in(("relative", False), ("none", True))
    handed_in()
    handed_in(instrument="hope-behaviour", mode="link", wave_id=place.waves[1])
    place.open()
    handed_in(person_id=place.coen, instrument="coach-fidelity")
    with place.database.reading() as session:
        found, nobody = went(session, place.study), went(session, place.study, frozenset())
    assert (found, nobody) == (
        [
            Went("t0", "client-interview", Counter(signed_in=4), 3, 1, Counter(professional=1, relative=1)),
            Went("t1", "hope-behaviour", Counter(link=1)),
        ],
        [],
    )
