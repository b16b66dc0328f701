"""Sessions of signed-in browsers, and lock-out after failures."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage import people, sessions
from survey.storage.database import Database
from survey.storage.people import Somebody
from survey.storage.sessions import FAILURES, LOCKED_FOR, LONGEST
from survey.storage.tables import Person, SignInFailure, SignInSession

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
IDLE = datetime.timedelta(minutes=30)
A_SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as writing:
        yield writing


@pytest.fixture
def ilse(session: Session) -> int:
    return people.add_person(session, "ilse", "correct horse battery", NOW)


def holds(session: Session, token: str, at: datetime.datetime) -> bool:
    return sessions.live_session(session, token, at, IDLE) is not None


def test_session_says_whose_it_is(session: Session, ilse: int) -> None:
    live = sessions.live_session(session, sessions.start_session(session, ilse, NOW, "Firefox"), NOW, IDLE)
    assert live is not None
    assert live.person == Somebody(ilse, "ilse", session.get_one(Person, ilse).code, "nl", False)
    assert (live.made_at, live.seen_at) == (NOW, NOW)


def test_token_is_kept_as_a_hash_only(session: Session, ilse: int) -> None:
    token = sessions.start_session(session, ilse, NOW, "x" * 500)
    kept = session.scalars(select(SignInSession)).one()
    assert (kept.token_hash, kept.agent) == (sessions.hashed(token), "x" * 200)
    assert token not in kept.token_hash
    assert not holds(session, kept.token_hash, NOW)


def test_tokens_differ(session: Session, ilse: int) -> None:
    assert len({sessions.start_session(session, ilse, NOW, "") for _ in range(20)}) == 20


def test_session_ends_when_nobody_is_seen_for_long(session: Session, ilse: int) -> None:
    token = sessions.start_session(session, ilse, NOW, "")
    assert [holds(session, token, NOW + passed) for passed in (IDLE - A_SECOND, IDLE)] == [True, False]
    sessions.seen(session, sessions.hashed(token), NOW + IDLE - A_SECOND)
    assert holds(session, token, NOW + IDLE)


def test_session_ends_in_the_end_however_busy(session: Session, ilse: int) -> None:
    token = sessions.start_session(session, ilse, NOW, "")
    sessions.seen(session, sessions.hashed(token), NOW + LONGEST - A_SECOND)
    assert [holds(session, token, NOW + passed) for passed in (LONGEST - A_SECOND, LONGEST)] == [True, False]
    assert sessions.sessions_of(session, ilse, NOW + LONGEST, IDLE) == []


def test_revoked_session_holds_no_longer_but_still_has_its_owner(session: Session, ilse: int) -> None:
    token = sessions.start_session(session, ilse, NOW, "")
    sessions.revoke(session, sessions.hashed(token), NOW)
    assert (holds(session, token, NOW), sessions.owner(session, token)) == (False, ilse)


def test_session_of_another_person_is_not_ended(session: Session, ilse: int) -> None:
    coen = people.add_person(session, "coen", "correct horse battery", NOW)
    token = sessions.start_session(session, coen, NOW, "")
    ended = [sessions.revoke_of(session, person, sessions.hashed(token), NOW) for person in (ilse, coen, coen)]
    assert (ended, holds(session, token, NOW)) == ([False, True, False], False)


def test_sessions_of_a_person_are_those_that_hold_with_the_last_seen_first(session: Session, ilse: int) -> None:
    coen = people.add_person(session, "coen", "correct horse battery", NOW)
    sessions.start_session(session, coen, NOW, "somebody else's")
    tokens = {
        agent: sessions.start_session(session, ilse, NOW, agent) for agent in ("first", "revoked", "idle", "second")
    }
    later = NOW + IDLE
    sessions.seen(session, sessions.hashed(tokens["first"]), later)
    sessions.seen(session, sessions.hashed(tokens["second"]), NOW + A_SECOND)
    sessions.revoke(session, sessions.hashed(tokens["revoked"]), NOW)
    assert [one.agent for one in sessions.sessions_of(session, ilse, later, IDLE)] == ["first", "second"]


def test_unknown_token_opens_nothing(session: Session) -> None:
    assert (sessions.live_session(session, "made up", NOW, IDLE), sessions.owner(session, "made up")) == (None, None)


@pytest.mark.parametrize("name", ["ilse", "nobody", "", "x" * 10_000])
def test_name_locks_after_enough_failures_whether_it_exists_or_not(session: Session, ilse: int, name: str) -> None:
    said = []
    for number in range(FAILURES):
        said.append(sessions.locked_until(session, name, NOW + number * A_SECOND))
        sessions.note_failure(session, name, NOW + number * A_SECOND)
    assert said == [None] * FAILURES
    at = NOW + FAILURES * A_SECOND
    assert sessions.locked_until(session, f" {name.upper()} ", at) == NOW + LOCKED_FOR
    assert sessions.locked_until(session, name, NOW + LOCKED_FOR) is None


def test_failures_spread_over_hours_lock_nothing(session: Session, ilse: int) -> None:
    for number in range(FAILURES * 2):
        sessions.note_failure(session, "ilse", NOW + number * LOCKED_FOR / 4)
    assert sessions.locked_until(session, "ilse", NOW + FAILURES * 2 * LOCKED_FOR / 4) is None


def test_locked_names_are_found_among_others(session: Session) -> None:
    for name in ("ilse", "nobody"):
        for _ in range(FAILURES):
            sessions.note_failure(session, name, NOW)
    sessions.note_failure(session, "coen", NOW)
    asked = ["ilse", "coen", "olga"]
    assert sessions.locked_names(session, asked, NOW) == frozenset({"ilse"})
    assert sessions.locked_names(session, asked, NOW + LOCKED_FOR) == frozenset()


def test_forgotten_failures_lock_no_longer(session: Session) -> None:
    for _ in range(FAILURES):
        sessions.note_failure(session, "ilse", NOW)
    sessions.forget_failures(session, "ILSE")
    assert sessions.locked_until(session, "ilse", NOW) is None


def test_failures_are_not_kept_for_longer_than_they_matter_and_not_by_name(session: Session) -> None:
    for passed in range(3):
        sessions.note_failure(session, "a password typed as a name", NOW + passed * LOCKED_FOR * 2)
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 1
    assert session.scalars(select(SignInFailure.name_hash)).all() == [sessions.hashed("a password typed as a name")]
