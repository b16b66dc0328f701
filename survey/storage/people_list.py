"""The list of people who sign in: found, narrowed and sorted in the database, with where their roles hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.planning.statuses import ASKED
from survey.storage.codes import tidy
from survey.storage.people import tidy_name
from survey.storage.scopes import Scope, scopes_of_rows
from survey.storage.tables import Membership, Participant, Person

STATES = ("open", "closed", "admin", "no_role")
"""An account that can be used; one that is closed; an admin's; and one without a role in any study."""

SORTS = ("name", "code", "made")
"""The columns by which the list can be sorted."""


@dataclass(frozen=True)
class Wanted:
    """Whom one looks for; "" and None look for nobody in particular.

    `words`: part of a name, or how a code begins. `role` and `study_id`, when both are there, hold together: who has
    that role in that study. `state`: one of STATES.
    """

    words: str = ""
    role: str = ""
    study_id: int | None = None
    state: str = ""


EVERYBODY = Wanted()


def _found(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words:
        code = tidy(wanted.words) or wanted.words.strip().upper()
        by_name = Person.name.contains(tidy_name(wanted.words), autoescape=True)
        conditions.append(or_(by_name, Person.code.startswith(code, autoescape=True)))
    if wanted.role or wanted.study_id is not None:
        having = [Membership.person_id == Person.id]
        having += [Membership.role == wanted.role] if wanted.role else []
        having += [Membership.study_id == wanted.study_id] if wanted.study_id is not None else []
        conditions.append(exists().where(*having))
    match wanted.state:
        case "open":
            conditions.append(Person.closed_at.is_(None))
        case "closed":
            conditions.append(Person.closed_at.is_not(None))
        case "admin":
            conditions.append(Person.admin.is_(True))
        case "no_role":
            conditions.append(~exists().where(Membership.person_id == Person.id))
    return and_(true(), *conditions)


def people_found(
    session: Session,
    wanted: Wanted,
    limit: int,
    offset: int = 0,
    *,
    sort: str = "name",
    descending: bool = False,
) -> list[Person]:
    """Those one looks for, a page of them."""
    columns: dict[str, InstrumentedAttribute[object]] = {
        "name": Person.name,
        "code": Person.code,
        "made": Person.made_at,
    }
    order = columns[sort].desc() if descending else columns[sort].asc()
    query = select(Person).where(_found(wanted)).order_by(order, Person.id)
    return list(session.scalars(query.limit(limit).offset(offset)))


def people_found_count(session: Session, wanted: Wanted = EVERYBODY) -> int:
    """How many they are."""
    return session.scalar(select(func.count()).select_from(Person).where(_found(wanted))) or 0


def scopes_of(session: Session, person_ids: Sequence[int]) -> dict[int, dict[int, dict[str, Scope]]]:
    """Person id -> study id -> role -> where it holds, of these people. Who has no role has no entry."""
    columns = (Membership.person_id, Membership.study_id, Membership.role, Membership.team_id)
    rows = session.execute(select(*columns).where(Membership.person_id.in_(person_ids))).all()
    return {
        person_id: scopes_of_rows((study, role, team) for one, study, role, team in rows if one == person_id)
        for person_id in dict.fromkeys(row[0] for row in rows)
    }


def counted_on(session: Session, person_id: int) -> int:
    """How many participants who are still asked something have this person as their coach or interviewer."""
    mine = or_(Participant.coach_id == person_id, Participant.interviewer_id == person_id)
    query = select(func.count()).select_from(Participant)
    return session.scalar(query.where(mine, Participant.status.in_(ASKED))) or 0
