"""Participants: registering and finding them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.planning.statuses import Status
from survey.storage.course import set_status
from survey.storage.people import free_code
from survey.storage.protocols import protocol_of
from survey.storage.tables import Participant, Response, StatusChange


def speaks(session: Session, participant_id: int, language: str) -> None:
    """Keep the language in which a participant was interviewed: the next interview is offered in it."""
    session.execute(update(Participant).where(Participant.id == participant_id).values(language=language))


def register(
    session: Session,
    study_id: int,
    by: int,
    now: datetime.datetime,
    language: str | None = None,
    click: str | None = None,
    **known: Any,
) -> Participant:
    """A new participant, under a code without meaning; the same one again for the same `click` of a button.

    `known` are other columns of Participant: team, coach, interviewer, whether an interpreter is needed. Who is
    registered was asked to take part; without a protocol there is no consent to wait for, and they do at once.
    """
    pressed = select(Participant).where(Participant.study_id == study_id, Participant.click == click)
    before = session.scalar(pressed) if click else None
    if before is not None:
        return before
    participant = Participant(
        study_id=study_id,
        code=free_code(session),
        language=language,
        registered_at=now,
        registered_by=by,
        click=click,
        status="approached",
        **known,
    )
    status: Status = "approached" if protocol_of(session, study_id) else "active"
    try:
        with session.begin_nested():
            session.add(participant)
            session.flush()
            row = {"participant_id": participant.id, "status": "approached", "person_id": by, "at": now}
            session.execute(insert(StatusChange), row)
    except IntegrityError:
        # The same button, pressed at the same moment on another node.
        return session.scalars(pressed).one()
    if status != "approached":
        set_status(session, participant, status, by, now)
    return participant


def participant_with(session: Session, study_id: int, code: str) -> Participant | None:
    """The participant of this code in this study."""
    return session.scalar(select(Participant).where(Participant.study_id == study_id, Participant.code == code))


def participants(session: Session, study_id: int, limit: int, offset: int = 0, code: str = "") -> list[Participant]:
    """A study's participants, newest first; `code` narrows to codes that begin so."""
    query = select(Participant).where(
        Participant.study_id == study_id, Participant.code.startswith(code, autoescape=True)
    )
    return list(session.scalars(query.order_by(Participant.id.desc()).limit(limit).offset(offset)))


def participant_count(session: Session, study_id: int, code: str = "") -> int:
    """How many participants a study has."""
    query = select(func.count()).select_from(Participant).where(Participant.study_id == study_id)
    return session.scalar(query.where(Participant.code.startswith(code, autoescape=True))) or 0


def responses_of(session: Session, participant_ids: Sequence[int]) -> list[Response]:
    """All responses of these participants."""
    return list(session.scalars(select(Response).where(Response.participant_id.in_(participant_ids))))
