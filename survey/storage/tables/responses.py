"""Responses and their trail: who answered what when, and what was on the screen."""

from __future__ import annotations

import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from survey.answers.document import Part
from survey.storage.tables.base import Base, Moment


class Response(Base):
    """One filled-in (or half filled-in) instrument: a participant's or a person's, at one wave of one study.

    `document` is JSON: {"answers": {unit: answer}, "drafts": {unit: raw}, "notes": {question: text}, "relay":
    {question: codes}}. `version` counts its saves. The document equals the replay of its changes. `language` is that of
    who fills in, `second_language` the participant's; `layout` says which of them stand on the page: "both", "staff" or
    "participant". `segment` is the number of the segment that runs, 0 before the first. `team_id` is the subject's
    team. `meeting_id` says which meeting an observer saw. `mode` says how it is filled in: "signed_in", or alone by a
    personal "link" or on a device at hand ("kiosk"). `locked_at`: from then on it takes no change until a researcher
    unlocks it.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("wave_id", "instrument", "participant_id"),
        Index(
            "uq_response_wave_id_instrument_person_id",
            "wave_id",
            "instrument",
            "person_id",
            unique=True,
            sqlite_where=text("meeting_id IS NULL"),
            postgresql_where=text("meeting_id IS NULL"),
        ),
        UniqueConstraint("meeting_id", "instrument", "person_id"),
        CheckConstraint("(participant_id IS NULL) <> (person_id IS NULL)", name="one_subject"),
        Index("ix_response_study_id", "study_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(24), unique=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    instrument_version: Mapped[int]
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str] = mapped_column(String(12))
    second_language: Mapped[str | None] = mapped_column(String(12))
    page: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=0)
    document: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime.datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime.datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    layout: Mapped[str] = mapped_column(String(12), default="both", server_default="both")
    segment: Mapped[int] = mapped_column(default=0, server_default="0")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    mode: Mapped[str] = mapped_column(String(12), default="signed_in", server_default="signed_in")
    locked_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class TextSet(Base):
    """All texts of one instrument version in one language as they stood, kept once under their fingerprint."""

    __tablename__ = "text_set"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(40))
    instrument_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    document: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime.datetime] = mapped_column(Moment)


class Visit(Base):
    """One save of one page: who, when, in which languages, with which texts on the screen. Never updated.

    `kind`: "page" (sent as a whole), "autosave", "submit", "correction". `version` is the response's after it. `tab` is
    the random name of the open page that sent it, so that one page never conflicts with itself. `segment` is the number
    of the response's segment to which it belongs, `layout` as in Response; None where neither was recorded yet.
    `person_id` is None where a participant filled in alone. `received_at` is there only where it was filled in without
    a connection and came later: then `at` is when it was filled in, reckoned back from when it came.
    """

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_response_id", "response_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    page: Mapped[str | None] = mapped_column(String(60))
    tab: Mapped[str | None] = mapped_column(String(24))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    texts: Mapped[str | None] = mapped_column(ForeignKey("text_set.sha256"))
    second_texts: Mapped[str | None] = mapped_column(ForeignKey("text_set.sha256"))
    segment: Mapped[int | None]
    layout: Mapped[str | None] = mapped_column(String(12))
    received_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class Change(Base):
    """One change of one answer, draft or note. Old and new are JSON, None where there was or is none. Never updated."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_response_id", "response_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    version: Mapped[int]
    part: Mapped[Part] = mapped_column(String(8))
    unit: Mapped[str] = mapped_column(String(60))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class ResponseLock(Base):
    """A response locked or unlocked, with the reason. Never updated; the newest counts."""

    __tablename__ = "response_lock"
    __table_args__ = (Index("ix_response_lock_response_id", "response_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    locked: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
