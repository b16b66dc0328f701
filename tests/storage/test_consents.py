"""Consent: the words that were shown, what follows from a yes, and taking it back."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk, plan_study
from sqlalchemy.orm import Session

from survey.storage import consents, participants
from survey.storage.consents import Agreed, NeededPurpose
from survey.storage.database import Database
from survey.storage.tables import Consent, Participant

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
PROTOCOL = krachtwerk().protocol
TEXT = PROTOCOL.newest_consent
YES = Agreed(TEXT, "en", {"contact", "interviews"}, "spoken", True)


@dataclass
class Asked:
    """A session, a planned study, and a participant who was asked to take part."""

    session: Session
    study: PlannedStudy
    participant: Participant

    def say(self, **other: Any) -> Consent:
        """Agree, with something else than a spoken yes."""
        agreed = replace(YES, **other)
        return consents.give(self.session, self.participant, PROTOCOL, agreed, self.study.people["ilse"], NOW)

    @property
    def course(self) -> list[tuple[str, str | None, str | None]]:
        """Status, reason and whose note, oldest first."""
        rows = participants.history(self.session, self.participant.id)
        return [(change.status, change.reason, code) for change, code in reversed(rows)]

    def waves(self) -> list[str]:
        """The waves at which something is asked."""
        found = participants.tasks_of(self.session, self.participant.id)
        return [one.wave for one in found if one.task.dropped_at is None]


@pytest.fixture
def asked(database: Database) -> Any:
    with database.writing() as session:
        study = plan_study(session, NOW)
        about = {"team_id": study.teams["north"], "interviewer_id": study.people["ilse"]}
        yield Asked(session, study, participants.register(session, study.study, study.people["ilse"], NOW, **about))


def test_consent_keeps_the_words_as_they_were_shown_and_what_was_ticked(asked: Asked) -> None:
    consent = asked.say()
    paragraphs = [TEXT.words, *(one.words for one in TEXT.purposes.values()), TEXT.keeping]
    assert (consent.version, consent.language, consent.how, consent.keeps) == (1, "en", "spoken", True)
    assert consents.purposes_of(consent) == ["interviews", "contact"]
    assert consent.words.split("\n\n") == [words["en"] for words in paragraphs]


def test_who_agrees_takes_part_with_an_arm_and_is_asked_the_first_interview(asked: Asked) -> None:
    before = (asked.participant.arm, asked.waves())
    asked.say()
    assert (before, asked.participant.arm, asked.waves()) == ((None, ["t0"]), "krachtwerk", ["t0"])
    ilse = asked.study.codes["ilse"]
    assert asked.course == [("approached", None, ilse), ("active", None, ilse)]


def test_nobody_takes_part_without_what_is_needed(asked: Asked) -> None:
    with pytest.raises(NeededPurpose):
        asked.say(purposes={"quotes", "contact"})
    assert (asked.participant.status, consents.consents_of(asked.session, asked.participant.id)) == ("approached", [])


def test_same_consent_twice_is_kept_once_and_another_one_beside_it(asked: Asked) -> None:
    first, again, other = asked.say(), asked.say(), asked.say(purposes={"interviews"})
    assert first.id == again.id
    assert [one.id for one in consents.consents_of(asked.session, asked.participant.id)] == [other.id, first.id]
    assert consents.current(asked.session, asked.participant.id) == other
    assert [status for status, _, _ in asked.course] == ["approached", "active"]


def test_withdrawing_takes_back_every_consent_and_nothing_is_asked_any_more(asked: Asked) -> None:
    asked.say()
    asked.say(keeps=False)
    later = NOW + datetime.timedelta(days=3)
    consents.withdraw(asked.session, asked.participant, asked.study.people["iris"], later)
    every = consents.consents_of(asked.session, asked.participant.id)
    assert [(one.withdrawn_at, one.withdrawn_by) for one in every] == [(later, asked.study.people["iris"])] * 2
    assert consents.current(asked.session, asked.participant.id) is None
    assert (asked.participant.status, asked.waves()) == ("withdrawn", [])


def test_who_comes_back_after_withdrawing_agrees_anew(asked: Asked) -> None:
    asked.say()
    consents.withdraw(asked.session, asked.participant, asked.study.people["ilse"], NOW)
    consent = asked.say()
    assert consents.current(asked.session, asked.participant.id) == consent
    assert [status for status, _, _ in asked.course] == ["approached", "active", "withdrawn", "active"]
    assert (asked.participant.arm, asked.waves()) == ("krachtwerk", ["t0"])


def test_who_does_not_take_part_leaves_a_reason_and_no_consent(asked: Asked) -> None:
    consents.decline(asked.session, asked.participant, "no_time", asked.study.people["ilse"], NOW)
    assert asked.course[-1] == ("declined", "no_time", asked.study.codes["ilse"])
    assert (asked.waves(), consents.current(asked.session, asked.participant.id)) == ([], None)


def test_two_clicks_at_once_make_one_consent(database: Database) -> None:
    with database.writing() as session:
        study = plan_study(session, NOW)
        participant = participants.register(session, study.study, study.people["ilse"], NOW).id
    both = Barrier(2)

    def press(_: int) -> None:
        both.wait()
        with database.writing() as session:
            found = session.get_one(Participant, participant)
            consents.give(session, found, PROTOCOL, YES, study.people["ilse"], NOW)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, range(2)))
    with database.reading() as session:
        assert len(consents.consents_of(session, participant)) == 1
        course = [change.status for change, _ in participants.history(session, participant)]
    assert course == ["active", "approached"]
