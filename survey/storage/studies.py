"""Studies with their waves, and their participants."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.storage.people import free_code
from survey.storage.tables import Participant, Response, Study, Wave

SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
WAVE_CODE = re.compile(r"[a-z][a-z0-9]{0,2}")
# Three letters and an underscore: the most that fits behind a variable of 28 letters within Stata's 32.


def add_study(
    session: Session,
    slug: str,
    title: str,
    waves: Sequence[tuple[str, str]],
    now: datetime.datetime,
    time_zone: str = "Europe/Amsterdam",
) -> int:
    """The id of a new study with its waves, each a code ("t0") and a title. Raises ValueError."""
    if not SLUG.fullmatch(slug):
        raise ValueError("a study's short name has small letters, digits and dashes")
    if session.scalar(select(Study.id).where(Study.slug == slug)) is not None:
        raise ValueError(f"there is a study called {slug} already")
    codes = [code for code, _ in waves]
    if not codes or len(set(codes)) < len(codes) or not all(WAVE_CODE.fullmatch(code) for code in codes):
        raise ValueError("each wave has a code of its own, of one to three letters and digits, such as t0")
    row = {"slug": slug, "title": title, "time_zone": time_zone, "made_at": now}
    study_id = int(session.execute(insert(Study).returning(Study.id), row).scalar_one())
    rows = [
        {"study_id": study_id, "code": code, "title": words, "position": position}
        for position, (code, words) in enumerate(waves)
    ]
    session.execute(insert(Wave), rows)
    return study_id


def study_with(session: Session, slug: str) -> Study | None:
    """The study of this short name."""
    return session.scalar(select(Study).where(Study.slug == slug))


def studies(session: Session) -> list[Study]:
    """All studies by title."""
    return list(session.scalars(select(Study).order_by(Study.title, Study.id)))


def all_studies(session: Session) -> list[Study]:
    """All studies by title."""
    return list(session.scalars(select(Study).order_by(Study.title)))


def waves(session: Session, study_id: int) -> list[Wave]:
    """The waves of a study, in order."""
    return list(session.scalars(select(Wave).where(Wave.study_id == study_id).order_by(Wave.position)))


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
) -> Participant:
    """A new participant, under a code without meaning; the same one again for the same `click` of a button."""
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
    )
    try:
        with session.begin_nested():
            session.add(participant)
    except IntegrityError:
        # The same button, pressed at the same moment on another node.
        return session.scalars(pressed).one()
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


def responses_by(session: Session, person_id: int, study_id: int) -> list[Response]:
    """The responses about a person's own work in a study."""
    return list(session.scalars(select(Response).where(Response.person_id == person_id, Response.study_id == study_id)))
