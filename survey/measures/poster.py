"""What goes well in a team, and what it works on: the requirements with the clearest scores, safe to hang on a wall.

Whoever reads a poster knows everybody in the team. So what coaches say counts from LEAST_COACHES of them on who
answered it, in whole steps of that many, as in `survey.measures.feedback`; what participants say, by
`survey.measures.ratings`. What observers saw of a meeting is of the team anyway.

A coach also knows the own answer, and from the feedback the mean of other colleagues than those on the poster. So what
coaches say stands on it in half points, downwards: the difference of the two tells of nobody then.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.measures.feedback import LEAST_OTHERS
from survey.measures.fidelity.evidence import Evidence
from survey.measures.fidelity.result import Fidelity, Found
from survey.measures.measurement import Measurement

LEAST_COACHES = LEAST_OTHERS
MOST = 3
"""More than three things nobody remembers."""


@dataclass(frozen=True)
class Said:
    """One requirement of an indicator, its score as it may be shown, and the evidence that gave it."""

    indicator: str
    requirement: str
    score: float
    found: Found


@dataclass(frozen=True)
class Poster:
    """At most three things that go `well`, the best first, and three to `work` on, the hardest first."""

    well: tuple[Said, ...]
    work: tuple[Said, ...]
    unknown: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to hang up."""
        return not self.well and not self.work


def poster(found: Fidelity) -> Poster:
    """The poster of what was found for a team. A requirement goes well from the model's cut-off on.

    `unknown` counts the requirements that have no score.
    """
    cut = found.model.cutoff if found.model.combine == "mean" else None
    line = cut if cut is not None else _middle(found)
    said = [
        Said(indicator.name, one.name, _shown(one.score, one.found[0]), one.found[0])
        for indicator in found.indicators
        for one in indicator.requirements
        if one.score is not None
    ]
    unknown = sum(one.score is None for indicator in found.indicators for one in indicator.requirements)
    well = sorted((one for one in said if one.score >= line), key=lambda one: -one.score)
    work = sorted((one for one in said if one.score < line), key=lambda one: one.score)
    return Poster(tuple(well[:MOST]), tuple(work[:MOST]), unknown)


def _shown(score: float, found: Found) -> float:
    return math.floor(2 * score + 1e-9) / 2 if found.voice == "coaches" else score


def _middle(found: Fidelity) -> float:
    """Where a model says nothing of single requirements: three quarters of the scale."""
    lowest, highest = found.model.scale
    return lowest + 0.75 * (highest - lowest)


def for_a_wall(evidence: Evidence, own: Sequence[str]) -> Evidence:
    """The same evidence with what coaches fill in about themselves (instruments `own`) in whole steps of each team, and
    so again for each thing that not all of them answered."""
    places = evidence.order
    groups: dict[tuple[str, str, str | None], list[Measurement]] = defaultdict(list)
    others = [one for one in evidence.measurements if one.instrument not in own]
    for one in sorted(evidence.measurements, key=lambda one: places.get(one.response, 0)):
        if one.instrument in own:
            groups[one.instrument, one.wave, one.team].append(one)
    kept = [one for group in groups.values() for one in group[: len(group) // LEAST_COACHES * LEAST_COACHES]]
    return replace(evidence, measurements=[*others, *kept], steps=LEAST_COACHES)
