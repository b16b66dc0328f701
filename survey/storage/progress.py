"""Who is where in a study, counted in the database: participants by how far they came, and tasks by how they stand."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, select, true
from sqlalchemy.orm import Session

from survey.instruments.protocols.model import Protocol
from survey.measures.course_counts import Alike, Level, levels
from survey.planning.due import STANDINGS, Standing
from survey.planning.statuses import LEFT, STATUSES
from survey.storage.scopes import Scope, in_teams
from survey.storage.standings import standing_of
from survey.storage.tables import Consent, Participant, Response, Task, Wave

LEAVING = tuple(status for status in STATUSES if status in LEFT)

AnySelect = Any


@dataclass(frozen=True)
class Course:
    """How far participants came: the waves at which something is asked of them, and the levels before and at each."""

    waves: tuple[Wave, ...]
    levels: list[Level]

    @property
    def participants(self) -> int:
        """Everybody."""
        return self.levels[0].came


def flow(session: Session, study_id: int, protocol: Protocol | None, teams: Scope = None) -> Course:
    """The levels of the flow figure: agreeing, then each wave in order. Without identities or answers.

    A wave is done with its first interview that was handed in; where nobody is interviewed, with its first
    questionnaire. Without a protocol any questionnaire counts, and who takes part has agreed.
    """
    waves = _waves(session, study_id, protocol)
    done = _done(study_id, protocol, waves)
    agreed: Any = exists().where(Consent.participant_id == Participant.id)
    if protocol is None:
        agreed = Participant.status.not_in(("approached", "declined"))
    flags = [func.coalesce(done.c[f"wave_{wave.id}"], 0) for wave in waves]
    kinds = [Participant.status, Participant.reason, Participant.arm, case((agreed, 1), else_=0), *flags]
    inner: AnySelect = select(*(kind.label(f"kind_{place}") for place, kind in enumerate(kinds)))
    inner = inner.select_from(Participant).outerjoin(done, done.c.participant_id == Participant.id)
    found = inner.where(Participant.study_id == study_id, in_teams(Participant.team_id, teams)).subquery()
    rows = session.execute(select(*found.c, func.count()).group_by(*found.c))
    groups = [
        Alike(status, reason, arm, bool(said_yes), tuple(bool(flag) for flag in more[:-1]), more[-1])
        for status, reason, arm, said_yes, *more in rows
    ]
    return Course(waves, levels(groups, len(waves), LEAVING))


def _waves(session: Session, study_id: int, protocol: Protocol | None) -> tuple[Wave, ...]:
    waves = session.scalars(select(Wave).where(Wave.study_id == study_id).order_by(Wave.position)).all()
    if protocol is None:
        return tuple(waves)
    asked = {wave for ask in protocol.asks if ask.of == "participant" for wave in ask.waves}
    return tuple(wave for wave in waves if wave.code in asked)


def _done(study_id: int, protocol: Protocol | None, waves: Sequence[Wave]) -> Any:
    """Participant id -> for each wave whether it was done: 1 or 0."""
    # Tasks are small rows; responses carry their whole documents, which the database would read on the way.
    table: Any = Response if protocol is None else Task
    moment = Response.submitted_at if protocol is None else Task.done_at
    marks = [
        func.max(case((and_(table.wave_id == wave.id, _counts(table, protocol, wave.code)), 1), else_=0)).label(
            f"wave_{wave.id}"
        )
        for wave in waves
    ]
    query = select(table.participant_id, *marks).where(table.study_id == study_id, moment.is_not(None))
    return query.where(table.participant_id.is_not(None)).group_by(table.participant_id).subquery()


def _counts(table: Any, protocol: Protocol | None, wave: str) -> Any:
    """Whether an instrument is one with which this wave is done."""
    if protocol is None:
        return true()
    asked = [ask for ask in protocol.asks if ask.of == "participant" and wave in ask.waves]
    led = [ask.instrument for ask in asked if ask.by == "interviewer"] or [ask.instrument for ask in asked]
    return table.instrument.in_(led)


@dataclass(frozen=True)
class TaskCount:
    """How the tasks of one instrument at one wave (a code) stand. `by` is who fills it in."""

    wave: str
    instrument: str
    by: str
    counts: Counter[Standing]

    @property
    def planned(self) -> int:
        """All that are or were still asked: those that were dropped do not count."""
        return self.counts.total() - self.counts["dropped"]


def task_counts(session: Session, study_id: int, today: datetime.date, teams: Scope = None) -> list[TaskCount]:
    """The tasks of a study by wave and instrument, in the order of the waves."""
    inner: AnySelect = select(Task.wave_id, Task.instrument, Task.by, standing_of(today).label("standing"))
    found = inner.where(Task.study_id == study_id, in_teams(Task.team_id, teams)).subquery()
    grouped = select(*found.c, func.count().label("count")).group_by(*found.c).subquery()
    query = select(Wave.code, grouped.c.instrument, grouped.c.by, grouped.c.standing, grouped.c.count)
    query = query.join(grouped, grouped.c.wave_id == Wave.id)
    counted: dict[tuple[str, str, str], Counter[Standing]] = {}
    for wave, instrument, by, standing, count in session.execute(query.order_by(Wave.position, grouped.c.instrument)):
        counted.setdefault((wave, instrument, by), Counter())[standing] += count
    return [TaskCount(*key, counts) for key, counts in counted.items()]


def overall(counts: Sequence[TaskCount]) -> dict[Standing, int]:
    """All of these together."""
    return {standing: sum(one.counts[standing] for one in counts) for standing in STANDINGS}
