"""The path through an interview, prepared once per instrument version, so that an export of thousands is quick.

It says the same as `survey.answers.flow`; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.answers.missing import State
from survey.instruments.expressions import Expression
from survey.instruments.model import Instrument

Scope = Mapping[str, Any]
Gate = Callable[[Scope], Any]
"""Whether something is on the path; only True means yes."""


@dataclass(frozen=True, eq=False)
class Gap:
    """Stands in the place of a value that is missing. Equal to itself only, so that no answer is mistaken for it."""

    state: State


GAPS: dict[str, Gap] = {state.value: Gap(state) for state in State if state is not State.ANSWERED}
NOT_ASKED = GAPS[State.NOT_ASKED]
NOT_REACHED = GAPS[State.NOT_REACHED]

Found = Hashable
"""An answer (a list as a tuple of codes, a mapping as a tuple of pairs), or the Gap where it is missing."""

_UnitStep = tuple[int, str, Gate | None, bool]


class Path:
    """The units of one instrument version in order, with the conditions under which each is asked."""

    def __init__(self, instrument: Instrument) -> None:
        self.units = tuple(instrument.units.values())
        positions = {unit.name: i for i, unit in enumerate(self.units)}
        # A condition looks only at the names it uses, so only these answers need to be at hand.
        used = _names_used(instrument)
        self._pages: list[tuple[Gate | None, list[tuple[Gate | None, list[_UnitStep]]]]] = []
        for page in instrument.pages:
            steps = [
                (
                    _gate(step.gate),
                    [(positions[unit.name], unit.name, _gate(gate), unit.name in used) for unit, gate in step.units],
                )
                for step in page.steps
            ]
            self._pages.append((_gate(page.gate), steps))

    def found(self, answers: Mapping[str, Any]) -> list[Found]:
        """One entry per unit, in the order of `units`: the answer that counts, or why there is none.

        Raises KeyError for a reason that no answer state has.
        """
        found: list[Found] = [NOT_ASKED] * len(self.units)
        scope: dict[str, Any] = {}
        answer_of = answers.get
        for page_gate, questions in self._pages:
            if page_gate is not None and page_gate(scope) is not True:
                continue
            for question_gate, units in questions:
                if question_gate is not None and question_gate(scope) is not True:
                    continue
                for position, name, gate, used in units:
                    if gate is not None and gate(scope) is not True:
                        continue
                    answer = answer_of(name)
                    if answer is None:
                        found[position] = NOT_REACHED
                        continue
                    kind = type(answer)
                    if kind is dict:
                        reason = answer.get("missing")
                        if reason is not None:
                            found[position] = GAPS[reason]
                            continue
                        found[position] = tuple(answer.items())
                    else:
                        found[position] = tuple(answer) if kind is list else answer
                    if used:
                        scope[name] = answer
        return found

    def given(self, found: Sequence[Found]) -> dict[str, Found]:
        """Unit -> its answer, or the Gap with a reason that somebody gave: what was said, in the order of `units`."""
        return {
            unit.name: answer
            for unit, answer in zip(self.units, found, strict=True)
            if answer is not NOT_ASKED and answer is not NOT_REACHED
        }


def _gate(expression: Expression | None) -> Gate | None:
    return None if expression is None else expression.evaluate


def _names_used(instrument: Instrument) -> frozenset[str]:
    """The names that conditions of pages, questions and units look at."""
    steps = [step for page in instrument.pages for step in page.steps]
    gates = [page.gate for page in instrument.pages]
    gates += [gate for step in steps for gate in (step.gate, *(own for _, own in step.units))]
    return frozenset().union(*(gate.names for gate in gates if gate is not None))
