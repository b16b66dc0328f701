"""Segments: each stretch of an interview with its company, and what every visit belongs to."""

from __future__ import annotations

from small_study import START, Place, a, at
from sqlalchemy import select

from survey.answers.company import Company
from survey.storage.placed import placed
from survey.storage.record import Record
from survey.storage.responses import response
from survey.storage.segments import begin_segment, current, last_company, segments
from survey.storage.tables import Response, Visit

ALONE = Company("none")
PHONE = Company("professional", "phone", "first", ("partner",), "T-12", True)


def begin(place: Place, token: str, company: Company, minute: int = 0) -> Record:
    with place.database.writing() as session:
        found = response(session, token, for_writing=True)
        assert found is not None
        return begin_segment(session, found, company, place.ilse, at(minute))


def test_company_comes_back_as_it_was_written_down(place: Place) -> None:
    token = place.open()
    record = begin(place, token, PHONE)
    with place.database.reading() as session:
        assert (current(session, record), segments(session, record.id)) == (PHONE, {1: PHONE})
        here = placed(session, record.id)
    assert (here.interpreter, here.mode, here.interpreted) == ("professional", "phone", True)


def test_another_company_begins_the_next_segment_and_the_same_one_does_not(place: Place) -> None:
    token = place.open()
    numbers = [begin(place, token, company).segment for company in (ALONE, ALONE, PHONE, PHONE, ALONE)]
    assert numbers == [1, 1, 2, 2, 3]


def test_every_visit_belongs_to_the_segment_that_ran_then(place: Place) -> None:
    token = place.open()
    place.save(token, {a("a"): 1})
    begin(place, token, ALONE, 2)
    place.save(token, {a("a"): 2}, minute=3)
    begin(place, token, PHONE, 4)
    place.save(token, {a("a"): 3}, minute=5)
    with place.database.reading() as session:
        found = session.scalars(select(Visit.segment).join(Response).where(Response.token == token).order_by(Visit.id))
        assert list(found) == [None, 1, 2]


def test_nobody_knows_who_was_there_before_it_was_said(place: Place) -> None:
    record = place.record(place.open())
    with place.database.reading() as session:
        here = placed(session, record.id)
        assert (current(session, record), segments(session, record.id)) == (None, {})
    assert (here.interpreter, here.interpreted) == (None, False)


def test_last_company_is_that_of_the_newest_segment_of_the_same_participant(place: Place) -> None:
    participant = place.participant()
    first = place.open(participant_id=participant)
    begin(place, first, ALONE, 1)
    begin(place, first, PHONE, 2)
    later = place.open(participant_id=participant, wave_id=place.waves[1])
    begin(place, place.open(), ALONE, 3)
    with place.database.reading() as session:
        assert last_company(session, participant, at(60)) == PHONE
        assert last_company(session, participant, START) is None
    assert place.record(later).segment == 0
