"""Scale scores: items turned back, their mean or sum, how many were answered, and the strict version beside it.

The rule is the usual one of scale authors (person-mean imputation, as in Schafer and Graham 2002, Psychological
Methods 7, p. 158): with at least the least number of items answered, the mean of those answered stands for all; a
sum is that mean times the number of items. Such a score is prorated. The strict score needs every item.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from survey.instruments.model import Instrument, Score


class Scored(NamedTuple):
    """One score of one response.

    `value` is None with fewer items answered than the scale demands. `answered` of `of` items have an answer.
    `strict` is the score where all of them have one, else None.
    """

    value: float | None
    answered: int
    of: int
    strict: float | None

    @property
    def prorated(self) -> bool:
        """Whether answered items stand for others that have no answer."""
        return self.value is not None and self.answered < self.of


def least(score: Score) -> int:
    """How many items must be answered: what the definition says, else half of them, rounded up."""
    return score.least if score.least is not None else math.ceil(len(score.items) / 2)


class Scorer:
    """Makes one score of many responses. It remembers what is the same for all of them."""

    def __init__(self, instrument: Instrument, name: str) -> None:
        self.score = instrument.scores[name]
        self._turned = {item: sum(item_ends(instrument, item)) for item in self.score.reversed}

    def items(self, values: Mapping[str, Any]) -> list[float | None]:
        """The items of the score in order, those that are turned round turned back; None where there is no answer.

        `values`: unit -> answer, for those that count and have one. The points of an item keep their codes.
        """
        turned = self._turned
        found: list[float | None] = []
        for item in self.score.items:
            answer = values.get(item)
            if answer is None or isinstance(answer, bool) or not isinstance(answer, int | float):
                found.append(None)
            else:
                found.append(turned[item] - answer if item in turned else float(answer))
        return found

    def scored(self, values: Mapping[str, Any]) -> Scored:
        """The score of one response. `values` as of `items`."""
        return of_items(self.score, self.items(values))


def item_values(instrument: Instrument, name: str, values: Mapping[str, Any]) -> list[float | None]:
    """The items of a score of one response, as `Scorer.items`."""
    return Scorer(instrument, name).items(values)


def scored(instrument: Instrument, name: str, values: Mapping[str, Any]) -> Scored:
    """A score of one response, as `Scorer.scored`."""
    return Scorer(instrument, name).scored(values)


def of_items(score: Score, items: list[float | None]) -> Scored:
    """A score from its items, which were turned back already."""
    given = [item for item in items if item is not None]
    of = len(items)
    times = of if score.method == "sum" else 1
    value = math.fsum(given) / len(given) * times if given and len(given) >= least(score) else None
    return Scored(value, len(given), of, value if len(given) == of else None)


def item_ends(instrument: Instrument, item: str) -> tuple[float, float]:
    """The lowest and highest code of an item's points."""
    codes = [code for code in instrument.units[item].question.options if isinstance(code, int)]
    return float(min(codes)), float(max(codes))


def ends(instrument: Instrument, name: str) -> tuple[float, float]:
    """The lowest and highest that a score can be. Items may have different ends."""
    score = instrument.scores[name]
    found = [item_ends(instrument, item) for item in score.items]
    lows, highs = [low for low, _ in found], [high for _, high in found]
    return (sum(lows), sum(highs)) if score.method == "sum" else (min(lows), max(highs))
