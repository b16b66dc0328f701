"""Who was there while a response was filled in, and what happened beside its answers."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Segment(Base):
    """One stretch of an interview with the same interpreter, or without one. Never updated: a change begins the next.

    `number` counts from 1 within its response, and is what visits point to. `interpreter` is "none", "professional",
    "relative", "peer" or "minor"; `mode` "in_person", "phone" or "video", None without an interpreter. `same` says
    whether it is the interpreter of the last time: "yes", "no", "first" or "unknown". `others` is JSON: the codes of
    who else was there. `code` names an interpreter without their name. `promised`: the declaration was read out.
    """

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("response_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    interpreter: Mapped[str] = mapped_column(String(12))
    mode: Mapped[str | None] = mapped_column(String(12))
    same: Mapped[str | None] = mapped_column(String(12))
    others: Mapped[str] = mapped_column(Text, default="[]")
    code: Mapped[str | None] = mapped_column(String(20))
    promised: Mapped[bool] = mapped_column(default=False)


class Event(Base):
    """What happened during a response beside its answers: a switch of languages, a text played. Never updated.

    `kind` is one of `survey.storage.events.KINDS`; `details` is JSON. `person_id` is None for what the participant did
    on a screen of their own. `segment` as in Visit.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_response_id", "response_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    page: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    segment: Mapped[int | None]
    details: Mapped[str] = mapped_column(Text, default="{}")


class Screen(Base):
    """A participant's own screen, paired with one response. Only hashes of its code, link and key are kept.

    `code_hash` (typed) and `link_hash` (in the QR code) open it once, until `code_until`; from then on the device shows
    itself with the key of `key_hash`. `page` and `unit` say what it shows; `step` counts what changed about that, so
    that the device knows when to look again. What was tapped on it stands among the events.
    """

    __tablename__ = "screen"
    __table_args__ = (Index("ix_screen_response_id", "response_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime.datetime] = mapped_column(Moment)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    joined_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
    blank: Mapped[bool] = mapped_column(default=False)
    may_tap: Mapped[bool] = mapped_column(default=True)
    page: Mapped[str | None] = mapped_column(String(60))
    unit: Mapped[str | None] = mapped_column(String(60))
    step: Mapped[int] = mapped_column(default=0)
