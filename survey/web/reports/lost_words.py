"""Who has no second interview, beside who has: the same figures with the words of the questionnaire."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from survey.instruments.kinds.question import Unit
from survey.instruments.texts import ShownText
from survey.measures.apart import Apart
from survey.measures.lost import Counted, Lost

CIRCUMSTANCE_WORDS: Mapping[str, Any] = {
    "team": lazy_gettext("Team"),
    "mode": lazy_gettext("In which way it came in"),
    "interpreted": lazy_gettext("Interpreted"),
}


@dataclass(frozen=True)
class LostMean:
    """One figure: an outcome or a number of the background, of both groups."""

    title: str
    apart: Apart


@dataclass(frozen=True)
class LostCounts:
    """One question of the background, its answers in words, each with how many lost and how many stayed."""

    title: str
    rows: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class LostShown:
    """All of it. `lost` and `stayed` are numbers of people."""

    lost: int
    stayed: int
    means: tuple[LostMean, ...]
    counts: tuple[LostCounts, ...]


def lost_shown(
    found: Lost,
    titles: Mapping[str, str],
    units: Mapping[str, Unit],
    words: Mapping[str, ShownText],
    named: Mapping[str, Mapping[Hashable, str]],
) -> LostShown:
    """The drop-out in words.

    `titles`: score -> title. `units`: variable -> its unit in the newest version that has it. `words`: text key ->
    words. `named`: circumstance -> code -> words.
    """

    def question(name: str) -> str:
        return words[units[name].key].words if name in units else name

    means = [LostMean(titles[name], one) for name, one in found.outcomes.items()]
    means += [LostMean(question(name), one) for name, one in found.numbers.items() if one.n + one.other_n]
    counts = [
        LostCounts(str(CIRCUMSTANCE_WORDS[name]), tuple(_row(one, named.get(name, {})) for one in rows))
        for name, rows in found.circumstances.items()
    ]
    for name, rows in found.background.items():
        if any(one.code is not None for one in rows):
            answers = _answers(units.get(name), words)
            counts.append(LostCounts(question(name), tuple(_row(one, answers) for one in rows)))
    return LostShown(len(found.lost), found.stayed, tuple(means), tuple(counts))


def _answers(unit: Unit | None, words: Mapping[str, ShownText]) -> dict[Hashable, str]:
    if unit is None:
        return {}
    return {code: words[key].words for code, key in dict(unit.question.labels()).items() if key in words}


def _row(one: Counted, answers: Mapping[Hashable, str]) -> tuple[str, int, int]:
    return _said(one.code, answers), one.lost, one.stayed


def _said(code: Hashable, answers: Mapping[Hashable, str]) -> str:
    if code is None:
        return gettext("not known")
    if isinstance(code, tuple):
        return " + ".join(answers.get(one, str(one)) for one in code) or gettext("none of these")
    return answers.get(code, str(code))
