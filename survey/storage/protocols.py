"""The protocol that a study adopted, its teams, and the arm that was drawn for a participant."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from itertools import islice

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.model import Protocol
from survey.instruments.protocols.reading import kept_protocol
from survey.planning.randomisation import places
from survey.storage.scopes import Scope, in_teams
from survey.storage.studies import add_study
from survey.storage.tables import Allocation, Participant, Study, StudyProtocol, Team

SEED_BITS = 62
AHEAD = 24
"""So many places of a list are made at a time."""


def add_study_with(
    session: Session,
    slug: str,
    filed: FiledProtocol,
    language: str,
    by: int | None,
    now: datetime.datetime,
    *,
    title: str = "",
    time_zone: str = "Europe/Amsterdam",
    seed: int | None = None,
) -> int:
    """The id of a new study by a protocol: with its waves and teams, named in this language. Raises ValueError."""
    protocol = filed.protocol
    waves = [(code, wave.title[language]) for code, wave in protocol.waves.items()]
    study_id = add_study(session, slug, title or protocol.title[language], waves, now, time_zone)
    if protocol.randomisation is not None:
        seed = secrets.randbits(SEED_BITS) if seed is None else seed
        session.execute(update(Study).where(Study.id == study_id).values(seed=seed))
    for code, team in protocol.teams.items():
        add_team(session, study_id, code, team.title, now)
    adopt(session, study_id, filed, by, now)
    return study_id


def adopt(session: Session, study_id: int, filed: FiledProtocol, by: int | None, now: datetime.datetime) -> None:
    """Let a study follow this version from now on; what it says is kept whole. Raises ValueError for an older one."""
    newest = session.scalar(select(func.max(StudyProtocol.version)).where(StudyProtocol.study_id == study_id))
    if newest is not None and filed.protocol.version <= newest:
        raise ValueError(f"the study follows version {newest} already; a change needs a higher one")
    row = {
        "study_id": study_id,
        "protocol": filed.protocol.protocol,
        "version": filed.protocol.version,
        "sha256": hashlib.sha256(filed.source.encode()).hexdigest(),
        "source": filed.source,
        "adopted_at": now,
        "adopted_by": by,
    }
    session.execute(insert(StudyProtocol), row)


def protocol_of(session: Session, study_id: int) -> Protocol | None:
    """The protocol that a study follows now; None where it has none, so that all is offered at every wave."""
    query = select(StudyProtocol.source).where(StudyProtocol.study_id == study_id)
    source = session.scalar(query.order_by(StudyProtocol.version.desc()).limit(1))
    return kept_protocol(source) if source is not None else None


def adopted(session: Session, study_id: int) -> list[StudyProtocol]:
    """All versions that a study followed, newest first."""
    query = select(StudyProtocol).where(StudyProtocol.study_id == study_id)
    return list(session.scalars(query.order_by(StudyProtocol.version.desc())))


def add_team(session: Session, study_id: int, code: str, title: str, now: datetime.datetime) -> Team:
    """A new team. Raises ValueError where its code is taken."""
    if team_with(session, study_id, code) is not None:
        raise ValueError(f"there is a team {code} already")
    team = Team(study_id=study_id, code=code, title=title, made_at=now)
    session.add(team)
    session.flush()
    return team


def teams(session: Session, study_id: int, scope: Scope = None) -> list[Team]:
    """The teams of a study that lie within a scope, by title."""
    query = select(Team).where(Team.study_id == study_id, in_teams(Team.id, scope))
    return list(session.scalars(query.order_by(Team.title, Team.id)))


def team_with(session: Session, study_id: int, code: str) -> Team | None:
    """The team of this code."""
    return session.scalar(select(Team).where(Team.study_id == study_id, Team.code == code))


def draw_arm(session: Session, participant: Participant, protocol: Protocol, now: datetime.datetime) -> str:
    """The arm of a participant: the next free place on the list of their stratum, drawn once and for ever."""
    drawn = session.scalar(select(Allocation.arm).where(Allocation.participant_id == participant.id))
    if drawn is None:
        drawn = (
            _next_place(session, participant, protocol, now) if protocol.randomisation else next(iter(protocol.arms))
        )
    participant.arm = drawn
    session.flush()
    return drawn


def _next_place(session: Session, participant: Participant, protocol: Protocol, now: datetime.datetime) -> str:
    within = protocol.randomisation.within if protocol.randomisation else "study"
    team = session.get(Team, participant.team_id) if within == "team" and participant.team_id else None
    stratum = team.code if team else ""
    # Two registrations at once must not get the same place: the study's row is held until the end.
    session.execute(select(Study.id).where(Study.id == participant.study_id).with_for_update())
    free = (
        select(Allocation)
        .where(
            Allocation.study_id == participant.study_id,
            Allocation.stratum == stratum,
            Allocation.participant_id.is_(None),
        )
        .order_by(Allocation.position)
        .limit(1)
    )
    place = session.scalar(free)
    if place is None:
        _extend(session, participant.study_id, stratum, protocol)
        place = session.scalars(free).one()
    place.participant_id, place.at = participant.id, now
    session.flush()
    return place.arm


def _extend(session: Session, study_id: int, stratum: str, protocol: Protocol) -> None:
    """Make the next places of a list, from the study's seed."""
    study, drawing = session.get_one(Study, study_id), protocol.randomisation
    made = session.scalar(
        select(func.count())
        .select_from(Allocation)
        .where(Allocation.study_id == study_id, Allocation.stratum == stratum)
    )
    if drawing is None or study.seed is None:
        raise ValueError("this study has no seed to draw from")
    found = islice(places(study.seed, stratum, list(protocol.arms), drawing.blocks), made or 0, (made or 0) + AHEAD)
    rows = [vars(place) | {"study_id": study_id, "stratum": stratum} for place in found]
    try:
        with session.begin_nested():
            session.execute(insert(Allocation), rows)
    except IntegrityError:
        pass  # Another node made the same places at the same moment.
