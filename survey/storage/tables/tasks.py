"""Who is asked what, when, by whom: the work lists, and personal links for who fills in alone."""

from __future__ import annotations

import datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Task(Base):
    """One instrument to be filled in for one subject at one wave, as the protocol plans it.

    The subject is a participant, or a person (a coach; whoever is interviewed about their work; an observer, then with
    `meeting_id`). `by` is who fills it in: "interviewer", "participant", "coach" or "observer". `opens_on` to
    `closes_on` is the window around `due_on`. `begun_at` and `done_at` follow the response; `dropped_at`: no longer
    asked. `appointment_at` is when it was agreed to meet. `team_id` is the subject's team.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("wave_id", "instrument", "participant_id"),
        Index(
            "uq_task_wave_id_instrument_person_id",
            "wave_id",
            "instrument",
            "person_id",
            unique=True,
            sqlite_where=text("meeting_id IS NULL"),
            postgresql_where=text("meeting_id IS NULL"),
        ),
        UniqueConstraint("meeting_id", "instrument", "person_id"),
        CheckConstraint("(participant_id IS NULL) <> (person_id IS NULL)", name="one_subject"),
        Index("ix_task_study_id", "study_id", "by", "closes_on"),
        Index("ix_task_participant_id", "participant_id"),
        Index("ix_task_person_id", "person_id"),
        Index("ix_task_response_id", "response_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(12))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    opens_on: Mapped[datetime.date] = mapped_column(Date)
    due_on: Mapped[datetime.date] = mapped_column(Date)
    closes_on: Mapped[datetime.date] = mapped_column(Date)
    appointment_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    begun_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    dropped_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class PersonalLink(Base):
    """One way to fill in one task without an account: a personal link, or a start on a device at hand (`kiosk`).

    Only a hash of its secret is kept. `language` is the one in which it greets. It opens nothing after `expires_at`,
    `revoked_at` or `done_at`. `reminded_at` is when the last message went out, `messages` how many went out by e-mail.
    """

    __tablename__ = "personal_link"
    __table_args__ = (Index("ix_personal_link_task_id", "task_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kiosk: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(12))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime.datetime] = mapped_column(Moment)
    opened_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    messages: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
