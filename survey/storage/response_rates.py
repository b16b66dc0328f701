"""How much came in: of each questionnaire at each moment, by team, in which way and with whom interpreting. Counts."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.planning.due import Standing
from survey.storage.reading import AnySelect
from survey.storage.scopes import Scope, in_teams
from survey.storage.standings import standing_of
from survey.storage.tables import Response, Segment, Task, Team, Visit, Wave


@dataclass(frozen=True)
class Rate:
    """The tasks of one instrument at one wave (codes) in one team (a code; None: in no team, or all together)."""

    wave: str
    instrument: str
    of_participants: bool
    team: str | None
    counts: Counter[Standing]

    @property
    def done(self) -> int:
        """Handed in."""
        return self.counts["done"]

    @property
    def waiting(self) -> int:
        """Whose window has not opened yet."""
        return self.counts["waiting"]

    @property
    def dropped(self) -> int:
        """No longer asked: of who left before handing in."""
        return self.counts["dropped"]

    @property
    def open(self) -> int:
        """Asked and not handed in."""
        return self.counts["running"] + self.counts["due"] + self.counts["overdue"]

    @property
    def asked(self) -> int:
        """Whose window has opened, of those who are still there or handed in before they left."""
        return self.done + self.open

    @property
    def everybody(self) -> int:
        """The same with those who left before handing in."""
        return self.asked + self.dropped


def rates(session: Session, study_id: int, today: datetime.date, teams: Scope = None) -> list[Rate]:
    """The tasks of a study by wave, instrument and team, in the order of the waves."""
    of_participants = Task.participant_id.is_not(None)
    inner: AnySelect = select(
        Task.wave_id, Task.instrument, of_participants.label("mine"), Task.team_id, standing_of(today).label("standing")
    )
    found = inner.where(Task.study_id == study_id, in_teams(Task.team_id, teams)).subquery()
    grouped = select(*found.c, func.count().label("count")).group_by(*found.c).subquery()
    columns = grouped.c
    query = select(Wave.code, columns.instrument, columns.mine, Team.code, columns.standing, columns.count)
    query = query.select_from(grouped).join(Wave, columns.wave_id == Wave.id)
    query = query.outerjoin(Team, columns.team_id == Team.id)
    counted: dict[tuple[str, str, bool, str | None], Counter[Standing]] = {}
    ordered = query.order_by(Wave.position, columns.mine.desc(), columns.instrument, Team.title)
    for wave, instrument, mine, team, standing, count in session.execute(ordered):
        counted.setdefault((wave, instrument, bool(mine), team), Counter())[standing] += count
    return [Rate(*key, counts) for key, counts in counted.items()]


def over_teams(found: Iterable[Rate]) -> list[Rate]:
    """The same over all teams together, in the same order."""
    together: dict[tuple[str, str, bool], Counter[Standing]] = {}
    for one in found:
        together.setdefault((one.wave, one.instrument, one.of_participants), Counter()).update(one.counts)
    return [Rate(wave, instrument, mine, None, counts) for (wave, instrument, mine), counts in together.items()]


@dataclass(frozen=True)
class Went:
    """How the participants' responses of one instrument at one wave came about, of those that were handed in.

    `modes`: mode of the response -> how many. `recorded`: of how many it is known who was there. `interpreted`: of how
    many somebody interpreted, at least for a part; `interpreters`: kind -> how many, where one response with two kinds
    counts for both.
    """

    wave: str
    instrument: str
    modes: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    interpreted: int = 0
    interpreters: Counter[str] = field(default_factory=Counter)

    @property
    def handed_in(self) -> int:
        """All of them."""
        return self.modes.total()


def went(session: Session, study_id: int, teams: Scope = None) -> list[Went]:
    """How responses of participants came about, by wave in order and instrument."""
    which = (
        Response.study_id == study_id,
        Response.participant_id.is_not(None),
        Response.submitted_at.is_not(None),
        in_teams(Response.team_id, teams),
    )
    by = (Wave.code, Response.instrument)
    query = select(*by, Response.mode, func.count()).join(Wave, Response.wave_id == Wave.id).where(*which)
    modes: dict[tuple[str, str], Counter[str]] = {}
    grouped = query.group_by(Wave.position, *by, Response.mode).order_by(Wave.position, Response.instrument)
    for wave, instrument, mode, count in session.execute(grouped):
        modes.setdefault((wave, instrument), Counter())[mode] += count
    # A segment in which nothing was saved is one that somebody began by mistake.
    saved = select(Visit.id).where(
        Visit.response_id == Segment.response_id, Visit.segment == Segment.number, Visit.kind != "correction"
    )
    people = func.count(Response.id.distinct())
    segments: AnySelect = select(*by, people).join(Wave, Response.wave_id == Wave.id)
    segments = segments.join(Segment, Segment.response_id == Response.id).where(*which, saved.exists())
    recorded = _counted(session, segments.group_by(*by))
    helped = segments.where(Segment.interpreter != "none")
    interpreted = _counted(session, helped.group_by(*by))
    kinds: dict[tuple[str, str], Counter[str]] = {}
    for wave, instrument, count, kind in session.execute(
        helped.add_columns(Segment.interpreter).group_by(*by, Segment.interpreter)
    ):
        kinds.setdefault((wave, instrument), Counter())[kind] += count
    return [
        Went(*key, counts, recorded.get(key, 0), interpreted.get(key, 0), kinds.get(key, Counter()))
        for key, counts in modes.items()
    ]


def _counted(session: Session, query: AnySelect) -> dict[tuple[str, str], int]:
    return {(wave, instrument): count for wave, instrument, count in session.execute(query)}
