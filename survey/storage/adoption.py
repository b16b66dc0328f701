"""Adopting a newer version of a study's protocol while the study runs, and planning everybody by it."""

from __future__ import annotations

import datetime
import secrets

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.model import said
from survey.planning.revision import other_drawing
from survey.planning.statuses import ASKED
from survey.storage.course import plan_people, replan
from survey.storage.protocols import SEED_BITS, add_team, adopt, protocol_of, team_with
from survey.storage.studies import waves
from survey.storage.tables import Allocation, Participant, Study, Wave


class DrawnAlready(ValueError):
    """Arms were drawn, and the new version would draw them in another way: the list could not go on."""


def adopt_newer(
    session: Session, study_id: int, filed: FiledProtocol, language: str, by: int | None, now: datetime.datetime
) -> None:
    """Let a running study follow a newer version: waves and teams that it adds are made, and named in this language.

    Nothing is removed: a wave that the version no longer has keeps its answers, and asks nothing more. Participants
    are planned afterwards, by `replan_some`. Raises DrawnAlready, and ValueError for a version that is not newer.
    """
    new, old = filed.protocol, protocol_of(session, study_id)
    if old is not None and other_drawing(old, new) and _drawn(session, study_id):
        raise DrawnAlready
    adopt(session, study_id, filed, by, now)
    there = {wave.code for wave in waves(session, study_id)}
    rows = [
        {"study_id": study_id, "code": code, "title": said(wave.title, language), "position": 0}
        for code, wave in new.waves.items()
        if code not in there
    ]
    if rows:
        session.execute(insert(Wave), rows)
    _put_in_order(session, study_id, list(new.waves))
    for code, team in new.teams.items():
        if team_with(session, study_id, code) is None:
            add_team(session, study_id, code, team.title, now)
    without_seed = (Study.id == study_id, Study.seed.is_(None))
    if new.randomisation is not None:
        session.execute(update(Study).where(*without_seed).values(seed=secrets.randbits(SEED_BITS)))
    plan_people(session, study_id, now)


def _drawn(session: Session, study_id: int) -> bool:
    taken = (Allocation.study_id == study_id, Allocation.participant_id.is_not(None))
    return session.scalar(select(Allocation.id).where(*taken).limit(1)) is not None


def _put_in_order(session: Session, study_id: int, codes: list[str]) -> None:
    """Waves as the protocol has them; those that it no longer has come last, as they were."""
    session.flush()
    found = waves(session, study_id)
    order = {code: place for place, code in enumerate(codes)}
    for place, wave in enumerate(sorted(found, key=lambda one: order.get(one.code, len(codes)))):
        wave.position = place
    session.flush()


def replan_some(
    session: Session, study_id: int, now: datetime.datetime, *, after: int = 0, limit: int = 100
) -> int | None:
    """Plan the next participants anew, in the order of their ids: the last id that was done, None when all are."""
    query = select(Participant).where(
        Participant.study_id == study_id, Participant.id > after, Participant.status.in_(ASKED)
    )
    found = list(session.scalars(query.order_by(Participant.id).limit(limit)))
    for participant in found:
        replan(session, participant, now)
    return found[-1].id if len(found) == limit else None


def to_replan(session: Session, study_id: int, after: int = 0) -> int:
    """How many participants are still asked something whose id is higher."""
    query = select(func.count()).select_from(Participant)
    taking_part = (Participant.study_id == study_id, Participant.status.in_(ASKED))
    return session.scalar(query.where(*taking_part, Participant.id > after)) or 0
