"""What one response says about one piece of evidence, before anybody else's is put beside it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.instruments import expressions
from survey.instruments.fidelity.model import Codes, Figure, Mean, Meeting, Parts, Share
from survey.instruments.kinds.question import Code
from survey.instruments.model import Instrument
from survey.measures.measurement import Measurement
from survey.measures.scales import scored

Asked = Figure | Share | Parts | Mean | Codes | Meeting
"""Evidence that somebody filled in."""


@dataclass(frozen=True)
class Said:
    """What one response says: a `figure`; for a share also `count` of `out_of`; for options which, by their question.

    `length` and `rhythm` are those of a meeting: minutes, and the score of how often.
    """

    figure: float | None = None
    count: float = 0.0
    out_of: float = 0.0
    codes: Mapping[str, Code] = field(default_factory=dict)
    rhythm: float | None = None
    length: float | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing of use was answered."""
        return self.figure is None and self.rhythm is None and self.length is None


def said(one: Asked, response: Measurement, settled: Mapping[str, Any], instrument: Instrument) -> Said:
    """What a response says. `settled`: unit -> what its observers agreed on, which goes before what each wrote."""
    values: Mapping[str, Any] = response.values
    if settled:
        values = {name: value for name, value in {**values, **settled}.items() if value is not None}
    match one:
        case Figure():
            return Said(_number(one.value, values))
        case Share():
            return _share(_number(one.count, values), _number(one.out_of, values))
        case Parts():
            return _parts(one, values.get(one.question))
        case Mean(score=str(name)):
            found = scored(instrument, name, values) if settled else response.scores.get(name)
            return Said(found.value if found is not None else None)
        case Mean():
            return Said(_mean(one, values))
        case Codes():
            code = values.get(one.question)
            return Said(one.scores[code], codes={one.question: code}) if code in one.scores else Said()
    rhythm, length = values.get(one.rhythm), _as_number(values.get(one.length))
    if rhythm not in one.rhythm_scores:
        return Said(length=length)
    return Said(codes={one.rhythm: rhythm}, rhythm=one.rhythm_scores[rhythm], length=length)


def _number(source: str, values: Mapping[str, Any]) -> float | None:
    return _as_number(expressions.parse(source).evaluate(values))


def _as_number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _share(count: float | None, out_of: float | None) -> Said:
    if count is None or out_of is None or out_of <= 0:
        return Said()
    return Said(100 * count / out_of, count, out_of)


def _parts(one: Parts, value: Any) -> Said:
    if not isinstance(value, Mapping):
        return Said()
    whole = sum(value.get(part, 0) for part in one.out_of or value)
    return Said(100 * sum(value.get(part, 0) for part in one.parts) / whole) if whole else Said()


def _mean(one: Mean, values: Mapping[str, Any]) -> float | None:
    given = [value for value in (_as_number(values.get(item)) for item in one.items) if value is not None]
    least = one.least if one.least is not None else -(-len(one.items) // 2)
    return statistics.fmean(given) if given and len(given) >= least else None


def together(sayings: Sequence[Said]) -> Said:
    """What several observers of one meeting say together: the mean of theirs."""
    given = [one for one in sayings if not one.empty]
    if len(given) == 1:
        return given[0]
    return Said(
        mean([one.figure for one in given]),
        statistics.fmean(one.count for one in given) if given else 0.0,
        statistics.fmean(one.out_of for one in given) if given else 0.0,
        rhythm=mean([one.rhythm for one in given]),
        length=mean([one.length for one in given]),
    )


def mean(figures: Sequence[float | None]) -> float | None:
    """The mean of those that are there; None without any."""
    given = [figure for figure in figures if figure is not None]
    return statistics.fmean(given) if given else None
