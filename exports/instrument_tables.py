"""The tables of one instrument: Data, Wide, Labels and Status, filled response by response."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from exports import long, wide
from exports.about import FROZEN, About
from exports.path import Found
from exports.tables import Field, Row, Spool, Table
from exports.variables import Merged
from exports.words import Words
from survey.instruments.texts import Texts


@dataclass(frozen=True)
class Chosen:
    """One instrument of the export: its merged versions, the words for each, and its waves in order."""

    merged: Merged
    texts: Mapping[int, Texts]
    words: Words
    waves: tuple[str, ...]

    @property
    def name(self) -> str:
        """The instrument's id."""
        return self.merged.instrument

    @property
    def about_participants(self) -> bool:
        """Whether its responses are of participants, and not of those who fill it in."""
        return next(iter(self.merged.versions.values())).about == "participant"

    @property
    def observed(self) -> bool:
        """Whether observers fill it in, who have a response for each meeting."""
        return next(iter(self.merged.versions.values())).role == "observer"

    @property
    def spoken(self) -> str:
        """The language of the newest version."""
        return next(iter(self.merged.versions.values())).language

    @cached_property
    def cells(self) -> dict[int, long.Long]:
        """Version -> the maker of its cells."""
        return {
            version: long.Long(instrument, self.merged, self.texts[version], self.words)
            for version, instrument in self.merged.versions.items()
        }

    @property
    def shortened(self) -> Iterator[str]:
        """Variables of which the name with a wave is too long for Wide, in words."""
        for wave in self.waves:
            for variable in self.merged.variables:
                name = wide.suffixed(variable.name, wave)
                if not name.startswith(f"{variable.name}_"):
                    yield f"{variable.name} at wave {wave} is {name} in Wide"


class InstrumentTables:
    """The four tables of an instrument while the responses come in. `spool` makes a place for rows."""

    def __init__(self, one: Chosen, spool: Callable[[], Spool]) -> None:
        self.one = one
        self._data, self._wide, self._labels, self._status = spool(), spool(), spool(), spool()

    def add(self, version: int, said: Row, found: list[Found]) -> None:
        """Keep a response: the cells before its variables, and what `Path.found` says."""
        values, labels, states = self.one.cells[version].cells(found)
        self._data.append(said + values)
        self._labels.append(said + labels)
        self._status.append(said + states)

    def tables(self, about: About, *, alone: bool) -> Iterator[Table]:
        """All four; the instrument's name stands with theirs where it is not alone in the export."""
        one = self.one
        behind = "" if alone else f" {one.name}"
        folder = "" if alone else f"{one.name}/"
        response, subject = f"{about.prefix}response", f"{about.prefix}subject"

        def long_table(name: str, said: str, fields: tuple[Field, ...], rows: Spool) -> Table:
            path = f"{folder}{name.lower()}"
            belongs = {} if name == "Data" else {"belongs": (response,), "parent": f"{folder}data"}
            return Table(f"{name}{behind}", path, said, (*about.fields, *fields), rows, FROZEN, (response,), **belongs)  # type: ignore[arg-type]

        fields = long.data_fields(one.merged, one.texts)
        data = long_table("Data", "One row per response, answers as values.", fields, self._data)
        yield data
        self._wide.extend(wide.rows(self._data, one.waves, len(data.fields)))
        said = "One row per participant or person, of an observer one per meeting; the waves side by side."
        wide_fields = wide.fields(data.fields, one.waves)
        yield Table(
            f"Wide{behind}", f"{folder}wide", said, wide_fields, self._wide, 1, () if one.observed else (subject,)
        )
        said = "As Data, answers in words; where there is none, the reason in square brackets."
        yield long_table("Labels", said, long.label_fields(one.merged, one.texts), self._labels)
        said = "As Data, with a code that says why a value is missing; 0 where it is not."
        yield long_table("Status", said, long.status_fields(one.merged, one.texts), self._status)
