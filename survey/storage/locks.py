"""Locking responses: from then on nothing changes in them until a researcher unlocks them, with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey.storage import screens
from survey.storage.record import Record
from survey.storage.scopes import Scope, in_teams
from survey.storage.tables import Participant, Person, Response, ResponseLock

LONGEST = 2000
"""So many signs of a reason are kept."""


WITHDRAWN = "consent withdrawn"
"""The reason of a lock that came with a withdrawal, and of its end when somebody agrees anew."""


class NoReason(ValueError):
    """Unlocking needs a reason."""


class StillFilledIn(ValueError):
    """Who fills in alone is not interrupted: such a response is locked after it was handed in."""


class Withdrawn(ValueError):
    """The participant took the consent back, so nothing is written down any more."""


@dataclass(frozen=True)
class Lock:
    """A response locked or unlocked: by whom (a code), when, and why."""

    locked: bool
    by: str
    at: datetime.datetime
    reason: str


def history(session: Session, response_id: int) -> list[Lock]:
    """Every locking and unlocking of a response, the newest first."""
    query = select(ResponseLock.locked, Person.code, ResponseLock.at, ResponseLock.reason)
    query = query.join(Person, ResponseLock.person_id == Person.id).where(ResponseLock.response_id == response_id)
    return [Lock(*row) for row in session.execute(query.order_by(ResponseLock.id.desc()))]


def set_lock(
    session: Session, record: Record, locked: bool, reason: str, person_id: int, now: datetime.datetime
) -> bool:
    """Lock or unlock a response, read for writing; whether that changed anything.

    Raises NoReason, StillFilledIn and Withdrawn.
    """
    if locked == (record.locked_at is not None):
        return False
    if not locked and not reason.strip():
        raise NoReason
    if not locked and _took_back(session, record.participant_id):
        raise Withdrawn
    if locked and record.submitted_at is None and record.mode != "signed_in":
        raise StillFilledIn
    if locked:
        _end_pairings(session, [record.id], person_id, now)
    _write(session, [record.id], locked, reason, person_id, now)
    return True


def _took_back(session: Session, participant_id: int | None) -> bool:
    status = session.scalar(select(Participant.status).where(Participant.id == participant_id))
    return status in ("withdrawn", "erased")


def lock_many(
    session: Session,
    study_id: int,
    tokens: Collection[str],
    reason: str,
    person_id: int,
    now: datetime.datetime,
    teams: Scope = None,
) -> list[str]:
    """Lock those of these responses that were handed in and are not locked yet; the tokens of the ones it locked."""
    query = select(Response.id, Response.token).where(
        Response.study_id == study_id,
        Response.token.in_(tokens),
        Response.submitted_at.is_not(None),
        Response.locked_at.is_(None),
        in_teams(Response.team_id, teams),
    )
    found = session.execute(query.order_by(Response.id).with_for_update()).all()
    if found:
        _write(session, [row.id for row in found], True, reason, person_id, now)
    return [row.token for row in found]


def _end_pairings(session: Session, response_ids: Collection[int], person_id: int, now: datetime.datetime) -> None:
    """Nothing is tapped any more on a participant's screen beside these."""
    for response_id in response_ids:
        pairing = screens.of_response(session, response_id)
        if pairing is not None:
            screens.end(session, pairing, person_id, now)


def lock_withdrawn(session: Session, participant_id: int, person_id: int, now: datetime.datetime) -> None:
    """Let nothing more be written down of somebody who took the consent back, whatever was still open."""
    theirs = (Response.participant_id == participant_id, Response.locked_at.is_(None))
    found = list(session.scalars(select(Response.id).where(*theirs).with_for_update()))
    if found:
        _end_pairings(session, found, person_id, now)
        _write(session, found, True, WITHDRAWN, person_id, now)


def unlock_withdrawn(session: Session, participant_id: int, person_id: int, now: datetime.datetime) -> None:
    """Open again what a withdrawal locked: the participant agreed anew."""
    theirs = (Response.participant_id == participant_id, Response.locked_at.is_not(None))
    locked = session.scalars(select(Response.id).where(*theirs).with_for_update()).all()
    found = [one for one in locked if history(session, one)[0].reason == WITHDRAWN]
    if found:
        _write(session, found, False, WITHDRAWN, person_id, now)


def _write(
    session: Session, response_ids: Collection[int], locked: bool, reason: str, person_id: int, now: datetime.datetime
) -> None:
    rows = [
        {"response_id": one, "locked": locked, "reason": reason.strip()[:LONGEST], "person_id": person_id, "at": now}
        for one in response_ids
    ]
    session.execute(insert(ResponseLock), rows)
    session.execute(update(Response).where(Response.id.in_(response_ids)).values(locked_at=now if locked else None))
