"""The people of a study by role: whom a participant can have as coach or interviewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage.scopes import Scope, covers, widened
from survey.storage.tables import Membership, Person


@dataclass(frozen=True)
class Colleague:
    """Somebody with a role in a study, and the teams where it holds: None for the whole study."""

    id: int
    name: str
    code: str
    teams: Scope

    def works_in(self, team_id: int | None) -> bool:
        """Whether the role holds in this team; without a team, only that of the whole study does."""
        return covers(self.teams, team_id)


def colleagues(session: Session, study_id: int, role: str) -> list[Colleague]:
    """Everybody with this role in a study and an open account, by name."""
    query = select(Person.id, Person.name, Person.code, Membership.team_id)
    query = query.join(Membership, Membership.person_id == Person.id)
    query = query.where(Membership.study_id == study_id, Membership.role == role, Person.closed_at.is_(None))
    found: dict[int, Colleague] = {}
    for person_id, name, code, team_id in session.execute(query.order_by(Person.name)):
        before: Scope = found[person_id].teams if person_id in found else frozenset()
        found[person_id] = Colleague(person_id, name, code, widened(before, team_id))
    return list(found.values())


def called(session: Session, person_ids: Sequence[int | None]) -> dict[int, Person]:
    """These people by id, also those whose account was closed since."""
    ids = {person_id for person_id in person_ids if person_id is not None}
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))} if ids else {}
