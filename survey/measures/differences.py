"""What several people said of the same thing, unit by unit: the same or not. Observers settle from it, and agreement
is computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from survey.answers.flow import Flow, reason
from survey.answers.missing import State
from survey.instruments.kinds.question import Unit


@dataclass(frozen=True)
class Said:
    """What one person said about a unit: an answer where `state` is ANSWERED, else why there is none."""

    state: State
    value: Any = None

    @property
    def answer(self) -> Any:
        """As a document has it: the value, or {"missing": ...} with the state, also for what was not asked."""
        return self.value if self.state is State.ANSWERED else {"missing": self.state.value}


@dataclass(frozen=True)
class Compared:
    """One unit, and what each said about it, in the order of the people."""

    unit: Unit
    said: tuple[Said, ...]

    @property
    def same(self) -> bool:
        """Whether all said the same. Texts may differ in white space and capitals, options in their order."""
        first, *others = ((one.state, _plain(one.value)) for one in self.said)
        return all(one == first for one in others)

    @property
    def in_own_words(self) -> bool:
        """Whether it is an open question: what people wrote is told side by side, and never agreed on."""
        return self.unit.question.kind == "open"

    @property
    def differs(self) -> bool:
        """Whether there is something to settle."""
        return not self.same and not self.in_own_words


def compared(flows: Sequence[Flow]) -> list[Compared]:
    """Every unit about which at least one of them said something, in the order of the newest version in use.

    Only what is on a person's own path counts. What a version does not have is "not asked" there.
    """
    newest_first = sorted(flows, key=lambda flow: -flow.instrument.version)
    units: dict[str, Unit] = {}
    for flow in newest_first:
        for name, unit in flow.instrument.units.items():
            units.setdefault(name, unit)
    rows = [Compared(unit, tuple(said(flow, name) for flow in flows)) for name, unit in units.items()]
    return [row for row in rows if any(one.state not in _NOTHING for one in row.said)]


_NOTHING = (State.NOT_ASKED, State.NOT_REACHED)


def said(flow: Flow, name: str) -> Said:
    """What a document says about a unit."""
    if name not in flow.on_path:
        return Said(State.NOT_ASKED)
    if name not in flow.answers:
        return Said(State.NOT_REACHED)
    answer = flow.answers[name]
    why = reason(answer)
    return Said(State(why)) if why else Said(State.ANSWERED, answer)


def _plain(value: Any) -> Any:
    """A value in the form in which it is compared."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return sorted(value, key=str) if isinstance(value, list) else value
