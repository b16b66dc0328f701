"""Quotes: passages whose words were made anonymous, and who agreed to being quoted."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.consents import purposes_of
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import CodedPassage, Consent, Participant, Quote, Response

PURPOSE = "quotes"
"""The purpose of a consent without which nobody is quoted."""

LONGEST = 2000


class NoWords(ValueError):
    """A quote needs words. Nothing was written."""


@dataclass(frozen=True)
class Marked:
    """A quote as it stands now: its words, whether somebody looked and nobody can be recognised, and whether the
    participant agrees to being quoted."""

    passage: int
    words: str
    anonymised: bool
    agreed: bool
    at: datetime.datetime

    @property
    def may_leave(self) -> bool:
        """Whether it may stand in a file or a report."""
        return self.anonymised and self.agreed


def agreeing(session: Session, study_id: int) -> set[int]:
    """The participants (ids) of a study whose consent holds and is for being quoted too."""
    newest = select(func.max(Consent.id)).join(Participant, Consent.participant_id == Participant.id)
    newest = newest.where(Participant.study_id == study_id).group_by(Consent.participant_id)
    query = select(Consent).where(Consent.id.in_(newest), Consent.withdrawn_at.is_(None))
    return {one.participant_id for one in session.scalars(query) if PURPOSE in purposes_of(one)}


def agrees(session: Session, study_id: int, participant_id: int | None) -> bool:
    """Whether somebody may be quoted. Of a professional there is no consent, so they may not."""
    return participant_id is not None and participant_id in agreeing(session, study_id)


def marked(session: Session, study_id: int, *conditions: ColumnElement[bool]) -> dict[int, Marked]:
    """Passage (an id) -> its quote, of a study, narrowed to the responses that meet these conditions.

    Who may see a passage decides who may see its quote: look it up by the passages that `Codings` shows.
    """
    agreed = agreeing(session, study_id)
    query: Any = select(Quote, Response.participant_id).join(CodedPassage, Quote.passage_id == CodedPassage.id)
    query = query.join(Response, CodedPassage.response_id == Response.id)
    query = query.where(Response.study_id == study_id, Quote.removed_at.is_(None), CodedPassage.removed_at.is_(None))
    found = {}
    for quote, participant in session.execute(query.where(*conditions).order_by(Quote.id)):
        found[quote.passage_id] = Marked(
            quote.passage_id, quote.words, quote.anonymised, participant in agreed, quote.marked_at
        )
    return found


def mark(session: Session, passage: int, words: str, anonymised: bool, by: int, now: datetime.datetime) -> None:
    """Keep the words of a quote. What stood there before stays on record. Raises NoWords."""
    words = words.strip()[:LONGEST]
    if not words:
        raise NoWords
    unmark(session, passage, now)
    row = {"passage_id": passage, "words": words, "anonymised": anonymised, "marked_by": by, "marked_at": now}
    session.execute(insert(Quote), row)


def unmark(session: Session, passage: int, now: datetime.datetime) -> None:
    """A passage is no quote any more."""
    held = (Quote.passage_id == passage, Quote.removed_at.is_(None))
    session.execute(update(Quote).where(*held).values(removed_at=now))


def places(session: Session, response_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Response id -> its token, and the code of whom it is about."""
    query: Any = with_subjects(select(Response.id, Response.token, SUBJECT), Response)
    return {row[0]: (row[1], row[2]) for row in session.execute(query.where(Response.id.in_(response_ids)))}
