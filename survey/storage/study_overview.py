"""What an admin sees of studies: their teams, who was drawn into which arm, how many there are. No answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.storage.tables import Allocation, Participant, Team

AT_A_TIME = 1000


def teams_by_study(session: Session) -> dict[int, list[Team]]:
    """Study id -> its teams by title."""
    found: dict[int, list[Team]] = {}
    for team in session.scalars(select(Team).order_by(Team.title, Team.id)):
        found.setdefault(team.study_id, []).append(team)
    return found


def participants_by_study(session: Session) -> dict[int, int]:
    """Study id -> how many participants were registered; none where there is no entry."""
    query = select(Participant.study_id, func.count()).group_by(Participant.study_id)
    return dict(session.execute(query).all())


def participants_by_team(session: Session, study_id: int) -> dict[int | None, int]:
    """Team id -> how many participants, of one study."""
    query = select(Participant.team_id, func.count()).where(Participant.study_id == study_id)
    return dict(session.execute(query.group_by(Participant.team_id)).all())


def drawn_by_arm(session: Session, study_id: int) -> dict[str, dict[str, int]]:
    """Stratum -> arm -> how many places of the list are taken."""
    taken = (Allocation.study_id == study_id, Allocation.participant_id.is_not(None))
    query = select(Allocation.stratum, Allocation.arm, func.count()).where(*taken)
    found: dict[str, dict[str, int]] = {}
    for stratum, arm, count in session.execute(query.group_by(Allocation.stratum, Allocation.arm)):
        found.setdefault(stratum, {})[arm] = count
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Drawn:
    """One place of the list that is taken. Its block is left out: it would tell what comes next."""

    stratum: str
    position: int
    arm: str
    participant: str
    at: datetime.datetime


def drawn(session: Session, study_id: int, limit: int | None = None) -> Iterator[Drawn]:
    """The places that are taken, by stratum and in the order of the list; with a limit the last ones, newest first.

    Places nobody has yet are never given: who registers participants must not know what comes next.
    """
    query = select(Allocation.stratum, Allocation.position, Allocation.arm, Participant.code, Allocation.at).join(
        Participant, Allocation.participant_id == Participant.id
    )
    query = query.where(Allocation.study_id == study_id)
    if limit is None:
        query = query.order_by(Allocation.stratum, Allocation.position)
    else:
        query = query.order_by(Allocation.at.desc(), Allocation.id.desc()).limit(limit)
    for stratum, position, arm, participant, at in session.execute(query.execution_options(yield_per=AT_A_TIME)):
        if at is not None:  # It is there from the moment somebody has the place.
            yield Drawn(stratum, position, arm, participant, at)
