"""What fidelity is computed from: measurements, what observers settled, and what the server itself has on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey.measures.measurement import Measurement


@dataclass(frozen=True)
class Reach:
    """Of whom a figure is: one coach, one team (codes), or with neither the whole study."""

    team: str | None = None
    coach: str | None = None

    def covers(self, team: str | None) -> bool:
        """Whether what belongs to this team counts."""
        return self.team is None or self.team == team


@dataclass(frozen=True)
class Clocked:
    """One observed meeting by the clock of its observers. `held` are steps with their minutes, the mean of the
    observers'; `planned` the steps of the protocol. `minutes` is the whole, None where nobody used the clock."""

    meeting: str
    instrument: str
    wave: str
    team: str | None
    observers: int
    minutes: float | None
    held: Mapping[str, float]
    planned: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """The percentage of the planned steps that were held."""
        if self.minutes is None or not self.planned:
            return None
        return 100 * sum(step in self.held for step in self.planned) / len(self.planned)


@dataclass(frozen=True)
class Rate:
    """How many of one instrument were asked at one wave in one team so far, and how many of them were handed in."""

    instrument: str
    wave: str
    team: str | None
    asked: int
    done: int


@dataclass(frozen=True)
class Contacted:
    """How participants were reached for a wave, by those who interview: `tried` of them, `reached` of those, in so many
    `attempts`. It says nothing about a coach's own contacts."""

    wave: str
    team: str | None
    tried: int
    reached: int
    attempts: int


@dataclass(frozen=True)
class Evidence:
    """All of one study that a model looks at.

    `meeting_of`: response -> meeting (a code), for observers' responses that count. `settled`: meeting -> unit -> the
    value on which its observers agreed, None where there is no common answer. `order`: response -> its place in the
    order of handing in. `steps`: who reads it knows everybody, so what coaches say counts in whole steps of so many
    of them who answered, and what participants say in steps also over a whole study. `remembered`: what was made of it
    already, so that teams do not ask their participants again.
    """

    measurements: Sequence[Measurement]
    meeting_of: Mapping[str, str] = field(default_factory=dict)
    settled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)
    clocks: Sequence[Clocked] = ()
    rates: Sequence[Rate] = ()
    contacts: Sequence[Contacted] = ()
    steps: int | None = None
    remembered: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def of(self, instrument: str, wave: str, reach: Reach) -> list[Measurement]:
        """The responses of an instrument at a wave within reach, as they were handed in. Of a coach: the own ones."""
        if reach.coach is not None:
            return [one for one in self._own[instrument, wave, reach.coach] if reach.covers(one.team)]
        if reach.team is not None:
            return list(self._of_team[instrument, wave, reach.team])
        return list(self._by_wave[instrument, wave])

    def asked(self, instrument: str, wave: str, reach: Reach) -> int | None:
        """How many were asked within reach; None where nothing is planned."""
        found = [one.asked for one in self.rates_of(instrument, wave, reach)]
        return sum(found) if found else None

    def rates_of(self, instrument: str, wave: str, reach: Reach) -> list[Rate]:
        """How many were asked and handed in, team by team."""
        here = (one for one in self.rates if (one.instrument, one.wave) == (instrument, wave))
        return [one for one in here if reach.covers(one.team)]

    def clocks_of(self, instrument: str, wave: str, reach: Reach) -> list[Clocked]:
        """The meetings of a wave within reach, by the clock."""
        here = (one for one in self.clocks if (one.instrument, one.wave) == (instrument, wave))
        return [one for one in here if reach.covers(one.team)]

    @cached_property
    def _by_wave(self) -> Mapping[tuple[str, str], list[Measurement]]:
        found: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
        for one in sorted(self.measurements, key=lambda one: self.order.get(one.response, 0)):
            found[one.instrument, one.wave].append(one)
        return found

    @cached_property
    def _of_team(self) -> Mapping[tuple[str, str, str | None], list[Measurement]]:
        found: dict[tuple[str, str, str | None], list[Measurement]] = defaultdict(list)
        for measurements in self._by_wave.values():
            for one in measurements:
                found[one.instrument, one.wave, one.team].append(one)
        return found

    @cached_property
    def _own(self) -> Mapping[tuple[str, str, str], list[Measurement]]:
        found: dict[tuple[str, str, str], list[Measurement]] = defaultdict(list)
        for measurements in self._by_wave.values():
            for one in measurements:
                found[one.instrument, one.wave, one.subject].append(one)
        return found
