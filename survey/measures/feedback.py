"""What a coach sees of the own questionnaire: each score beside the mean of other coaches, and nothing else.

Colleagues know each other, so a mean of others is shown when all of this holds:

- it is of at least LEAST_OTHERS others. Of two, either could work out what the other one said. A team with fewer who
  handed in is compared with all other coaches of the study, by the same rule;
- it moves in steps of LEAST_OTHERS, in the order of handing in: of five others the first three count. Whoever saw the
  mean yesterday and sees it today could otherwise work out what the one said who came in between;
- it has one decimal.

What participants say about a coach stands nowhere here: it is told of teams only, by `survey.measures.ratings`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.model import Instrument
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.finding import Look, found
from survey.measures.fidelity.result import Found
from survey.measures.measurement import Measurement
from survey.measures.scales import ends

LEAST_OTHERS = 3


@dataclass(frozen=True)
class Others:
    """The mean of `number` others, rounded to one decimal."""

    mean: float
    number: int


@dataclass(frozen=True)
class Line:
    """One thing about the own work, on a scale from `lowest` to `highest`: the own score now, at the moment before if
    there was one, and that of others now. None where it cannot be said.

    Of a model it has `indicator` and `requirement`, and what was `found` for it; else it is a `score` of an instrument.
    """

    own: float | None
    before: float | None
    others: Others | None
    lowest: float
    highest: float
    indicator: str | None = None
    requirement: str | None = None
    found: Found | None = None
    instrument: str | None = None
    score: str | None = None


@dataclass(frozen=True)
class Feedback:
    """The lines of one coach at a `wave`, and the wave `before` it with which they are compared.

    `of_team`: others are those of the own team, else all of the study.
    """

    wave: str
    before: str | None
    of_team: bool
    of_model: tuple[Line, ...]
    of_scores: tuple[Line, ...]


def of_others(values: Sequence[float]) -> Others | None:
    """The mean of others by the rule above. `values`: in the order of handing in, of those who have one."""
    counted = values[: len(values) // LEAST_OTHERS * LEAST_OTHERS]
    return Others(round(statistics.fmean(counted), 1), len(counted)) if counted else None


def own_waves(evidence: Evidence, coach: str, waves: Sequence[str]) -> list[str]:
    """The waves at which a coach (a code) handed in an own questionnaire, in order."""
    there = {one.wave for one in evidence.measurements if one.subject == coach}
    return [wave for wave in waves if wave in there]


def feedback(
    model: FidelityModel | None,
    instruments: Mapping[str, Instrument],
    evidence: Evidence,
    coach: str,
    waves: Sequence[str],
) -> Feedback | None:
    """What a coach (a code) sees at the last of these waves, of which `own_waves` gives those that are there.

    `evidence` has coaches' own questionnaires only, of `instruments` (the newest version of each, by id). None where
    the coach handed in nothing.
    """
    if not waves:
        return None
    wave, before = waves[-1], waves[-2] if len(waves) > 1 else None
    table = _Table(instruments, evidence, coach, wave, before)
    of_model = tuple(table.of_model(model)) if model is not None else ()
    return Feedback(wave, before, table.of_team, of_model, tuple(table.of_scores()))


@dataclass(frozen=True)
class _Table:
    instruments: Mapping[str, Instrument]
    evidence: Evidence
    coach: str
    wave: str
    before: str | None

    def of_model(self, model: FidelityModel) -> Iterator[Line]:
        """The requirements about which a coach is asked, each by the first question that has a score."""
        for indicator, one in model.indicators.items():
            for name, requirement in one.requirements.items():
                asked = [piece for piece in requirement.evidence if piece.instrument in self.instruments]
                if not asked:
                    continue
                piece = asked[0]
                own = self._found(model, piece, self.wave, self.coach)
                earlier = self._found(model, piece, self.before, self.coach).score if self.before else None
                colleagues = [
                    self._found(model, piece, self.wave, code).score for code in self._colleagues(piece.instrument)
                ]
                others = of_others([score for score in colleagues if score is not None])
                yield Line(own.score, earlier, others, *model.scale, indicator, name, own)

    def of_scores(self) -> Iterator[Line]:
        """The scales of the questionnaires themselves."""
        for name, instrument in self.instruments.items():
            for score in instrument.scores:
                own = self._score(name, self.wave, self.coach, score)
                earlier = self._score(name, self.before, self.coach, score) if self.before else None
                colleagues = [self._score(name, self.wave, code, score) for code in self._colleagues(name)]
                others = of_others([value for value in colleagues if value is not None])
                lowest, highest = ends(instrument, score)
                yield Line(own, earlier, others, lowest, highest, instrument=name, score=score)

    def _own(self, instrument: str, wave: str | None, coach: str) -> list[Measurement]:
        return self.evidence.of(instrument, wave, Reach(coach=coach)) if wave is not None else []

    @property
    def of_team(self) -> bool:
        """Whether enough others of the own team handed in; of each questionnaire about the own work."""
        asked = [name for name in self.instruments if self._own(name, self.wave, self.coach)]
        return all(len(self._others(name, of_team=True)) >= LEAST_OTHERS for name in asked)

    def _colleagues(self, instrument: str) -> list[str]:
        """The others with whom to compare, in the order in which they handed in."""
        return self._others(instrument, of_team=self.of_team)

    def _others(self, instrument: str, *, of_team: bool) -> list[str]:
        mine = self._own(instrument, self.wave, self.coach)
        if not mine:
            return []
        every = self.evidence.of(instrument, self.wave, Reach())
        there = (one for one in every if one.subject != self.coach and (not of_team or one.team == mine[-1].team))
        return list(dict.fromkeys(one.subject for one in there))

    def _found(self, model: FidelityModel, piece: object, wave: str, coach: str) -> Found:
        return found(Look(model, self.instruments, self.evidence, wave, Reach(coach=coach)), piece)

    def _score(self, instrument: str, wave: str | None, coach: str, score: str) -> float | None:
        given = [one.scores[score].value for one in self._own(instrument, wave, coach) if score in one.scores]
        return given[-1] if given else None
