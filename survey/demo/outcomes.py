"""How people stand on the scales of an instrument, at each wave: a place of their own, and some chance in every item.

The spread between people, set against the chance in single items, makes items that belong together (alpha of about .8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

    `level`: its mean at the first wave. `spread`: between people. `noise`: between the items of one person. `change`:
    of the mean, from the first wave to the second. `stability`: the correlation of people's places between two waves.
    """

    level: float = 0.5
    spread: float = 0.17
    noise: float = 0.18
    change: float = 0.0
    stability: float = 0.6


UNKNOWN = Outcome()

TRIES = 8

CLIENT_OUTCOMES = {
    # 0.5 on a scale from 1 to 7.
    "family_support": Outcome(0.45, 0.225, 0.22, change=0.5 / 6, stability=0.5),
    "friend_support": Outcome(0.42, 0.20, 0.19, change=0.01),
    "other_support": Outcome(0.42, 0.215, 0.18, change=0.005),
    "belonging": Outcome(0.55, change=0.01),
    "mental_health": Outcome(0.50, change=0.008),
    "stress": Outcome(0.54, change=-0.012),
    "control": Outcome(0.53, change=0.015),
    "needs": Outcome(0.42, 0.20, 0.20, change=-0.01),
    "barriers": Outcome(0.45, 0.22, 0.20, change=-0.008),
}

COACH_OUTCOMES = {
    "view_of_tasks": Outcome(0.68, 0.10, 0.12, change=0.02),
    "view_of_principles": Outcome(0.72, 0.10, 0.12, change=0.01),
}

Points = Mapping[str, Any]
"""Item -> code of the point."""


def points(
    instrument: Instrument,
    outcomes: Mapping[str, Outcome],
    count: int,
    pairs: Callable[[str], Sequence[int]],
    random: Random,
) -> list[tuple[Points, Points]]:
    """For each of `count` people the points of all scale items at two waves.

    `pairs` gives the positions of those who are asked about a score at both: the mean change among them is as wanted,
    but for answers that are missing.
    """
    found: list[tuple[dict[str, Any], dict[str, Any]]] = [({}, {}) for _ in range(count)]
    for name, items in _groups(instrument).items():
        against = instrument.scores[name].reversed if name in instrument.scores else ()
        codes = {item: list(instrument.units[item].question.options) for item in items}
        places = _places(
            outcomes.get(name, UNKNOWN), {item: len(codes[item]) for item in items}, count, pairs(name), random
        )
        for i in range(count):
            for wave in (0, 1):
                for item in items:
                    place = places[wave][item][i]
                    found[i][wave][item] = point(codes[item], 1 - place if item in against else place)
    return [(first, second) for first, second in found]


Places = dict[str, list[float]]
"""Item -> each person's place on it."""


def _places(
    outcome: Outcome, lengths: Mapping[str, int], count: int, pairs: Sequence[int], random: Random
) -> tuple[Places, Places]:
    first, second = _paired(random, count, pairs, outcome.stability)
    before: Places = {}
    after: Places = {}
    for item in lengths:
        chance, chance_later = _paired(random, count, pairs, stability=0.0)
        before[item] = [outcome.level + outcome.spread * first[i] + outcome.noise * chance[i] for i in range(count)]
        after[item] = [
            outcome.level + outcome.spread * second[i] + outcome.noise * chance_later[i] for i in range(count)
        ]
    # Whole points and the ends of a scale take a part of a change away: what is missing is added, until it is there.
    shift = outcome.change
    for _ in range(TRIES if pairs else 0):
        shift += outcome.change - _change(before, after, shift, lengths, pairs)
    return before, {item: [place + shift for place in places] for item, places in after.items()}


def _change(before: Places, after: Places, shift: float, lengths: Mapping[str, int], pairs: Sequence[int]) -> float:
    """The mean change among the pairs in whole points, as part of the range, when everybody shifts by `shift`."""
    changes = [
        point(range(length), after[item][i] + shift) - point(range(length), before[item][i])
        for item, length in lengths.items()
        for i in pairs
    ]
    return float(sum(changes) / sum((length - 1) * len(pairs) for length in lengths.values()))


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
        groups[name] = [
            item for item in score.items if item not in grouped and isinstance(instrument.units[item].question, Scale)
        ]
        grouped |= set(groups[name])
    for name, unit in instrument.units.items():
        if unit.role == "item" and name not in grouped:
            groups.setdefault(f"question {unit.question.name}", []).append(name)
    return groups


def _paired(random: Random, count: int, pairs: Sequence[int], stability: float) -> tuple[list[float], list[float]]:
    """Standard scores at two waves; among the pairs their mean is the same, and their correlation is `stability`."""
    first = standings(random, count)
    fresh = _unrelated(standings(random, count), first, pairs)
    second = [stability * one + sqrt(1 - stability**2) * other for one, other in zip(first, fresh, strict=True)]
    mean = sum(first[i] for i in pairs) / len(pairs) if pairs else 0.0
    return first, centred(second, pairs, mean)


def _unrelated(values: Sequence[float], others: Sequence[float], among: Sequence[int]) -> list[float]:
    """These values without what they share with the others among some, and with the others' spread there."""
    around, other_around = centred(values, among), centred(others, among)
    whole = sum(other_around[i] ** 2 for i in among)
    shared = sum(around[i] * other_around[i] for i in among) / whole if whole else 0.0
    left = [value - shared * other for value, other in zip(around, other_around, strict=True)]
    remains = sum(left[i] ** 2 for i in among)
    return [value * sqrt(whole / remains) for value in left] if remains > whole / 1000 else left
