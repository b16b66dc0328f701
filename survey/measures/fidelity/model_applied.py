"""A model applied to evidence: every indicator at one wave, of one coach, one team or the study, and over the waves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey.instruments.fidelity.model import FidelityModel, Indicator
from survey.instruments.model import Instrument
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.finding import Look, found
from survey.measures.fidelity.result import Fidelity, IndicatorFound, RequirementFound
from survey.measures.fidelity.verdicts import figure, outlook, verdict

Instruments = Mapping[str, Instrument]


def fidelity(
    model: FidelityModel, instruments: Instruments, evidence: Evidence, wave: str, reach: Reach | None = None
) -> Fidelity:
    """All indicators at a wave. `instruments`: the newest version of each, by id. `reach` None: the whole study.

    The rule is that of the evaluation of Krachtwerk in the region of Nijmegen, 2022-2023: requirements from 1 to 5,
    the indicator their mean, 4.0 or more carried out well. What a model says otherwise goes before it.
    """
    look = Look(model, instruments, evidence, wave, reach or Reach())
    indicators = (_indicator(look, name, one) for name, one in model.indicators.items())
    return Fidelity(model, wave, look.reach, tuple(indicators))


def trend(
    model: FidelityModel,
    instruments: Instruments,
    evidence: Evidence,
    waves: Iterable[str],
    reach: Reach | None = None,
    known: Fidelity | None = None,
) -> tuple[Fidelity, ...]:
    """The same at each wave at which anything is known, in order. `known`: one of them, that is not made again."""
    every = (
        known if known is not None and known.wave == wave else fidelity(model, instruments, evidence, wave, reach)
        for wave in waves
    )
    return tuple(one for one in every if not one.empty)


def waves_with_evidence(evidence: Evidence, model: FidelityModel, waves: Sequence[str]) -> list[str]:
    """The waves at which anything of a model was handed in, in order."""
    there = {one.wave for one in evidence.measurements if one.instrument in model.instruments}
    return [wave for wave in waves if wave in there]


def _indicator(look: Look, name: str, one: Indicator) -> IndicatorFound:
    requirements = []
    for code, requirement in one.requirements.items():
        pieces = tuple(found(look, evidence) for evidence in requirement.evidence)
        requirements.append(RequirementFound(code, pieces[0].score if pieces else None, pieces))
    scores = {requirement.name: requirement.score for requirement in requirements}
    reached = figure(look.model, one, list(scores.values()))
    judged = verdict(look.model, reached) if reached is not None else None
    by_own_word = any(requirement.found[0].provisional for requirement in requirements if requirement.score is not None)
    verdicts = look.model.verdicts
    return IndicatorFound(
        name, reached, judged, tuple(requirements), outlook(look.model, one, scores),
        by_own_word or (judged is not None and verdicts[judged].provisional),
    )  # fmt: skip
