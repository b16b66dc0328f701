"""Personal links: one way to fill in one task without an account, of which only a hash of the secret is kept."""

from __future__ import annotations

import base64
import datetime
import secrets
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.instruments.model import Instrument
from survey.storage import responses
from survey.storage.responses import Languages, Opening
from survey.storage.sessions import LOCKED_FOR, hashed
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Participant, Person, PersonalLink, Response, SignInFailure, Task, Wave

State = Literal["none", "sent", "opened", "done", "expired", "revoked"]
STATES: tuple[State, ...] = get_args(State)
"""No link yet; made and not opened; opened; handed in; its days are over; taken back."""

ALONE = ("coach", "participant")
"""Who fills in a task by a link."""

KIOSK_LASTS = datetime.timedelta(hours=12)
"""A start on a device at hand is over after this, however busy it is."""

AT_THE_END = datetime.timedelta(hours=2)
"""Who is filling in when a link runs out goes on for so long."""

WRONG_LINKS = 60
WRONG_WITHIN = datetime.timedelta(minutes=1)
_WRONG = hashed("wrong personal links")


@dataclass(frozen=True)
class Link:
    """A link with the task that it opens. `closed_at`: when the account of the person whose task it is was closed."""

    id: int
    token_hash: str
    kiosk: bool
    language: str
    made_at: datetime.datetime
    made_by: int | None
    expires_at: datetime.datetime
    opened_at: datetime.datetime | None
    revoked_at: datetime.datetime | None
    done_at: datetime.datetime | None
    messages: int
    reminded_at: datetime.datetime | None
    task_id: int
    study_id: int
    wave_id: int
    instrument: str
    by: str
    participant_id: int | None
    person_id: int | None
    team_id: int | None
    response_id: int | None
    task_done_at: datetime.datetime | None
    dropped_at: datetime.datetime | None
    closed_at: datetime.datetime | None

    def state(self, now: datetime.datetime) -> State:
        """How the link stands."""
        if self.done_at or self.task_done_at:
            return "done"
        if self.revoked_at or self.dropped_at or self.closed_at:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "opened" if self.opened_at else "sent"

    def opens(self, now: datetime.datetime) -> bool:
        """Whether it opens its questionnaire now."""
        return self.state(now) in ("sent", "opened")

    def goes_on(self, now: datetime.datetime) -> bool:
        """Whether who opened it before may go on: also for a while after it ran out, so that nothing typed is lost."""
        return self.opens(now if self.opened_at is None else now - AT_THE_END)


def state_of(now: datetime.datetime) -> ColumnElement[str]:
    """The same as `Link.state` as a column, over links that are joined with their tasks and whose these are."""
    link = PersonalLink
    return case(
        (or_(link.done_at.is_not(None), Task.done_at.is_not(None)), "done"),
        (or_(link.revoked_at.is_not(None), Task.dropped_at.is_not(None), Person.closed_at.is_not(None)), "revoked"),
        (link.expires_at <= now, "expired"),
        (link.opened_at.is_not(None), "opened"),
        else_="sent",
    )


LINKS = (
    select(
        *(getattr(PersonalLink, name) for name in list(Link.__dataclass_fields__)[:12]),
        Task.id,
        *(getattr(Task, name) for name in list(Link.__dataclass_fields__)[13:21]),
        Task.done_at,
        Task.dropped_at,
        Person.closed_at,
    )
    .join(Task, PersonalLink.task_id == Task.id)
    .outerjoin(Person, Task.person_id == Person.id)
)
"""Selects links with their tasks, in the order of the fields of Link."""


def new_secret() -> str:
    """160 random bits as letters and digits."""
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()


def link_with(session: Session, secret: str, *, for_writing: bool = False) -> Link | None:
    """The link of this secret, whether it opens anything still or not.

    `for_writing` holds the row of the participant whose it is: a withdrawal at the same moment is waited for.
    """
    if for_writing:
        whose = select(Task.participant_id).join(PersonalLink, PersonalLink.task_id == Task.id)
        mine = Participant.id.in_(whose.where(PersonalLink.token_hash == hashed(secret)))
        session.execute(select(Participant.id).where(mine).with_for_update())
    row = session.execute(LINKS.where(PersonalLink.token_hash == hashed(secret))).first()
    return Link(*list(row)) if row else None


def newest_link(session: Session, task_id: int) -> Link | None:
    """The personal link that was made last for a task; starts on a device at hand are none."""
    mine = (PersonalLink.task_id == task_id, PersonalLink.kiosk.is_(False))
    row = session.execute(LINKS.where(*mine).order_by(PersonalLink.id.desc()).limit(1)).first()
    return Link(*list(row)) if row else None


def make_link(
    session: Session,
    task_id: int,
    language: str,
    by: int | None,
    now: datetime.datetime,
    lasts: datetime.timedelta,
    *,
    kiosk: bool = False,
) -> str:
    """The secret of a new link, 160 random bits. Links of the same sort that the task had open nothing from now on."""
    revoke(session, task_id, now, kiosk=kiosk)
    secret = new_secret()
    row = {"task_id": task_id, "token_hash": hashed(secret), "kiosk": kiosk, "language": language, "made_at": now}
    session.execute(insert(PersonalLink), row | {"made_by": by, "expires_at": now + lasts})
    return secret


def revoke(session: Session, task_id: int, now: datetime.datetime, *, kiosk: bool = False) -> int:
    """Take the links of a task back, or its starts on a device at hand; how many there were."""
    live = (PersonalLink.task_id == task_id, PersonalLink.kiosk.is_(kiosk))
    open_still = (PersonalLink.revoked_at.is_(None), PersonalLink.done_at.is_(None))
    found = session.execute(
        update(PersonalLink).where(*live, *open_still).values(revoked_at=now).returning(PersonalLink.id)
    )
    return len(found.all())


def end(session: Session, link: Link, now: datetime.datetime) -> None:
    """Let one link open nothing any more."""
    session.execute(update(PersonalLink).where(PersonalLink.id == link.id).values(revoked_at=now))


def sent(session: Session, link_id: int) -> None:
    """Count a message that went out with a link."""
    session.execute(update(PersonalLink).where(PersonalLink.id == link_id).values(messages=PersonalLink.messages + 1))


def begin(session: Session, link: Link, instrument: Instrument, language: str, now: datetime.datetime) -> str:
    """The token of the response behind a link that opens, in this language; the same one on every device.

    A response of which a version is there goes on in that version.
    """
    participant = session.get(Participant, link.participant_id) if link.participant_id else None
    mode = "kiosk" if link.kiosk else "link"
    # A participant who fills in alone opens it themselves, and has no account: who made the link stands for it.
    opener = link.person_id or link.made_by or (participant.registered_by if participant else None)
    if opener is None:
        raise ValueError("a link belongs to a participant or a person")
    opening = Opening(
        link.study_id, link.wave_id, instrument.instrument, instrument.version, opener, language,
        participant_id=link.participant_id, person_id=link.person_id, team_id=link.team_id, mode=mode,
    )  # fmt: skip
    token = responses.open_response(session, opening, now)
    record = responses.response(session, token, for_writing=True)
    if record is None:
        raise ValueError("there is no such response")
    if link.participant_id is not None:
        # From here on it is what a participant says alone: who began it with them does not see it any more.
        session.execute(update(Response).where(Response.id == record.id).values(mode=mode))
    responses.change_languages(session, record, Languages(language, None), link.person_id, now)
    session.execute(
        update(PersonalLink)
        .where(PersonalLink.id == link.id)
        .values(opened_at=func.coalesce(PersonalLink.opened_at, now), language=language)
    )
    return token


def too_many_wrong(session: Session, now: datetime.datetime) -> bool:
    """Whether many addresses that are no links were tried in the last minute, by whomever."""
    recent = (SignInFailure.name_hash == _WRONG, SignInFailure.at > now - WRONG_WITHIN)
    return (session.scalar(select(func.count()).where(*recent)) or 0) >= WRONG_LINKS


def note_wrong(session: Session, now: datetime.datetime) -> None:
    """Count an address that is no link, and forget those of long ago."""
    session.execute(delete(SignInFailure).where(SignInFailure.at < now - LOCKED_FOR))
    session.execute(insert(SignInFailure), {"name_hash": _WRONG, "at": now})


@dataclass(frozen=True)
class About:
    """What one needs to know of a task to make its link: whose it is, where, and in which language they read."""

    task: Task
    code: str
    language: str | None
    wave: str
    wave_title: str
    team: int | None


def about(session: Session, study_id: int, task_id: int) -> About | None:
    """A task of this study that is filled in alone, and is asked still or done; None where there is none."""
    language = func.coalesce(Participant.language, Person.language)
    query: Any = select(Task, SUBJECT, language, Wave.code, Wave.title, Task.team_id)
    query = with_subjects(query.join(Wave, Task.wave_id == Wave.id), Task)
    asked = (Task.by.in_(ALONE), Task.dropped_at.is_(None))
    row = session.execute(query.where(Task.id == task_id, Task.study_id == study_id, *asked)).first()
    return About(*row) if row else None
