"""Every scale at every wave in figures: how many have a score, how high it is, and how its items go together.

Kept are small arrays of numbers, a few hundred bytes for a response, so that a study of any size fits in memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exports.path import GAPS, NOT_ASKED, Found, Gap
from exports.tables import ROW, Field, Formula, Row, formula, rounded
from exports.variables import Merged
from survey.answers.missing import State
from survey.instruments.texts import Texts
from survey.measures.description import described
from survey.measures.reliability import FEW, LEAST_FOR_ALPHA, alpha
from survey.measures.scales import Scored, ends, item_ends

SAID = (
    "Each scale at each wave, over the responses that were handed in: how many have a score, how high it is, and "
    "Cronbach's alpha with its interval."
)
REASONS = tuple(state for state in State if state is not State.ANSWERED)
NOTES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "n and mean are formulas over the rows of Scores; change something there, and they follow.",
        "A score needs the least number of items; below all of them it is prorated: the mean of those answered stands "
        "for the others. strict counts those with all.",
        "alpha: Cronbach's, over the responses with all items, with Feldt's 95 % interval. With fewer than "
        f"{LEAST_FOR_ALPHA} there is none; with fewer than {FEW} the interval is wide, and alpha says little.",
        "The last columns count items without an answer, by reason, over all responses.",
    ),
    "nl": (
        "n en mean zijn formules over de rijen van Scores; verander daar iets, en ze veranderen mee.",
        "Een score heeft het minste aantal items nodig (least). Zijn het er niet alle, dan is de score geschat "
        "(prorated): het gemiddelde van de beantwoorde items staat voor de andere. strict telt die met alle items.",
        "alpha: die van Cronbach, over de vragenlijsten met alle items, met het 95%-interval van Feldt. Met minder dan "
        f"{LEAST_FOR_ALPHA} staat er geen; met minder dan {FEW} is het interval wijd, en zegt alpha weinig.",
        "De laatste kolommen tellen items zonder antwoord, per reden, over alle vragenlijsten.",
    ),
}
FIELDS = rounded(
    (
        Field("instrument", "string", "the instrument"),
        Field("score", "string", "the scale"),
        Field("title", "string", "its title"),
        Field("wave", "string", "the wave"),
        Field("responses", "integer", "responses that were handed in"),
        Field("n", "integer", "of those: with a score", computed=True),
        Field("missing", "integer", "of those: without one, as too few items were answered", computed=True),
        Field("prorated", "integer", "of those with a score: not all items were answered"),
        Field("strict", "integer", "of those with a score: all items were answered"),
        Field("mean", "number", "the mean of the scores", computed=True),
        Field("sd", "number", "their standard deviation, over n - 1"),
        Field("median", "number", "their median"),
        Field("lowest", "number", "the lowest of them"),
        Field("highest", "number", "the highest of them"),
        Field("possible_lowest", "number", "the lowest that a score can be"),
        Field("possible_highest", "number", "the highest that a score can be"),
        Field("items", "integer", "how many items the scale has"),
        Field("alpha", "number", "Cronbach's alpha; empty: too few responses, or all alike"),
        Field("alpha_low", "number", "the lower end of its 95 % interval"),
        Field("alpha_high", "number", "the upper end of its 95 % interval"),
        Field("alpha_n", "integer", "responses with all items, over which alpha is computed"),
        *(Field(f"items_{state.value}", "integer", f"items without an answer: {state.value}") for state in REASONS),
    )
)

_FIRST_GAP = -(1 << 30)
"""Stands in an array for an item without an answer, for the first of the reasons; those after it lie below."""
_CODES: dict[Found, int] = {gap: _FIRST_GAP - REASONS.index(gap.state) for gap in GAPS.values()}


@dataclass
class _AtWave:
    """One scale at one wave, response by response: its items turned back, row after row, and its scores (NaN: none)."""

    responses: int = 0
    prorated: int = 0
    strict: int = 0
    items: Any = field(default_factory=lambda: array("i"))
    values: Any = field(default_factory=lambda: array("d"))


class ScaleSummary:
    """Counts one instrument's responses. The newest version says what its scales are; earlier ones count as far as they
    have them."""

    def __init__(self, merged: Merged, texts: Mapping[int, Texts], waves: Sequence[str]) -> None:
        self._instrument = merged.instrument
        self._newest = next(iter(merged.versions.values()))
        self._texts = texts[self._newest.version]
        self._places = {
            version: {name: place for place, name in enumerate(one.units)} for version, one in merged.versions.items()
        }
        self._turned = {
            name: [sum(item_ends(self._newest, item)) if item in score.reversed else None for item in score.items]
            for name, score in self._newest.scores.items()
        }
        self._found = {(name, wave): _AtWave() for name in self._newest.scores for wave in waves}

    def add(self, wave: str, version: int, scored: Mapping[str, Scored], found: Sequence[Found]) -> None:
        """Count a response on this version: its scores, and what `Path.found` says."""
        places = self._places[version]
        for name, score in self._newest.scores.items():
            at_wave = self._found[name, wave]
            at_wave.responses += 1
            for item, turned in zip(score.items, self._turned[name], strict=True):
                place = places.get(item)
                at_wave.items.append(_kept(NOT_ASKED if place is None else found[place], turned))
            one = scored.get(name)
            if one is not None and one.value is not None:
                at_wave.values.append(one.value)
                at_wave.prorated += one.prorated
                at_wave.strict += one.strict is not None

    def rows(self, over: Over | None) -> Iterator[Row]:
        """One row for each scale and wave with responses. `over`: where the rows are of which they are a summary."""
        for (name, wave), at_wave in self._found.items():
            if at_wave.responses:
                yield self._row(name, wave, at_wave, over)

    def _row(self, name: str, wave: str, at_wave: _AtWave, over: Over | None) -> Row:
        items = len(self._newest.scores[name].items)
        kept = np.array(at_wave.items, dtype=float).reshape(at_wave.responses, items)
        figures = described(at_wave.values)
        trust = alpha(np.where(kept <= _FIRST_GAP, np.nan, kept))
        told = (trust.value, trust.low, trust.high) if trust.n >= LEAST_FOR_ALPHA else (None, None, None)
        n, mean = over.counted(figures.n, figures.mean) if over else (figures.n, figures.mean)
        missing = at_wave.responses - figures.n
        return (
            self._instrument, name, self._texts[f"scores/{name}/title"].words, wave, at_wave.responses, n,
            formula(f"E{ROW}-F{ROW}", missing) if over else missing, at_wave.prorated, at_wave.strict, mean, figures.sd,
            figures.median, figures.lowest, figures.highest, *ends(self._newest, name), items,
            *told, trust.n,
            *(int((kept == _FIRST_GAP - place).sum()) for place in range(len(REASONS))),
        )  # fmt: skip


@dataclass(frozen=True)
class Over:
    """The rows of Scores as formulas see them: letters of the columns with these, and the last row."""

    instrument: str
    score: str
    wave: str
    value: str
    last: int

    def counted(self, n: int, mean: float | None) -> tuple[Formula, Formula]:
        """How many scores there are, and their mean, as formulas."""

        def column(name: str) -> str:
            return f"Scores!${name}$2:${name}${self.last}"

        which = f"{column(self.instrument)},A{ROW},{column(self.score)},B{ROW},{column(self.wave)},D{ROW}"
        count = formula(f'COUNTIFS({which},{column(self.value)},">-1E300")', n)
        return count, formula(f'IF(F{ROW}=0,"",AVERAGEIFS({column(self.value)},{which}))', mean)


def _kept(answer: Found, turned: float | None) -> int:
    """An answer as it stands in the arrays."""
    if type(answer) is Gap:
        return _CODES[answer]
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return _CODES[NOT_ASKED]
    return int(answer if turned is None else turned - answer)
