"""Studies with their waves."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.storage.tables import Response, Study, Wave

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


def waves(session: Session, study_id: int) -> list[Wave]:
    """The waves of a study, in order."""
    return list(session.scalars(select(Wave).where(Wave.study_id == study_id).order_by(Wave.position)))


def wave_with(session: Session, study_id: int, code: str) -> Wave | None:
    """The wave of this code."""
    return session.scalar(select(Wave).where(Wave.study_id == study_id, Wave.code == code))


def responses_by(session: Session, person_id: int, study_id: int) -> list[Response]:
    """The responses about a person's own work in a study."""
    return list(session.scalars(select(Response).where(Response.person_id == person_id, Response.study_id == study_id)))
