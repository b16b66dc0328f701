"""What the page on fidelity says: verdicts, the evidence behind each, what could change it, and who sees it how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.fidelity.bands import BandSet
from survey.instruments.fidelity.model import VERDICTS, FidelityModel, Indicator, Requirement, VerdictCode
from survey.instruments.protocols.model import Protocol, said
from survey.measures.fidelity.evidence import Clocked, Contacted, Evidence, Rate, Reach
from survey.measures.fidelity.finding import voice_of
from survey.measures.fidelity.model_applied import fidelity, trend, waves_with_evidence
from survey.measures.fidelity.result import Fidelity, Found, IndicatorFound, RequirementFound
from survey.storage import course, protocols, studies
from survey.storage.evidence import evidence_of
from survey.storage.meetings import blind_in
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.lists import A_PAGE, Pages
from survey.web.reports.charts.dots import Cut, DotRow, dots
from survey.web.reports.charts.drawing import Both
from survey.web.reports.fidelity_words import (
    RECORD_WORDS,
    VOICE_WORDS,
    WHY_WORDS,
    Telling,
    behind,
    each,
    limits,
    people,
    percents,
    unit_words,
)
from survey.web.reports.figures import figure
from survey.web.research.progress_page import wave_titles
from survey.web.research.researched import titles
from survey.web.server import server

FEW = 5
"""Below so many people a single answer weighs so much that the page says so."""


@dataclass(frozen=True)
class Wished:
    """What a reader wants to see: "" for what the study declares, the last moment, the whole study."""

    model: str = ""
    wave: str = ""
    team: str = ""
    coach: str = ""
    page: int = 1


@dataclass(frozen=True)
class FidelityPage:
    """All that the page says, in the language it was made for. Without a `model` there is nothing to say.

    `declared`: the study's protocol names the model. `models`, `waves`, `teams`: what can be chosen, code -> title;
    `coaches` are codes. `rounds`: the same reach at each wave; `of_teams`: each team; `of_coaches`: some coaches, by
    `pages`. `shown`: what this page is of. `clocks`, `rates` and `contacts`: what the server has on record.
    """

    model: FidelityModel | None
    language: str
    telling: Telling
    declared: bool
    models: Mapping[str, str]
    waves: Mapping[str, str]
    every_wave: Mapping[str, str]
    teams: Mapping[str, str]
    coaches: Sequence[str]
    asked: Wished
    shown: Fidelity | None = None
    rounds: Sequence[Fidelity] = ()
    of_teams: Sequence[Fidelity] = ()
    of_coaches: Sequence[Fidelity] = ()
    pages: Pages | None = None
    chart: Both | None = None
    clocks: Sequence[Clocked] = ()
    rates: Sequence[Rate] = ()
    contacts: Sequence[Contacted] = ()
    titles: Mapping[str, str] | None = None
    steps: Mapping[str, str] | None = None

    voice_words: ClassVar = VOICE_WORDS
    why_words: ClassVar = WHY_WORDS
    record_words: ClassVar = RECORD_WORDS
    each = staticmethod(each)
    figure = staticmethod(figure)
    people = staticmethod(people)
    percents = staticmethod(percents)
    limits = staticmethod(limits)
    unit_words = staticmethod(unit_words)

    def said(self, words: dict[str, str]) -> str:
        """Words of the model, in the language of the page."""
        return said(words, self.language)

    def verdict(self, code: VerdictCode | None) -> str:
        """A verdict in words."""
        if code is None or self.model is None:
            return str(gettext("cannot be said"))
        return self.said(self.model.verdicts[code].title)

    def verdicts(self, codes: Sequence[VerdictCode]) -> str:
        """Several verdicts in words, from low to high."""
        return ", ".join(self.verdict(code).lower() for code in codes)

    @property
    def coach_options(self) -> list[tuple[str, str]]:
        """The coaches for choosing one."""
        return [(code, code) for code in self.coaches]

    @cached_property
    def counts(self) -> list[tuple[VerdictCode, int]]:
        """How many indicators have which verdict, the best first."""
        found = [one.verdict for one in self.shown.indicators] if self.shown else []
        return [(code, found.count(code)) for code in reversed(VERDICTS) if code in found]

    @property
    def unsaid(self) -> int:
        """How many indicators have no verdict."""
        return sum(one.verdict is None for one in self.shown.indicators) if self.shown else 0

    @property
    def few(self) -> bool:
        """Whether a score stands on few people."""
        if self.shown is None or self.shown.reach.coach is not None:
            return False
        return any(0 < one.people < FEW and one.voice != "server" for one in self._first)

    @property
    def _first(self) -> list[Found]:
        """What makes the scores."""
        if self.shown is None:
            return []
        every = (one for indicator in self.shown.indicators for one in indicator.requirements)
        return [one.found[0] for one in every if one.score is not None]

    @staticmethod
    def behind(indicator: IndicatorFound) -> str:
        """How many people stand behind an indicator."""
        return behind(one.found[0] for one in indicator.requirements if one.score is not None)

    @property
    def own_scores(self) -> list[tuple[Any, list[tuple[str, float]]]]:
        """The evidence that scores each option by itself, with those scores."""
        if self.model is None:
            return []
        requirements = [one for each in self.model.indicators.values() for one in each.requirements.values()]
        every = [(one, self.telling.scores(one)) for requirement in requirements for one in requirement.evidence]
        return [(one, scores) for one, scores in every if scores]

    @property
    def bands(self) -> list[tuple[str, BandSet]]:
        """The sets of bands of the model."""
        return list(self.model.bands.items()) if self.model else []

    def indicator(self, one: IndicatorFound) -> Indicator:
        """What the model says of an indicator."""
        assert self.model is not None  # noqa: S101 - an indicator comes of a model  # nosec B101
        return self.model.indicators[one.name]

    def requirement(self, indicator: IndicatorFound, name: str) -> Requirement:
        """What the model says of a requirement."""
        return self.indicator(indicator).requirements[name]

    def evidence(self, indicator: IndicatorFound, one: RequirementFound) -> list[tuple[Any, Found]]:
        """Each piece of evidence of a requirement with what was found."""
        return list(zip(self.requirement(indicator, one.name).evidence, one.found, strict=True))

    @property
    def views(self) -> list[tuple[IndicatorFound, RequirementFound, dict[str, Found]]]:
        """The requirements of which more than one voice tells, with what each says."""
        every = [
            (indicator, one)
            for indicator in (self.shown.indicators if self.shown else ())
            for one in indicator.requirements
        ]
        found = [(indicator, one, {view.voice: view for view in one.views}) for indicator, one in every]
        return [(indicator, one, views) for indicator, one, views in found if len(views) > 1]

    @staticmethod
    def apart(views: Mapping[str, Found]) -> float | None:
        """How much higher coaches score themselves than the first of the others does."""
        own = views.get("coaches")
        others = [one.score for voice, one in views.items() if voice != "coaches" and one.score is not None]
        return own.score - others[0] if own is not None and own.score is not None and others else None


def fidelity_page(
    session: Session, study: Study, teams: Scope, language: str, wished: Wished | None = None
) -> FidelityPage:
    """The page over these teams (None: the whole study), in this language, which has to be that of the request."""
    asked = wished or Wished()
    here = server()
    protocol = protocols.protocol_of(session, study.id)
    known = studies.waves(session, study.id)
    blind = blind_in(session, study.id, me().id)
    declared = protocol.fidelity if protocol is not None else None
    model = here.fidelity_models.get(asked.model or declared or next(iter(here.fidelity_models), ""))
    every_wave = wave_titles(known, protocol, language)
    found = FidelityPage(
        model, language, Telling(here.library, language), declared=model is not None and declared == model.fidelity,
        models={code: said(one.title, language) for code, one in here.fidelity_models.items()},
        waves={}, every_wave=every_wave, coaches=(), asked=asked,
        teams={team.code: team.title for team in protocols.teams(session, study.id, teams)},
    )  # fmt: skip
    if model is None:
        return found
    today = course.today_in(session, study.id, here.now())
    evidence = evidence_of(
        session, here.measures, here.library, study.id, model.instruments, protocol, today, teams, blind
    )
    return _filled(found, model, evidence, protocol, [wave.code for wave in known])


def _filled(
    page: FidelityPage, model: FidelityModel, evidence: Evidence, protocol: Protocol | None, waves: Sequence[str]
) -> FidelityPage:
    newest, asked = server().library.newest, page.asked
    there = waves_with_evidence(evidence, model, waves)
    coaches = _coaches(model, evidence)
    reach = _reach(asked, page, coaches)
    page = replace(page, waves={wave: page.every_wave[wave] for wave in there}, coaches=coaches)
    if not there:
        return page
    wave = asked.wave if asked.wave in there else there[-1]
    shown = fidelity(model, newest, evidence, wave, reach)
    mine = [] if reach.coach else _of_coaches(evidence, model, wave, reach)
    last = max(1, -(-len(mine) // A_PAGE))
    pages = Pages(min(max(1, asked.page), last), last, A_PAGE, len(mine))
    some = mine[pages.offset : pages.offset + pages.size]
    teams = () if reach != Reach() or len(page.teams) < 2 else page.teams
    clocks = [] if reach.coach else [one for one in evidence.clocks if one.wave == wave and reach.covers(one.team)]
    rates = [] if reach.coach else [one for one in evidence.rates if one.wave == wave and reach.covers(one.team)]
    return replace(
        page,
        asked=replace(asked, wave=wave, team=reach.team or "", coach=reach.coach or ""),
        shown=shown,
        rounds=trend(model, newest, evidence, there, reach, shown),
        of_teams=[fidelity(model, newest, evidence, wave, Reach(team)) for team in teams],
        of_coaches=[fidelity(model, newest, evidence, wave, Reach(reach.team, coach)) for coach in some],
        pages=pages,
        chart=_chart(page, shown),
        clocks=clocks,
        rates=_together(rates),
        contacts=[] if reach.coach else [one for one in evidence.contacts if reach.covers(one.team)],
        titles=titles(list(dict.fromkeys(one.instrument for one in rates))),
        steps=_steps(protocol, page.language),
    )


def _own(model: FidelityModel) -> list[str]:
    """The instruments that coaches fill in about their own work."""
    newest = server().library.newest
    return [name for name in model.instruments if name in newest and voice_of(newest[name]) == "coaches"]


def _coaches(model: FidelityModel, evidence: Evidence) -> list[str]:
    """The codes of those who filled them in."""
    own = _own(model)
    return sorted({one.subject for one in evidence.measurements if one.instrument in own})


def _of_coaches(evidence: Evidence, model: FidelityModel, wave: str, reach: Reach) -> list[str]:
    """Those of one wave, within reach."""
    return sorted({one.subject for name in _own(model) for one in evidence.of(name, wave, reach)})


def _reach(asked: Wished, page: FidelityPage, coaches: Sequence[str]) -> Reach:
    team = asked.team if asked.team in page.teams else None
    return Reach(team, asked.coach if asked.coach in coaches else None)


def _chart(page: FidelityPage, shown: Fidelity) -> Both:
    model = shown.model
    rows = [
        DotRow(
            said(page.indicator(one).title, page.language), one.figure, figure(one.figure), one.verdict or "unknown",
            ", ".join(words for words in (page.verdict(one.verdict), page.behind(one)) if words),
        )
        for one in shown.indicators
    ]  # fmt: skip
    signs = {code: page.verdict(code) for code in model.verdicts} | {"unknown": gettext("cannot be said")}
    well = model.verdicts.get("well")
    words = f"{page.verdict('well')}: {limits(well)}" if well is not None else ""
    cut = Cut(model.cutoff, words) if model.cutoff is not None and well is not None else None
    lowest, highest = model.ends(next(iter(model.indicators.values())))
    return dots(rows, signs, cut=cut, lowest=lowest, highest=highest)


def _together(rates: Sequence[Rate]) -> list[Rate]:
    """Each questionnaire once, over the teams."""
    found: dict[str, Rate] = {}
    for one in rates:
        before = found.get(one.instrument)
        count, done = (before.asked, before.done) if before else (0, 0)
        found[one.instrument] = replace(one, team=None, asked=count + one.asked, done=done + one.done)
    return list(found.values())


def _steps(protocol: Protocol | None, language: str) -> dict[str, str]:
    every = (ask.steps for ask in protocol.asks) if protocol is not None else ()
    return {code: said(words, language) for steps in every for code, words in steps.items()}
