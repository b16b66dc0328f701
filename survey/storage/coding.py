"""Coding open answers: giving a code to a passage and taking it away, being done with an answer, and adding a code.

Whoever calls holds the response's row for writing, so that two people never begin the same answer as a third.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any, Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from survey.instruments.code_books.model import CodeBook
from survey.measures.coding import Codings, Passage, Spot, wording_of
from survey.storage.meetings import not_about
from survey.storage.protocols import protocol_of
from survey.storage.record import Record
from survey.storage.scopes import Scope, in_teams
from survey.storage.tables import CodedAnswer, CodedPassage, Person, Quote, Response, StudyCode

LONGEST_MEMO = 2000
LONGEST_TITLE = 80
_LONGEST_CODE = 28

Why = Literal["reworded", "done", "taken", "compared", "no_code", "nothing_chosen", "no_title", "no_memo", "known"]


class Refused(ValueError):
    """Something cannot be done as asked; `why` says the reason. Nothing was written."""

    def __init__(self, why: Why) -> None:
        self.why: Why = why
        super().__init__(why)


def read(
    session: Session,
    study_id: int,
    viewer: int | None,
    *,
    instrument: str | None = None,
    response_id: int | None = None,
    teams: Scope = None,
    but_meetings: tuple[int, ...] = (),
) -> Codings:
    """The codings of a study, or of one instrument or response of it, as `viewer` (an id) may see them; None: all."""
    chosen = [Response.study_id == study_id, in_teams(Response.team_id, teams), not_about(but_meetings)]
    if instrument is not None:
        chosen.append(Response.instrument == instrument)
    if response_id is not None:
        chosen.append(Response.id == response_id)
    passages = select(CodedPassage).join(Response, CodedPassage.response_id == Response.id)
    passages = passages.where(CodedPassage.removed_at.is_(None), *chosen)
    marks: Any = select(CodedAnswer.response_id, CodedAnswer.unit, CodedAnswer.wording, CodedAnswer.coder_id)
    marks = marks.join(Response, CodedAnswer.response_id == Response.id)
    marks = marks.where(CodedAnswer.reopened_at.is_(None), *chosen)
    done = [(Spot(*row[:3]), row[3]) for row in session.execute(marks)]
    found = [_passage(row) for row in session.scalars(passages)]
    closed = select(Person.id).where(Person.id.in_({one.coder for one in found}), Person.closed_at.is_not(None))
    return Codings(found, done, viewer, session.scalars(closed).all())


def _passage(row: CodedPassage) -> Passage:
    spot = Spot(row.response_id, row.unit, row.wording)
    return Passage(row.id, spot, row.first, row.beyond, row.code, row.coder_id, row.memo)


def give(
    session: Session,
    record: Record,
    spot: Spot,
    stretches: Collection[tuple[int, int]],
    codes: Collection[str],
    memo: str,
    by: int,
    now: datetime.datetime,
) -> int:
    """Give each of these codes to each of these stretches of an answer: how many passages that makes anew.

    What was given already is not given twice. Raises Refused.
    """
    if not stretches:
        raise Refused("nothing_chosen")
    if not codes:
        raise Refused("no_code")
    codings = _to_work_on(session, record, spot, by)
    there = {(one.first, one.beyond, one.code) for one in codings.passages(spot) if one.coder == by}
    wanted = [(*stretch, code) for stretch in sorted(set(stretches)) for code in dict.fromkeys(codes)]
    rows = [
        {
            "response_id": record.id, "unit": spot.unit, "wording": spot.wording, "first": first, "beyond": beyond,
            "code": code, "memo": memo.strip()[:LONGEST_MEMO], "coder_id": by, "made_at": now,
        }
        for first, beyond, code in wanted
        if (first, beyond, code) not in there
    ]  # fmt: skip
    if rows:
        session.execute(insert(CodedPassage), rows)
    return len(rows)


def take_away(session: Session, record: Record, spot: Spot, passage: int, by: int, now: datetime.datetime) -> bool:
    """Take a code from a passage; False where it is gone already, or somebody else gave it. Raises Refused."""
    codings = _to_work_on(session, record, spot, by)
    if passage not in {one.id for one in codings.passages(spot) if one.coder == by}:
        return False
    session.execute(update(CodedPassage).where(CodedPassage.id == passage).values(removed_at=now))
    quoted = (Quote.passage_id == passage, Quote.removed_at.is_(None))
    session.execute(update(Quote).where(*quoted).values(removed_at=now))
    return True


def finish(session: Session, record: Record, spot: Spot, by: int, now: datetime.datetime) -> None:
    """Be done with an answer. Raises Refused."""
    _to_work_on(session, record, spot, by)
    row = {"response_id": record.id, "unit": spot.unit, "wording": spot.wording, "coder_id": by, "done_at": now}
    session.execute(insert(CodedAnswer), row)


def reopen(session: Session, record: Record, spot: Spot, by: int, now: datetime.datetime) -> None:
    """Go on with an answer after all. Raises Refused where two are done: they may have seen each other's work."""
    if _codings(session, record, by).compared(spot):
        raise Refused("compared")
    mine = (
        CodedAnswer.response_id == record.id, CodedAnswer.unit == spot.unit, CodedAnswer.wording == spot.wording,
        CodedAnswer.coder_id == by, CodedAnswer.reopened_at.is_(None),
    )  # fmt: skip
    session.execute(update(CodedAnswer).where(*mine).values(reopened_at=now))


def _codings(session: Session, record: Record, by: int) -> Codings:
    return read(session, record.study_id, by, response_id=record.id)


def _to_work_on(session: Session, record: Record, spot: Spot, by: int) -> Codings:
    """The codings of a response of which somebody may change theirs at this answer. Raises Refused."""
    words = record.answers.get(spot.unit)
    if not isinstance(words, str) or spot.response != record.id or wording_of(words) != spot.wording:
        raise Refused("reworded")
    codings = _codings(session, record, by)
    if codings.done(spot, by):
        raise Refused("done")
    if not codings.free(spot, by):
        raise Refused("taken")
    return codings


def own_codes(session: Session, study_id: int) -> list[StudyCode]:
    """The codes that a study added to its book, the oldest first."""
    return list(session.scalars(select(StudyCode).where(StudyCode.study_id == study_id).order_by(StudyCode.id)))


def add_code(
    session: Session, study_id: int, book: CodeBook | None, title: str, memo: str, by: int, now: datetime.datetime
) -> str:
    """Add a code to those of a study: its short name, made from the title. Raises Refused."""
    title, memo = " ".join(title.split())[:LONGEST_TITLE], memo.strip()[:LONGEST_MEMO]
    if not title:
        raise Refused("no_title")
    if not memo:
        raise Refused("no_memo")
    own = own_codes(session, study_id)
    shipped = book.codes if book else {}
    titles = {words.casefold() for code in shipped.values() for words in code.title.values()}
    if title.casefold() in titles | {one.title.casefold() for one in own}:
        raise Refused("known")
    code = _short(title, {*shipped, *(one.code for one in own)})
    session.add(StudyCode(study_id=study_id, code=code, title=title, memo=memo, made_by=by, made_at=now))
    session.flush()
    return code


def _short(title: str, taken: Collection[str]) -> str:
    """A short name of small letters, digits and underscores that no other code has."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    short = (short if short[:1].isalpha() else f"own_{short}".rstrip("_"))[: _LONGEST_CODE - 3].rstrip("_")
    number = 1
    found = short
    while found in taken:
        number += 1
        found = f"{short}_{number}"
    return found


def begun(session: Session, study_id: int, teams: Scope = None) -> dict[str, int]:
    """Instrument -> in how many of its open answers in these teams anybody is done: nothing of what they gave."""
    query: Any = select(Response.instrument, func.count()).join(CodedAnswer, CodedAnswer.response_id == Response.id)
    query = query.where(Response.study_id == study_id, in_teams(Response.team_id, teams))
    query = query.where(CodedAnswer.reopened_at.is_(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(Response.instrument))}


def coder_codes(session: Session, coders: Collection[int]) -> dict[int, str]:
    """Id -> the code of these people."""
    query: Any = select(Person.id, Person.code).where(Person.id.in_(coders))
    return {row[0]: row[1] for row in session.execute(query)}


def book_of(session: Session, study_id: int, books: Mapping[str, CodeBook]) -> tuple[CodeBook | None, bool]:
    """The code book of a study, and whether its protocol names it. Without a word of it: the first of these."""
    protocol = protocol_of(session, study_id)
    named = protocol.code_book if protocol else None
    if named is not None and named in books:
        return books[named], True
    return next(iter(books.values()), None), False
