"""The interviewer's work: the tasks of their teams, as one list that sorts, narrows and pages in the database."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.planning.due import STANDINGS, Standing
from survey.storage.contacts import Contacted, contacted
from survey.storage.scopes import Scope, in_teams
from survey.storage.standings import LISTED, standing_on, standings
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import ContactAttempt, Participant, Response, Task, Wave

NOW: tuple[Standing, ...] = ("running", "due", "overdue")
"""How something stands that can be done today."""

SHOWN = ("now", "due", "overdue", "running", "waiting", "done")
"""What the list can be narrowed to: a standing, or "now" for all that can be done today."""

AnySelect = Any

SORTS: Mapping[str, InstrumentedAttribute[Any]] = {
    "closes_on": Task.closes_on,
    "due_on": Task.due_on,
    "appointment": Task.appointment_at,
}
"""What the list can be sorted by, beside the code of whom it is about."""


@dataclass(frozen=True)
class Wanted:
    """Which tasks: of these teams of a study, on this day.

    `mine`: only those of participants whose interviewer this person is, or who have none. `shown`: one of SHOWN.
    `wave`: a code; `code`: how the subject's code begins; "" for all.
    """

    study_id: int
    teams: Scope
    today: datetime.date
    mine: int | None = None
    shown: str = "now"
    wave: str = ""
    code: str = ""


@dataclass(frozen=True)
class Work:
    """One task in a list. `code` is its participant's or person's, `token` that of its response once it was begun.

    `status` is the participant's; None where the task is about a professional.
    """

    task: Task
    code: str
    wave: str
    wave_title: str
    token: str | None
    status: str | None
    contact: Contacted

    def standing(self, today: datetime.date) -> Standing:
        """How it stands on a day."""
        return standing_on(self.task, today)


def _conditions(today: datetime.date) -> dict[str, ColumnElement[bool]]:
    """Each of SHOWN as a condition."""
    stands = standings(today)
    return {"now": or_(*(stands[one] for one in NOW)), **{one: stands[one] for one in STANDINGS if one in SHOWN}}


def _joined(query: AnySelect) -> AnySelect:
    query = with_subjects(query.select_from(Task).join(Wave, Task.wave_id == Wave.id), Task)
    return query.where(Task.by == "interviewer", Task.meeting_id.is_(None))


def _narrowed(query: AnySelect, wanted: Wanted) -> AnySelect:
    """A query over tasks, narrowed to these teams and this person."""
    within = (Task.study_id == wanted.study_id, in_teams(Task.team_id, wanted.teams))
    query = _joined(query).where(*within, LISTED)
    if wanted.mine is not None:
        query = query.where(or_(Participant.interviewer_id.is_(None), Participant.interviewer_id == wanted.mine))
    if wanted.wave:
        query = query.where(Wave.code == wanted.wave)
    if wanted.code:
        query = query.where(SUBJECT.startswith(wanted.code, autoescape=True))
    return query


def counts(session: Session, wanted: Wanted) -> dict[str, int]:
    """How many tasks there are of each of SHOWN; `shown` of what is wanted does not matter here."""
    conditions = _conditions(wanted.today)
    columns = [func.count(case((condition, 1))).label(name) for name, condition in conditions.items()]
    row = session.execute(_narrowed(select(*columns), wanted)).one()
    return dict(zip(conditions, row, strict=True))


def work(
    session: Session, wanted: Wanted, limit: int, offset: int = 0, sort: str = "closes_on", descending: bool = False
) -> list[Work]:
    """One page of the list. What has no appointment stands last when it is sorted by that."""
    by: list[Any] = [SUBJECT] if sort == "code" else [SORTS[sort]]
    order = [one.desc() if descending else one.asc() for one in by]
    if sort == "appointment":
        order.insert(0, Task.appointment_at.is_(None))
    return _rows(session, wanted, _conditions(wanted.today)[wanted.shown], [*order, Task.id], limit, offset)


def next_up(session: Session, wanted: Wanted, tomorrow: datetime.datetime, limit: int) -> list[Work]:
    """What to do next: today's appointments, then what is under way, then whom to plan, the first to close first.

    `tomorrow` is the moment at which the next day begins. Who asked to be called later, or has an appointment later,
    stands last.
    """
    again_on = (
        select(ContactAttempt.again_on)
        .where(ContactAttempt.participant_id == Task.participant_id, ContactAttempt.wave_id == Task.wave_id)
        .order_by(ContactAttempt.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rank = case(
        (Task.appointment_at < tomorrow, 0),
        (Task.begun_at.is_not(None), 1),
        (and_(Task.appointment_at.is_(None), func.coalesce(again_on, wanted.today) <= wanted.today), 2),
        else_=3,
    )
    soon = _conditions(wanted.today)["now"]
    order = [rank, Task.appointment_at.is_(None), Task.appointment_at, Task.closes_on, Task.id]
    return _rows(session, wanted, soon, order, limit, 0)


def agenda(session: Session, wanted: Wanted, limit: int) -> list[Work]:
    """What belongs in a calendar: appointments of what is not handed in, and what is due without an appointment."""
    conditions = _conditions(wanted.today)
    agreed = and_(Task.appointment_at.is_not(None), Task.done_at.is_(None))
    which = or_(agreed, and_(conditions["due"], Task.appointment_at.is_(None)))
    order = [Task.appointment_at.is_(None), Task.appointment_at, Task.closes_on, Task.id]
    return _rows(session, wanted, which, order, limit, 0)


def one_task(session: Session, study_id: int, task_id: int) -> Work | None:
    """One task of interviewers in a study, also one that is no longer asked; whose team it is, is asked elsewhere."""
    query = _joined(select(*_COLUMNS)).where(Task.id == task_id, Task.study_id == study_id)
    return next(iter(_with_contacts(session, query)), None)


_COLUMNS = (
    Task,
    SUBJECT,
    Wave.code,
    Wave.title,
    Response.token,
    Participant.status,
)


def _rows(
    session: Session, wanted: Wanted, which: ColumnElement[bool], order: list[Any], limit: int, offset: int
) -> list[Work]:
    query = _narrowed(select(*_COLUMNS), wanted).where(which)
    return _with_contacts(session, query.order_by(*order).limit(limit).offset(offset))


def _with_contacts(session: Session, query: AnySelect) -> list[Work]:
    query = query.outerjoin(Response, Task.response_id == Response.id)
    rows = session.execute(query).all()
    tried = contacted(session, [row[0].participant_id for row in rows if row[0].participant_id is not None])
    return [
        Work(task, code, wave, title, token, status, tried.get((task.participant_id, task.wave_id), Contacted()))
        for task, code, wave, title, token, status in rows
    ]
