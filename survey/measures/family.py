"""The family of outcomes in which change is looked for: as declared beforehand, or all scores where nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

from survey.instruments.model import Instrument

Better = Literal["higher", "lower"]


class Score(Protocol):
    """What was declared of a score, as `survey.instruments.protocols.model.OutcomeScore` has it."""

    @property
    def better(self) -> Better | None:
        """Which direction is the better one."""

    @property
    def reliability(self) -> float | None:
        """Its reliability from a publication."""

    @property
    def source(self) -> str | None:
        """Which publication."""


class Outcomes(Protocol):
    """The family of outcomes, as `survey.instruments.protocols.model.Outcomes` has it."""

    @property
    def first(self) -> str:
        """The wave from which."""

    @property
    def last(self) -> str:
        """The wave to which."""

    @property
    def comparison(self) -> str | None:
        """The arm with which the others are compared."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """The scores in which change is looked for."""


class NotSaid(NamedTuple):
    """A score of which nothing was declared."""

    better: Better | None = None
    reliability: float | None = None
    source: str | None = None


class Undeclared(NamedTuple):
    """A family that nobody declared: all scores of an instrument, from one wave to another."""

    first: str
    last: str
    scores: Mapping[str, Score]
    comparison: str | None = None


def undeclared(instrument: Instrument, first: str, last: str) -> Undeclared:
    """All scores of an instrument, without a better direction."""
    return Undeclared(first, last, {name: NotSaid() for name in instrument.scores})
