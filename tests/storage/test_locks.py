"""A locked response takes no change, until a researcher unlocks it with a reason."""

from __future__ import annotations

import pytest
from small_study import Place, a, at, trail, visits
from sqlalchemy import update

from survey.storage import locks, responses
from survey.storage.locks import NoReason, StillFilledIn
from survey.storage.record import Record, Saving
from survey.storage.responses import Languages, Locked
from survey.storage.tables import Response


def lock(place: Place, token: str, locked: bool = True, reason: str = "") -> bool:
    with place.database.writing() as session:
        record = responses.response(session, token, for_writing=True)
        assert record is not None
        return locks.set_lock(session, record, locked, reason, place.coen, at(5))


def hand_in(place: Place, token: str) -> Record:
    with place.database.writing() as session:
        record = responses.response(session, token, for_writing=True)
        assert record is not None
        return responses.submit(session, record, Saving("submit", None, place.ilse, record.version), at(4))


@pytest.fixture
def token(place: Place) -> str:
    token = place.open()
    place.save(token, {a("age"): 40})
    return token


def test_locked_response_takes_no_change_and_no_visit(place: Place, token: str) -> None:
    lock(place, token)
    before = (place.record(token), trail(place, token), visits(place, token))
    with pytest.raises(Locked):
        place.save(token, {a("age"): 41})
    with pytest.raises(Locked):
        hand_in(place, token)
    assert place.save(token, {a("age"): 40}) == before[0]
    assert (place.record(token), trail(place, token), visits(place, token)) == before


def test_correction_with_a_reason_is_refused_too(place: Place, token: str) -> None:
    hand_in(place, token)
    lock(place, token)
    with pytest.raises(Locked):
        place.save(token, {a("age"): 41}, kind="correction", reason="verkeerd verstaan")


def test_languages_of_a_locked_response_stay(place: Place, token: str) -> None:
    lock(place, token)
    record = place.record(token)
    with place.database.writing() as session:
        assert responses.change_languages(session, record, Languages("en", None), place.ilse, at(6)) == record


def test_unlocking_needs_a_reason_and_lets_changes_in_again(place: Place, token: str) -> None:
    assert lock(place, token, reason=" nagekeken ")
    assert not lock(place, token)
    with pytest.raises(NoReason):
        lock(place, token, locked=False, reason="  ")
    assert lock(place, token, locked=False, reason="een fout in de leeftijd")
    place.save(token, {a("age"): 41})
    with place.database.reading() as session:
        found = locks.history(session, place.record(token).id)
    assert [(one.locked, one.by, one.at, one.reason) for one in found] == [
        (False, "COE-333", at(5), "een fout in de leeftijd"),
        (True, "COE-333", at(5), "nagekeken"),
    ]


def test_who_fills_in_alone_is_not_interrupted(place: Place, token: str) -> None:
    with place.database.writing() as session:
        session.execute(update(Response).values(mode="link"))
    with pytest.raises(StillFilledIn):
        lock(place, token)
    hand_in(place, token)
    assert lock(place, token)


def test_many_are_locked_at_once_as_far_as_they_were_handed_in(place: Place, token: str) -> None:
    others = [place.open() for _ in range(3)]
    for one in (token, *others[:2]):
        hand_in(place, one)
    lock(place, others[0])
    with place.database.writing() as session:
        locked = locks.lock_many(session, place.study, [token, *others, "unknown"], "klaar", place.coen, at(7))
        assert locks.lock_many(session, place.study, [others[1]], "", place.coen, at(8), frozenset()) == []
    assert locked == [token, others[1]]
    assert [place.record(one).locked_at for one in (token, *others)] == [at(7), at(5), at(7), None]
