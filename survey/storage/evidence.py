"""What fidelity is computed from, read for one study: responses, what observers settled, and what the server itself has
on record: the clock of meetings, how much of what was planned came in, and how participants were reached."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from survey.answers.flow import value
from survey.instruments.library import Library
from survey.instruments.protocols.model import Protocol
from survey.measures.fidelity.evidence import Clocked, Contacted, Evidence, Rate
from survey.measures.measurement import Measurement
from survey.storage.contacts import REACHED
from survey.storage.measured import Measures
from survey.storage.meetings import ObservedMeeting, all_meetings
from survey.storage.response_rates import rates
from survey.storage.scopes import Scope, in_teams
from survey.storage.step_times import seconds
from survey.storage.tables import Consensus, ContactAttempt, Meeting, Participant, Response, StepTime, Team, Wave


def evidence_of(
    session: Session,
    measures: Measures,
    library: Library,
    study_id: int,
    instruments: Sequence[str],
    protocol: Protocol | None,
    today: datetime.date,
    teams: Scope = None,
    but_meetings: tuple[int, ...] = (),
) -> Evidence:
    """What was handed in of these instruments, within these teams (None: all), and what goes with it.

    `today`: what is asked later than that is not asked yet. `but_meetings` (ids) are left out with their clocks:
    whoever observes must not see the other's yet.
    """
    known = [name for name in instruments if name in library.newest]
    measurements: list[Measurement] = []
    for name in known:
        measurements += measures.read(session, library, study_id, name, teams, but_meetings)
    meetings = [
        seen
        for seen in all_meetings(session, study_id)
        if (teams is None or seen.meeting.team_id in teams) and seen.meeting.id not in but_meetings
    ]
    return Evidence(
        measurements,
        meeting_of=dict(_responses_of(meetings)),
        settled=_settled(session, meetings),
        order=_order(session, study_id, known),
        clocks=_clocks(session, meetings, protocol),
        rates=[
            Rate(one.instrument, one.wave, one.team, one.asked, one.done)
            for one in rates(session, study_id, today, teams)
        ],
        contacts=_contacts(session, study_id, teams),
    )


def _responses_of(meetings: Iterable[ObservedMeeting]) -> Iterable[tuple[str, str]]:
    """Response -> meeting, of those observers who did not fall out; of all where everybody did."""
    for seen in meetings:
        for one in seen.active or seen.observers:
            if one.token is not None and one.handed_in:
                yield one.token, seen.meeting.code


def _settled(session: Session, meetings: Sequence[ObservedMeeting]) -> dict[str, dict[str, Any]]:
    """Meeting -> unit -> what was settled last."""
    codes = {seen.meeting.id: seen.meeting.code for seen in meetings}
    query = select(Consensus.meeting_id, Consensus.unit, Consensus.value).order_by(Consensus.id)
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for meeting_id, unit, agreed in session.execute(query.join(Meeting).where(Meeting.id.in_(codes))):
        found[codes[meeting_id]][unit] = None if agreed is None else value(json.loads(agreed))
    return dict(found)


def _order(session: Session, study_id: int, instruments: Sequence[str]) -> dict[str, int]:
    """Response -> its place in the order of handing in."""
    query = select(Response.token).where(Response.study_id == study_id, Response.instrument.in_(instruments))
    query = query.where(Response.submitted_at.is_not(None)).order_by(Response.submitted_at, Response.id)
    return {token: place for place, token in enumerate(session.scalars(query))}


def _clocks(session: Session, meetings: Sequence[ObservedMeeting], protocol: Protocol | None) -> list[Clocked]:
    """Each meeting that somebody saw, by the clock of those who did not fall out."""
    ids = [seen.meeting.id for seen in meetings]
    query = select(StepTime).where(StepTime.meeting_id.in_(ids), StepTime.replaced_at.is_(None))
    rows: dict[tuple[int, int], list[StepTime]] = defaultdict(list)
    for row in session.scalars(query):
        rows[row.meeting_id, row.person_id].append(row)
    found = []
    for seen in meetings:
        there = seen.active or seen.observers
        times = [
            seconds(rows[seen.meeting.id, one.person_id]) for one in there if (seen.meeting.id, one.person_id) in rows
        ]
        times = [one for one in times if one]
        if times or any(one.handed_in for one in there):
            found.append(_clocked(seen, times, protocol))
    return found


def _clocked(seen: ObservedMeeting, times: Sequence[Mapping[str, float]], protocol: Protocol | None) -> Clocked:
    ask = protocol.ask(seen.meeting.instrument, seen.wave_code) if protocol is not None else None
    steps = dict.fromkeys(step for one in times for step in one)
    # A step that only one observer saw took nothing by the clock of the other.
    held = {step: sum(one.get(step, 0.0) for one in times) / len(times) / 60 for step in steps}
    minutes = sum(held.values()) if times else None
    planned = tuple(ask.steps) if ask is not None else ()
    place = (seen.meeting.code, seen.meeting.instrument, seen.wave_code, seen.team_code)
    return Clocked(*place, len(times), minutes, held, planned)


def _contacts(session: Session, study_id: int, teams: Scope) -> list[Contacted]:
    """How participants were reached, wave by wave and team by team."""
    people = func.count(ContactAttempt.participant_id.distinct())
    spoken = case((ContactAttempt.outcome.in_(REACHED), ContactAttempt.participant_id))
    query = select(Wave.code, Team.code, people, func.count(spoken.distinct()), func.count())
    query = query.select_from(ContactAttempt).join(Wave, ContactAttempt.wave_id == Wave.id)
    query = query.join(Participant, ContactAttempt.participant_id == Participant.id)
    query = query.outerjoin(Team, Participant.team_id == Team.id)
    query = query.where(and_(Participant.study_id == study_id, in_teams(Participant.team_id, teams)))
    rows = session.execute(query.group_by(Wave.position, Wave.code, Team.code).order_by(Wave.position, Team.code))
    return [Contacted(*row) for row in rows]
