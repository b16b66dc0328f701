"""What the planner says: what so many people can show, and how many people a difference needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from flask_babel import format_decimal

from survey.forms.planner import PlannerForm
from survey.measures.change import ChangeReport
from survey.measures.power import (
    ALPHA,
    LARGEST,
    detectable_between,
    detectable_paired,
    needed_between,
    needed_paired,
)
from survey.web.reports.figures import figure

POWERS = (0.8, 0.9)
"""Four times out of five, and nine out of ten."""

DIFFERENCES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
"""The differences of the table."""


@dataclass(frozen=True)
class Detected:
    """What so many people show with this power, for one outcome by itself and at the first step of Holm."""

    power: float
    alone: float | None
    together: float | None


@dataclass(frozen=True)
class Needed:
    """How many people a difference needs with this power, and how many must begin for it; None: too many."""

    power: float
    alone: int | None
    together: int | None
    begin_alone: int | None
    begin_together: int | None


@dataclass(frozen=True)
class PlannerPage:
    """All that the planner says. `sizes`: difference -> what it needs, with each of POWERS."""

    form: PlannerForm
    two: bool
    family: int
    detected: Sequence[Detected]
    needed: Sequence[Needed]
    sizes: Sequence[tuple[float, Sequence[Needed]]]

    figure: ClassVar = staticmethod(figure)

    @property
    def most(self) -> str:
        """More people than this are not looked for, in words."""
        return str(format_decimal(LARGEST))


def defaults(report: ChangeReport | None) -> dict[str, str]:
    """What stands in the form first: the study's own numbers, else usual ones."""
    there = min(report.detectable.sizes or (report.both // max(1, len(report.arms)),)) if report else 0
    lost = round(100 * len(report.lost.lost) / report.with_first) if report and report.with_first else 20
    family = report.detectable.family if report and report.declared else 1
    return {
        "groups": "two" if report and report.arms else "one", "people": str(there if there > 1 else 30),
        "difference": figure(0.5, 1), "outcomes": str(max(1, family)), "lost": str(min(lost, 90)),
        "correlation": figure(0.5, 1),
    }  # fmt: skip


def planner_page(form: PlannerForm) -> PlannerPage:
    """The page for a form that is valid; else without figures."""
    if form.errors:
        return PlannerPage(form, form.groups.data == "two", 1, (), (), ())
    two, family = form.groups.data == "two", round(form.outcomes.figure)
    people, step = round(form.people.figure), ALPHA / family
    shown = (
        partial(detectable_between, people, people, r=form.correlation.figure)
        if two
        else partial(detectable_paired, people)
    )
    detected = [Detected(power, shown(power=power), shown(power=power, alpha=step)) for power in POWERS]

    def needs(difference: float) -> list[Needed]:
        ask = (
            partial(needed_between, difference, r=form.correlation.figure)
            if two
            else partial(needed_paired, difference)
        )
        found = [(power, ask(power=power), ask(power=power, alpha=step)) for power in POWERS]
        stay = 1 - form.lost.figure / 100
        return [Needed(power, one, all_, _begin(one, stay), _begin(all_, stay)) for power, one, all_ in found]

    sizes = [(difference, needs(difference)) for difference in DIFFERENCES]
    return PlannerPage(form, two, family, detected, needs(form.difference.figure), sizes)


def _begin(remain: int | None, stay: float) -> int | None:
    """How many must begin if this part of them stays."""
    return None if remain is None else math.ceil(round(remain / stay, 6))
