"""The one team meeting that two observers saw: its steps on the clock, what each wrote, and what they settled."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from survey.demo.conversation import Conversation
from survey.demo.diary import working_day
from survey.demo.observer_voice import observer_facts, observer_voice
from survey.demo.setting import Event, Setting
from survey.instruments.protocols.model import Protocol
from survey.planning.due import of_meeting
from survey.storage import audit, consensus, observing, step_times
from survey.storage.meetings import meeting_with

INSTRUMENT, WAVE = "team-meeting", "t1"
OBSERVED = 75
"""Days ago."""
MINUTES = {"opening": 9, "compass": 31, "clarifying": 14, "ideas": 24, "choosing": 15, "rounding_off": 7}
"""About how long each step took: making the strengths compass on the spot took a third of the time."""
REASONS = (
    "Samen teruggekeken in de aantekeningen; dit past het best.",
    "De tweede observator zat dichter bij het bord en zag het beter.",
    "Het gebeurde wel, maar pas na een vraag van de leider.",
)


@dataclass
class Seen:
    """The meeting as far as it was written down."""

    day: datetime.date
    code: str = ""
    id: int = 0
    team: int = 0
    tokens: list[str] = field(default_factory=list)


def meeting_events(setting: Setting, protocol: Protocol) -> Iterator[Event]:
    """Planned some days before; each observer writes on the same day, and two days later they settle what differs."""
    seen = Seen(working_day(setting.today - datetime.timedelta(days=OBSERVED)))
    seen.team = setting.staff.teams[setting.staff.team_leader]
    facts = observer_facts(
        setting.library.newest[INSTRUMENT], len(setting.staff.observers), seen.day, setting.chance("meeting")
    )
    yield _planned(setting, protocol, seen)
    for i, observer in enumerate(setting.staff.observers):
        yield _clocked(setting, seen, i, observer, list(MINUTES))
        yield _observation(setting, seen, i, observer, facts[i])
    yield _settled(setting, seen)


def _at(setting: Setting, day: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=setting.zone)


def _planned(setting: Setting, protocol: Protocol, seen: Seen) -> Event:
    at = _at(setting, working_day(seen.day - datetime.timedelta(days=6)), 10)
    ask = protocol.ask(INSTRUMENT, WAVE)
    by = setting.staff.researcher

    def happen(session: Session) -> None:
        if ask is None:
            return
        planned = of_meeting(protocol, ask, WAVE, seen.day)
        made = observing.add_meeting(
            session, setting.study_id, seen.team, planned, seen.day, setting.staff.observers, by, at
        )
        seen.code, seen.id = made.code, made.id
        audit.note(session, "planned a meeting", by, at, meeting=made.code)

    return Event(at, happen)


def _clocked(setting: Setting, seen: Seen, i: int, observer: int, steps: list[str]) -> Event:
    """Each taps along; the second one a little later than the first."""
    random, begin = setting.chance("clock", i), _at(setting, seen.day, 9, 30 + i)

    def happen(session: Session) -> None:
        at = begin
        for step in steps:
            step_times.start(session, seen.id, observer, step, at)
            at += datetime.timedelta(minutes=MINUTES[step] + random.uniform(-1, 1))
        step_times.stop(session, seen.id, observer, at)
        observing.set_share(session, seen.id, observer, 100 - 5 * i)

    return Event(begin, happen)


def _observation(setting: Setting, seen: Seen, i: int, observer: int, facts: dict[str, object]) -> Event:
    instrument = setting.library.newest[INSTRUMENT]
    random, at = setting.chance("observer", i), _at(setting, seen.day, 13 + i, 12)

    def happen(session: Session) -> None:
        opening = setting.opening(instrument, WAVE, observer, person_id=observer, team_id=seen.team, meeting_id=seen.id)
        record = setting.recorder.opened(session, opening, WAVE, at)
        setting.recorder.recorded(session, record, Conversation(instrument, observer_voice(facts, seen.day, random)))

    return Event(at, happen)


def _settled(setting: Setting, seen: Seen) -> Event:
    random, at = setting.chance("consensus"), _at(setting, working_day(seen.day + datetime.timedelta(days=4)), 11)

    def happen(session: Session) -> None:
        meeting = meeting_with(session, setting.study_id, seen.code)
        found = consensus.comparison(session, meeting, setting.instrument_of) if meeting else None
        if found is None:
            return
        for row in found.differing:
            _settle(session, setting, seen, row.unit.name, random.choice(row.said).answer, random, at)
        consensus.round_off(session, seen.id, at)
        audit.note(session, "rounded off a meeting", setting.staff.observers[0], at, meeting=seen.code)

    return Event(at, happen)


def _settle(
    session: Session, setting: Setting, seen: Seen, unit: str, value: object, random: Random, at: datetime.datetime
) -> None:
    by = random.choice(setting.staff.observers)
    consensus.settle(session, seen.id, unit, value, random.choice(REASONS), by, at)
    audit.note(session, "settled a difference", by, at, meeting=seen.code, unit=unit)
