"""Small cells in words: which value of which question, or which two together, and how many people."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from exports.small_cells import Band, Cell, SmallCells, Value
from survey.instruments.kinds.question import Unit
from survey.instruments.library import Library
from survey.instruments.protocols.model import Background
from survey.instruments.texts import Texts


@dataclass(frozen=True)
class Group:
    """A cell in words: a line for each of its variables, and how many people there are."""

    lines: tuple[Line, ...]
    people: int


@dataclass(frozen=True)
class Line:
    """One variable by its name, the question in words, and a value of it in words."""

    name: str
    question: str
    value: str


@dataclass(frozen=True)
class SmallGroups:
    """The same as SmallCells, for a page."""

    people: int
    unknown: int
    single: tuple[Group, ...]
    pairs: tuple[Group, ...]
    more: int

    @property
    def none(self) -> bool:
        """Whether there is nothing small."""
        return not self.single and not self.pairs


def in_words(cells: SmallCells, library: Library, background: Background, language: str) -> SmallGroups:
    """Small cells in the words of the newest version that has the question, in this language."""
    sources = [(one, library.texts(one, language)) for one in reversed(library.versions(background.instrument))]

    def line(name: str, value: Value) -> Line:
        found = next(((one.units[name], texts) for one, texts in sources if name in one.units), None)
        if found is None:
            return Line(name, name, _value(value, None, None))
        unit, texts = found
        return Line(name, texts[unit.key].words, _value(value, unit, texts))

    def group(cell: Cell) -> Group:
        return Group(tuple(map(line, cell.variables, cell.values)), cell.people)

    single, pairs = (tuple(group(cell) for cell in part) for part in (cells.single, cells.pairs))
    return SmallGroups(cells.people, cells.people - cells.known, single, pairs, cells.more)


def _value(value: Value, unit: Unit | None, texts: Texts | None) -> str:
    if isinstance(value, Band):
        return _band(value, whole=unit is not None and getattr(unit.question, "decimals", 1) == 0)
    key = dict(unit.question.labels()).get(value) if unit and isinstance(value, (str, int)) else None
    return texts[key].words if texts and key else str(value)


def _band(band: Band, *, whole: bool) -> str:
    if band.begins is None:
        return gettext("below %(figure)s", figure=_figure(band.ends))
    if band.ends is None:
        return gettext("%(figure)s and more", figure=_figure(band.begins))
    if whole:
        return gettext("%(first)s to %(last)s", first=_figure(band.begins), last=_figure(band.ends - 1))
    return gettext("from %(first)s, below %(next)s", first=_figure(band.begins), next=_figure(band.ends))


def _figure(figure: float | None) -> str:
    return "" if figure is None else f"{figure:g}"
