"""From requirements to a figure, from a figure to a verdict, and what could make it another one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from survey.instruments.fidelity.bands import rounded
from survey.instruments.fidelity.model import VERDICTS, FidelityModel, Indicator, VerdictCode
from survey.measures.fidelity.result import Border, Outlook

PRINTED = 0.01
"""A verdict goes by the figure as it is printed, with two decimals: nobody should read 4.00 and "on the way"."""


def figure(model: FidelityModel, indicator: Indicator, scores: Sequence[float | None]) -> float | None:
    """The mean of the requirements that have a score, if enough of them do; a sum needs all of them."""
    given = [score for score in scores if score is not None]
    if model.combine == "sum":
        return rounded(math.fsum(given), PRINTED) if len(given) == len(scores) else None
    least = indicator.least if indicator.least is not None else math.ceil(len(scores) / 2)
    return rounded(math.fsum(given) / len(given), PRINTED) if given and len(given) >= least else None


def verdict(model: FidelityModel, reached: float) -> VerdictCode | None:
    """The verdict on a figure."""
    placed = rounded(reached, PRINTED)
    return next((code for code, one in model.verdicts.items() if one.holds(placed)), None)


def outlook(model: FidelityModel, indicator: Indicator, scores: Mapping[str, float | None]) -> Outlook:
    """What could change the verdict: what is missing, and a point more or less for what is there."""
    low, high = model.scale
    ends = [_combined(model, [end if score is None else score for score in scores.values()]) for end in (low, high)]
    at_ends = [verdict(model, end) for end in ends]
    between = [VERDICTS.index(code) for code in at_ends if code is not None]
    span = VERDICTS[min(between) : max(between) + 1] if between else ()
    possible = tuple(code for code in span if code in model.verdicts)
    reached = figure(model, indicator, list(scores.values()))
    now = verdict(model, reached) if reached is not None else None
    if reached is None or now is None:
        return Outlook(ends[0], ends[1], possible)
    ordered = [code for code in VERDICTS if code in model.verdicts]
    at = ordered.index(now)
    up = _border(model, indicator, scores, reached, ordered[at + 1], 1) if at + 1 < len(ordered) else None
    down = _border(model, indicator, scores, reached, ordered[at - 1], -1) if at > 0 else None
    return Outlook(ends[0], ends[1], possible, up, down)


def _combined(model: FidelityModel, scores: Sequence[float]) -> float:
    total = math.fsum(scores)
    return rounded(total if model.combine == "sum" else total / len(scores), PRINTED)


def _border(
    model: FidelityModel,
    indicator: Indicator,
    scores: Mapping[str, float | None],
    reached: float,
    towards: VerdictCode,
    step: int,
) -> Border:
    low, high = model.scale
    leads = []
    for name, score in scores.items():
        if score is None:
            continue
        moved = dict(scores) | {name: min(high, max(low, score + step))}
        after = figure(model, indicator, list(moved.values()))
        changed = verdict(model, after) if after is not None else None
        if changed is not None and (VERDICTS.index(changed) - VERDICTS.index(towards)) * step >= 0:
            leads.append(name)
    border = model.verdicts[towards].low if step > 0 else model.verdicts[towards].high
    return Border(towards, rounded(abs(border - reached), PRINTED), tuple(leads))
