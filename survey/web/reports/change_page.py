"""What the page on change says: each outcome with its interval, what is behind it, and who was lost on the way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.model import Instrument
from survey.instruments.protocols.model import Outcomes, Protocol, said
from survey.instruments.texts import ShownText
from survey.measures.change import ChangeReport, OutcomeChange, Person, change
from survey.measures.estimate import around
from survey.measures.measurement import Measurement
from survey.measures.paired import Paired
from survey.measures.power import detectable_paired
from survey.measures.reliable_change import BOUND, PersonChange
from survey.measures.scales import ends
from survey.storage import overview, protocols, studies
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.reports.change_words import (
    BETTER_WORDS,
    FEW,
    VERDICT_WORDS,
    between_arms,
    can_find,
    cannot_find,
    chance,
    estimate,
    in_points,
    largest,
    missing_lines,
    no_reliable,
    sentence,
    summary,
    trusted,
)
from survey.web.reports.charts.drawing import Both
from survey.web.reports.charts.dumbbell import DumbbellRow, dumbbell
from survey.web.reports.charts.paired import Mean
from survey.web.reports.charts.paired import paired as ways_of
from survey.web.reports.figures import between, figure
from survey.web.reports.lost_words import LostShown, lost_shown
from survey.web.reports.response_page import WAY_WORDS
from survey.web.research.progress_page import wave_titles
from survey.web.research.quality_page import words_of
from survey.web.server import server
from survey.web.titles import title_of

MOST_PEOPLE = 100
"""With more pairs, single people stand in the download only."""


@dataclass(frozen=True)
class OutcomeShown:
    """One outcome in words. `looks`: the same analysis on the pairs that a stricter eye keeps. `findable`: the smallest
    mean change in points that so many pairs show, by itself. `ways`: the chart of everybody's way."""

    found: OutcomeChange
    title: ShownText
    better: str
    lowest: float
    highest: float
    sentence: str
    missing: Sequence[str]
    looks: Sequence[tuple[str, Paired]]
    findable: float | None
    ways: Both | None

    @property
    def few(self) -> bool:
        """Whether so few pairs stand behind it that every figure is a guess."""
        return self.found.paired.n < FEW

    @property
    def persons(self) -> list[tuple[Person, PersonChange]]:
        """Each person with what the own change says, by how large it is for the scale."""
        reliable = self.found.reliable
        if reliable is None:
            return []
        return sorted(zip(self.found.people, reliable.people, strict=True), key=lambda one: -one[1].rci)


@dataclass(frozen=True)
class ChangePage:
    """All that the page says, in the language it was made for. `report` is None where no questionnaire has scales.

    `before` and `after`: what the two moments are called. `arms`: code -> title, of those that are compared;
    `uncompared`: there are several, and nobody declared how to compare them.
    """

    report: ChangeReport | None
    questionnaire: str = ""
    before: str = ""
    after: str = ""
    can_find: str = ""
    in_points: str = ""
    cannot_find: str = ""
    between_arms: str = ""
    summary: Sequence[str] = ()
    largest: OutcomeShown | None = None
    outcomes: Sequence[OutcomeShown] = ()
    chart: Both | None = None
    lost: LostShown | None = None
    arms: Mapping[str, str] | None = None
    uncompared: bool = False

    chance: ClassVar = staticmethod(chance)
    estimate: ClassVar = staticmethod(estimate)
    figure: ClassVar = staticmethod(figure)
    trusted: ClassVar = staticmethod(trusted)
    no_reliable: ClassVar = staticmethod(no_reliable)
    verdict_words: ClassVar = VERDICT_WORDS
    bound: ClassVar = BOUND
    most_people: ClassVar = MOST_PEOPLE
    few: ClassVar = FEW


@dataclass(frozen=True)
class _Looked:
    """What is looked at: a protocol and the outcomes it declares, and the newest version of the questionnaire with all
    its measurements."""

    protocol: Protocol | None
    outcomes: Outcomes | None
    instrument: Instrument
    measurements: Sequence[Measurement]
    waves: tuple[str, str]


def change_report(session: Session, study: Study, teams: Scope) -> ChangeReport | None:
    """The figures alone, over these teams (None: the whole study); None where no questionnaire has scales."""
    looked = _looked(session, study, teams)
    return _report(looked) if looked else None


def change_page(session: Session, study: Study, teams: Scope, language: str) -> ChangePage:
    """The page over these teams (None: the whole study), in this language, which has to be that of the request."""
    looked = _looked(session, study, teams)
    if looked is None:
        return ChangePage(None)
    library, report = server().library, _report(looked)
    waves = wave_titles(studies.waves(session, study.id), looked.protocol, language)
    before, after = waves.get(report.first, report.first), waves.get(report.last, report.last)
    versions = list(reversed(library.versions(looked.instrument.instrument)))
    words = words_of(library, versions, language)
    outcomes = [_shown(one, looked.instrument, words, before, after) for one in report.outcomes]
    arms = looked.protocol.arms if looked.protocol else {}
    named: dict[str, dict[Hashable, str]] = {
        "team": {team.code: team.title for team in protocols.teams(session, study.id)},
        "mode": {mode: str(way) for mode, way in WAY_WORDS.items()},
        "interpreted": {True: gettext("Yes"), False: gettext("No")},
    }
    units = {name: unit for one in reversed(versions) for name, unit in one.units.items()}
    most = largest(report)
    return ChangePage(
        report=report,
        questionnaire=title_of(looked.instrument.instrument),
        before=before,
        after=after,
        can_find=can_find(report.detectable),
        in_points=in_points({one.title.words: one.findable for one in outcomes if one.findable is not None}),
        cannot_find=cannot_find(report.detectable),
        between_arms=between_arms(report.detectable),
        summary=summary(report.outcomes),
        largest=next((one for one in outcomes if one.found is most), None),
        outcomes=outcomes,
        chart=_dumbbell(outcomes, before, after),
        lost=lost_shown(report.lost, {one.found.score: one.title.words for one in outcomes}, units, words, named),
        arms={arm: said(arms[arm], language) for arm in report.arms},
        uncompared=len(arms) > 1 and not report.declared,
    )


def _looked(session: Session, study: Study, teams: Scope) -> _Looked | None:
    here = server()
    protocol = protocols.protocol_of(session, study.id)
    declared = protocol.outcomes if protocol else None
    if declared and declared.instrument in here.library.newest:
        found = here.library.newest[declared.instrument]
        read = here.measures.read(session, here.library, study.id, found.instrument, teams)
        return _Looked(protocol, declared, found, read, (declared.first, declared.last))
    first = None
    for name in overview.instruments(session, study.id):
        one = here.library.newest.get(name)
        if one is None or one.about != "participant" or not one.scores:
            continue
        read = here.measures.read(session, here.library, study.id, name, teams)
        there = {measurement.wave for measurement in read}
        order = [wave.code for wave in studies.waves(session, study.id)]
        filled_in = [wave for wave in order if wave in there]
        if len(filled_in) > 1:
            return _Looked(protocol, None, one, read, (filled_in[0], filled_in[-1]))
        if first is None and len(order) > 1:
            first = _Looked(protocol, None, one, read, (order[0], order[-1]))
    return first


def _report(looked: _Looked) -> ChangeReport:
    protocol, instrument = looked.protocol, looked.instrument
    background = protocol.background if protocol else None
    return change(
        looked.measurements,
        looked.outcomes,
        tuple(protocol.arms) if protocol else (),
        instrument=instrument,
        waves=looked.waves,
        background=background.variables if background and background.instrument == instrument.instrument else None,
    )


def _shown(
    found: OutcomeChange, instrument: Instrument, words: Mapping[str, ShownText], before: str, after: str
) -> OutcomeShown:
    lowest, highest = ends(instrument, found.score)
    size = detectable_paired(found.paired.n)
    return OutcomeShown(
        found,
        words[f"scores/{found.score}/title"],
        str(BETTER_WORDS[found.better]),
        lowest,
        highest,
        sentence(found),
        missing_lines(found.missing, before, after),
        (
            (gettext("As declared: who left out a few items counts too"), found.paired),
            (gettext("Only who answered every item, both times"), found.strict),
            (gettext("Only who had no interpreter, both times"), found.alone),
        ),
        size * found.paired.sd if size is not None and found.paired.sd else None,
        _ways(found, before, after, lowest, highest),
    )


def _ways(found: OutcomeChange, before: str, after: str, lowest: float, highest: float) -> Both | None:
    if not found.people:
        return None
    all_of = found.paired
    means = [
        _mean(before, all_of.before_mean, all_of.before_sd, all_of.n),
        _mean(after, all_of.after_mean, all_of.after_sd, all_of.n),
    ]
    pairs = [(one.before, one.after) for one in found.people]
    return ways_of(pairs, before=means[0], after=means[1], lowest=lowest, highest=highest)


def _mean(moment: str, mean: float | None, sd: float | None, n: int) -> Mean:
    if mean is None or not sd:
        return Mean(moment, mean, figure(mean))
    found = around(mean, sd / n**0.5, n - 1)
    return Mean(moment, mean, figure(mean), found.low, found.high, between(found.low, found.high))


def _dumbbell(outcomes: Sequence[OutcomeShown], before: str, after: str) -> Both:
    rows = [
        DumbbellRow(
            one.title.words,
            one.found.paired.before_mean,
            one.found.paired.after_mean,
            one.lowest,
            one.highest,
            figure(one.found.paired.before_mean),
            figure(one.found.paired.after_mean),
            ", ".join(part for part in (f"n = {one.found.paired.n}", one.better) if part),
        )
        for one in outcomes
    ]
    return dumbbell(rows, before=before, after=after)
