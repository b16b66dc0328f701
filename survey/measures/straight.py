"""Straight-lining: the same point of a scale for every statement. A hint to look, and no proof of anything.

A question with a list of statements counts as answered straight when at least LEAST_ITEMS of them have an answer and
all those answers are the same. With two or three statements the same answer says nothing, and refusals are no answers.

It says more where the statements contradict each other: some of them are reversed in a score and others in the same
score are not, so that the same answer is favourable to the one and unfavourable to the other. The middle point of the
list is its own mirror image and contradicts nothing, so it never counts as contradicting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from survey.instruments.kinds.scale import Scale
from survey.instruments.model import Instrument

LEAST_ITEMS = 4
"""So many statements must be answered before the same answer to all of them means anything."""


class Rated(NamedTuple):
    """One question with statements, of which enough were answered. `contradicts` only where all answers are the `same`.

    `items`: how many statements were answered.
    """

    question: str
    items: int
    same: bool
    contradicts: bool


@dataclass(frozen=True)
class StraightLining:
    """One question over many responses: how many answered enough statements, and how many of those all the same."""

    question: str
    responses: int
    same: int
    contradicts: int


class Scales:
    """The questions of one instrument version whose statements can be answered straight."""

    def __init__(self, instrument: Instrument) -> None:
        self._questions = [
            (question.name, tuple(question.items), _middle(question))
            for question in instrument.questions.values()
            if isinstance(question, Scale) and len(question.items) >= LEAST_ITEMS
        ]
        self._scores = [
            (frozenset(score.reversed), frozenset(score.items) - set(score.reversed))
            for score in instrument.scores.values()
            if score.reversed
        ]

    def rated(self, values: Mapping[str, Any]) -> tuple[Rated, ...]:
        """The questions of which enough statements were answered, in order. `values`: those that count, by unit."""
        found = []
        for name, items, middle in self._questions:
            given = [item for item in items if item in values]
            if len(given) < LEAST_ITEMS:
                continue
            code = values[given[0]]
            same = all(values[item] == code for item in given)
            found.append(Rated(name, len(given), same, same and code != middle and self._both_ways(given)))
        return tuple(found)

    def _both_ways(self, items: Iterable[str]) -> bool:
        given = set(items)
        return any(given & turned and given & straight for turned, straight in self._scores)


def _middle(question: Scale) -> str | int | None:
    """The code of the middle point; None where there is an even number of points."""
    codes: list[str | int] = list(question.options)
    return codes[len(codes) // 2] if len(codes) % 2 else None


def straight_lining(rated: Iterable[tuple[Rated, ...]], questions: Iterable[str]) -> list[StraightLining]:
    """Each of these questions that was rated at all, in order; one tuple of `rated` for each response."""
    counts: dict[str, list[int]] = {}
    for one in rated:
        for question, _, same, contradicts in one:
            count = counts.setdefault(question, [0, 0, 0])
            count[0] += 1
            count[1] += same
            count[2] += contradicts
    return [StraightLining(question, *counts[question]) for question in questions if question in counts]
