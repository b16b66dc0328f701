"""One row per response: answers as values, as words, and the states that say why a value is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from exports.path import Found, Gap, Path
from exports.tables import Cell, Field, Row
from exports.variables import Merged, Variable
from exports.words import Words
from survey.answers.missing import CODES, State
from survey.instruments.kinds.question import Column, Unit
from survey.instruments.model import Instrument
from survey.instruments.texts import Texts

Cells = tuple[Row, Row, Row]
"""Values, words and states: one cell a column in each."""

KEPT_AT_MOST = 250
"""So many different answers of one unit are remembered with their cells."""

_ANSWERED: Row = (CODES[State.ANSWERED],)


def data_fields(merged: Merged, texts: Mapping[int, Texts]) -> tuple[Field, ...]:
    """The fields of Data: one per variable, with its question as title."""
    return tuple(
        Field(variable.name, variable.type, title(variable, texts), variable.codes) for variable in merged.variables
    )


def label_fields(merged: Merged, texts: Mapping[int, Texts]) -> tuple[Field, ...]:
    """The fields of Labels: words, or a number where the answer is one."""
    return tuple(Field(variable.name, "any", title(variable, texts)) for variable in merged.variables)


def status_fields(merged: Merged, texts: Mapping[int, Texts]) -> tuple[Field, ...]:
    """The fields of Status: the code of an answer state each."""
    codes = tuple(CODES.values())
    return tuple(Field(variable.name, "integer", title(variable, texts), codes) for variable in merged.variables)


def title(variable: Variable, texts: Mapping[int, Texts]) -> str:
    """The question as its newest version asks it, with the item or option that the variable stands for."""
    version, column = next(iter(variable.columns.items()))
    question, part = asked(column, texts[version])
    return f"{question} – {part}" if part else question


def asked(column: Column, texts: Texts) -> tuple[str, str]:
    """The words of a column's question, and of its item, option or part ("" where it has none)."""
    unit = column.unit
    part = column.part_key or (unit.key if unit.role != "question" else "")
    question = texts[f"{unit.question.name}/text"].words
    return question, texts[part].words if part in texts else "" if column.part is None else str(column.part)


def labels(column: Column, texts: Texts, words: Words) -> dict[str | int, str | int]:
    """Code -> words of a column's answers; the number itself for a point of a scale without words."""
    if column.type == "flag":
        return {1: words.yes, 0: words.no}
    return {code: texts[key].words if key else code for code, key in column.labels}


class Long:
    """Makes the cells of one instrument version, in the order of the merged variables."""

    def __init__(self, instrument: Instrument, merged: Merged, texts: Texts, words: Words) -> None:
        self.path = Path(instrument)
        self._cells = [_UnitCells(unit, texts, words) for unit in self.path.units]
        self._filler: Cells = ((None,), (words.bracketed(State.NOT_ASKED),), (CODES[State.NOT_ASKED],))
        self._ordered = _ordering([column.name for column in instrument.columns], merged)

    def cells(self, found: Sequence[Found]) -> Cells:
        """Values, words and states of one response, one cell per merged variable. `found`: as of `Path.found`.

        A variable that this version does not have is not asked.
        """
        made = [cells[answer] for cells, answer in zip(self._cells, found, strict=True)]
        made.append(self._filler)
        values, words, states = zip(*made, strict=True)
        ordered = self._ordered
        return (
            ordered(tuple(chain.from_iterable(values))),
            ordered(tuple(chain.from_iterable(words))),
            ordered(tuple(chain.from_iterable(states))),
        )


class _UnitCells(dict[Found, Cells]):
    """Answer of one unit -> its cells, made when first met."""

    def __init__(self, unit: Unit, texts: Texts, words: Words) -> None:
        super().__init__()
        self._unit = unit
        self._words = words
        self._columns = unit.columns()
        self._labels = [labels(column, texts, words) for column in self._columns]
        self._as_it_is = [column.type for column in self._columns] in (["text"], ["date"])
        self._mapping = any(column.part is not None and column.type != "flag" for column in self._columns)

    def __missing__(self, answer: Found) -> Cells:
        if self._as_it_is and isinstance(answer, str):
            # Free text is met once only, and says itself.
            return (answer,), (answer,), _ANSWERED
        made = self._made(answer)
        if len(self) < KEPT_AT_MOST:
            self[answer] = made
        return made

    def _made(self, answer: Any) -> Cells:
        width = len(self._columns)
        if isinstance(answer, Gap):
            return (None,) * width, (self._words.bracketed(answer.state),) * width, (CODES[answer.state],) * width
        value = (dict(answer) if self._mapping else list(answer)) if isinstance(answer, tuple) else answer
        cells = tuple(_plain(cell) for cell in self._unit.cells(value))
        said = tuple(known.get(cell, cell) for cell, known in zip(cells, self._labels, strict=True))  # type: ignore[arg-type]
        return cells, said, _ANSWERED * width


def _plain(cell: Cell) -> Cell:
    return int(cell) if isinstance(cell, bool) else cell


def _ordering(own: list[str], merged: Merged) -> Callable[[Row], Row]:
    """Takes cells in a version's own order, with a filler behind them, to the order of the merged variables."""
    positions = {name: i for i, name in enumerate(own)}
    order = [positions.get(variable.name, len(own)) for variable in merged.variables]
    if len(order) == 1:
        return lambda cells: (cells[order[0]],)
    return itemgetter(*order) if order else lambda cells: ()
