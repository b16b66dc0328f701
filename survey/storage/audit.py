"""Writing the audit trail of actions, and reading it: all of it, or what somebody looks for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, cast, func, insert, or_, select, true
from sqlalchemy.orm import Session

from survey.storage import chain
from survey.storage.codes import tidy
from survey.storage.database import at_the_end
from survey.storage.record import dumps
from survey.storage.tables import AuditEntry, Meeting, Participant, Person, Response, Study

AT_A_TIME = 2000

Entry = tuple[AuditEntry, str | None]
"""An entry, and the code of the person who acted."""


def note(session: Session, action: str, person_id: int | None, now: datetime.datetime, **details: object) -> None:
    """Put one action on record. `details` hold codes and counts, never names or answers.

    The entry gets its place in the chain at the end of the transaction: until then others need not wait for it.
    """
    row = {"at": now, "person_id": person_id, "action": action, "details": dumps(details)}
    session.execute(insert(AuditEntry), row)
    at_the_end(session, chain.extend)


@dataclass(frozen=True)
class Wanted:
    """What of the trail is looked for; "" and None look for nothing.

    `who`: the code of a person, or how it begins. `study`: its short name. `words`: what the details hold, such as
    a participant's code. From the moment `since` on, and before `until`.
    """

    who: str = ""
    action: str = ""
    study: str = ""
    words: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None


ALL = Wanted()


def _of_study(session: Session, slug: str) -> ColumnElement[bool]:
    """Whether the details name a study, or else a participant, response or meeting of it."""
    study = select(Study.id).where(Study.slug == slug).scalar_subquery()
    within = {
        "participant": select(Participant.code).where(Participant.study_id == study),
        "response": select(Response.token).where(Response.study_id == study),
        "meeting": select(Meeting.code).where(Meeting.study_id == study),
    }
    named = _detail(session, "study")
    return or_(
        named == slug, and_(named.is_(None), or_(*(_detail(session, one).in_(of) for one, of in within.items())))
    )


def _detail(session: Session, name: str) -> ColumnElement[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return func.json_extract(AuditEntry.details, f"$.{name}")
    found: ColumnElement[Any] = cast(AuditEntry.details, JSON)[name].as_string()
    return found


def _found(session: Session, wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who:
        code = tidy(wanted.who) or wanted.who.strip().upper()
        who = select(Person.id).where(Person.code.startswith(code, autoescape=True))
        conditions.append(AuditEntry.person_id.in_(who))
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.study:
        conditions.append(_of_study(session, wanted.study))
    if wanted.words:
        spelt = {wanted.words, tidy(wanted.words) or wanted.words}
        conditions.append(or_(*(AuditEntry.details.contains(one, autoescape=True) for one in sorted(spelt))))
    if wanted.since:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.until:
        conditions.append(AuditEntry.at < wanted.until)
    return and_(true(), *conditions)


def newest(
    session: Session, limit: int, offset: int = 0, wanted: Wanted = ALL, *, oldest_first: bool = False
) -> list[Entry]:
    """The newest entries of those that are looked for; or the oldest."""
    order = AuditEntry.id.asc() if oldest_first else AuditEntry.id.desc()
    # The page is cut first, so that a late page of a long trail joins a hundred rows and not all before it.
    page = select(AuditEntry.id).where(_found(session, wanted)).order_by(order).limit(limit).offset(offset).subquery()
    query = select(AuditEntry, Person.code).join(page, page.c.id == AuditEntry.id)
    rows = session.execute(query.outerjoin(Person, AuditEntry.person_id == Person.id).order_by(order)).all()
    return [(entry, code) for entry, code in rows]


def count(session: Session, wanted: Wanted = ALL) -> int:
    """How many entries there are of those that are looked for."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(_found(session, wanted))) or 0


def every(session: Session, wanted: Wanted = ALL) -> Iterator[Entry]:
    """All entries that are looked for, the oldest first, read a few at a time."""
    query = (
        select(AuditEntry, Person.code)
        .outerjoin(Person, AuditEntry.person_id == Person.id)
        .where(_found(session, wanted))
    )
    rows = session.execute(query.order_by(AuditEntry.id).execution_options(yield_per=AT_A_TIME))
    yield from ((entry, code) for entry, code in rows)
