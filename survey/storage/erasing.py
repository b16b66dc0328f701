"""Erasing a participant who took the consent back: their identity goes for good, their answers as the consent says.

A stub stays: the code, which nobody else ever gets, with the study, team, arm, days and statuses that counting needs,
the consent that was given and taken back, and how often and with what result somebody tried to reach them.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Delete, ScalarSelect, Update, delete, func, select, update
from sqlalchemy.orm import Session

from survey.storage import downloads, identities
from survey.storage.consents import purposes_of
from survey.storage.course import set_status
from survey.storage.downloads import Held
from survey.storage.protocols import protocol_of
from survey.storage.quotes import PURPOSE
from survey.storage.tables import (
    Change,
    CodedAnswer,
    CodedPassage,
    Consent,
    ContactAttempt,
    Event,
    JournalKey,
    Participant,
    PersonalLink,
    Query,
    QueryRemark,
    Quote,
    Receipt,
    Response,
    ResponseLock,
    Screen,
    Segment,
    StatusChange,
    Study,
    Task,
    Visit,
    Wave,
)

OF_A_RESPONSE = (JournalKey, Receipt, CodedAnswer, CodedPassage, ResponseLock, Screen, Event, Change, Visit, Segment)
"""What belongs to a response, in the order in which it can go: a change points to its visit."""


class NotWithdrawn(Exception):
    """The participant did not take the consent back, or was erased already. Nothing was changed."""


@dataclass(frozen=True)
class Removed:
    """What erasing removed, in numbers: no names and no answers. `kept`: how many responses stay, by the consent."""

    identity: int = 0
    links: int = 0
    responses: int = 0
    visits: int = 0
    changes: int = 0
    queries: int = 0
    quotes: int = 0
    kept: int = 0
    files: int = 0
    """Files handed out before that could hold the person."""

    def figures(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def answers_stay(session: Session, participant_id: int) -> bool:
    """Whether the newest consent of a participant lets answers stay when it is taken back; no consent: they go."""
    newest = select(Consent.keeps).where(Consent.participant_id == participant_id).order_by(Consent.id.desc()).limit(1)
    return bool(session.scalar(newest))


def erase(session: Session, participant_id: int, by: int | None, now: datetime.datetime) -> Removed:
    """Erase a participant whose consent was withdrawn, in the transaction of the session. Raises NotWithdrawn."""
    held_row = select(Participant).where(Participant.id == participant_id).with_for_update()
    participant = session.scalars(held_row.execution_options(populate_existing=True)).one()
    if participant.status != "withdrawn":
        raise NotWithdrawn
    mine = Response.participant_id == participant_id
    # Who saves a page at this moment is waited for, and finds no response afterwards.
    session.execute(select(Response.id).where(mine).with_for_update()).all()
    held = _held(session, mine)
    stays = answers_stay(session, participant_id)
    figures = {
        "identity": int(identities.destroy(session, participant)),
        "links": _remove_links(session, participant_id),
    }
    was_quoted = _was_quoted(session, participant_id, mine)
    # Being quoted was agreed to as well, and that was taken back, also where answers stay.
    figures["quotes"] = _remove_quotes(session, mine)
    figures |= {"kept": len(held)} if stays else _remove_answers(session, mine)
    # A file with a quote must go, also where the answers in it may stay.
    why: downloads.Why = "erased_kept" if stays and not was_quoted else "erased"
    # Files of a study with a protocol list all participants, with more than the stub has.
    listed = participant.registered_at if protocol_of(session, participant.study_id) else None
    files = downloads.supersede(session, participant.study_id, held, why, now, listed_since=listed)
    set_status(session, participant, "erased", by, now)
    _make_a_stub(session, participant, keep_coach=stays)
    return Removed(**figures, files=files)


def _held(session: Session, mine: ColumnElement[bool]) -> list[Held]:
    query = select(Response.instrument, Wave.code, Response.started_at, Response.submitted_at)
    return [Held(*row) for row in session.execute(query.join(Wave, Response.wave_id == Wave.id).where(mine))]


def _remove_links(session: Session, participant_id: int) -> int:
    tasks = select(Task.id).where(Task.participant_id == participant_id)
    return _done(session, delete(PersonalLink).where(PersonalLink.task_id.in_(tasks)))


def _was_quoted(session: Session, participant_id: int, mine: ColumnElement[bool]) -> bool:
    """Whether a quote may have left the server: one was made anonymous, and being quoted was once agreed to."""
    consents = session.scalars(select(Consent).where(Consent.participant_id == participant_id))
    if not any(PURPOSE in purposes_of(one) for one in consents):
        return False
    passages = select(CodedPassage.id).join(Response, CodedPassage.response_id == Response.id).where(mine)
    quoted = select(Quote.id).where(Quote.passage_id.in_(passages), Quote.anonymised.is_(True)).limit(1)
    return session.scalar(quoted) is not None


def _remove_quotes(session: Session, mine: ColumnElement[bool]) -> int:
    passages = select(CodedPassage.id).join(Response, CodedPassage.response_id == Response.id).where(mine)
    return _done(session, delete(Quote).where(Quote.passage_id.in_(passages)))


def _remove_answers(session: Session, mine: ColumnElement[bool]) -> dict[str, int]:
    """Remove responses with all that belongs to them, what points to something before it; the numbers that count."""
    theirs = select(Response.id).where(mine)
    queries = select(Query.id).where(Query.response_id.in_(theirs))
    _done(session, delete(QueryRemark).where(QueryRemark.query_id.in_(queries)))
    asked = _done(session, delete(Query).where(Query.response_id.in_(theirs)))
    gone = {table: _done(session, delete(table).where(table.response_id.in_(theirs))) for table in OF_A_RESPONSE}
    _done(session, update(Task).where(Task.response_id.in_(theirs)).values(response_id=None))
    responses = _done(session, delete(Response).where(mine))
    return {"responses": responses, "visits": gone[Visit], "changes": gone[Change], "queries": asked}


def _done(session: Session, statement: Delete | Update) -> int:
    return session.connection().execute(statement).rowcount


def _make_a_stub(session: Session, participant: Participant, *, keep_coach: bool) -> None:
    """Leave of a participant only what counting needs. Kept answers are still somebody's of a coach."""
    participant.language = participant.needs_interpreter = participant.round_off = participant.reason = None
    participant.interviewer_id = None
    participant.coach_id = participant.coach_id if keep_coach else None
    session.flush()
    whose = participant.id
    # Why somebody left can tell much: illness, moving, death.
    session.execute(update(StatusChange).where(StatusChange.participant_id == whose).values(reason=None))
    session.execute(update(ContactAttempt).where(ContactAttempt.participant_id == whose).values(again_on=None))
    session.execute(update(Task).where(Task.participant_id == whose).values(appointment_at=None))


@dataclass(frozen=True)
class Listed:
    """A participant who withdrew or was erased, `since` then. `answers_stay` is None where there was no consent."""

    code: str
    slug: str
    study: str
    time_zone: str
    since: datetime.datetime | None
    answers_stay: bool | None


SORTS = ("since", "code", "study")
"""How the list can be sorted."""


def _since() -> ScalarSelect[datetime.datetime]:
    # The newest entry, by its number: two can have the same moment.
    query = select(StatusChange.at).where(StatusChange.participant_id == Participant.id)
    query = query.where(StatusChange.status == Participant.status).order_by(StatusChange.id.desc())
    return query.limit(1).correlate(Participant).scalar_subquery()


def _conditions(status: str, code: str) -> tuple[ColumnElement[bool], ...]:
    return (Participant.status == status, Participant.code.startswith(code, autoescape=True))


def count(session: Session, status: str = "withdrawn", code: str = "") -> int:
    """How many participants of all studies have this status and a code that begins so."""
    return session.scalar(select(func.count()).select_from(Participant).where(*_conditions(status, code))) or 0


def listed(
    session: Session, status: str, code: str, sort: str, descending: bool, limit: int, offset: int
) -> list[Listed]:
    """Participants of this status, over all studies. `sort` is one of SORTS."""
    since = _since().label("since")
    stays = select(Consent.keeps).where(Consent.participant_id == Participant.id).order_by(Consent.id.desc()).limit(1)
    column = {"since": since, "code": Participant.code, "study": Study.title}[sort]
    place = (Study.slug, Study.title, Study.time_zone)
    query = select(Participant.code, *place, since, stays.correlate(Participant).scalar_subquery())
    query = query.join(Study, Participant.study_id == Study.id)
    order = column.desc() if descending else column.asc()
    rows = session.execute(
        query.where(*_conditions(status, code)).order_by(order, Participant.id).limit(limit).offset(offset)
    )
    return [Listed(*row) for row in rows]
