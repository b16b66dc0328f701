"""Who was lost on the way: people with a first measurement and no last one, against those who have both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from survey.measures.apart import Apart, apart
from survey.measures.estimate import LEVEL
from survey.measures.measurement import Measurement


class Counted(NamedTuple):
    """One answer about people's background: how many of those lost, and of those who stayed, gave it.

    `code` is None for those of whom it is not known.
    """

    code: Hashable
    lost: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Lost:
    """`lost` are the codes of those without a last measurement, `stayed` how many have both.

    All is as it was at the first moment, lost minus stayed. `outcomes`: by score. `numbers`: background variables that
    are numbers. `background`: those that are choices. `circumstances`: "team", "mode" and "interpreted", where people
    differ in them.
    """

    lost: tuple[str, ...]
    stayed: int
    outcomes: Mapping[str, Apart]
    numbers: Mapping[str, Apart]
    background: Mapping[str, tuple[Counted, ...]]
    circumstances: Mapping[str, tuple[Counted, ...]]


def lost(
    firsts: Mapping[str, Measurement],
    stayed: Collection[str],
    scores: Sequence[str],
    background: Mapping[str, object],
    level: float = LEVEL,
) -> Lost:
    """Of those with a first measurement, by code, the ones who did not stay against the ones who did.

    `background`: variable -> None where it is a choice, anything else where it is a number.
    """
    gone = [one for code, one in firsts.items() if code not in stayed]
    there = [one for code, one in firsts.items() if code in stayed]

    def counts(of: Any) -> tuple[Counted, ...]:
        return counted(map(of, gone), map(of, there))

    circumstances = {
        "team": counts(lambda one: one.team),
        "mode": counts(lambda one: one.mode),
        "interpreted": counts(lambda one: one.interpreted),
    }
    return Lost(
        tuple(code for code in firsts if code not in stayed),
        len(there),
        {name: apart(_scores(gone, name), _scores(there, name), level) for name in scores},
        {
            name: apart(_numbers(gone, name), _numbers(there, name), level)
            for name, bands in background.items()
            if bands is not None
        },
        {
            name: counts(lambda one, name=name: _plain(one.values.get(name)))
            for name, bands in background.items()
            if bands is None
        },
        {name: found for name, found in circumstances.items() if len(found) > 1},
    )


def counted(gone: Iterable[Hashable], there: Iterable[Hashable]) -> tuple[Counted, ...]:
    """The answers of both groups, the most frequent first, unknown last."""
    left, kept = Counter(gone), Counter(there)
    both = left + kept
    codes = sorted(both, key=lambda code: (code is None, -both[code], str(code)))
    return tuple(Counted(code, left[code], kept[code]) for code in codes)


def _scores(measurements: Iterable[Measurement], name: str) -> list[float]:
    found = (one.scores.get(name) for one in measurements)
    return [score.value for score in found if score is not None and score.value is not None]


def _numbers(measurements: Iterable[Measurement], name: str) -> list[float]:
    found = (one.values.get(name) for one in measurements)
    return [float(value) for value in found if isinstance(value, int | float) and not isinstance(value, bool)]


def _plain(value: Any) -> Hashable:
    """An answer as something to count: of a multiple choice all that was chosen together."""
    return tuple(sorted(value, key=str)) if isinstance(value, list) else value
