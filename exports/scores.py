"""Scale scores, one row for each response and scale: the items in sight, and what follows from them as formulas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from exports.about import KEY, About, key_fields
from exports.instrument_tables import Chosen
from exports.interview import Interview
from exports.path import Found, Gap
from exports.scale_summary import ScaleSummary
from exports.sheet_stream import letters
from exports.tables import ROW, Cell, Field, Formula, Row, formula, rounded
from survey.measures.scales import Scored, item_ends, least, of_items

SAID = (
    "One row for each response that was handed in and each of its scales: the items, turned back where the scale turns "
    "them round, and the score over them."
)
EMPTY = "There are no rows: no response with a scale was handed in."

_TOLD = rounded((
    Field("score", "string", "the scale"),
    Field("title", "string", "its title"),
    Field("method", "string", "mean or sum of its items", ("mean", "sum")),
    Field("item_names", "string", "its items in the order of the last columns, with + between them"),
    Field("turned", "string", "those of them that are turned back here: lowest plus highest point minus the answer"),
    Field("least", "integer", "so many items must be answered for a score"),
    Field("answered", "integer", "so many were answered", computed=True),
    Field(
        "value", "number", "the score: the mean of the items answered (times their number, for a sum); empty: too few",
        computed=True,
    ),
    Field(
        "prorated", "integer", "1: items answered stand for others; 0: all were answered", computed=True
    ),
    Field("strict", "number", "the score where all items were answered", computed=True),
))  # fmt: skip
_NAMES = [*KEY, *(field.name for field in _TOLD)]
_LEAST, _ANSWERED, _VALUE = (letters(_NAMES.index(name)) + ROW for name in ("least", "answered", "value"))
COLUMN = {name: letters(place) for place, name in enumerate(_NAMES)}
"""Name (of the first five without prefix) -> letters of its column."""


def fields(prefix: str, items: int) -> tuple[Field, ...]:
    """The fields of Scores, with a column for each of so many items."""
    said = "the answer to item {}, turned back where the scale wants it; empty: no answer, or the scale has fewer"
    columns = (Field(f"item_{number}", "number", said.format(number)) for number in range(1, items + 1))
    return (*key_fields(prefix), *_TOLD, *columns)


@dataclass(frozen=True)
class _Scale:
    """One scale of one instrument version, prepared. `items`: place in `Path.found` and what to subtract from (None:
    not turned)."""

    begin: Row
    items: tuple[tuple[int, float | None], ...]
    count: str
    value: str
    prorated: str
    strict: str


class Scores:
    """The rows of one instrument, over all its versions, one response after another."""

    def __init__(self, one: Chosen) -> None:
        self._one = one
        self.widest = max(
            (len(score.items) for instrument in one.merged.versions.values() for score in instrument.scores.values()),
            default=0,
        )
        self._scales = {version: self._prepared(version) for version in one.merged.versions} if self.widest else {}
        self.summary = ScaleSummary(one.merged, one.texts, one.waves)

    def _prepared(self, version: int) -> dict[str, _Scale]:
        instrument, texts = self._one.merged.versions[version], self._one.texts[version]
        places = {name: place for place, name in enumerate(instrument.units)}
        found = {}
        for name, score in instrument.scores.items():
            number = len(score.items)
            cells = f"{letters(len(_NAMES))}{ROW}:{letters(len(_NAMES) + number - 1)}{ROW}"
            times = f"*{number}" if score.method == "sum" else ""
            begin = (
                name, texts[f"scores/{name}/title"].words, score.method, "+".join(score.items),
                "+".join(item for item in score.items if item in score.reversed) or None, least(score),
            )  # fmt: skip
            turned = {item: sum(item_ends(instrument, item)) for item in score.reversed}
            found[name] = _Scale(
                begin,
                tuple((places[item], turned.get(item)) for item in score.items),
                f"COUNT({cells})",
                f'IF({_ANSWERED}>={_LEAST},AVERAGE({cells}){times},"")',
                f'IF({_VALUE}="","",IF({_ANSWERED}<{number},1,0))',
                f'IF({_ANSWERED}={number},{_VALUE},"")',
            )
        return found

    def rows(self, about: About, interview: Interview, found: Sequence[Found], width: int) -> Iterator[Row]:
        """The rows of a response that was handed in, with `width` items each. `found`: as of `Path.found`.

        The summary counts them too.
        """
        record = interview.response.record
        scales = self._scales.get(record.instrument_version)
        if not scales or record.submitted_at is None:
            return
        key, instrument = about.key(interview), self._one.merged.versions[record.instrument_version]
        scored: dict[str, Scored] = {}
        for name, scale in scales.items():
            items = [_figure(found[place], turned) for place, turned in scale.items]
            one = scored[name] = of_items(instrument.scores[name], items)
            yield (
                *key, *scale.begin, *_computed(scale, one), *map(_short, items), *(None,) * (width - len(items))
            )  # fmt: skip
        self.summary.add(interview.response.wave, record.instrument_version, scored, found)


def _computed(scale: _Scale, one: Scored) -> tuple[Formula, ...]:
    return (
        formula(scale.count, one.answered),
        formula(scale.value, one.value),
        formula(scale.prorated, None if one.value is None else int(one.prorated)),
        formula(scale.strict, one.strict),
    )


def _figure(answer: Found, turned: float | None) -> float | None:
    """An answer as `survey.measures.scales.Scorer.items` has it."""
    if type(answer) is Gap or isinstance(answer, bool) or not isinstance(answer, int | float):
        return None
    return float(answer) if turned is None else turned - answer


def _short(figure: float | None) -> Cell:
    """A whole number as such."""
    return int(figure) if figure is not None and figure.is_integer() else figure
