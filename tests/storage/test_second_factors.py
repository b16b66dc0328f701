"""Second factors: codes of an app by RFC 6238, recovery codes, and that none of them works twice."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage import organisations, people, second_factors
from survey.storage.database import Database
from survey.storage.sealing import CannotOpen, Sealer
from survey.storage.second_factors import Factors, step_of
from survey.storage.tables import Person, RecoveryCode, Totp

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
STEP = datetime.timedelta(seconds=30)
SEALER = Sealer(b"m" * 32)
SECRET = b"12345678901234567890"


def code_at(moment: datetime.datetime) -> str:
    return second_factors._totp(SECRET).generate(int(moment.timestamp())).decode()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as writing:
        yield writing


@pytest.fixture
def ilse(session: Session) -> Person:
    return session.get_one(Person, people.add_person(session, "ilse", "correct horse battery", NOW))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    # Appendix B has eight figures; the last six are those that apps show.
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    assert step_of(SECRET, f" {code[:3]} {code[3:]}", moment) == seconds // 30


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(steps: int, fits: bool) -> None:
    assert (step_of(SECRET, code_at(NOW + steps * STEP), NOW) is not None) == fits


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "١٢٣٤٥٦", "\x00", "1" * 10_000])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert step_of(SECRET, typed, NOW) is None


def test_code_of_the_app_works_once_and_only_forwards(session: Session, ilse: Person) -> None:
    second_factors.keep_app(session, SEALER, ilse, SECRET, int((NOW - 9 * STEP).timestamp()) // 30, NOW)
    said = [
        second_factors.app_code_is_right(session, SEALER, ilse, code, NOW)
        for code in (code_at(NOW), code_at(NOW), code_at(NOW - STEP), code_at(NOW + STEP))
    ]
    assert said == [True, False, False, True]


def test_secret_of_the_app_is_kept_sealed_and_for_its_owner_only(session: Session, ilse: Person) -> None:
    second_factors.keep_app(session, SEALER, ilse, SECRET, 0, NOW)
    row = session.scalars(select(Totp)).one()
    assert SECRET not in row.sealed + row.wrapped_key
    with pytest.raises(CannotOpen):
        second_factors.app_code_is_right(session, Sealer(b"o" * 32), ilse, code_at(NOW), NOW)
    coen = session.get_one(Person, people.add_person(session, "coen", "correct horse battery", NOW))
    row.person_id = coen.id
    session.flush()
    with pytest.raises(CannotOpen):
        second_factors.app_code_is_right(session, SEALER, coen, code_at(NOW), NOW)


def test_new_master_key_opens_the_secret_of_the_app(session: Session, ilse: Person) -> None:
    second_factors.keep_app(session, SEALER, ilse, SECRET, 0, NOW)
    new = Sealer(b"n" * 32)
    assert [second_factors.rewrap(session, SEALER, new) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert second_factors.app_code_is_right(session, new, ilse, code_at(NOW), NOW)


def test_recovery_codes_work_once_each_for_their_owner_however_they_are_typed(session: Session, ilse: Person) -> None:
    coen = people.add_person(session, "coen", "correct horse battery", NOW)
    codes = second_factors.new_recovery_codes(session, ilse.id, NOW)
    second_factors.new_recovery_codes(session, coen, NOW)
    assert (len(set(codes)), {len(code) for code in codes}) == (10, {14})
    said = [
        second_factors.use_recovery_code(session, person, typed, NOW)
        for person, typed in [
            (coen, codes[0]),
            (ilse.id, codes[0].lower().replace("-", " ")),
            (ilse.id, codes[0]),
            (ilse.id, "made up now"),
        ]
    ]
    assert (said, second_factors.factors(session, ilse.id)) == ([False, True, False, False], Factors(False, 0, 9))


def test_recovery_codes_are_kept_as_slow_hashes_and_new_ones_replace_them(session: Session, ilse: Person) -> None:
    old = second_factors.new_recovery_codes(session, ilse.id, NOW)
    kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert ({len(one) for one in kept}, [code for code in old if any(code in one for one in kept)]) == ({57}, [])
    second_factors.new_recovery_codes(session, ilse.id, NOW)
    assert not second_factors.use_recovery_code(session, ilse.id, old[0], NOW)


def test_answer_of_a_passkey_counts_once(session: Session, ilse: Person) -> None:
    second_factors.add_passkey(session, ilse.id, "a-key", b"public", 0, "phone", NOW)
    (key,) = second_factors.passkeys(session, ilse.id)
    asked, later = NOW + STEP, NOW + 2 * STEP
    assert [second_factors.use_passkey(session, key, 1, asked, later) for _ in range(2)] == [True, False]
    assert second_factors.passkey_with(session, ilse.id + 1, "a-key") is None


def test_nothing_is_left_when_all_is_removed(session: Session, ilse: Person) -> None:
    second_factors.keep_app(session, SEALER, ilse, SECRET, 0, NOW)
    second_factors.add_passkey(session, ilse.id, "a-key", b"public", 0, "phone", NOW)
    second_factors.new_recovery_codes(session, ilse.id, NOW)
    assert second_factors.factors(session, ilse.id) == Factors(True, 1, 10)
    assert [second_factors.remove_all(session, ilse.id) for _ in range(2)] == [True, False]
    assert second_factors.factors(session, ilse.id) == Factors(False, 0, 0)


def test_subject_of_an_organisation_is_one_person_and_a_closed_account_is_nobody(
    session: Session, ilse: Person
) -> None:
    coen = people.add_person(session, "coen", "correct horse battery", NOW)
    organisations.link(session, "https://one", "s-1", ilse.id, NOW)
    with pytest.raises(organisations.Taken):
        organisations.link(session, "https://one", "s-1", coen, NOW)
    organisations.link(session, "https://two", "s-1", coen, NOW)
    organisations.link(session, "https://one", "s-2", ilse.id, NOW)
    found = [organisations.person_of(session, "https://one", subject) for subject in ("s-1", "s-2")]
    assert found == [None, ilse]
    people.close_account(session, ilse.id, NOW)
    assert organisations.person_of(session, "https://one", "s-2") is None
