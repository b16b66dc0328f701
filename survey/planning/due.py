"""When each instrument is asked of somebody, counted from what happened, and how a task stands on a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from survey.instruments.protocols.model import Ask, Of, Protocol

Day = datetime.date


@dataclass(frozen=True)
class Happened:
    """What planning counts from. `asked_at` has for each wave the day of its first interview.

    `asked_at`: wave -> the day on which the participant's first response at that wave was handed in.
    """

    registered: Day
    round_off: Day | None = None
    asked_at: Mapping[str, Day] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """One instrument at one wave: who fills it in, and the first, due and last day."""

    wave: str
    instrument: str
    by: str
    opens_on: Day
    due_on: Day
    closes_on: Day


BY = {"interviewer": "interviewer", "participant": "participant", "coach": "coach", "observers": "observer"}
"""Who fills in, as a protocol says it -> as a task says it: one observer at a time."""


def of_participant(protocol: Protocol, happened: Happened) -> list[Planned]:
    """What is asked of a participant who takes part, as far as the days are known by now."""
    anchors = {"registration": happened.registered, "round_off": happened.round_off, **happened.asked_at}
    return list(_planned(protocol, ("participant",), anchors))


def of_person(protocol: Protocol, roles: Iterable[str], began: Day) -> list[Planned]:
    """What is asked of a coach or team leader, by their roles, counted from the study's first day."""
    kinds: tuple[Of, ...] = tuple(one for one in ("coach", "team_leader") if one in roles)
    return list(_planned(protocol, kinds, {"study": began}))


def of_meeting(protocol: Protocol, ask: Ask, wave: str, held_on: Day, days: int = 14) -> Planned:
    """What an observer fills in about a meeting: from that day on, within `days` after it."""
    last = held_on + datetime.timedelta(days=days)
    return Planned(wave, ask.instrument, BY[ask.by], held_on, held_on + datetime.timedelta(days=1), last)


def _planned(protocol: Protocol, of: Iterable[Of], anchors: Mapping[str, Day | None]) -> Iterator[Planned]:
    for ask in protocol.asks:
        if ask.of not in of:
            continue
        for wave in ask.waves:
            timing = protocol.timing(ask, wave)
            anchor = anchors.get(timing.after)
            if anchor is not None:
                yield Planned(wave, ask.instrument, BY[ask.by], *timing.days(anchor))


Standing = Literal["waiting", "due", "overdue", "running", "done", "dropped"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
"""Not open yet; within its window; past it; begun; handed in; no longer asked."""


def standing(
    opens_on: Day, closes_on: Day, today: Day, *, begun: bool = False, done: bool = False, dropped: bool = False
) -> Standing:
    """How a task stands on a day. What is past its window can still be done, and is called overdue."""
    if done:
        return "done"
    if dropped:
        return "dropped"
    if begun:
        return "running"
    if today < opens_on:
        return "waiting"
    return "due" if today <= closes_on else "overdue"
