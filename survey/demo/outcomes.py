"""How people stand on the scales of an instrument, at each wave: a place of their own, and some chance in every item.

The spread between people, set against the chance in single items, makes items that belong together (alpha of about .8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Any

from survey.demo.distributions import centred, standings
from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Instrument


@dataclass(frozen=True)
class Outcome:
    """How a group stands on one score, as parts of the way from the lowest point (0) to the highest (1).

    `level`: its mean at the first wave. `spread`: between people. `noise`: between the items of one person. `change`: of
    the mean, from the first wave to the second. `stability`: the correlation of people's places between two waves.
    """

    level: float = 0.5
    spread: float = 0.17
    noise: float = 0.18
    change: float = 0.0
    stability: float = 0.6


UNKNOWN = Outcome()

CLIENT_OUTCOMES = {
    # 0.5 on a scale from 1 to 7; a little more, since nobody's mark goes above 7.
    "family_support": Outcome(0.45, 0.215, 0.215, change=0.53 / 6, stability=0.45),
    "friend_support": Outcome(0.42, 0.20, 0.19, change=0.01),
    "other_support": Outcome(0.40, 0.19, 0.19, change=0.005),
    "belonging": Outcome(0.55, change=0.01),
    "mental_health": Outcome(0.50, change=0.008),
    "stress": Outcome(0.54, change=-0.012),
    "control": Outcome(0.53, change=0.015),
    "needs": Outcome(0.42, 0.20, 0.20, change=-0.01),
    "barriers": Outcome(0.45, 0.19, 0.20, change=-0.008),
}

COACH_OUTCOMES = {
    "view_of_tasks": Outcome(0.68, 0.10, 0.12, change=0.02),
    "view_of_principles": Outcome(0.72, 0.10, 0.12, change=0.01),
}

Points = Mapping[str, Any]
"""Item -> code of the point."""


def points(
    instrument: Instrument, outcomes: Mapping[str, Outcome], count: int, pairs: Sequence[int], random: Random
) -> list[tuple[Points, Points]]:
    """For each of `count` people the points of all scale items at two waves.

    `pairs` are the positions of those who are asked at both: the mean change among them is as wanted, but for rounding.
    """
    found: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {}) for _ in range(count)]
    for name, items in _groups(instrument).items():
        outcome = outcomes.get(name, UNKNOWN)
        against = instrument.scores[name].reversed if name in instrument.scores else ()
        first, second = _paired(random, count, pairs, outcome.stability)
        for item in items:
            codes = list(instrument.units[item].question.options)
            noise = _paired(random, count, pairs, stability=0.0)
            for wave, (places, change) in enumerate(((first, 0.0), (second, outcome.change))):
                for i in range(count):
                    place = outcome.level + change + outcome.spread * places[i] + outcome.noise * noise[wave][i]
                    found[i][wave][item] = point(codes, 1 - place if item in against else place)
    return [(first, second) for first, second in found]


def point(codes: Sequence[Any], place: float) -> Any:
    """The code nearest to a place between the first (0) and the last (1)."""
    return codes[min(len(codes) - 1, max(0, round(place * (len(codes) - 1))))]


def standing(instrument: Instrument, score: str, points: Points) -> float:
    """Where these points put somebody on a score, from 0 to 1; the middle where the instrument has no such score."""
    if score not in instrument.scores:
        return 0.5
    places = []
    for item in instrument.scores[score].items:
        codes = list(instrument.units[item].question.options)
        place = codes.index(points[item]) / max(1, len(codes) - 1)
        places.append(1 - place if item in instrument.scores[score].reversed else place)
    return sum(places) / len(places)


def _groups(instrument: Instrument) -> dict[str, list[str]]:
    """Score -> its items of a scale, each item once; what is in no score stands together by question."""
    groups: dict[str, list[str]] = {}
    grouped: set[str] = set()
    for name, score in instrument.scores.items():
        groups[name] = [item for item in score.items if item not in grouped and isinstance(instrument.units[item].question, Scale)]
        grouped |= set(groups[name])
    for name, unit in instrument.units.items():
        if unit.role == "item" and name not in grouped:
            groups.setdefault(f"question {unit.question.name}", []).append(name)
    return groups


def _paired(random: Random, count: int, pairs: Sequence[int], stability: float) -> tuple[list[float], list[float]]:
    """Standard scores at two waves with this correlation; their mean among the pairs is the same."""
    first, fresh = standings(random, count), standings(random, count)
    second = [stability * one + sqrt(1 - stability**2) * other for one, other in zip(first, fresh, strict=True)]
    mean = sum(first[i] for i in pairs) / len(pairs) if pairs else 0.0
    return first, centred(second, pairs, mean)
