"""The scales of one instrument at each wave: who has a score, how high it is, and how its items go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from survey.answers.missing import State
from survey.instruments.model import Instrument
from survey.measures.description import Description, described
from survey.measures.measurement import Measurement
from survey.measures.reliability import Alpha, alpha, item_rest
from survey.measures.scales import ends, item_ends


@dataclass(frozen=True)
class ItemAtWave:
    """One item of a scale. `counts`: code -> how many gave it, as it was answered, for every point in order.

    `described` and `rest` (its correlation with the other items together) are of the values turned back. `states`:
    why others gave no answer, by how many of the `responses`.
    """

    item: str
    reversed: bool
    responses: int
    counts: Mapping[Any, int]
    states: Mapping[State, int]
    described: Description
    rest: float | None


@dataclass(frozen=True)
class ScaleAtWave:
    """One scale at one wave, over `responses` that were handed in.

    `described`: the scores there are. `strict`: of how many all items were answered; `prorated`: for how many answered
    items stand for others. The scores run from `lowest` to `highest`.
    """

    score: str
    wave: str
    responses: int
    described: Description
    strict: int
    prorated: int
    lowest: float
    highest: float
    alpha: Alpha
    items: tuple[ItemAtWave, ...]

    @property
    def missing(self) -> int:
        """How many have no score: too few of their items were answered."""
        return self.responses - self.described.n

    @property
    def states(self) -> Mapping[State, int]:
        """Why items have no answer, over all items of all responses."""
        found: Counter[State] = Counter()
        for item in self.items:
            found.update(item.states)
        return found

    @property
    def asked(self) -> int:
        """How many items there are over all responses, answered or not."""
        return self.responses * len(self.items)


def scale_table(instrument: Instrument, measurements: Iterable[Measurement], waves: Sequence[str]) -> list[ScaleAtWave]:
    """Each scale at each of these waves at which there are responses: by scale, then by wave.

    `instrument`: the newest version, which says what the scales are. Earlier versions count as far as they have them.
    """
    of_wave: dict[str, list[Measurement]] = {wave: [] for wave in waves}
    for one in measurements:
        if one.wave in of_wave:
            of_wave[one.wave].append(one)
    columns = {wave: _Columns(instrument, found) for wave, found in of_wave.items()}
    return [
        _at_wave(instrument, name, wave, columns[wave]) for name in instrument.scores for wave in waves if of_wave[wave]
    ]


def _at_wave(instrument: Instrument, name: str, wave: str, columns: _Columns) -> ScaleAtWave:
    found = [one.scores[name] for one in columns.measurements if name in one.scores]
    lowest, highest = ends(instrument, name)
    score = instrument.scores[name]
    values = np.column_stack([columns.turned(item, item in score.reversed) for item in score.items])
    return ScaleAtWave(
        name,
        wave,
        len(columns.measurements),
        described(one.value for one in found),
        sum(1 for one in found if one.strict is not None),
        sum(1 for one in found if one.prorated),
        lowest,
        highest,
        alpha(values),
        tuple(
            columns.item(item, item in score.reversed, rest)
            for item, rest in zip(score.items, item_rest(values), strict=True)
        ),
    )


class _Columns:
    """The items of responses at one wave, each gone over once for however many scales it stands in."""

    def __init__(self, instrument: Instrument, measurements: Sequence[Measurement]) -> None:
        self.measurements = measurements
        self._instrument = instrument
        self._given: dict[str, list[Any]] = {}

    def given(self, item: str) -> list[Any]:
        """What everybody answered, in order; None for no answer."""
        if item not in self._given:
            self._given[item] = [one.values.get(item) for one in self.measurements]
        return self._given[item]

    def turned(self, item: str, turn: bool) -> Any:
        """The same as figures, turned back where the scale wants it; NaN for no answer."""
        column = np.array(self.given(item), dtype=float)
        return sum(item_ends(self._instrument, item)) - column if turn else column

    def item(self, item: str, turn: bool, rest: float | None) -> ItemAtWave:
        """One item in counts and figures. `rest`: its correlation with the others."""
        given = Counter(self.given(item))
        without = (one for one, code in zip(self.measurements, self.given(item), strict=True) if code is None)
        states = Counter(one.states.get(item, State.NOT_ASKED) for one in without)
        counts = {code: given[code] for code in self._instrument.units[item].question.options}
        values = self.turned(item, turn)
        figures = described(values[~np.isnan(values)].tolist())
        return ItemAtWave(item, turn, len(self.measurements), counts, states, figures, rest)
