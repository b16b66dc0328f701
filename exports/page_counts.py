"""What became of what was asked on each page of a response: how many questions are in which state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from exports.path import GAPS, Found, Gap
from exports.variables import Merged
from survey.answers.missing import State
from survey.instruments.model import Instrument

MISSING = (State.REFUSED, State.DONT_KNOW, State.NOT_APPLICABLE, State.NOT_REACHED, State.TECHNICAL)
STATES = tuple(State)
ANSWERED, NOT_ASKED = STATES.index(State.ANSWERED), STATES.index(State.NOT_ASKED)
_PLACES: dict[Found, int] = {gap: STATES.index(gap.state) for gap in GAPS.values()}


class PageCount(NamedTuple):
    """A page on which something was asked: how many questions, by place in STATES. Namely-lines do not count."""

    page: str
    states: list[int]


class PageCounts:
    """Counts the responses of one instrument, over all its versions."""

    def __init__(self, merged: Merged) -> None:
        self._pages = {version: _pages(instrument) for version, instrument in merged.versions.items()}

    def of(self, version: int, found: Sequence[Found]) -> list[PageCount]:
        """The pages of a response, of which `found` is as of `Path.found`, in order."""
        # Plain lists of numbers: this is done for every question of every response.
        places = [_PLACES[answer] if type(answer) is Gap else ANSWERED for answer in found]
        counted = []
        for page, units in self._pages[version]:
            states = [0] * len(STATES)
            for unit in units:
                states[places[unit]] += 1
            if states[NOT_ASKED] < len(units):
                counted.append(PageCount(page, states))
        return counted


def summed(counted: Sequence[PageCount]) -> list[int]:
    """The states of all these pages together."""
    return [sum(column) for column in zip(*(states for _, states in counted), strict=True)] or [0] * len(STATES)


def _pages(instrument: Instrument) -> list[tuple[str, list[int]]]:
    """Page -> positions of its units in `Path.found`, without namely-lines."""
    positions = {name: i for i, name in enumerate(instrument.units)}
    return [
        (page.page, [positions[unit.name] for unit in page.units() if unit.role != "other"])
        for page in instrument.pages
    ]
