"""A protocol: teams, arms, consent, waves with their windows, and what is asked of whom at each, as frozen values."""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from survey.instruments.kinds.question import Frozen, Name, Words
from survey.instruments.model import InstrumentId, Language

LANGUAGES = ("nl", "en")
"""The languages of who works with a protocol: its words stand there in both."""

WaveCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$", max_length=3)]
ShortName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=20)]

By = Literal["interviewer", "participant", "coach", "observers"]
Of = Literal["participant", "coach", "team_leader", "meeting"]


def _in_all(words: dict[str, str]) -> dict[str, str]:
    absent = [language for language in LANGUAGES if language not in words]
    if absent:
        raise ValueError(f"the words in {' and '.join(absent)} are missing; add a line '{absent[0]}: ...'")
    return words


InLanguages = Annotated[dict[Language, Words], AfterValidator(_in_all)]
"""The same words by language; in Dutch and English at least."""


def said(words: dict[str, str], language: str) -> str:
    """The words in a language, else in the first one written."""
    return words.get(language) or next(iter(words.values()))


class Team(Frozen):
    """A team as it is named at the beginning; an admin can add others."""

    title: Words


class Randomisation(Frozen):
    """Drawing the arm by lot, in blocks: each block has every arm equally often, in an order that chance decides."""

    blocks: Annotated[tuple[int, ...], Field(min_length=1)] = Field(
        description="sizes of blocks, of which chance takes one each time; multiples of the number of arms"
    )
    within: Literal["team", "study"] = Field(default="team", description="a list for each team, or one in all")


class Purpose(Frozen):
    """One thing a participant can agree to. Without a needed one nobody can take part."""

    words: InLanguages
    needed: bool = False


class ConsentText(Frozen):
    """One version of what is asked before anything else. A new wording is a new version."""

    version: int = Field(ge=1, strict=True)
    words: InLanguages = Field(description="read out or read before taking part")
    keeping: InLanguages = Field(description="the question whether answers may stay when consent is withdrawn")
    purposes: Annotated[dict[Name, Purpose], Field(min_length=1)]


class Timing(Frozen):
    """When something is asked: `due` days after an anchor, within a window of days around that day."""

    after: ShortName = Field(
        description="an earlier wave, registration, round_off (the coach's date), or study (its first day)"
    )
    due: int = Field(ge=0, le=3660)
    window: tuple[int, int] = Field(description="days before and after the due day, such as [-14, 42]")

    def days(self, anchor: datetime.date) -> tuple[datetime.date, datetime.date, datetime.date]:
        """The first day, the day due and the last day, counted from the anchor's day."""
        due = anchor + datetime.timedelta(days=self.due)
        first, last = (due + datetime.timedelta(days=days) for days in self.window)
        return first, due, last


class Wave(Timing):
    """One moment of measuring, by its code in exports."""

    title: InLanguages


class Ask(Frozen):
    """One instrument: at which waves, of whom, who fills it in, and when if not when the wave is."""

    instrument: InstrumentId
    waves: Annotated[tuple[WaveCode, ...], Field(min_length=1)]
    by: By
    of: Of = "participant"
    timing: Timing | None = None
    observers: int = Field(default=1, ge=1, le=2)
    steps: dict[Name, InLanguages] = Field(default_factory=dict, description="steps of a meeting, for the clock")
    link_days: int = Field(default=42, ge=1, le=366, description="how long a personal link stays open")
    reminders: tuple[int, ...] = Field(default=(7, 14), description="days after the link was sent")


class Background(Frozen):
    """Variables that might give somebody away: before a download, cells with fewer than five people are shown."""

    instrument: InstrumentId
    wave: WaveCode
    variables: Annotated[dict[Name, tuple[float, ...] | None], Field(min_length=1)] = Field(
        description="a variable; behind a number, where its bands begin"
    )


class OutcomeScore(Frozen):
    """A score in which change is looked for: which direction is the better one, and how reliable it is said to be."""

    better: Literal["higher", "lower"]
    reliability: float | None = Field(
        default=None, gt=0, lt=1, description="from a publication; else the study's own alpha at the first moment"
    )
    source: Words | None = Field(default=None, description="where the reliability comes from")


class Outcomes(Frozen):
    """The family of outcomes, declared before anybody looks: scores of one instrument, from one wave to another."""

    instrument: InstrumentId
    first: WaveCode
    last: WaveCode
    comparison: ShortName | None = Field(default=None, description="the arm with which the others are compared")
    scores: Annotated[dict[Name, OutcomeScore], Field(min_length=1)]


class Protocol(Frozen):
    """A study's plan. A change is a new version; the study keeps the one that it adopted."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, title="Krachtmeting protocol")

    protocol: InstrumentId
    version: int = Field(ge=1, strict=True)
    title: InLanguages
    teams: Annotated[dict[ShortName, Team], Field(min_length=1)]
    arms: Annotated[dict[ShortName, InLanguages], Field(min_length=1)]
    randomisation: Randomisation | None = None
    consent: Annotated[tuple[ConsentText, ...], Field(min_length=1)]
    waves: Annotated[dict[WaveCode, Wave], Field(min_length=1)]
    asks: Annotated[tuple[Ask, ...], Field(min_length=1)]
    background: Background | None = None
    outcomes: Outcomes | None = None
    fidelity: InstrumentId | None = Field(default=None, description="the fidelity model by which the method is judged")
    code_book: InstrumentId | None = Field(default=None, description="the code book for open answers")

    @cached_property
    def newest_consent(self) -> ConsentText:
        """The words that are asked from now on."""
        return max(self.consent, key=lambda one: one.version)

    def consent_of(self, version: int) -> ConsentText | None:
        """The words of an earlier version."""
        return next((one for one in self.consent if one.version == version), None)

    def ask(self, instrument: str, wave: str) -> Ask | None:
        """What asks this instrument at this wave."""
        return next((ask for ask in self.asks if ask.instrument == instrument and wave in ask.waves), None)

    def timing(self, ask: Ask, wave: str) -> Timing:
        """When it is asked at a wave: by its own timing, else by the wave's."""
        return ask.timing or self.waves[wave]
