"""Many at once: two clicks, two devices and several servers on one database lose nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from small_study import START, Place
from sqlalchemy import func, select

from survey.instruments.reading import read_text
from survey.instruments.texts import Texts
from survey.storage.database import Database
from survey.storage.merging import Conflict
from survey.storage.record import Saving
from survey.storage.responses import keep_texts, open_response, replay, response, save, submit
from survey.storage.tables import Response, TextSet, Visit

AT_ONCE = 6


@pytest.fixture(params=["one server", "several servers"])
def places(place: Place, request: pytest.FixtureRequest) -> Iterator[list[Place]]:
    """The same study for each thread: all within one server, or each in a server of its own."""
    if request.param == "one server":
        yield [place] * AT_ONCE
        return
    address = place.database.url.render_as_string(hide_password=False)
    own = [replace(place, database=Database(address)) for _ in range(AT_ONCE)]
    yield own
    for one in own:
        one.database.close()


def at_once(places: list[Place], work: Callable[[Place, int], Any]) -> list[Any]:
    """What each of several threads gets, all started at the same moment, each in its place."""
    barrier = Barrier(AT_ONCE)

    def started(number: int) -> Any:
        barrier.wait()
        return work(places[number], number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(started, range(AT_ONCE)))


def test_opening_at_once_gives_one_response(place: Place, places: list[Place]) -> None:
    opening = place.opening()

    def opened(place: Place, number: int) -> str:
        with place.database.writing() as session:
            return open_response(session, opening, START)

    tokens = at_once(places, opened)
    with place.database.reading() as session:
        count = session.scalar(select(func.count()).select_from(Response))
    assert (len(set(tokens)), count) == (1, 1)


def test_saving_different_answers_at_once_loses_none(place: Place, places: list[Place]) -> None:
    token = place.open()

    def saved(place: Place, number: int) -> list[int]:
        base, versions = 0, []
        for count in range(5):
            record = place.save(token, {("answers", f"q{number}"): count}, tab=f"tab {number}", base_version=base)
            versions.append(record.version)
        return versions

    versions = at_once(places, saved)
    found = place.record(token)
    assert found.answers == {f"q{number}": 4 for number in range(AT_ONCE)}
    assert sorted(version for own in versions for version in own) == list(range(1, 5 * AT_ONCE + 1))
    with place.database.reading() as session:
        assert replay(session, found.id) == found.document
        assert session.scalar(select(func.count()).select_from(Visit)) == found.version == 5 * AT_ONCE


def test_saving_the_same_answer_at_once_lets_one_through_and_tells_the_others(
    place: Place, places: list[Place]
) -> None:
    token = place.open()

    def saved(place: Place, number: int) -> Any:
        try:
            return place.save(token, {("answers", "age"): number}, tab=f"tab {number}", base_version=0).answers["age"]
        except Conflict as conflict:
            return conflict.differences[0]

    found = at_once(places, saved)
    first = [one for one in found if isinstance(one, int)]
    others = [(one.theirs, one.mine) for one in found if not isinstance(one, int)]
    assert place.record(token).answers == {"age": first[0]}
    assert (len(first), others) == (1, [(first[0], number) for number in range(AT_ONCE) if number != first[0]])


def test_submitting_at_once_makes_one_submission(place: Place, places: list[Place]) -> None:
    token = place.open()

    def submitted(place: Place, number: int) -> Any:
        with place.database.writing() as session:
            record = response(session, token, for_writing=True)
            assert record is not None
            return submit(session, record, Saving("submit", None, place.ilse, record.version), START).version

    assert at_once(places, submitted) == [1] * AT_ONCE
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_keeping_the_same_texts_at_once_keeps_them_once(place: Place, places: list[Place]) -> None:
    small = read_text(
        "{instrument: small, version: 1, language: nl, title: T, about: person, role: coach, purpose: P, "
        "pages: [{page: een, title: E, questions: [{kind: note, name: a, text: A}]}]}"
    )
    token = place.open()

    def kept(place: Place, number: int) -> str:
        with place.database.writing() as session:
            record = response(session, token, for_writing=True) if number % 2 else None
            sha = keep_texts(session, Texts(small, "nl", {}), START)
            if record is not None:
                save(session, record, Saving("page", "een", place.ilse, record.version, texts=sha), START)
            return sha

    assert len(set(at_once(places, kept))) == 1
    with place.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(TextSet)) == 1
        assert session.scalar(select(func.count()).select_from(Visit)) == AT_ONCE // 2


def test_second_writer_waits_and_then_sees_what_the_first_wrote(place: Place, places: list[Place]) -> None:
    token = place.open()
    with ThreadPoolExecutor(1) as pool:
        with place.database.writing() as session:
            record = response(session, token, for_writing=True)
            assert record is not None
            second = pool.submit(places[-1].save, token, {("answers", "kids"): 2})
            assert wait([second], timeout=0.2).done == set()
            save(session, record, Saving("page", "one", place.ilse, 0, {("answers", "age"): 40}), START)
        saved = second.result(timeout=20)
    assert (saved.version, saved.answers) == (2, {"age": 40, "kids": 2})


def test_reading_goes_on_while_another_writes(place: Place) -> None:
    token = place.open()
    with place.database.writing() as session:
        record = response(session, token, for_writing=True)
        assert record is not None
        save(session, record, Saving("page", "one", place.ilse, 0, {("answers", "age"): 40}), START)
        assert place.record(token).answers == {}
    assert place.record(token).answers == {"age": 40}
