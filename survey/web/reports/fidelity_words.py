"""Evidence for fidelity in words: whose word it is, what was found, of how many people, and by which limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from survey.instruments import expressions
from survey.instruments.fidelity.bands import BandSet, Limits
from survey.instruments.fidelity.model import Codes, Figure, Mean, Meeting, Parts, Record, Share
from survey.instruments.library import Library
from survey.instruments.texts import Texts
from survey.measures.fidelity.result import Found, Voice, Why
from survey.web.reports.figures import NOTHING, figure

VOICE_WORDS: Mapping[Voice, Any] = {
    "coaches": lazy_gettext("Coaches"),
    "participants": lazy_gettext("Participants"),
    "observers": lazy_gettext("Observers"),
    "server": lazy_gettext("Measured by the server"),
}

WHY_WORDS: Mapping[Why, Any] = {
    "nobody": lazy_gettext("nobody handed this in at this moment"),
    "no_answer": lazy_gettext("no answers to go by"),
    "too_few": lazy_gettext("too few: shown from five participants about two coaches"),
    "of_team": lazy_gettext("told of a team, not of one coach"),
    "not_recorded": lazy_gettext("nothing on record"),
}

RECORD_WORDS: Mapping[str, Any] = {
    "meeting_minutes": lazy_gettext("How long the meeting took, by the clock of the observers"),
    "meeting_steps": lazy_gettext("Which part of the fixed steps was held, by the clock of the observers"),
    "response": lazy_gettext("Which part of what was asked was handed in"),
}


def percents(value: float) -> str:
    """A percentage, with one decimal where it is not whole, so that a figure near a limit can be told from it."""
    return f"{figure(value, 0 if abs(value - round(value)) < 0.05 else 1)} %"


def plain(value: float) -> str:
    """A figure without decimals that say nothing."""
    return figure(value, 0 if value == int(value) else 1 if value * 10 == int(value * 10) else 2)


def limits(one: Limits) -> str:
    """From where to where a band goes."""
    low = one.from_ if one.from_ is not None else one.above
    high = one.to if one.to is not None else one.below
    ends = {name: plain(end) for name, end in (("low", low), ("high", high)) if end is not None}
    with_low, with_high = one.above is None, one.below is None
    if low is None:
        return str(gettext("%(high)s or less", **ends) if with_high else gettext("below %(high)s", **ends))
    if high is None:
        return str(gettext("%(low)s or more", **ends) if with_low else gettext("above %(low)s", **ends))
    if with_low:
        return str(
            gettext("%(low)s to %(high)s", **ends) if with_high else gettext("%(low)s to below %(high)s", **ends)
        )
    both = gettext("above %(low)s to %(high)s", **ends)
    return str(both if with_high else gettext("above %(low)s to below %(high)s", **ends))


def unit_words(bands: BandSet) -> str:
    """What a set of bands counts in."""
    words = {
        "percent": gettext("percent"),
        "minutes": gettext("minutes"),
        "participants": gettext("participants"),
        "times": gettext("times"),
        "points": gettext("points"),
    }
    return str(words[bands.unit])


class Telling:
    """Says pieces of evidence in one language, by the questionnaires' own words."""

    def __init__(self, library: Library, language: str) -> None:
        self._library = library
        self._language = language

    def about(self, one: Any) -> list[Any]:
        """What a piece of evidence looks at: the words of its questions or of its score."""
        if isinstance(one, Record):
            return []
        if one.instrument not in self._library.newest:
            return []
        words = self._texts(one.instrument)
        if isinstance(one, Mean) and one.score is not None:
            return [words[f"scores/{one.score}/title"]]
        units = self._library.newest[one.instrument].units
        return [words[units[name].key] for name in _names(one) if name in units]

    def _texts(self, instrument: str) -> Texts:
        return self._library.texts(self._library.newest[instrument], self._language)

    def found(self, one: Any, found: Found) -> str:
        """What was found, before it became a score."""
        if found.why is not None and not found.parts:
            return str(WHY_WORDS[found.why])
        if isinstance(one, Meeting):
            return self._meeting(one, found)
        if isinstance(one, Codes):
            return self._codes(one.instrument, one.question, found.codes)
        if found.figure is None:
            return NOTHING
        if found.count is not None and found.out_of is not None:
            part = {"part": figure(found.count, 0), "of": figure(found.out_of, 0)}
            counted = gettext("%(part)s of %(of)s", **part)
            return f"{percents(found.figure)} ({counted})"
        if isinstance(one, Parts):
            return f"{percents(found.figure)}: {self._parts(one)}"
        return self.figure(found)

    def scores(self, one: Any) -> list[tuple[str, float]]:
        """The score of each option, in the order of the questionnaire; nothing for evidence without options."""
        match one:
            case Codes():
                return self._scores(one.instrument, one.question, one.scores)
            case Meeting():
                return self._scores(one.instrument, one.rhythm, one.rhythm_scores)
        return []

    def _scores(self, instrument: str, question: str, scores: Mapping[str | int, float]) -> list[tuple[str, float]]:
        words, options = self._options(instrument, question)
        return [(words[code], scores[code]) for code in options if code in scores]

    def _options(self, instrument: str, question: str) -> tuple[Mapping[str | int, str], list[str | int]]:
        texts, asked = self._texts(instrument), self._library.newest[instrument].units[question].question
        words = {code: texts[key].words if key else str(code) for code, key in asked.labels()}
        return words, list(asked.options)

    def _parts(self, one: Parts) -> str:
        words = self._texts(one.instrument)
        return "; ".join(words[f"{one.question}/parts/{part}"].words for part in one.parts)

    def figure(self, found: Found) -> str:
        """The figure with what it counts."""
        value = found.figure
        if value is None:
            return str(WHY_WORDS[found.why]) if found.why else NOTHING
        match found.unit:
            case "percent":
                return percents(value)
            case "minutes":
                return _minutes(value)
            case "participants":
                return str(gettext("%(number)s participants on average", number=figure(value, 1)))
            case "times":
                return str(gettext("%(number)s times on average", number=figure(value, 1)))
        return str(gettext("mean %(value)s", value=figure(value)))

    def _meeting(self, one: Meeting, found: Found) -> str:
        rhythm, length = found.parts
        said = [self._codes(one.instrument, one.rhythm, rhythm.codes)] if rhythm.codes else []
        said += [_minutes(length.figure)] if length.figure is not None else []
        return "; ".join(said) or NOTHING

    def _codes(self, instrument: str, question: str, codes: Mapping[str | int, int]) -> str:
        words, options = self._options(instrument, question)
        ordered = sorted(codes.items(), key=lambda one: (-one[1], options.index(one[0])))
        return ", ".join(f"{words[code]} ({times}×)" for code, times in ordered) or NOTHING


def each(found: Found) -> str:
    """The scores by each observer's own words, where there are several."""
    if len(found.each) < 2:
        return ""
    return str(gettext("each by themselves: %(scores)s", scores="; ".join(figure(score) for score in found.each)))


def people(found: Found) -> str:
    """Of how many people, of how many who were asked or handed in; and of how many meetings."""
    if found.why in ("too_few", "of_team", "not_recorded"):
        return ""
    if found.voice == "server":
        counts = {"meetings": found.meetings or 0}
        words = ngettext("%(num)d meeting", "%(num)d meetings", counts["meetings"])
        return str(words) if found.meetings is not None else ""
    of = max(found.handed_in, found.expected or 0)
    said = str(gettext("%(part)d of %(of)d", part=found.people, of=of)) if of else "0"
    if found.meetings is not None:
        said += ", " + str(ngettext("%(num)d meeting", "%(num)d meetings", found.meetings))
    return said


def behind(found: Iterable[Found]) -> str:
    """How many people stand behind scores, voice by voice: the fewest where they differ."""
    least: dict[Voice, Found] = {}
    for one in found:
        before = least.get(one.voice)
        least[one.voice] = one if before is None or one.people < before.people else before
    return ", ".join(_counted(one) for one in least.values())


def _counted(one: Found) -> str:
    match one.voice:
        case "coaches":
            return str(ngettext("%(num)d coach", "%(num)d coaches", one.people))
        case "participants":
            return str(ngettext("%(num)d participant", "%(num)d participants", one.people))
        case "observers":
            return str(ngettext("%(num)d observer", "%(num)d observers", one.people))
    return str(ngettext("%(num)d meeting", "%(num)d meetings", one.meetings or 0))


def _minutes(value: float) -> str:
    return str(gettext("%(number)s minutes", number=figure(value, 0)))


def _names(one: Any) -> list[str]:
    """The questions that a piece of evidence looks at, the most telling first."""
    match one:
        case Figure():
            return sorted(expressions.parse(one.value).names)
        case Share():
            return sorted(expressions.parse(one.count).names)
        case Parts() | Codes():
            return [one.question]
        case Mean():
            return list(one.items)
        case Meeting():
            return [one.rhythm, one.length]
    return []
