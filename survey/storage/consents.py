"""What participants agree to: the words that they were shown, for which purposes, and when they took it back."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.instruments.protocols.model import ConsentText, Protocol, said
from survey.planning.statuses import Reason
from survey.storage import course, locks
from survey.storage.protocols import draw_arm, protocol_of
from survey.storage.record import dumps
from survey.storage.tables import Consent, Participant

How = Literal["signed", "spoken"]
"""By which way somebody agreed: with a signature on paper, or out loud."""


class NeededPurpose(ValueError):
    """Without agreeing to a needed purpose nobody takes part. Nothing was written."""


@dataclass(frozen=True)
class Agreed:
    """What a participant said yes to. `purposes` are codes of the text, `language` the one in which it was shown."""

    text: ConsentText
    language: str
    purposes: Collection[str]
    how: How
    keeps: bool


def words_shown(text: ConsentText, language: str) -> str:
    """All words of a consent as they stand on the page: the text, each purpose, what becomes of the answers."""
    parts = [text.words, *(purpose.words for purpose in text.purposes.values()), text.keeping]
    return "\n\n".join(said(words, language) for words in parts)


def give(
    session: Session, participant: Participant, protocol: Protocol, agreed: Agreed, by: int, now: datetime.datetime
) -> Consent:
    """Keep a consent; from then on the participant takes part: the arm is drawn, and what is asked is planned.

    The same consent twice is kept once. An earlier one with other words or purposes stays, and the newest counts.
    Raises NeededPurpose.
    """
    if any(purpose.needed and code not in agreed.purposes for code, purpose in agreed.text.purposes.items()):
        raise NeededPurpose
    row = {
        "version": agreed.text.version,
        "language": agreed.language,
        "words": words_shown(agreed.text, agreed.language),
        "purposes": dumps([code for code in agreed.text.purposes if code in agreed.purposes]),
        "how": agreed.how,
        "keeps": agreed.keeps,
    }
    # Two clicks at once: the second waits here, and finds what the first one wrote.
    session.refresh(participant, with_for_update=True)
    consent = current(session, participant.id)
    if consent is None or any(getattr(consent, name) != value for name, value in row.items()):
        consent = Consent(participant_id=participant.id, given_at=now, noted_by=by, **row)
        session.add(consent)
        session.flush()
    draw_arm(session, participant, protocol, now)
    if participant.status == "finished":
        return consent
    course.set_status(session, participant, "active", by, now)
    locks.unlock_withdrawn(session, participant.id, by, now)
    # Who took part before there was a protocol keeps the status, and is planned by it from now on.
    course.replan(session, participant, now)
    return consent


def current(session: Session, participant_id: int) -> Consent | None:
    """The consent that holds: the newest one, unless it was taken back."""
    newest = select(Consent).where(Consent.participant_id == participant_id).order_by(Consent.id.desc()).limit(1)
    consent = session.scalar(newest)
    return consent if consent is not None and consent.withdrawn_at is None else None


def awaited(session: Session, study_id: int, participant_id: int) -> bool:
    """Whether a participant has yet to agree before something is begun: only a study with a protocol asks for it."""
    return protocol_of(session, study_id) is not None and current(session, participant_id) is None


def consents_of(session: Session, participant_id: int) -> list[Consent]:
    """Every consent of a participant, newest first."""
    query = select(Consent).where(Consent.participant_id == participant_id)
    return list(session.scalars(query.order_by(Consent.id.desc())))


def purposes_of(consent: Consent) -> list[str]:
    """The codes of what was agreed to."""
    return [str(code) for code in json.loads(consent.purposes)]


def withdraw(session: Session, participant: Participant, by: int, now: datetime.datetime) -> None:
    """Take every consent of a participant back: nothing is asked or written down any more. The words stay."""
    held = (Consent.participant_id == participant.id, Consent.withdrawn_at.is_(None))
    values = {"withdrawn_at": now, "withdrawn_by": by}
    session.execute(update(Consent).where(*held).values(values).execution_options(synchronize_session="fetch"))
    course.set_status(session, participant, "withdrawn", by, now)
    locks.lock_withdrawn(session, participant.id, by, now)


def decline(session: Session, participant: Participant, reason: Reason, by: int, now: datetime.datetime) -> None:
    """Keep that somebody who was asked does not take part, and why."""
    course.set_status(session, participant, "declined", by, now, reason)
