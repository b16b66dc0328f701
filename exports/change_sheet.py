"""Change between two moments: one row for each outcome as it is reported, and the pairs of scores behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exports.change_words import CHARTS, FIRST_LINES, NOTES, PAIRS_NOTES, SHAPES
from exports.interpreting_words import in_language
from exports.sheet_stream import letters
from exports.tables import ROW, Cell, Chart, Field, Row, Series, Spool, Table, blank, formula, rounded
from survey.instruments.model import Instrument
from survey.instruments.texts import Texts
from survey.measures.ancova import Contrast
from survey.measures.change import ChangeReport, OutcomeChange
from survey.measures.paired import Paired
from survey.measures.reliable_change import BOUND
from survey.measures.scales import ends

SAID = (
    "Change between the two moments that the protocol declared, one row for each outcome; behind them, where arms are "
    "compared, each arm by itself and the difference between arms."
)
PAIRS = "One row for each person and outcome with a score at both moments: what the means of Change are made of."
VERDICTS = ("improved", "unchanged", "worsened", "up", "down")

_MEANS = (
    Field("n", "integer", "pairs: people with a score at both moments", computed=True),
    Field("before_mean", "number", "their mean at the first moment", computed=True),
    Field("before_sd", "number", "its standard deviation"),
    Field("after_mean", "number", "their mean at the last moment", computed=True),
    Field("after_sd", "number", "its standard deviation"),
    Field("difference", "number", "the mean difference, last minus first", computed=True),
    Field("difference_low", "number", "the lower end of its 95 % interval"),
    Field("difference_high", "number", "the upper end of its 95 % interval"),
    Field("difference_sd", "number", "the standard deviation of the differences"),
    Field("d_z", "number", "the difference in standard deviations of the differences", computed=True),
    Field("d_z_low", "number", "the lower end of its 95 % interval"),
    Field("d_z_high", "number", "the upper end of its 95 % interval"),
    Field("d_av", "number", "the difference in the root of the mean of both variances", computed=True),
    Field("d_av_low", "number", "the lower end of its 95 % interval"),
    Field("d_av_high", "number", "the upper end of its 95 % interval"),
    Field("t", "number", "the t of pairs", computed=True),
    Field("df", "integer", "its degrees of freedom", computed=True),
    Field("p", "number", "its p, two-sided"),
)
_TESTS = (
    Field("p_holm", "number", "the p of t after Holm, over all outcomes"),
    Field("wilcoxon_v", "number", "Wilcoxon's sum of the ranks above zero"),
    Field("wilcoxon_n", "integer", "pairs that differ, over which the ranks are"),
    Field("wilcoxon_p", "number", "its p, two-sided"),
    Field("wilcoxon_p_holm", "number", "the same after Holm, over all outcomes"),
    Field("rank_biserial", "number", "from -1 (all went down) to 1 (all went up)"),
)
_RELIABLE = (
    Field("first_n", "integer", "everybody with a score at the first moment, pair or not"),
    Field("first_sd", "number", "the standard deviation of those scores"),
    Field("reliability", "number", "the r used for reliable change"),
    Field("reliability_from", "string", "where it comes from"),
    Field("least_reliable", "number", "from here on one person's change counts as reliable", computed=True),
    *(Field(verdict, "integer", f"people whose change is reliable or not: {verdict}") for verdict in VERDICTS),
)
_SENSITIVE = (
    Field("strict_n", "integer", "pairs in which all items were answered, both times"),
    Field("strict_difference", "number", "the mean difference over those only"),
    Field("strict_low", "number", "the lower end of its 95 % interval"),
    Field("strict_high", "number", "the upper end of its 95 % interval"),
    Field("alone_n", "integer", "pairs in which nobody interpreted, either time"),
    Field("alone_difference", "number", "the mean difference over those only"),
    Field("alone_low", "number", "the lower end of its 95 % interval"),
    Field("alone_high", "number", "the upper end of its 95 % interval"),
    Field("no_last", "integer", "people without a last measurement"),
    Field("no_first", "integer", "people without a first measurement"),
    Field("short_first", "integer", "people with too few items answered at the first moment"),
    Field("short_last", "integer", "people with too few items answered at the last moment"),
    Field("short_both", "integer", "people with too few items answered at both"),
)
_BETWEEN = (
    Field("adjusted", "number", "how much more an arm changed than the reference, adjusted for the first score"),
    Field("adjusted_low", "number", "the lower end of its 95 % interval"),
    Field("adjusted_high", "number", "the upper end of its 95 % interval"),
    Field("adjusted_p", "number", "its p, two-sided"),
    Field("adjusted_p_holm", "number", "the same after Holm, over all outcomes and arms"),
    Field("raw", "number", "the plain difference between the two mean changes"),
)
FIELDS = (
    Field("score", "string", "the outcome: a scale"),
    Field("title", "string", "its title"),
    Field("part", "string", "all: everybody; arm: one arm; between: an arm beside the reference"),
    Field("arm", "string", "the arm"),
    Field("reference", "string", "the arm with which it is compared"),
    Field("better", "string", "the direction that the protocol calls better", ("higher", "lower")),
    Field("first", "string", "the wave of the first moment"),
    Field("last", "string", "the wave of the last moment"),
    Field("instrument", "string", "the instrument that the scale is of"),
    *rounded(
        (*_MEANS, *_TESTS, *_RELIABLE, *_SENSITIVE, *_BETWEEN),
        three=("p", "p_holm", "wilcoxon_p", "wilcoxon_p_holm", "adjusted_p", "adjusted_p_holm"),
    ),
)
PAIR_FIELDS = rounded(
    (
        Field("score", "string", "the outcome: a scale"),
        Field("subject", "string", "the participant's code, as in km_subject"),
        Field("arm", "string", "the arm; empty: none"),
        Field("before", "number", "the score at the first moment"),
        Field("after", "number", "the score at the last moment"),
        Field("difference", "number", "last minus first", computed=True),
        Field("rci", "number", "the reliable change index; empty: no reliability is known"),
        Field("verdict", "string", "what it says", VERDICTS),
    )
)
_PLACES = {field.name: place for place, field in enumerate(FIELDS)}


def _cell(name: str) -> str:
    return letters(_PLACES[name]) + ROW


class Reported(NamedTuple):
    """A report with the instrument it is of, its words, and the language of all others."""

    report: ChangeReport
    instrument: Instrument
    texts: Texts
    language: str


def tables(reported: Reported, rows: Spool, pairs: Spool) -> Iterator[Table]:
    """Change, and the Pairs behind it. The rows go into these spools."""
    report = reported.report
    for one in report.outcomes:
        pairs.extend(_pairs(one))
    last = len(pairs) + 1 + len(in_language(PAIRS_NOTES, reported.language))
    first = 2 + len(in_language(PAIRS_NOTES, reported.language))
    over = _Over(first, last) if len(pairs) else None
    rows.extend(_rows(reported, over))
    charts = _charts(reported) if len(rows) else ()
    yield Table("Change", "change", SAID, FIELDS, rows, 4, above=tuple(_above(reported)), charts=charts)
    yield Table(
        "Pairs", "change_pairs", PAIRS, PAIR_FIELDS, pairs, 2, ("score", "subject"),
        above=in_language(PAIRS_NOTES, reported.language), empty=in_language(NOTES, reported.language)[-1],
    )  # fmt: skip


def _above(reported: Reported) -> Iterator[str]:
    """The first line says what a study of this size can show, and what it cannot."""
    found, lines = reported.report.detectable, in_language(FIRST_LINES, reported.language)
    if found.at_alpha is None:
        yield lines.few.format(n=found.n)
    else:
        yield lines.size.format(n=found.n, least=_said(found.at_alpha, reported), power=round(100 * found.power))
        if found.at_first_step is not None and found.family > 1:
            yield lines.family.format(family=found.family, first=_said(found.at_first_step, reported))
        yield lines.unseen
    if not reported.report.arms:
        yield lines.no_arms
    elif found.between is not None and found.sizes is not None:
        yield lines.arms.format(one=found.sizes[0], other=found.sizes[1], least=_said(found.between, reported))
        if found.between_first_step is not None and found.family > 1:
            yield lines.family.format(family=found.family, first=_said(found.between_first_step, reported))
    lost = reported.report.with_first - reported.report.both
    yield lines.lost.format(first=reported.report.with_first, both=reported.report.both, lost=lost)
    yield from in_language(NOTES, reported.language)[:-1]


def _said(figure: float, reported: Reported) -> str:
    said = f"{figure:.2f}"
    return said.replace(".", ",") if reported.language.startswith("nl") else said


class _Over(NamedTuple):
    """The rows of Pairs, as formulas see them."""

    first: int
    last: int

    def column(self, name: str) -> str:
        """The cells of a column of Pairs."""
        place = letters([field.name for field in PAIR_FIELDS].index(name))
        return f"Pairs!${place}${self.first}:${place}${self.last}"

    def which(self, arm: bool) -> str:
        """The pairs of the outcome, or arm, of this row."""
        chosen = f"{self.column('score')},{_cell('score')}"
        return f"{chosen},{self.column('arm')},{_cell('arm')}" if arm else chosen


def _rows(reported: Reported, over: _Over | None) -> Iterator[Row]:
    outcomes = reported.report.outcomes
    for one in outcomes:
        yield (*_about(reported, one, "all", None, None), *_paired(one.paired, over), *_tests(one), *_reliable(one),
               *_sensitive(one), *blank(_BETWEEN))  # fmt: skip
    for one in outcomes:
        for arm, paired in one.by_arm.items():
            empty = blank((*_TESTS, *_RELIABLE, *_SENSITIVE, *_BETWEEN))
            yield (*_about(reported, one, "arm", arm, None), *_paired(paired, over, arm=True), *empty)
        for contrast in one.ancova.contrasts if one.ancova else ():
            empty = blank((*_MEANS, *_TESTS, *_RELIABLE, *_SENSITIVE))
            yield *_about(reported, one, "between", contrast.arm, contrast.reference), *empty, *_between(contrast)


def _about(reported: Reported, one: OutcomeChange, part: str, arm: str | None, reference: str | None) -> Row:
    title = reported.texts[f"scores/{one.score}/title"].words
    report = reported.report
    return (
        one.score, title, part, arm, reference, one.better, report.first, report.last, reported.instrument.instrument
    )  # fmt: skip


def _paired(one: Paired, over: _Over | None, *, arm: bool = False) -> Row:
    n: Cell = one.n
    before: Cell = one.before_mean
    after: Cell = one.after_mean
    if over is not None:
        which = over.which(arm)
        n = formula(f"COUNTIFS({which})", one.n)
        before, after = (
            formula(f'IF({_cell("n")}=0,"",AVERAGEIFS({over.column(name)},{which}))', mean)
            for name, mean in (("before", one.before_mean), ("after", one.after_mean))
        )
    difference, sd = _cell("difference"), _cell("difference_sd")
    sds = f"{_cell('before_sd')}^2+{_cell('after_sd')}^2"
    return (
        n, before, one.before_sd, after, one.after_sd,
        formula(f'IF({_cell("n")}=0,"",{_cell("after_mean")}-{_cell("before_mean")})', one.difference.value),
        one.difference.low, one.difference.high, one.sd,
        formula(f'IF({sd}=0,"",{difference}/{sd})', one.d_z.value), one.d_z.low, one.d_z.high,
        formula(f'IF({sds}=0,"",{difference}/SQRT(({sds})/2))', one.d_av.value), one.d_av.low, one.d_av.high,
        formula(f'IF({sd}=0,"",{difference}/({sd}/SQRT({_cell("n")})))', one.t),
        formula(f'IF({_cell("n")}<2,"",{_cell("n")}-1)', one.df), one.p,
    )  # fmt: skip


def _tests(one: OutcomeChange) -> Row:
    ranks = one.ranks
    return one.holm, ranks.v, ranks.n, ranks.p, one.holm_ranks, ranks.rank_biserial


def _reliable(one: OutcomeChange) -> Row:
    source = one.trust.source or ("alpha" if one.trust.value is not None else None)
    if one.reliable is None:
        return one.first_n, one.first_sd, one.trust.value, source, *blank(_RELIABLE[4:])
    least = f"{BOUND}*{_cell('first_sd')}*SQRT(2)*SQRT(1-{_cell('reliability')})"
    used = (VERDICTS[:3] if one.better else ("up", "unchanged", "down"))  # fmt: skip
    return (
        one.first_n, one.first_sd, one.trust.value, source, formula(least, one.reliable.least),
        *(one.reliable.number(verdict) if verdict in used else None for verdict in VERDICTS),  # type: ignore[arg-type]
    )  # fmt: skip


def _sensitive(one: OutcomeChange) -> Row:
    return (*_sensitive_to(one.strict), *_sensitive_to(one.alone), *one.missing)


def _sensitive_to(one: Paired) -> Row:
    return one.n, *one.difference


def _between(one: Contrast) -> Row:
    return *one.adjusted, one.p, one.holm, one.raw


def _pairs(one: OutcomeChange) -> Iterator[Row]:
    said: Sequence[tuple[float | None, str | None]] = (
        one.reliable.people if one.reliable is not None else [(None, None)] * len(one.people)
    )
    for person, (rci, verdict) in zip(one.people, said, strict=True):
        difference = formula(f"E{ROW}-D{ROW}", person.after - person.before)
        yield one.score, person.subject, person.arm, person.before, person.after, difference, rci, verdict


def _charts(reported: Reported) -> tuple[Chart, ...]:
    """The two means of each outcome joined, and each change in standard deviations with its interval."""
    report, words = reported.report, in_language(CHARTS, reported.language)
    reach = [ends(reported.instrument, one.score) for one in report.outcomes]
    means = Chart(
        words["means"], "title", (Series("before_mean", report.first), Series("after_mean", report.last)),
        0, len(report.outcomes) - 1, words["points"], min(low for low, _ in reach), max(high for _, high in reach),
        joined=True,
    )  # fmt: skip
    found = [end for one in report.outcomes for end in one.paired.d_z if end is not None]
    if not found:
        return (means,)
    series = tuple(Series(name, words[name]) for name in SHAPES)
    lowest, highest = math.floor(min(0, *found) * 2) / 2, math.ceil(max(0, *found) * 2) / 2
    interval = Chart(
        words["interval"], "title", series, 0, len(report.outcomes) - 1, words["deviations"], lowest, highest,
        joined=True, step=0.5,
    )  # fmt: skip
    return means, interval
