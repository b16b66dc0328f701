"""What participants said of their coaches, as figures of a whole team: never of one coach, and never of one rating.

A figure is shown when all of this holds:

- it is computed from at least LEAST_RATINGS ratings in which enough items of the scale were answered;
- those ratings concern at least LEAST_COACHES coaches. Else it would be the figure of one of them, and the team knows
  of whom;
- it moves in steps, each of at least LEAST_RATINGS ratings that concern at least LEAST_COACHES coaches: of seven
  ratings the first five count, of twelve the first ten. Whoever saw the figure yesterday and sees it today could
  otherwise work out the one rating that came in between, or the mean of the one coach whom the new ones concern.

Beside a figure stands from how many ratings it is, and it has one decimal.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.answers.flow import flow
from survey.instruments.model import Instrument
from survey.measures.scales import ends, scored

LEAST_RATINGS = 5
LEAST_COACHES = 2


@dataclass(frozen=True)
class Rating:
    """One rating that was handed in: of whose coach (None: nobody knows), on which version, with which answers."""

    coach: int | None
    instrument: Instrument
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class TeamFigure:
    """One scale over a team: the mean of `ratings` ratings, on a scale from `lowest` to `highest`.

    `mean` is None where nothing can be shown; then `ratings` is 0, since also their number would tell something.
    """

    score: str
    mean: float | None
    ratings: int
    lowest: float
    highest: float


def team_figures(instrument: Instrument, ratings: Sequence[Rating]) -> list[TeamFigure]:
    """Each scale of an instrument over a team, in order. `ratings`: in the order in which they were handed in."""
    values = [flow(rating.instrument, rating.answers).scope for rating in ratings]
    return [_figure(instrument, name, ratings, values) for name in instrument.scores]


def _figure(
    instrument: Instrument, name: str, ratings: Sequence[Rating], values: Sequence[Mapping[str, Any]]
) -> TeamFigure:
    lowest, highest = ends(instrument, name)
    found: list[tuple[int | None, float]] = []
    for rating, given in zip(ratings, values, strict=True):
        mean = scored(rating.instrument, name, given).value if name in rating.instrument.scores else None
        if mean is not None:
            found.append((rating.coach, mean))
    counted = found[: whole_steps([coach for coach, _ in found])]
    if not counted:
        return TeamFigure(name, None, 0, lowest, highest)
    return TeamFigure(name, round(statistics.fmean(mean for _, mean in counted), 1), len(counted), lowest, highest)


def whole_steps(coaches: Sequence[object]) -> int:
    """How many of these ratings, each by whose coach it is (None: nobody knows), stand in steps that are complete."""
    complete = 0
    for end in range(1, len(coaches) + 1):
        step = coaches[complete:end]
        if len(step) >= LEAST_RATINGS and len(set(step) - {None}) >= LEAST_COACHES:
            complete = end
    return complete
