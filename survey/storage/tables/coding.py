"""Open answers that are coded: which passage got which code by whom, who is done with what, and what may be quoted."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class StudyCode(Base):
    """A code that a study adds to its code book, with the memo that says why and when to use it. Never updated."""

    __tablename__ = "study_code"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    code: Mapped[str] = mapped_column(String(28))
    title: Mapped[str] = mapped_column(String(80))
    memo: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)


class CodedPassage(Base):
    """One code that one coder gave to one passage of an open answer. Never updated but for `removed_at`.

    The passage is from sign `first` up to sign `beyond` of the answer, counted in Unicode code points from 0.
    `wording` is the SHA-256 of the whole answer when it was coded: an answer that was corrected since is another
    wording, and this passage stays with the earlier one.
    """

    __tablename__ = "coded_passage"
    __table_args__ = (Index("ix_coded_passage_response_id", "response_id", "unit"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    unit: Mapped[str] = mapped_column(String(60))
    wording: Mapped[str] = mapped_column(String(64))
    first: Mapped[int]
    beyond: Mapped[int]
    code: Mapped[str] = mapped_column(String(28))
    memo: Mapped[str] = mapped_column(Text, default="")
    coder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime.datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class CodedAnswer(Base):
    """A coder is done with one open answer in one wording. `reopened_at`: went on after all."""

    __tablename__ = "coded_answer"
    __table_args__ = (Index("ix_coded_answer_response_id", "response_id", "unit"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    unit: Mapped[str] = mapped_column(String(60))
    wording: Mapped[str] = mapped_column(String(64))
    coder_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime.datetime] = mapped_column(Moment)
    reopened_at: Mapped[datetime.datetime | None] = mapped_column(Moment)


class Quote(Base):
    """A passage to be quoted: its words with names replaced. Never updated but for `removed_at`; the newest counts.

    `anonymised`: somebody looked, and nobody can be recognised. Only then can it leave the server, and only where the
    participant agrees to being quoted.
    """

    __tablename__ = "quote"
    __table_args__ = (Index("ix_quote_passage_id", "passage_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("coded_passage.id"))
    words: Mapped[str] = mapped_column(Text)
    anonymised: Mapped[bool] = mapped_column(default=False)
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime.datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime.datetime | None] = mapped_column(Moment)
