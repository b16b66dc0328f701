"""The whole report on change between two moments, as figures: each outcome with all that qualifies it, no words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from survey.instruments.model import Instrument
from survey.measures.ancova import Ancova, ancova
from survey.measures.description import standard_deviation
from survey.measures.estimate import LEVEL
from survey.measures.family import Better, Outcomes, Score, undeclared
from survey.measures.holm import holm
from survey.measures.lost import Lost, lost
from survey.measures.measurement import Measurement, by_subject
from survey.measures.paired import Paired, paired
from survey.measures.power import ALPHA, POWER, detectable_between, detectable_paired
from survey.measures.reliability import LEAST_FOR_ALPHA, Alpha, alpha
from survey.measures.reliable_change import ReliableChange, reliable_change
from survey.measures.scales import item_values
from survey.measures.signed_rank import SignedRank, signed_rank


class Person(NamedTuple):
    """One pair: whose it is, in which arm, and the two scores."""

    subject: str
    arm: str | None
    before: float
    after: float


class Missing(NamedTuple):
    """Why people with a first measurement, a last one or both are no pair: counts that exclude each other.

    `no_last` and `no_first` have no measurement there at all. The others have both, with too few items answered.
    """

    no_last: int
    no_first: int
    short_first: int
    short_last: int
    short_both: int


class Trust(NamedTuple):
    """The reliability used: declared with its source, else alpha at the first moment.

    `value` is None without either, and where fewer than LEAST_FOR_ALPHA people stand behind alpha.
    """

    value: float | None
    source: str | None
    alpha: Alpha | None


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """One outcome. All differences are last minus first, so what is better depends on `better` (None: nobody said).

    `first_n`, `first_sd`: everybody with the score at the first moment, whose spread reliable change rests on. `paired`
    is the declared analysis, prorated scores included. `holm` is p of its t over the family, `holm_ranks` that of
    Wilcoxon. `strict`: only where all items were answered, both times. `alone`: only where nobody interpreted, either
    time. `reliable.people` stands in the order of `people`. `by_arm` has the arms where they are compared; `ancova`
    each against the last of them, with p over the family.
    """

    score: str
    better: Better | None
    people: tuple[Person, ...]
    missing: Missing
    first_n: int
    first_sd: float | None
    paired: Paired
    ranks: SignedRank
    holm: float | None
    holm_ranks: float | None
    strict: Paired
    alone: Paired
    trust: Trust
    reliable: ReliableChange | None
    by_arm: Mapping[str, Paired]
    ancova: Ancova | None


@dataclass(frozen=True, slots=True)
class Detectable:
    """What `n` pairs can show with this power: the smallest change in standard deviations of the changes.

    `at_alpha` for one outcome by itself, `at_first_step` at the first step of Holm over `family` outcomes. `between`:
    the smallest difference between two arms of these `sizes`, in standard deviations of the scores, without covariate;
    `between_first_step` the same at the first step of Holm.
    """

    n: int
    power: float
    alpha: float
    family: int
    at_alpha: float | None
    at_first_step: float | None
    sizes: tuple[int, int] | None
    between: float | None
    between_first_step: float | None


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """Change from wave `first` to wave `last`. `both` people were measured at both, `interpreted` of them with somebody
    interpreting at either. `arms`: those that are compared, the one of comparison last; empty without one."""

    first: str
    last: str
    declared: bool
    with_first: int
    with_last: int
    both: int
    interpreted: int
    arms: tuple[str, ...]
    outcomes: tuple[OutcomeChange, ...]
    detectable: Detectable
    lost: Lost


class _Two(NamedTuple):
    first: Measurement
    last: Measurement


def change(
    measurements: Iterable[Measurement],
    outcomes: Outcomes | None,
    arms: Sequence[str] = (),
    *,
    instrument: Instrument,
    waves: tuple[str, str] = ("t0", "t1"),
    background: Mapping[str, object] | None = None,
    level: float = LEVEL,
) -> ChangeReport:
    """The report on one instrument.

    `measurements`: of that instrument, all waves. `outcomes`: the declared family, None where none was; then all scores
    between the two `waves` are looked at. `arms`: those of the study, compared with the one that the outcomes name for
    it, and else not at all. `instrument`: the newest version. `background`: the variables by which those lost are
    counted; what stands behind a name, unless it is None, says that it is a number.
    """
    family = outcomes if outcomes is not None else undeclared(instrument, *waves)
    subjects = by_subject(measurements)
    firsts = {code: found[family.first] for code, found in subjects.items() if family.first in found}
    lasts = {code: found[family.last] for code, found in subjects.items() if family.last in found}
    both = {code: _Two(one, lasts[code]) for code, one in firsts.items() if code in lasts}
    compared = _compared(both.values(), arms, family.comparison)
    found = [
        _outcome(name, score, instrument, firsts, lasts, both, compared, level)
        for name, score in family.scores.items()
        if name in instrument.scores
    ]
    sizes = _sizes(both.values(), compared)
    return ChangeReport(
        family.first,
        family.last,
        outcomes is not None,
        len(firsts),
        len(lasts),
        len(both),
        sum(1 for two in both.values() if _interpreted(two)),
        compared,
        tuple(_over_the_family(found)),
        _detectable(len(both), len(found), sizes),
        lost(firsts, both.keys(), [one.score for one in found], background or {}, level),
    )


def _compared(both: Iterable[_Two], arms: Sequence[str], comparison: str | None) -> tuple[str, ...]:
    """The arms in which somebody was measured twice, the one of comparison last; none if it is not among them."""
    there = {two.first.arm for two in both}
    others = tuple(arm for arm in arms if arm in there and arm != comparison)
    return (*others, comparison) if others and comparison is not None and comparison in there else ()


def _sizes(both: Iterable[_Two], arms: tuple[str, ...]) -> tuple[int, int] | None:
    if len(arms) != 2:
        return None
    found = [two.first.arm for two in both]
    return found.count(arms[0]), found.count(arms[1])


def _detectable(n: int, family: int, sizes: tuple[int, int] | None) -> Detectable:
    first_step = ALPHA / family if family else ALPHA
    return Detectable(
        n,
        POWER,
        ALPHA,
        family,
        detectable_paired(n),
        detectable_paired(n, alpha=first_step),
        sizes,
        detectable_between(*sizes) if sizes else None,
        detectable_between(*sizes, alpha=first_step) if sizes else None,
    )


def _outcome(
    name: str,
    declared: Score,
    instrument: Instrument,
    firsts: Mapping[str, Measurement],
    lasts: Mapping[str, Measurement],
    both: Mapping[str, _Two],
    arms: tuple[str, ...],
    level: float,
) -> OutcomeChange:
    people, strict, alone = [], [], []
    short = {"first": 0, "last": 0, "both": 0}
    for code, two in both.items():
        one, other = two.first.scores.get(name), two.last.scores.get(name)
        before, after = one.value if one else None, other.value if other else None
        if before is None or after is None:
            short["both" if before is None and after is None else "first" if before is None else "last"] += 1
            continue
        people.append(Person(code, two.first.arm, before, after))
        if one and other and one.strict is not None and other.strict is not None:
            strict.append((one.strict, other.strict))
        if not _interpreted(two):
            alone.append((before, after))
    pairs = [(person.before, person.after) for person in people]
    at_first = [score.value for one in firsts.values() if (score := one.scores.get(name)) and score.value is not None]
    sd, trust = standard_deviation(at_first), _trust(name, declared, instrument, firsts.values())
    return OutcomeChange(
        score=name,
        better=declared.better,
        people=tuple(people),
        missing=Missing(len(firsts) - len(both), len(lasts) - len(both), short["first"], short["last"], short["both"]),
        first_n=len(at_first),
        first_sd=sd,
        paired=_of_pairs(pairs, level),
        ranks=signed_rank([before for before, _ in pairs], [after for _, after in pairs]),
        holm=None,
        holm_ranks=None,
        strict=_of_pairs(strict, level),
        alone=_of_pairs(alone, level),
        trust=trust,
        reliable=reliable_change(pairs, sd, trust.value, declared.better),
        by_arm={arm: _of_pairs([(one.before, one.after) for one in people if one.arm == arm], level) for arm in arms},
        ancova=_between(people, arms, level),
    )


def _of_pairs(pairs: Sequence[tuple[float, float]], level: float) -> Paired:
    return paired([before for before, _ in pairs], [after for _, after in pairs], level)


def _between(people: Sequence[Person], arms: tuple[str, ...], level: float) -> Ancova | None:
    there = [(one.before, one.after, one.arm) for one in people if one.arm is not None and one.arm in arms]
    if not arms:
        return None
    return ancova([one[0] for one in there], [one[1] for one in there], [one[2] for one in there], arms[-1], level)


def _trust(name: str, declared: Score, instrument: Instrument, firsts: Iterable[Measurement]) -> Trust:
    """The declared reliability, else alpha of the first measurements."""
    if declared.reliability is not None:
        return Trust(declared.reliability, declared.source, None)
    found = alpha(_items(name, instrument, firsts))
    return Trust(found.value if found.n >= LEAST_FOR_ALPHA else None, None, found)


def _items(name: str, instrument: Instrument, measurements: Iterable[Measurement]) -> list[list[float | None]]:
    items = instrument.scores[name].items
    if _turned_differently(name, instrument):
        return [item_values(instrument, name, one.values) for one in measurements]
    return [[one.items.get(item) for item in items] for one in measurements]


def _turned_differently(name: str, instrument: Instrument) -> bool:
    """Whether another score turns an item of this one the other way round: then `Measurement.items` has but one."""
    mine = instrument.scores[name]
    return any(
        (item in mine.reversed) != (item in other.reversed)
        for other in instrument.scores.values()
        for item in set(mine.items) & set(other.items)
    )


def _interpreted(two: _Two) -> bool:
    return two.first.interpreted or two.last.interpreted


def _over_the_family(found: Sequence[OutcomeChange]) -> list[OutcomeChange]:
    """The same outcomes, each p corrected over all of them."""
    of_t = holm([one.paired.p for one in found])
    of_ranks = holm([one.ranks.p for one in found])
    of_arms = iter(holm([contrast.p for one in found if one.ancova for contrast in one.ancova.contrasts]))
    return [
        replace(one, holm=t, holm_ranks=ranks, ancova=_corrected(one.ancova, of_arms))
        for one, t, ranks in zip(found, of_t, of_ranks, strict=True)
    ]


def _corrected(found: Ancova | None, ps: Iterator[float | None]) -> Ancova | None:
    """The same with the next of these p for each of its contrasts."""
    return found and replace(found, contrasts=tuple(replace(one, holm=next(ps)) for one in found.contrasts))
