"""Participants under a pseudonym: where they stand in the study, what they agreed to, and who they are, sealed."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Participant(Base):
    """Somebody who is supported and interviewed, known here by a code only.

    `click` is the random name of the button that registered them, so that pressing it five times makes one participant.
    `status` is one of `survey.planning.statuses.STATUSES`, `reason` one of its REASONS for who dropped out. `coach_id`
    and `interviewer_id` are people, `arm` a code of the protocol. `round_off` is the day on which the coach rounded the
    trajectory off. `needs_interpreter`: None where nobody asked yet.
    """

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("study_id", "code"),
        Index("ix_participant_study_id", "study_id", "status"),
        Index("ix_participant_team_id", "team_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(12))
    registered_at: Mapped[datetime.datetime] = mapped_column(Moment)
    registered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    click: Mapped[str | None] = mapped_column(String(24), unique=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    interviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    arm: Mapped[str | None] = mapped_column(String(20))
    needs_interpreter: Mapped[bool | None]
    status: Mapped[str] = mapped_column(String(12), default="approached", server_default="approached")
    reason: Mapped[str | None] = mapped_column(String(20))
    round_off: Mapped[datetime.date | None] = mapped_column(Date)


class StatusChange(Base):
    """A participant's status from a moment on. Never updated; the newest stands in Participant."""

    __tablename__ = "status_change"
    __table_args__ = (Index("ix_status_change_participant_id", "participant_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)


class Consent(Base):
    """What a participant agreed to: which version of which words, for which purposes, and how.

    `purposes` is JSON: codes of the protocol. `how`: "signed", "spoken". `keeps`: whether the answers may stay when the
    consent is withdrawn. Only `withdrawn_at` and `withdrawn_by` are ever filled in later.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_participant_id", "participant_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    version: Mapped[int]
    language: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    purposes: Mapped[str] = mapped_column(Text, default="[]")
    how: Mapped[str] = mapped_column(String(12))
    keeps: Mapped[bool]
    given_at: Mapped[datetime.datetime] = mapped_column(Moment)
    noted_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Identity(Base):
    """Who a participant is, or at which address a person who signs in is reached. Only sealed.

    `sealed` is JSON of names and addresses, encrypted under a key of this row's own; `wrapped_key` is that key,
    encrypted under the installation's master key, whose fingerprint is `master`.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("participant_id"),
        UniqueConstraint("person_id"),
        CheckConstraint("(participant_id IS NULL) <> (person_id IS NULL)", name="one_subject"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    master: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime.datetime] = mapped_column(Moment)
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class ContactAttempt(Base):
    """One attempt to reach a participant for a wave. `outcome` and `how` as in `survey.planning.statuses`."""

    __tablename__ = "contact_attempt"
    __table_args__ = (Index("ix_contact_attempt_participant_id", "participant_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    how: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(16))
    again_on: Mapped[datetime.date | None] = mapped_column(Date)
