"""What two observers of the same meetings handed in, side by side, for figures on how far they agree."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.measures.agreement import Pair
from survey.measures.differences import compared
from survey.storage.consensus import Side, comparison
from survey.storage.meetings import ObservedMeeting, all_meetings
from survey.storage.record import Record
from survey.storage.scopes import Scope, covers


@dataclass(frozen=True)
class ObservedPair:
    """One meeting with what two people said of it, before they saw each other's. `wave` is a code, `team` a title.

    `shares`: what part of it each of both saw, in percents, where that is known; `others`: how many more observers
    handed in, who are left out.
    """

    code: str
    held_on: datetime.date
    wave: str
    team: str | None
    people: tuple[str, str]
    shares: tuple[int | None, int | None]
    others: int
    pair: Pair


@dataclass(frozen=True)
class Observed:
    """The meetings observed by one instrument: those with two records, the newest first, and how many have none yet.

    `waiting`: an observer still has to hand in, or to begin. `single`: one record that stands alone, or none at all.
    `left_out`: the definition of a record's version is not on this server.
    """

    instrument: str
    pairs: tuple[ObservedPair, ...]
    waiting: int
    single: int
    left_out: int


def observed(
    session: Session, library: Library, study_id: int, teams: Scope = None, but_meetings: Collection[int] = ()
) -> list[Observed]:
    """The meetings of a study within these teams (None: all), by instrument.

    Those in `but_meetings` (ids) count as waiting: who observes them must not see a figure of the other's yet.
    """
    found: dict[str, list[ObservedMeeting]] = {}
    for seen in all_meetings(session, study_id):
        if covers(teams, seen.meeting.team_id):
            found.setdefault(seen.meeting.instrument, []).append(seen)
    return [_observed(session, library, name, found[name], but_meetings) for name in sorted(found)]


class _NotHere(Exception):
    """A record is on a version whose definition is not on this server."""


def _observed(
    session: Session, library: Library, instrument: str, meetings: list[ObservedMeeting], blind: Collection[int]
) -> Observed:
    def of(record: Record) -> Instrument:
        try:
            return library.instrument(record.instrument, record.instrument_version)
        except KeyError:
            raise _NotHere from None

    pairs, waiting, single, left_out = [], 0, 0, 0
    for seen in sorted(meetings, key=lambda one: (one.meeting.held_on, one.meeting.id), reverse=True):
        if seen.meeting.id in blind or seen.state in ("planned", "observed", "waiting"):
            waiting += 1
        elif not seen.comparing:
            single += 1
        else:
            try:
                both = comparison(session, seen, of)
            except _NotHere:
                left_out += 1
            else:
                pairs += [_pair(seen, both.sides)] if both else []
    return Observed(instrument, tuple(pairs), waiting, single, left_out)


def _pair(seen: ObservedMeeting, sides: tuple[Side, ...]) -> ObservedPair:
    """The first two who observed it, always in the same order: so the same two people stay apart over meetings."""
    first, second = sorted(sides[:2], key=lambda side: side.observer.person_id)
    people = (first.observer.code, second.observer.code)
    return ObservedPair(
        seen.meeting.code,
        seen.meeting.held_on,
        seen.wave_code,
        seen.team,
        people,
        (first.observer.share, second.observer.share),
        len(sides) - 2,
        Pair(people, tuple(compared([first.flow, second.flow]))),
    )
