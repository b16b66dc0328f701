"""Questions of researchers about an answer, and what was said about them."""

from __future__ import annotations

import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.tables.base import Base, Moment


class Query(Base):
    """A researcher's question about one answer. `status` is "open", "answered" or "closed"."""

    __tablename__ = "query"
    __table_args__ = (Index("ix_query_response_id", "response_id"), Index("ix_query_study_id", "study_id", "status"))
    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"))
    unit: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(12), default="open")
    asked_at: Mapped[datetime.datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime.datetime] = mapped_column(Moment)


class QueryRemark(Base):
    """One thing said about a query, and the status it has since. Never updated."""

    __tablename__ = "query_remark"
    __table_args__ = (Index("ix_query_remark_query_id", "query_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("query.id"))
    status: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime.datetime] = mapped_column(Moment)
