"""Reminders: which links went out by e-mail and may need one, and the new link that each of them brings."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.storage.links import LINKS, Link, end, new_secret, newest_link
from survey.storage.sessions import hashed
from survey.storage.standings import ASKED_STILL
from survey.storage.tables import PersonalLink, Study, Task, Wave


@dataclass(frozen=True)
class Reminding:
    """A link that was sent by e-mail and may need a reminder, with the days that decide it."""

    link: Link
    wave: str
    time_zone: str
    sent_at: datetime.datetime
    reminded_at: datetime.datetime | None


def sent_by_mail(session: Session, now: datetime.datetime, study_ids: Iterable[int] | None = None) -> list[Reminding]:
    """The newest link of each task that opens still and went out by e-mail, of these studies (None: of all).

    `sent_at` is when a person sent the last one; a reminder brings a new link, but begins no new count.
    """
    newest = (
        select(func.max(PersonalLink.id)).where(PersonalLink.kiosk.is_(False)).group_by(PersonalLink.task_id)
    ).scalar_subquery()
    query = (
        LINKS.add_columns(Wave.code, Study.time_zone)
        .join(Wave, Task.wave_id == Wave.id)
        .join(Study, Task.study_id == Study.id)
        .where(PersonalLink.id.in_(newest), PersonalLink.messages > 0, PersonalLink.revoked_at.is_(None))
        .where(*ASKED_STILL, PersonalLink.expires_at > now)
    )
    if study_ids is not None:
        query = query.where(Task.study_id.in_(list(study_ids)))
    found = []
    for *row, wave, time_zone in session.execute(query.order_by(PersonalLink.id)):
        link = Link(*row)
        if link.opens(now):
            by_hand = select(func.max(PersonalLink.id)).where(
                PersonalLink.task_id == link.task_id, PersonalLink.kiosk.is_(False), PersonalLink.reminded_at.is_(None)
            )
            first = session.get(PersonalLink, session.scalar(by_hand) or link.id)
            sent_at = first.made_at if first else link.made_at
            found.append(Reminding(link, wave, time_zone, sent_at, link.reminded_at))
    return found


def remind(
    session: Session, link: Link, now: datetime.datetime, expires_at: datetime.datetime
) -> tuple[int, str] | None:
    """A new link beside the one that it will replace: its id and secret. None where somebody else was quicker.

    The old one goes on opening until `replaced`, so that nothing is lost when the message cannot be sent.
    """
    session.execute(select(Task.id).where(Task.id == link.task_id).with_for_update())
    newest = newest_link(session, link.task_id)
    if newest is None or newest.id != link.id:
        return None
    secret = new_secret()
    row: dict[str, Any] = {"task_id": link.task_id, "token_hash": hashed(secret), "language": link.language}
    row |= {"made_at": now, "made_by": link.made_by, "expires_at": expires_at, "messages": 1, "reminded_at": now}
    made = session.execute(insert(PersonalLink).returning(PersonalLink.id), row | {"kiosk": False}).scalar_one()
    return int(made), secret


def replaced(session: Session, link: Link, by: int, now: datetime.datetime) -> None:
    """After the message with a new link went out: the old one opens nothing any more."""
    opened = select(PersonalLink.opened_at).where(PersonalLink.id == link.id).scalar_subquery()
    session.execute(update(PersonalLink).where(PersonalLink.id == by).values(opened_at=opened))
    end(session, link, now)


def not_sent(session: Session, link_id: int) -> None:
    """The message with a new link could not be sent: that link never was."""
    session.execute(delete(PersonalLink).where(PersonalLink.id == link_id))
