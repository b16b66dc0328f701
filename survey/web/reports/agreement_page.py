"""What the page on agreement says: how far two observers of the same meetings scored alike, in all and item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from survey.instruments.library import Library
from survey.instruments.texts import ShownText
from survey.measures.agreement import LEAST, Agreed, AgreementReport, Caution, ItemAgreement, Together, agreement
from survey.measures.icc import Grade
from survey.measures.kappa import Kappa
from survey.storage import protocols, studies
from survey.storage.agreed import Observed, observed
from survey.storage.meetings import blind_in
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.reports.figures import NOTHING, between, figure
from survey.web.research.progress_page import wave_titles
from survey.web.research.quality_page import percent, words_of
from survey.web.research.researched import titles
from survey.web.server import server

GRADE_WORDS: Mapping[Grade, Any] = {
    "poor": lazy_gettext("poor"),
    "moderate": lazy_gettext("moderate"),
    "good": lazy_gettext("good"),
    "excellent": lazy_gettext("excellent"),
}

CAUTION_WORDS: Mapping[Caution, Any] = {
    "too_few": lazy_gettext("Too few answers: what goes beyond the share that is the same cannot be said."),
    "one_category": lazy_gettext(
        "One of both gave the same answer throughout. So kappa cannot be said, and the correlation says little."
    ),
    "no_spread": lazy_gettext(
        "One of both gave nearly the same answer throughout. Kappa and the correlation are then low, even where they"
        " agree: look at the share that is the same."
    ),
}


class Line(NamedTuple):
    """One figure of agreement: what it is, how high, from where to where, and in a word."""

    words: str
    value: str
    interval: str
    verdict: str = ""


@dataclass(frozen=True)
class Group:
    """All items with the same points together. `first` and `last`: the points at both ends in words."""

    together: Together
    first: ShownText | str
    last: ShownText | str
    lines: tuple[Line, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class AgreementPage:
    """All that the page says, in the language it was made for.

    `instruments`: those by which meetings are observed, with their titles; without any, `observed` is None. `waves`:
    what moments are called. `words`: text key -> words, of the items.
    """

    instruments: Mapping[str, str]
    observed: Observed | None
    report: AgreementReport
    groups: tuple[Group, ...]
    waves: Mapping[str, str]
    words: Mapping[str, ShownText]

    least: ClassVar = LEAST
    figure = staticmethod(figure)
    percent = staticmethod(percent)

    @property
    def full(self) -> list[ItemAgreement]:
        """The items of which more than the share that is the same can be said."""
        return [one for one in self.report.items if one.agreed.n >= LEAST and one.sort != "other"]

    @property
    def differing(self) -> list[ItemAgreement]:
        """The items on which they differed, or of which only one gave an answer: the least alike first."""
        found = [one for one in self.report.items if one.agreed.same < one.agreed.n or one.agreed.one_only]
        return sorted(found, key=lambda one: 1.0 if one.agreed.exact is None else one.agreed.exact)

    @property
    def alike(self) -> list[ItemAgreement]:
        """The items on which they always said the same."""
        return [
            one
            for one in self.report.items
            if one.agreed.n and one.agreed.same == one.agreed.n and not one.agreed.one_only
        ]

    @staticmethod
    def exact(agreed: Agreed) -> str:
        """How many are the same, of how many."""
        if not agreed.n:
            return NOTHING
        return str(gettext("%(part)d of %(of)d", part=agreed.same, of=agreed.n))

    @staticmethod
    def kappa(agreed: Agreed) -> str:
        """The kappa that fits the sort of answer: weighted where the points have an order."""
        found = agreed.quadratic or agreed.unweighted
        return figure(found.value) if found else NOTHING

    @staticmethod
    def caution(agreed: Agreed) -> str:
        """What there is to say about the figures of an item."""
        return " ".join(str(CAUTION_WORDS[one]) for one in agreed.warnings)


def agreement_page(session: Session, study: Study, teams: Scope, language: str, instrument: str = "") -> AgreementPage:
    """The page over these teams (None: the whole study), in this language, which has to be that of the request.

    `instrument`: else the one with most meetings that two people observed.
    """
    here = server()
    protocol = protocols.protocol_of(session, study.id)
    waves = wave_titles(studies.waves(session, study.id), protocol, language)
    blind = blind_in(session, study.id, me().id)
    each = observed(session, here.library, study.id, teams, blind)
    chosen = next((one for one in each if one.instrument == instrument), None) or max(
        each, key=lambda one: len(one.pairs), default=None
    )
    report = agreement([one.pair for one in chosen.pairs] if chosen else ())
    words = _words(here.library, chosen.instrument, language) if chosen else {}
    groups = tuple(_group(one, report, words) for one in report.together)
    return AgreementPage(titles([one.instrument for one in each]), chosen, report, groups, waves, words)


def _words(library: Library, instrument: str, language: str) -> dict[str, ShownText]:
    return words_of(library, list(reversed(library.versions(instrument))), language)


def _group(together: Together, report: AgreementReport, words: Mapping[str, ShownText]) -> Group:
    unit = next(one.unit for one in report.items if one.unit.name == together.items[0])
    keys = dict(unit.question.labels())
    first, last = (
        words[keys[point]] if keys.get(point) in words else str(point)
        for point in (together.points[0], together.points[-1])
    )
    cautions = tuple(str(CAUTION_WORDS[one]) for one in together.agreed.warnings)
    return Group(together, first, last, tuple(lines_of(together.agreed)), cautions)


def lines_of(agreed: Agreed) -> Sequence[Line]:
    """The figures of one set of answers on a scale, as far as there are any."""
    lines = [Line(gettext("Exactly the same"), _share(agreed.same, agreed.n), "")]
    if agreed.near is not None:
        lines.append(Line(gettext("At most one point apart"), _share(agreed.near, agreed.n), ""))
    kappas = (
        (gettext("Kappa"), agreed.unweighted),
        (gettext("Weighted kappa, linear"), agreed.linear),
        (gettext("Weighted kappa, quadratic"), agreed.quadratic),
    )
    lines += [Line(words, *_kappa(one)) for words, one in kappas if one is not None]
    found = agreed.icc
    if found is not None:
        verdict = ""
        if found.grades is not None:
            low, high = (str(GRADE_WORDS[one]) for one in found.grades)
            verdict = low if low == high else gettext("%(low)s to %(high)s", low=low, high=high)
        single = gettext("Correlation for one observer, ICC(2,1)")
        mean = gettext("Correlation for the mean of both, ICC(2,2)")
        lines.append(Line(single, _value(found.single), between(found.low, found.high), verdict))
        lines.append(Line(mean, _value(found.mean), between(found.mean_low, found.mean_high)))
    return lines


def _share(part: int, of: int) -> str:
    return str(gettext("%(part)d of %(of)d", part=part, of=of)) + f" ({percent(part, of)})"


def _value(value: float | None) -> str:
    return str(gettext("cannot be said")) if value is None else figure(value)


def _kappa(kappa: Kappa) -> tuple[str, str]:
    return _value(kappa.value), between(kappa.low, kappa.high)
