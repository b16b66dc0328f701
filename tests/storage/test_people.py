"""People who sign in: their accounts, passwords and roles."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from survey.storage import people, sessions, studies
from survey.storage.codes import tidy
from survey.storage.database import Database
from survey.storage.people import LastAdmin
from survey.storage.people_list import EVERYBODY, Wanted, people_found, people_found_count, scopes_of
from survey.storage.tables import Person

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
IDLE = datetime.timedelta(minutes=30)
PASSWORD = "correct horse battery"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as writing:
        yield writing


def add(session: Session, name: str, *, admin: bool = False) -> int:
    return people.add_person(session, name, PASSWORD, NOW, admin=admin)


def names(found: list[Person]) -> list[str]:
    return [person.name for person in found]


def test_person_is_found_by_name_and_password(session: Session) -> None:
    ilse = add(session, " Ilse ")
    found = {
        (name, password): person.id if (person := people.person_with(session, name, password)) else None
        for name, password in [
            ("ilse", PASSWORD),
            ("ILSE ", PASSWORD),
            ("ilse", PASSWORD + " "),
            ("coen", PASSWORD),
            ("", ""),
        ]
    }
    assert list(found.values()) == [ilse, ilse, None, None, None]


def test_person_has_a_code_with_a_check_character(session: Session) -> None:
    person = session.get_one(Person, add(session, "ilse"))
    assert tidy(person.code) == person.code


def test_name_is_given_once(session: Session) -> None:
    add(session, "ilse")
    with pytest.raises(ValueError, match="there is a person called ilse already"):
        add(session, "ILSE")
    assert [people.name_taken(session, name) for name in (" Ilse", "coen")] == [True, False]


def test_name_of_a_closed_account_stays_taken(session: Session) -> None:
    people.close_account(session, add(session, "ilse"), NOW)
    assert people.name_taken(session, "ilse")


@pytest.mark.parametrize("password", ["", "elevensigns"])
def test_short_password_is_refused(session: Session, password: str) -> None:
    ilse = add(session, "ilse")
    with pytest.raises(ValueError, match="a password has at least 12 characters"):
        people.set_password(session, ilse, password, NOW)
    with pytest.raises(ValueError, match="a password has at least 12 characters"):
        people.add_person(session, "coen", password, NOW)
    assert people.has_password(session, ilse, PASSWORD)


def test_new_password_replaces_the_old_one(session: Session) -> None:
    ilse = add(session, "ilse")
    people.set_password(session, ilse, "a quiet morning walk", NOW)
    assert [people.has_password(session, ilse, one) for one in (PASSWORD, "a quiet morning walk")] == [False, True]


def test_nobody_has_a_password(session: Session) -> None:
    assert people.has_password(session, 999, "nobody's password") is False


def test_new_password_ends_all_sessions_but_the_one_to_keep(session: Session) -> None:
    ilse, coen = add(session, "ilse"), add(session, "coen")
    kept, gone, other = (sessions.start_session(session, person, NOW, "") for person in (ilse, ilse, coen))
    people.set_password(session, ilse, "a quiet morning walk", NOW, keep=sessions.hashed(kept))
    assert [sessions.live_session(session, token, NOW, IDLE) is not None for token in (kept, gone, other)] == [
        True,
        False,
        True,
    ]


def test_closed_account_opens_nothing_until_it_is_reopened(session: Session) -> None:
    ilse = add(session, "ilse")
    token = sessions.start_session(session, ilse, NOW, "")
    people.close_account(session, ilse, NOW)
    assert (people.person_with(session, "ilse", PASSWORD), sessions.live_session(session, token, NOW, IDLE)) == (
        None,
        None,
    )
    people.reopen_account(session, ilse)
    found = people.person_with(session, "ilse", PASSWORD)
    assert (found.id if found else None, sessions.live_session(session, token, NOW, IDLE)) == (ilse, None)


def test_last_open_admin_stays(session: Session) -> None:
    first, second = add(session, "first", admin=True), add(session, "second", admin=True)
    people.close_account(session, second, NOW)
    with pytest.raises(LastAdmin):
        people.close_account(session, first, NOW)
    with pytest.raises(LastAdmin):
        people.set_admin(session, first, False)
    people.reopen_account(session, second)
    people.set_admin(session, first, False)
    assert [session.get_one(Person, person).admin for person in (first, second)] == [False, True]


def test_who_is_no_admin_can_always_be_closed(session: Session) -> None:
    ilse = add(session, "ilse")
    people.close_account(session, ilse, NOW)
    assert session.get_one(Person, ilse).closed_at == NOW


def test_roles_hold_in_one_study_only(session: Session) -> None:
    ilse, coen = add(session, "ilse"), add(session, "coen")
    demo, other = (studies.add_study(session, slug, slug, [("t0", "Start")], NOW) for slug in ("demo", "other"))
    people.set_roles(session, ilse, demo, frozenset({"coach", "interviewer"}))
    people.set_roles(session, ilse, other, frozenset({"researcher"}))
    people.set_roles(session, ilse, demo, frozenset({"observer"}))
    assert people.scopes(session, ilse) == {demo: {"observer": None}, other: {"researcher": None}}
    assert scopes_of(session, [ilse, coen]) == {ilse: people.scopes(session, ilse)}


def test_role_that_does_not_exist_is_refused_and_takes_nothing_away(session: Session) -> None:
    ilse = add(session, "ilse")
    demo = studies.add_study(session, "demo", "Demo", [("t0", "Start")], NOW)
    people.set_roles(session, ilse, demo, frozenset({"coach"}))
    with pytest.raises(ValueError, match="there is no role emperor"):
        people.set_roles(session, ilse, demo, frozenset({"coach", "emperor"}))
    assert people.scopes(session, ilse) == {demo: {"coach": None}}


def test_people_are_found_by_part_of_a_name_or_the_beginning_of_a_code(session: Session) -> None:
    ids = {name: add(session, name) for name in ("olga", "ilse", "coen", "a%b", "zzz")}
    code = session.get_one(Person, ids["coen"]).code
    searches = ["", "L", "%", "coen", code, code.lower(), code.replace("-", "")]
    found = [names(people_found(session, Wanted(words), 10)) for words in searches]
    assert found[:4] == [
        ["a%b", "coen", "ilse", "olga", "zzz"],
        ["ilse", "olga"],
        ["a%b"],
        ["coen"],
    ]
    assert found[4:] == [["coen"]] * 3
    assert [people_found_count(session, Wanted(words)) for words in searches] == [5, 2, 1, 1, 1, 1, 1]
    assert names(people_found(session, EVERYBODY, 2, 2)) == ["ilse", "olga"]


def test_two_admins_cannot_close_each_other_in_the_same_second(database: Database) -> None:
    with database.writing() as writing:
        first, second = add(writing, "first", admin=True), add(writing, "second", admin=True)

    def close(person: int) -> bool:
        try:
            with database.writing() as writing:
                people.close_account(writing, person, NOW)
                time.sleep(0.2)
        except LastAdmin:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(close, (first, second))) == [False, True]
