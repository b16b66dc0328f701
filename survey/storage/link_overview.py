"""All personal links with how they stand: for an admin, by study, in codes only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.storage.links import STATES as ALL_STATES
from survey.storage.links import state_of
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Participant, Person, PersonalLink, Study, Task, Wave

STATES = tuple(state for state in ALL_STATES if state != "none")
"""How a link stands that was made."""

WORKING = frozenset({"sent", "opened"})
"""Of which something opens still."""

SORTS = ("made", "expires")
"""The columns by which the list can be sorted."""


@dataclass(frozen=True)
class Wanted:
    """Which links one looks for; "" and None look for none in particular. `code`: how that of its owner begins."""

    study_id: int | None = None
    state: str = ""
    code: str = ""


@dataclass(frozen=True)
class LinkRow:
    """One link: whose it is, by code, what it asks, and how it stands."""

    id: int
    study: str
    instrument: str
    wave: str
    whose: str
    kiosk: bool
    made_at: datetime.datetime
    made_by: str | None
    expires_at: datetime.datetime
    state: str
    revoked_at: datetime.datetime | None
    messages: int

    @property
    def works(self) -> bool:
        """Whether it still opens something, and can be revoked."""
        return self.state in WORKING


def _narrowed(query: Select[Any], wanted: Wanted, now: datetime.datetime) -> Select[Any]:
    if wanted.state:
        query = query.where(state_of(now) == wanted.state)
    if wanted.study_id is not None:
        query = query.where(Task.study_id == wanted.study_id)
    if wanted.code:
        begins = wanted.code.strip().upper()
        query = query.where(
            or_(Participant.code.startswith(begins, autoescape=True), Person.code.startswith(begins, autoescape=True))
        )
    return query


def _joined(query: Select[Any]) -> Select[Any]:
    return with_subjects(query.join(Task, PersonalLink.task_id == Task.id), Task)


def link_rows(
    session: Session,
    wanted: Wanted,
    now: datetime.datetime,
    limit: int,
    offset: int = 0,
    *,
    sort: str = "made",
    descending: bool = False,
) -> list[LinkRow]:
    """The links one looks for, a page of them."""
    columns: dict[str, InstrumentedAttribute[datetime.datetime]] = {
        "made": PersonalLink.made_at,
        "expires": PersonalLink.expires_at,
    }
    order = columns[sort].desc() if descending else columns[sort].asc()
    maker = select(Person.code).where(Person.id == PersonalLink.made_by).correlate(PersonalLink).scalar_subquery()
    query = _joined(select(PersonalLink, Study.slug, Task.instrument, Wave.code, SUBJECT, maker, state_of(now)))
    query = query.join(Study, Task.study_id == Study.id).join(Wave, Task.wave_id == Wave.id)
    page = _narrowed(query, wanted, now).order_by(order, PersonalLink.id).limit(limit).offset(offset)
    return [
        LinkRow(
            link.id,
            study,
            instrument,
            wave,
            code,
            link.kiosk,
            link.made_at,
            by,
            link.expires_at,
            state,
            link.revoked_at,
            link.messages,
        )
        for link, study, instrument, wave, code, by, state in session.execute(page)
    ]


def link_count(session: Session, wanted: Wanted, now: datetime.datetime) -> int:
    """How many links there are of those one looks for."""
    query = _joined(select(func.count()).select_from(PersonalLink))
    return session.scalar(_narrowed(query, wanted, now)) or 0


@dataclass(frozen=True)
class Revoked:
    """A link that was taken back: of which study, whose, for what."""

    study: str
    whose: str
    instrument: str
    wave: str


def revoke_link(session: Session, link_id: int, now: datetime.datetime) -> Revoked | None:
    """Take back a link that still works; None where it does not, or is not there."""
    works = _joined(select(PersonalLink.id)).where(PersonalLink.id == link_id, state_of(now).in_(WORKING))
    if session.scalar(works) is None:
        return None
    still = (PersonalLink.id == link_id, PersonalLink.revoked_at.is_(None))
    session.execute(update(PersonalLink).where(*still).values(revoked_at=now))
    found: Any = select(Study.slug, SUBJECT, Task.instrument, Wave.code)
    query = _joined(found.select_from(PersonalLink))
    query = query.join(Study, Task.study_id == Study.id).join(Wave, Task.wave_id == Wave.id)
    return Revoked(*session.execute(query.where(PersonalLink.id == link_id)).one())
