"""Studies, their waves, and their participants under a pseudonym."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Study(Base):
    """One study. `time_zone` is the zone in which its times are shown and exported."""

    __tablename__ = "study"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Amsterdam")
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)


class Wave(Base):
    """One moment of measuring. `code` becomes the suffix of its variables, as in trust_t0."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]


class Participant(Base):
    """Somebody who is supported and interviewed, known here by a code only.

    `click` is the random name of the button that registered them, so that pressing it five times makes one participant.
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(12))
    registered_at: Mapped[datetime.datetime] = mapped_column(Moment)
    registered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    click: Mapped[str | None] = mapped_column(String(24), unique=True)
