"""What the page on scales says: each scale of one questionnaire at each moment, and the items of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from survey.answers.missing import State
from survey.instruments.kinds.question import Question
from survey.instruments.model import Instrument, Score
from survey.instruments.texts import ShownText
from survey.measures.reliability import FEW, LEAST_FOR_ALPHA, Alpha
from survey.measures.scale_table import ItemAtWave, ScaleAtWave, scale_table
from survey.measures.scales import least
from survey.storage import protocols, quality, studies
from survey.storage.meetings import blind_in
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.reports.charts.drawing import Both
from survey.web.reports.charts.likert import LikertRow, likert
from survey.web.reports.figures import NOTHING, between, figure, with_interval
from survey.web.research.progress_page import wave_titles
from survey.web.research.quality import REASON_WORDS
from survey.web.research.quality_page import percent
from survey.web.research.researched import titles
from survey.web.server import server

MOST_POINTS = 11
"""Scales with more points have a table and no chart."""

STATE_WORDS: Mapping[State, Any] = {**REASON_WORDS, State.NOT_ASKED: lazy_gettext("Not asked")}
"""Why an item has no answer, in the order of the columns."""


@dataclass(frozen=True)
class Scale:
    """One scale: its words, its rule, and its figures at each moment at which there are responses."""

    name: str
    title: ShownText
    score: Score
    least: int
    moments: tuple[ScaleAtWave, ...]


@dataclass(frozen=True)
class Item:
    """One item at one moment: its own words, those of its question, and its figures."""

    words: ShownText
    question: ShownText
    figures: ItemAtWave


@dataclass(frozen=True)
class Items:
    """Items with the same points at one moment. `points`: code -> words. `chart` is None with too many points."""

    name: str
    wave: str
    points: Mapping[Any, ShownText | str]
    items: tuple[Item, ...]
    chart: Both | None

    @property
    def questions(self) -> list[ShownText]:
        """The questions of which they are items, each once."""
        return list(dict.fromkeys(one.question for one in self.items))


@dataclass(frozen=True)
class ScalesPage:
    """All that the page says, in the language it was made for.

    `instruments`: those with scales of which something was handed in, with their titles; without any, `instrument` is
    "". `waves`: what moments are called. `responses`: how many there are at each. `chosen`: the scale whose `items` are
    shown.
    """

    instrument: str
    instruments: Mapping[str, str]
    waves: Mapping[str, str]
    responses: Mapping[str, int]
    scales: tuple[Scale, ...]
    chosen: Scale | None
    items: tuple[Items, ...]

    state_words: ClassVar = STATE_WORDS
    few: ClassVar = FEW
    too_few: ClassVar = LEAST_FOR_ALPHA
    figure = staticmethod(figure)
    between = staticmethod(between)
    percent = staticmethod(percent)

    @property
    def states(self) -> list[State]:
        """The reasons for which an item has no answer, as far as they occur."""
        there = {state for scale in self.scales for one in scale.moments for state in one.states}
        return [state for state in STATE_WORDS if state in there]

    @property
    def has_few(self) -> bool:
        """Whether some alpha stands on few people."""
        return any(LEAST_FOR_ALPHA <= one.alpha.n < FEW for scale in self.scales for one in scale.moments)

    @staticmethod
    def alpha(alpha: Alpha) -> str:
        """Alpha with its interval, or that it cannot be said."""
        if alpha.value is None or alpha.n < LEAST_FOR_ALPHA:
            return str(gettext("cannot be said"))
        return with_interval(alpha.value, alpha.low, alpha.high)

    @staticmethod
    def rest(item: ItemAtWave, alpha: Alpha) -> str:
        """How an item goes with the others."""
        return figure(item.rest) if alpha.n >= LEAST_FOR_ALPHA else NOTHING


def scales_page(
    session: Session, study: Study, teams: Scope, language: str, instrument: str = "", scale: str = ""
) -> ScalesPage:
    """The page over these teams (None: the whole study), in this language, which has to be that of the request.

    `instrument`: else that of the outcomes, else the one with most responses. `scale`: else its first one.
    """
    here = server()
    protocol = protocols.protocol_of(session, study.id)
    counts: dict[str, int] = {}
    for one in quality.sizes(session, study.id, teams):
        if one.instrument in here.library.newest and here.library.newest[one.instrument].scores:
            counts[one.instrument] = counts.get(one.instrument, 0) + one.begun
    waves = wave_titles(studies.waves(session, study.id), protocol, language)
    declared = protocol.outcomes.instrument if protocol and protocol.outcomes else ""
    chosen = next(
        (one for one in (instrument, declared) if one in counts), max(counts, key=counts.__getitem__, default="")
    )
    if not chosen:
        return ScalesPage("", {}, waves, {}, (), None, ())
    blind = blind_in(session, study.id, me().id)
    measured = here.measures.read(session, here.library, study.id, chosen, teams, blind)
    newest = here.library.newest[chosen]
    texts = here.library.texts(newest, language)
    rows = scale_table(newest, measured, list(waves))
    scales = tuple(
        Scale(name, texts[f"scores/{name}/title"], score, least(score), tuple(one for one in rows if one.score == name))
        for name, score in newest.scores.items()
    )
    shown = next((one for one in scales if one.name == scale), scales[0]) if rows else None
    responses = {one.wave: one.responses for one in rows}
    items = _items(shown, newest, texts) if shown else ()
    return ScalesPage(chosen, titles(sorted(counts)), waves, responses, scales, shown, items)


def _items(scale: Scale, instrument: Instrument, texts: Mapping[str, ShownText]) -> tuple[Items, ...]:
    """The items of a scale at each moment, those with the same points together."""
    found = []
    for moment in scale.moments:
        groups: dict[tuple[str, ...], list[Item]] = {}
        points: dict[tuple[str, ...], Mapping[Any, ShownText | str]] = {}
        for one in moment.items:
            unit = instrument.units[one.item]
            words = points_of(unit.question, texts)
            key = tuple(map(str, words)) + tuple(_plain(word) for word in words.values())
            points[key] = words
            groups.setdefault(key, []).append(Item(texts[unit.key], texts[f"{unit.question.name}/text"], one))
        for place, (key, items) in enumerate(groups.items(), start=1):
            name = f"scales-{moment.wave}-{place}"
            found.append(Items(name, moment.wave, points[key], tuple(items), _chart(items, points[key])))
    return tuple(found)


def points_of(question: Question, texts: Mapping[str, ShownText]) -> dict[Any, ShownText | str]:
    """The points of a scale in order: code -> words; a point without words is called by its number."""
    return {code: texts[key] if key else str(code) for code, key in question.labels()}


def _plain(words: ShownText | str) -> str:
    return words if isinstance(words, str) else words.words


def _chart(items: Sequence[Item], points: Mapping[Any, ShownText | str]) -> Both | None:
    if len(points) > MOST_POINTS:
        return None
    rows = [
        LikertRow(one.words.words, list(one.figures.counts.values()), f"n = {sum(one.figures.counts.values())}")
        for one in items
    ]
    return likert(rows, [_plain(words) for words in points.values()])
