"""What comes out: a figure and a verdict for each indicator, with the evidence behind each requirement. No words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from survey.instruments.fidelity.bands import Unit
from survey.instruments.fidelity.model import FidelityModel, VerdictCode
from survey.measures.fidelity.evidence import Reach

Voice = Literal["coaches", "participants", "observers", "server"]
"""Whose word it is. What an interviewer writes down is the word of who was interviewed."""

Why = Literal["nobody", "no_answer", "too_few", "of_team", "not_recorded"]
"""Why there is no figure: nobody handed in at this moment; nobody answered what it needs; too few participants or
coaches to show it; it is told of teams and never of one coach; the server has nothing on record."""


@dataclass(frozen=True)
class Part:
    """One of the two halves of evidence about a meeting: how often ("rhythm"), or how long ("length")."""

    name: Literal["rhythm", "length"]
    figure: float | None
    score: float | None
    codes: Mapping[str | int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """One piece of evidence of a requirement, over all people within reach.

    `figure` is in `unit`; None in `unit`: a mean of the scores of `codes` (option -> how many chose it). `count` of
    `out_of` stand behind a share. `people` have a value in it, of `handed_in`, of `expected` (None: nothing is
    asked); `meetings` they are about. `each`: the score by the own words of each observer, before they agreed. `name`
    is the question, items, score or record that it looks at. `provisional`: no publication has the limits by which it
    got its score; `source` is that publication.
    """

    voice: Voice
    kind: str
    instrument: str
    name: str
    unit: Unit | None
    figure: float | None = None
    score: float | None = None
    why: Why | None = None
    people: int = 0
    handed_in: int = 0
    expected: int | None = None
    meetings: int | None = None
    count: float | None = None
    out_of: float | None = None
    codes: Mapping[str | int, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    each: tuple[float, ...] = ()
    provisional: bool = False
    source: str | None = None
    bands: str | None = None


@dataclass(frozen=True)
class RequirementFound:
    """A requirement: the score of its first evidence, and the rest beside it. Without evidence it is not measured."""

    name: str
    score: float | None
    found: tuple[Found, ...]

    @property
    def measured(self) -> bool:
        """Whether the model has any evidence for it."""
        return bool(self.found)

    @property
    def why(self) -> Why | None:
        """Why there is no score; None where there is one, and where it is not measured."""
        return self.found[0].why if self.found and self.score is None else None

    @property
    def views(self) -> tuple[Found, ...]:
        """The first of each voice that has a figure, in order: the own view of coaches against that of others."""
        first: dict[Voice, Found] = {}
        for one in self.found:
            if one.figure is not None or one.score is not None:
                first.setdefault(one.voice, one)
        return tuple(first.values())


@dataclass(frozen=True)
class Border:
    """The next verdict: `distance` away, and the requirements of which one point more (or less) leads there."""

    verdict: VerdictCode
    distance: float
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class Outlook:
    """What could change a verdict. `lowest` and `highest`: the figure if all that is missing scored so; `verdicts` are
    those that are possible then, from low to high."""

    lowest: float
    highest: float
    verdicts: tuple[VerdictCode, ...]
    up: Border | None = None
    down: Border | None = None


@dataclass(frozen=True)
class IndicatorFound:
    """An indicator. `figure` None: too few of its requirements have a score. `provisional`: no publication has the
    limits on which the verdict hangs, those of a requirement's score or of the verdict itself."""

    name: str
    figure: float | None
    verdict: VerdictCode | None
    requirements: tuple[RequirementFound, ...]
    outlook: Outlook
    provisional: bool

    @property
    def scored(self) -> int:
        """How many requirements have a score."""
        return sum(one.score is not None for one in self.requirements)

    @property
    def missing(self) -> tuple[RequirementFound, ...]:
        """Those that have none."""
        return tuple(one for one in self.requirements if one.score is None)


@dataclass(frozen=True)
class Fidelity:
    """All indicators of a model at one wave, of one coach, one team or the study."""

    model: FidelityModel
    wave: str
    reach: Reach
    indicators: tuple[IndicatorFound, ...]

    def indicator(self, name: str) -> IndicatorFound:
        """One of them. Raises KeyError."""
        found = next((one for one in self.indicators if one.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @property
    def empty(self) -> bool:
        """Whether nothing at all is known."""
        return not any(one.figure is not None for one in self.indicators) and not any(
            found.figure is not None or found.score is not None
            for one in self.indicators
            for requirement in one.requirements
            for found in requirement.found
        )
