"""A fidelity model: indicators, their requirements, the evidence for each, and how it becomes a score and a verdict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, FiniteFloat

from survey.instruments.fidelity.bands import BandSet, Limits, Unit
from survey.instruments.kinds.question import Code, Condition, Frozen, Name, Words
from survey.instruments.model import InstrumentId
from survey.instruments.protocols.model import InLanguages

VerdictCode = Literal["well", "on_the_way", "low"]
VERDICTS: tuple[VerdictCode, ...] = ("low", "on_the_way", "well")
"""From low to high."""

RecordOf = Literal["meeting_minutes", "meeting_steps", "response"]
"""What the server itself knows: how long a meeting took by the clock of those who observed it, which part of the
protocol's steps was held, and which part of what was planned of an instrument was handed in."""

RECORD_UNITS: dict[RecordOf, Unit] = {"meeting_minutes": "minutes", "meeting_steps": "percent", "response": "percent"}


class Judged(Frozen):
    """Something that turns what was found into a score: where that was published, or else that it is provisional."""

    source: Words | None = None
    provisional: bool = False


class Figure(Judged):
    """A number that somebody filled in, or reckoned from several: `caseload`, `caseload_hours / coach_hours`.

    Over several people: the mean of theirs.
    """

    kind: Literal["number"]
    instrument: InstrumentId
    value: Condition = Field(description="a question with a number, or an expression over several")
    unit: Unit = "participants"
    bands: Name


class Share(Judged):
    """How many of all, as a percentage. Over several people all are added up first: 40 of 80 participants, not the mean
    of their percentages, so that somebody with few participants does not weigh as much as somebody with many."""

    kind: Literal["share"]
    instrument: InstrumentId
    count: Condition
    out_of: Condition
    bands: Name


class Parts(Judged):
    """Some parts of a question that divides a hundred percent, of all or of the parts in `out_of`.

    Over several people: the mean of theirs, since nobody knows of how many talks each percentage is.
    """

    kind: Literal["parts"]
    instrument: InstrumentId
    question: Name
    parts: tuple[Name, ...] = Field(min_length=1)
    out_of: tuple[Name, ...] = ()
    bands: Name


class Mean(Judged):
    """The mean of items, or a score that the instrument declares. Without bands it is the requirement's score as it is.

    Over several people: the mean of theirs.
    """

    kind: Literal["mean"]
    instrument: InstrumentId
    score: Name | None = None
    items: tuple[Name, ...] = ()
    least: int | None = Field(default=None, ge=1, description="least number of items answered; else half of them")
    bands: Name | None = None


class Codes(Judged):
    """A score for each option of a question. Over several people: the mean of their scores."""

    kind: Literal["codes"]
    instrument: InstrumentId
    question: Name
    scores: Annotated[dict[Code, FiniteFloat], Field(min_length=1)]


class Meeting(Judged):
    """How often a meeting is held and how long it takes: the lower of the two scores."""

    kind: Literal["meeting"]
    instrument: InstrumentId
    rhythm: Name
    rhythm_scores: Annotated[dict[Code, FiniteFloat], Field(min_length=1)]
    length: Name
    bands: Name


class Record(Judged):
    """What the server itself knows, and nobody has to tell. Without bands it is shown and gets no score.

    `instrument`: of a meeting, the one that its observers fill in.
    """

    kind: Literal["record"]
    what: RecordOf
    instrument: InstrumentId
    bands: Name | None = None


Evidence = Annotated[Figure | Share | Parts | Mean | Codes | Meeting | Record, Field(discriminator="kind")]
EVIDENCE: dict[str, type[Frozen]] = {
    "number": Figure, "share": Share, "parts": Parts, "mean": Mean, "codes": Codes, "meeting": Meeting, "record": Record
}  # fmt: skip


class Requirement(Frozen):
    """One measurable feature. The first evidence makes the score, and the rest stands beside it.

    `source`: where the requirement itself was published. `unmeasured`: why there is no evidence for it here.
    """

    title: InLanguages
    source: Words | None = None
    evidence: tuple[Evidence, ...] = ()
    unmeasured: InLanguages | None = None


class Indicator(Frozen):
    """A feature of the method with its requirements. `least`: how many of them must have a score; else half of them."""

    title: InLanguages
    requirements: Annotated[dict[Name, Requirement], Field(min_length=1)]
    least: int | None = Field(default=None, ge=1)


class Verdict(Limits):
    """From which figure an indicator gets this verdict."""

    title: InLanguages
    source: Words | None = None
    provisional: bool = False


class FidelityModel(Frozen):
    """What is looked at and what counts as enough. `combine`: how requirements make an indicator."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, title="Krachtmeting fidelity model")

    fidelity: InstrumentId
    version: int = Field(ge=1, strict=True)
    title: InLanguages
    about: InLanguages = Field(description="what it is, for who reads the report")
    scale: tuple[FiniteFloat, FiniteFloat] = Field(default=(1.0, 5.0), description="the ends of a requirement's score")
    combine: Literal["mean", "sum"] = "mean"
    verdicts: dict[VerdictCode, Verdict] = Field(min_length=2)
    bands: dict[Name, BandSet] = Field(default_factory=dict)
    indicators: Annotated[dict[Name, Indicator], Field(min_length=1)]

    @property
    def cutoff(self) -> float | None:
        """From where on an indicator is carried out well: the line in a figure."""
        well = self.verdicts.get("well")
        return well.low if well is not None else None

    def judged(self, one: Judged) -> Judged | BandSet:
        """What says on whose word a piece of evidence gets its score: its bands, else the evidence itself.

        A meeting says it for how often and how long together.
        """
        bands = getattr(one, "bands", None)
        return one if bands is None or isinstance(one, Meeting) else self.bands[bands]

    def ends(self, indicator: Indicator) -> tuple[float, float]:
        """The lowest and highest that an indicator can be."""
        times = len(indicator.requirements) if self.combine == "sum" else 1
        return self.scale[0] * times, self.scale[1] * times

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments from which evidence comes, each once."""
        found = (
            one.instrument
            for indicator in self.indicators.values()
            for requirement in indicator.requirements.values()
            for one in requirement.evidence
        )
        return tuple(dict.fromkeys(found))
