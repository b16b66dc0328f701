"""What was made of responses, remembered while they do not change, and made again of those only that did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from survey.storage.reading import BATCH

MOST_KEPT = 50_000
"""Of so many responses it is remembered at most, at one to four kilobytes each."""


class Listed(Protocol):
    """One response as a list has it, without its answers."""

    @property
    def token(self) -> str:
        """Its token: the number of a response that was erased can come back, as that of another one."""

    @property
    def version(self) -> int:
        """How often it was saved."""


Thing = TypeVar("Thing")
Row = TypeVar("Row", bound=Listed)


class Made(NamedTuple, Generic[Thing]):
    """What was made of a response, and of which version of it. A save since the list was read is in it."""

    token: str
    version: int
    thing: Thing


Place = tuple[int, str]
"""A study's id, and an instrument."""


class Remembered(Generic[Thing]):
    """By token, study by study and instrument by instrument, for all threads."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[Place, dict[str, Made[Thing]]] = {}

    def of(
        self, place: Place, rows: Sequence[Row], make: Callable[[Sequence[Row]], Iterable[Made[Thing]]], *, every: bool
    ) -> dict[str, Thing]:
        """Token -> what there is of these rows; `make` makes it where it is not known or the response has changed.

        `every`: these are all responses of the place, so that what is not among them is forgotten. What `make` leaves
        out, since it was erased meanwhile, is left out here.
        """
        before = self._kept.get(place, {})
        there = {
            row.token: made
            for row in rows
            if (made := before.get(row.token)) is not None and made.version >= row.version
        }
        new = [row for row in rows if row.token not in there]
        for start in range(0, len(new), BATCH):
            there.update((made.token, made) for made in make(new[start : start + BATCH]))
        self._keep(place, there if every else before | there)
        return {token: made.thing for token, made in there.items()}

    def _keep(self, place: Place, kept: dict[str, Made[Thing]]) -> None:
        """Remember these, and let go of the instruments at which nobody looked for the longest time."""
        others = {one: known for one, known in self._kept.items() if one != place}
        room = self._most - len(kept)
        while others and sum(map(len, others.values())) > room:
            del others[next(iter(others))]
        # Replaced as a whole, since other threads may be reading.
        self._kept = others | {place: kept}
