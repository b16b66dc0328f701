"""Studies with their waves, protocols, teams, randomisation lists, and the files handed out of them."""

from __future__ import annotations

import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Study(Base):
    """One study. `time_zone` is the zone in which its times are shown and exported.

    `seed` begins its randomisation list; None where nothing is drawn by lot.
    """

    __tablename__ = "study"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="Europe/Amsterdam")
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    seed: Mapped[int | None] = mapped_column(BigInteger)


class Wave(Base):
    """One moment of measuring. `code` becomes the suffix of its variables, as in trust_t0."""

    __tablename__ = "wave"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]


class StudyProtocol(Base):
    """A protocol as a study adopted it: the file's whole text, so that it is at hand years later. Never updated.

    The newest of a study counts.
    """

    __tablename__ = "study_protocol"
    __table_args__ = (UniqueConstraint("study_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    protocol: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    adopted_at: Mapped[datetime.datetime] = mapped_column(Moment)
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Team(Base):
    """A team of a study; `code` is its short name in exports."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)


class Allocation(Base):
    """One place on a study's randomisation list: the arm that was drawn, and who got it. Places are made in order.

    `stratum` is a team's code, "" where the list is one for the study. `block` counts from 1 within its stratum.
    """

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("study_id", "stratum", "position"), UniqueConstraint("participant_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    stratum: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    block: Mapped[int]
    arm: Mapped[str] = mapped_column(String(20))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class Download(Base):
    """A file that was handed out. `selection` is JSON. From `superseded_at` on it holds what later files do not."""

    __tablename__ = "download"
    __table_args__ = (Index("ix_download_study_id", "study_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    format: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(String(64))
    responses: Mapped[int]
    losses: Mapped[int] = mapped_column(default=0)
    selection: Mapped[str] = mapped_column(Text, default="{}")
    superseded_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    superseded_why: Mapped[str | None] = mapped_column(String(40))
