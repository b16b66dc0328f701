"""Observed team meetings: who observed, how long each step took, and what the observers settled together."""

from __future__ import annotations

import datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Meeting(Base):
    """One team strengths meeting to be observed. `settled_at`: the observers agreed on everything.

    `click` is the random name of the button that made it.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("study_id", "code"), Index("ix_meeting_study_id", "study_id", "held_on"))
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    wave_id: Mapped[int] = mapped_column(ForeignKey("wave.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    instrument: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(12))
    held_on: Mapped[datetime.date] = mapped_column(Date)
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    click: Mapped[str | None] = mapped_column(String(24), unique=True)


class MeetingObserver(Base):
    """One observer of a meeting. `fell_out_at`: could not go on, for `reason`; `share` is the percentage observed."""

    __tablename__ = "meeting_observer"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), Index("ix_meeting_observer_person_id", "person_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    share: Mapped[int | None]
    fell_out_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(String(20))


class StepTime(Base):
    """How long one observer saw one step of a meeting. `step` is a code of the protocol; None in `ended_at`: it runs.

    A correction writes a new row and fills in `replaced_at` of the old one: what was tapped first stays on record.
    """

    __tablename__ = "step_time"
    __table_args__ = (Index("ix_step_time_meeting_id", "meeting_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    step: Mapped[str] = mapped_column(String(28))
    started_at: Mapped[datetime.datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    corrects: Mapped[int | None] = mapped_column(ForeignKey("step_time.id"))
    replaced_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    noted_at: Mapped[datetime.datetime] = mapped_column(Moment)


class Consensus(Base):
    """What observers settled for one unit, with the reason. `value` is a JSON answer. Never updated; newest counts."""

    __tablename__ = "consensus"
    __table_args__ = (Index("ix_consensus_meeting_id", "meeting_id", "unit"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    unit: Mapped[str] = mapped_column(String(60))
    value: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
