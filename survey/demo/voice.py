"""How one invented person answers: what is so, what is likely, what was said last time, and what stays unsaid."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from survey.answers.flow import reason
from survey.answers.taking import take
from survey.demo.any_answer import any_answer
from survey.demo.distributions import Draw
from survey.instruments.kinds.question import Unit


@dataclass(frozen=True)
class Silence:
    """How often a question gets no answer: by the reason that is given, or `passed` over without one."""

    refused: float = 0.006
    dont_know: float = 0.012
    not_applicable: float = 0.02
    passed: float = 0.003


USUAL = Silence()
IN_OWN_WORDS = Silence(refused=0.02, dont_know=0.05, passed=0.15)

SAME_AGAIN = 0.6
"""How often an answer is the same as at the wave before, where nothing else decides it."""


@dataclass(frozen=True)
class Voice:
    """Somebody's answers on one day, by unit.

    `facts` are said as they are; `draws` are what people like this say; anything else is answered by its kind. `firm`
    are units that always get an answer. `silences` are by unit or by question.
    """

    random: Random
    day: datetime.date
    facts: Mapping[str, Any] = field(default_factory=dict)
    draws: Mapping[str, Draw] = field(default_factory=dict)
    earlier: Mapping[str, Any] = field(default_factory=dict)
    silences: Mapping[str, Silence] = field(default_factory=dict)
    firm: frozenset[str] = frozenset()
    _silent: set[str] = field(default_factory=set)
    """Scales of which an item stayed without an answer: one at the most, so that a score can still be made."""

    def answer(self, unit: Unit) -> Any:
        """A value or {"missing": reason}; None where the question is passed over."""
        if unit.role != "other" and not unit.question.required and unit.name not in self.firm:
            why = self._silence(unit)
            if why == "passed":
                return None
            if why:
                return {"missing": why}
        if unit.name in self.facts:
            said = taken(unit, self.facts[unit.name])
        elif self._said_before(unit):
            said = taken(unit, self.earlier[unit.name])
        else:
            draw = self.draws.get(unit.name)
            said = taken(unit, draw(self.random, unit)) if draw else None
        return self.another(unit) if said is None else said

    def another(self, unit: Unit) -> Any:
        """Any answer that the question takes; None where none is found."""
        return taken(unit, any_answer(unit, self.random, self.day))

    def different(self, unit: Unit, answer: Any) -> Any:
        """What might have been said first, by a slip, instead of this answer; the same where nothing else is found."""
        for _ in range(10):
            slip = self.another(unit)
            if slip is not None and slip != answer:
                return slip
        return answer

    def _said_before(self, unit: Unit) -> bool:
        answer = self.earlier.get(unit.name)
        if answer is None or reason(answer) or unit.question.kind in ("open", "duration"):
            return False
        return unit.role == "other" or self.random.random() < SAME_AGAIN

    def _silence(self, unit: Unit) -> str | None:
        if unit.question.name in self._silent:
            return None
        usual = IN_OWN_WORDS if unit.question.kind == "open" else USUAL
        silence = self.silences.get(unit.name) or self.silences.get(unit.question.name) or usual
        drawn = self.random.random()
        for why, share in vars(silence).items():
            if drawn < share:
                if why != "passed" and why not in unit.missing:
                    return None
                if unit.role == "item":
                    self._silent.add(unit.question.name)
                return why
            drawn -= share
        return None


def taken(unit: Unit, value: Any) -> Any:
    """The value as the unit takes it from its own inputs; None where it does not."""
    return None if value is None else take(unit, unit.show(value)).answer
