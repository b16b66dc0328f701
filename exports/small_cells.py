"""Cells of background variables with so few people that somebody could be recognised, alone and in pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from sqlalchemy.orm import Session

from exports.path import Found, Gap, Path
from survey.instruments.library import Library
from survey.instruments.protocols.model import Background
from survey.storage import reading
from survey.storage.reading import Selection

FEW = 5
"""A cell with fewer people than this is small: the threshold that is usual for tables about people."""

MOST_PAIRS = 40
"""So many small cells of two variables together are told; of the others only how many."""


@dataclass(frozen=True)
class Band:
    """The numbers from `begins` up to, and without, `ends`; None: no end on that side."""

    begins: float | None
    ends: float | None


Value = Hashable
"""A code, a Band, or what was said where a variable has no codes."""


@dataclass(frozen=True)
class Cell:
    """These values of these variables together, and how many people have them."""

    variables: tuple[str, ...]
    values: tuple[Value, ...]
    people: int


@dataclass(frozen=True)
class SmallCells:
    """Cells with one to four people. `people` are counted, of whom the background of `known` was asked already.

    `pairs` has the smallest first, without those in which one of the two alone is small; `more` of them are not told.
    """

    people: int
    known: int
    single: tuple[Cell, ...]
    pairs: tuple[Cell, ...]
    more: int


def small_cells(session: Session, library: Library, background: Background, selection: Selection) -> SmallCells:
    """Count the participants of a selection by what the protocol declares as their background.

    Only answers on the path count, as in every export. Responses are read one by one; versions that are not in the
    library, and questions that a version does not have, count as not known.
    """
    bands = {name: _bands(starts) for name, starts in background.variables.items() if starts is not None}
    single: Counter[tuple[str, Value]] = Counter()
    pairs: Counter[tuple[tuple[str, Value], tuple[str, Value]]] = Counter()
    known = 0
    readers = {one.version: _Reader(Path(one), background.variables) for one in library.versions(background.instrument)}
    for version, answers in reading.documents_of_chosen(session, selection, background.instrument, background.wave):
        if version not in readers:
            continue
        known += 1
        mine = [
            (name, value)
            for name, found in readers[version].found(answers)
            for value in _values(found, bands.get(name))
        ]
        single.update(mine)
        pairs.update((one, other) for one, other in combinations(mine, 2) if one[0] != other[0])
    few = [Cell((name,), (value,), people) for (name, value), people in single.items() if people < FEW]
    order = list(background.variables)
    few.sort(key=lambda cell: (order.index(cell.variables[0]), cell.people))
    two = [
        Cell((one[0], other[0]), (one[1], other[1]), people)
        for (one, other), people in pairs.items()
        if people < FEW <= min(single[one], single[other])
    ]
    two.sort(key=lambda cell: (cell.people, *(order.index(name) for name in cell.variables), str(cell.values)))
    people = reading.participants_chosen(session, selection)
    return SmallCells(people, known, tuple(few), tuple(two[:MOST_PAIRS]), max(0, len(two) - MOST_PAIRS))


class _Reader:
    """Finds the background variables of one instrument version among its answers."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        self._path = path
        positions = {unit.name: i for i, unit in enumerate(path.units)}
        self._places = [(name, positions[name]) for name in names if name in positions]

    def found(self, answers: Mapping[str, object]) -> Iterator[tuple[str, Found]]:
        found = self._path.found(answers)
        return ((name, found[place]) for name, place in self._places)


def _bands(starts: tuple[float, ...]) -> tuple[Band, ...]:
    edges = (None, *starts, None)
    return tuple(Band(begins, ends) for begins, ends in pairwise(edges))


def _values(found: Found, bands: tuple[Band, ...] | None) -> Iterator[Value]:
    """What an answer counts as: nothing where there is none, a band for a number, each option of several."""
    if isinstance(found, Gap):
        return
    if bands is not None and isinstance(found, (int, float)):
        yield next(band for band in reversed(bands) if band.begins is None or found >= band.begins)
    elif isinstance(found, tuple):
        yield from (one[0] if isinstance(one, tuple) else one for one in found)
    else:
        yield found
