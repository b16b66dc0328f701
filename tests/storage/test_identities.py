"""Identities: kept sealed, opened for their own row only, destroyed for good."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from planned_study import PlannedStudy, plan_study
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.storage import identities, participants
from survey.storage.database import Database
from survey.storage.sealing import CannotOpen, Sealer
from survey.storage.tables import Identity, Participant, Person

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
SEALER = Sealer(b"m" * 32)
NOOR = {"name": "Noor Verzonnen", "phone": "06 00 00 00 00", "email": "noor@example.org", "remark": "Bel na tien uur."}


class Kept:
    """A session with the planned study and two participants."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.study: PlannedStudy = plan_study(session, NOW)
        self.ilse = self.study.people["ilse"]
        self.noor, self.omar = (participants.register(session, self.study.study, self.ilse, NOW) for _ in range(2))

    def keep(self, subject: Participant | Person, **values: str) -> None:
        identities.keep(self.session, SEALER, subject, values, self.ilse, NOW)

    def rows(self) -> list[Identity]:
        return list(self.session.scalars(select(Identity).order_by(Identity.id)))


@pytest.fixture
def kept(database: Database) -> Iterator[Kept]:
    with database.writing() as session:
        yield Kept(session)


def test_identity_opens_as_it_was_kept_and_stands_nowhere_in_the_clear(kept: Kept) -> None:
    kept.keep(kept.noor, **NOOR, address="  ")
    assert identities.open_identity(kept.session, SEALER, kept.noor) == NOOR
    assert identities.open_identity(kept.session, SEALER, kept.omar) is None
    (row,) = kept.rows()
    assert not [word for word in NOOR.values() if word.encode() in row.sealed + row.wrapped_key]


def test_identity_that_is_kept_again_takes_the_place_of_the_first_under_a_new_key(kept: Kept) -> None:
    kept.keep(kept.noor, **NOOR)
    before = (kept.rows()[0].wrapped_key, kept.rows()[0].sealed)
    kept.keep(kept.noor, phone="06 11 11 11 11")
    (row,) = kept.rows()
    assert identities.open_identity(kept.session, SEALER, kept.noor) == {"phone": "06 11 11 11 11"}
    row.wrapped_key, sealed = before[0], row.sealed
    with pytest.raises(CannotOpen):
        identities.open_identity(kept.session, SEALER, kept.noor)
    assert sealed != before[1]


def test_keeping_nothing_destroys_what_there_was(kept: Kept) -> None:
    kept.keep(kept.noor, **NOOR)
    kept.keep(kept.noor, name=" ")
    assert kept.rows() == []
    assert identities.destroy(kept.session, kept.noor) is False


def test_rows_that_were_swapped_do_not_open(kept: Kept) -> None:
    kept.keep(kept.noor, **NOOR)
    kept.keep(kept.omar, name="Omar Verzonnen")
    first, second = kept.rows()
    first.sealed, second.sealed = second.sealed, first.sealed
    first.wrapped_key, second.wrapped_key = second.wrapped_key, first.wrapped_key
    kept.session.flush()
    for subject in (kept.noor, kept.omar):
        with pytest.raises(CannotOpen, match="changed"):
            identities.open_identity(kept.session, SEALER, subject)


def test_addresses_for_messages_come_from_the_same_table(kept: Kept) -> None:
    coen = kept.study.people["coen"]
    identities.keep_email_of_person(kept.session, SEALER, coen, "coen@example.org", kept.ilse, NOW)
    kept.keep(kept.noor, email="noor@example.org")
    assert identities.email_of_person(kept.session, SEALER, coen) == "coen@example.org"
    assert identities.email_of_person(kept.session, SEALER, kept.ilse) is None
    assert identities.email_of_participant(kept.session, SEALER, kept.noor.id) == "noor@example.org"
    assert identities.email_of_participant(kept.session, SEALER, kept.omar.id) is None


def test_what_is_unknown_or_too_long_is_refused(kept: Kept) -> None:
    for values in ({"shoe": "44"}, {"phone": "0" * 41}):
        with pytest.raises(ValueError, match="not kept, or too long"):
            kept.keep(kept.noor, **values)
    assert kept.rows() == []


def test_nothing_is_kept_of_who_was_erased(kept: Kept) -> None:
    kept.session.execute(update(Participant).where(Participant.id == kept.noor.id).values(status="erased"))
    with pytest.raises(identities.Erased):
        kept.keep(kept.noor, **NOOR)


def test_new_master_key_opens_all_without_touching_what_is_sealed(kept: Kept) -> None:
    coen, new = kept.session.get_one(Person, kept.study.people["coen"]), Sealer(b"n" * 32)
    kept.keep(kept.noor, **NOOR)
    kept.keep(coen, email="coen@example.org")
    sealed = [row.sealed for row in kept.rows()]
    assert identities.rewrap(kept.session, SEALER, new) == 2
    assert identities.rewrap(kept.session, SEALER, new) == 0
    assert [row.sealed for row in kept.rows()] == sealed
    assert {row.master for row in kept.rows()} == {new.fingerprint}
    assert identities.open_identity(kept.session, new, kept.noor) == NOOR
    assert identities.email_of_person(kept.session, new, coen.id) == "coen@example.org"
    with pytest.raises(CannotOpen, match="other_key"):
        identities.open_identity(kept.session, SEALER, kept.noor)


def test_key_under_a_third_master_key_stops_the_wrapping(kept: Kept) -> None:
    kept.keep(kept.noor, **NOOR)
    with pytest.raises(CannotOpen, match="other_key"):
        identities.rewrap(kept.session, Sealer(b"t" * 32), Sealer(b"n" * 32))
