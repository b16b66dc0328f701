"""Observed meetings: how far each of their observers is, one by one and in lists."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import Session

from survey.planning.observing import MEETING_STATES, MeetingState, meeting_state
from survey.storage.scopes import Scope, in_teams
from survey.storage.tables import Meeting, MeetingObserver, Person, Response, StepTime, Team, Wave


@dataclass(frozen=True)
class Observer:
    """One observer of a meeting. `token` and `submitted_at` are of their response; `begun`: that, or their clock."""

    person_id: int
    code: str
    name: str
    share: int | None
    fell_out_at: datetime.datetime | None
    reason: str | None
    response_id: int | None
    token: str | None
    submitted_at: datetime.datetime | None
    timed: bool

    @property
    def active(self) -> bool:
        """Whether this observer did not fall out."""
        return self.fell_out_at is None

    @property
    def handed_in(self) -> bool:
        """Whether this observer's questionnaire was handed in."""
        return self.submitted_at is not None

    @property
    def begun(self) -> bool:
        """Whether this observer has anything on record."""
        return self.timed or self.token is not None


@dataclass(frozen=True)
class ObservedMeeting:
    """A meeting with its place in the study, and its observers as they came. `team` and `wave` are titles."""

    meeting: Meeting
    team: str | None
    team_code: str | None
    wave: str
    wave_code: str
    observers: tuple[Observer, ...]

    @property
    def active(self) -> tuple[Observer, ...]:
        """Those who did not fall out."""
        return tuple(one for one in self.observers if one.active)

    @property
    def state(self) -> MeetingState:
        """How it stands."""
        handed_in = sum(one.handed_in for one in self.active)
        begun = sum(one.begun for one in self.observers)
        return meeting_state(len(self.active), handed_in, begun, settled=self.meeting.settled_at is not None)

    @property
    def settled_at(self) -> datetime.datetime | None:
        """Since when nothing is left to do: the last thing was settled, or one record came to stand alone."""
        if self.state == "single":
            ends = (self.active[0].submitted_at, *(one.fell_out_at for one in self.observers))
            return max(moment for moment in ends if moment is not None)
        return self.meeting.settled_at if self.state == "settled" else None

    @property
    def comparing(self) -> tuple[Observer, ...]:
        """Those whose answers can stand side by side now; nobody while an observer still has to hand in."""
        if not all(one.handed_in for one in self.active):
            return ()
        there = self.active if len(self.active) > 1 else tuple(one for one in self.observers if one.handed_in)
        return there if len(there) > 1 else ()

    def observer(self, person_id: int) -> Observer | None:
        """The observer who is this person."""
        return next((one for one in self.observers if one.person_id == person_id), None)

    def open_to(self, person_id: int) -> bool:
        """Whether this person may see the answers side by side: an observer only after handing in."""
        mine = self.observer(person_id)
        return bool(self.comparing) and (mine is None or mine.handed_in)


@dataclass(frozen=True)
class Which:
    """Which meetings of a study: those of `teams` (None: of all), and those that `person_id` observes in `observing`
    teams. The rest narrows: `state` how they stand, `team_id`; `to_do`: only where that observer has something to do.
    """

    study_id: int
    person_id: int
    teams: Scope = frozenset()
    observing: Scope = frozenset()
    state: str = ""
    team_id: int | None = None
    to_do: bool = False


_MINE = (Response.meeting_id == Meeting.id, Response.instrument == Meeting.instrument)
_OF_OBSERVER = and_(Response.meeting_id == MeetingObserver.meeting_id, Response.person_id == MeetingObserver.person_id)


def _how_many(*conditions: ColumnElement[bool]) -> Any:
    query = select(func.count()).select_from(MeetingObserver).outerjoin(Response, _OF_OBSERVER)
    return query.where(MeetingObserver.meeting_id == Meeting.id, *conditions).correlate(Meeting).scalar_subquery()


_ACTIVE = _how_many(MeetingObserver.fell_out_at.is_(None))
_HANDED_IN = _how_many(MeetingObserver.fell_out_at.is_(None), Response.submitted_at.is_not(None))
_BEGUN = or_(
    exists().where(*_MINE).correlate(Meeting), exists().where(StepTime.meeting_id == Meeting.id).correlate(Meeting)
)
_STATE = case(
    (_ACTIVE == 0, "nobody"),
    (and_(_HANDED_IN == _ACTIVE, _ACTIVE == 1), "single"),
    (and_(_HANDED_IN == _ACTIVE, Meeting.settled_at.is_not(None)), "settled"),
    (_HANDED_IN == _ACTIVE, "to_settle"),
    (_HANDED_IN > 0, "waiting"),
    (_BEGUN, "observed"),
    else_="planned",
)
"""As `meeting_state`, for narrowing and sorting in the database."""

SORTS: Mapping[str, Any] = {
    "day": Meeting.held_on,
    "team": func.coalesce(Team.title, ""),
    "wave": Wave.position,
    "state": case({state: i for i, state in enumerate(MEETING_STATES)}, value=_STATE),
}
"""What a list can be sorted by, the first one unless another is asked."""


def _chosen(query: Any, which: Which) -> Any:
    mine = exists().where(
        MeetingObserver.meeting_id == Meeting.id, MeetingObserver.person_id == which.person_id
    ).correlate(Meeting)  # fmt: skip
    theirs = and_(mine, in_teams(Meeting.team_id, which.observing))
    query = query.where(Meeting.study_id == which.study_id, or_(in_teams(Meeting.team_id, which.teams), theirs))
    if which.state:
        query = query.where(which.state == _STATE)
    if which.team_id is not None:
        query = query.where(Meeting.team_id == which.team_id)
    if which.to_do:
        asked = and_(MeetingObserver.fell_out_at.is_(None), MeetingObserver.person_id == which.person_id)
        not_yet = _how_many(asked, Response.submitted_at.is_(None))
        query = query.where(or_(not_yet > 0, and_(_how_many(asked) > 0, _STATE == "to_settle")))
    return query


def meeting_count(session: Session, which: Which) -> int:
    """How many there are."""
    return session.scalar(_chosen(select(func.count()).select_from(Meeting), which)) or 0


def meetings(
    session: Session, which: Which, *, sort: str = "day", descending: bool = True, limit: int = 25, offset: int = 0
) -> list[ObservedMeeting]:
    """A page of them."""
    by = SORTS[sort]
    query = _chosen(_PLACED, which).order_by(by.desc() if descending else by.asc(), Meeting.id.desc())
    return _with_observers(session, query.limit(limit).offset(offset))


_PLACED = (
    select(Meeting, Team.title, Team.code, Wave.title, Wave.code)
    .join(Wave, Meeting.wave_id == Wave.id)
    .outerjoin(Team, Meeting.team_id == Team.id)
)


def meeting_with(session: Session, study_id: int, code: str, *, for_writing: bool = False) -> ObservedMeeting | None:
    """The meeting of this code. `for_writing` holds its row until the transaction ends."""
    if for_writing:
        session.execute(select(Meeting.id).where(Meeting.study_id == study_id, Meeting.code == code).with_for_update())
    query = _PLACED.where(Meeting.study_id == study_id, Meeting.code == code)
    return next(iter(_with_observers(session, query)), None)


def all_meetings(session: Session, study_id: int) -> list[ObservedMeeting]:
    """Every meeting of a study, by wave and day, for an export."""
    order = (Wave.position, Meeting.held_on, Meeting.id)
    return _with_observers(session, _PLACED.where(Meeting.study_id == study_id).order_by(*order))


def hidden_from(session: Session, response_id: int, person_id: int) -> bool:
    """Whether a person must not see this response yet: they observe the same meeting, and may not compare by now."""
    query = _PLACED.join(Response, Response.meeting_id == Meeting.id).where(
        Response.id == response_id, Response.person_id != person_id
    )
    seen = next(iter(_with_observers(session, query)), None)
    return seen is not None and seen.observer(person_id) is not None and not seen.open_to(person_id)


def blind_in(session: Session, study_id: int, person_id: int) -> tuple[int, ...]:
    """The ids of the meetings of a study that a person observes and may not compare by now, as for `hidden_from`."""
    observed = select(MeetingObserver.meeting_id).where(MeetingObserver.person_id == person_id)
    query = _PLACED.where(Meeting.study_id == study_id, Meeting.id.in_(observed)).order_by(Meeting.id)
    return tuple(seen.meeting.id for seen in _with_observers(session, query) if not seen.open_to(person_id))


def not_about(meetings: Sequence[int]) -> ColumnElement[bool]:
    """The condition on responses that they are not about one of these meetings (ids)."""
    return or_(Response.meeting_id.is_(None), Response.meeting_id.not_in(meetings)) if meetings else true()


def _with_observers(session: Session, query: Any) -> list[ObservedMeeting]:
    rows: Any = session.execute(query).all()
    observers = _observers(session, [row[0].id for row in rows])
    return [
        ObservedMeeting(meeting, team, team_code, wave, wave_code, observers.get(meeting.id, ()))
        for meeting, team, team_code, wave, wave_code in rows
    ]


def _observers(session: Session, meeting_ids: Sequence[int]) -> dict[int, tuple[Observer, ...]]:
    timed = (
        exists()
        .where(StepTime.meeting_id == MeetingObserver.meeting_id, StepTime.person_id == MeetingObserver.person_id)
        .correlate(MeetingObserver)
    )
    query = (
        select(
            MeetingObserver.meeting_id,
            Person.id,
            Person.code,
            Person.name,
            MeetingObserver.share,
            MeetingObserver.fell_out_at,
            MeetingObserver.reason,
            Response.id,
            Response.token,
            Response.submitted_at,
            timed,
        )
        .join(Person, MeetingObserver.person_id == Person.id)
        .outerjoin(Response, _OF_OBSERVER)
        .where(MeetingObserver.meeting_id.in_(meeting_ids))
        .order_by(MeetingObserver.id)
    )
    found: dict[int, tuple[Observer, ...]] = {}
    rows: Any = session.execute(query)
    for meeting_id, *about in rows:
        found[meeting_id] = (*found.get(meeting_id, ()), Observer(*about))
    return found
