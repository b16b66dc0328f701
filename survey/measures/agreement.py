"""How far two observers of the same meetings agree: per item over meetings, and over all items of a scale together.

Only what both answered is compared. The share that is exactly the same is always told. What needs more answers to
mean anything (kappa, the intraclass correlation) is left out below LEAST of them, and a warning says so.

Over all items together, every item of every meeting counts as a thing that was rated. Items of one meeting are
no separate things: such figures say how far these two people scored alike there, not how they would elsewhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from survey.answers.missing import State
from survey.instruments.kinds.choice import Choice
from survey.instruments.kinds.duration import Duration
from survey.instruments.kinds.number import Number
from survey.instruments.kinds.open import Open
from survey.instruments.kinds.question import Unit
from survey.instruments.kinds.scale import Scale
from survey.instruments.kinds.text import Text
from survey.measures.differences import Compared
from survey.measures.icc import Icc, icc
from survey.measures.kappa import MOSTLY, Kappa, kappa

LEAST = 10
"""With fewer answers of both than this no kappa and no correlation is given: one answer more would turn it round."""

Caution = Literal["too_few", "one_category", "no_spread"]
"""Fewer than LEAST answers; one of both used a single category; one of both nearly did, so that kappa and correlation
are low although they agree."""

Sort = Literal["scale", "choice", "number", "other"]
"""Points in an order; categories without one; amounts; something of which only "the same or not" can be said."""


class Pair(NamedTuple):
    """One meeting as two people observed it: their codes, always in the same order, and each unit in that order."""

    people: tuple[str, str]
    rows: tuple[Compared, ...]


@dataclass(frozen=True)
class Agreed:
    """How far two agree over `n` answers that both gave.

    `same`: exactly the same; `near`: at most one point apart, on a scale; `one_only`: only one of both gave an answer.
    What does not fit the sort of answer, or what the `warnings` forbid, is None.
    """

    n: int
    same: int
    near: int | None
    one_only: int
    unweighted: Kappa | None
    linear: Kappa | None
    quadratic: Kappa | None
    icc: Icc | None
    warnings: tuple[Caution, ...]

    @property
    def exact(self) -> float | None:
        """The share that is exactly the same."""
        return self.same / self.n if self.n else None


@dataclass(frozen=True)
class ItemAgreement:
    """One unit over all meetings."""

    unit: Unit
    sort: Sort
    agreed: Agreed


@dataclass(frozen=True)
class Together:
    """All items with the same points in the same words, over all meetings, where there are several of them.

    `points`: their codes in order; `items`: names.
    """

    points: tuple[str | int, ...]
    items: tuple[str, ...]
    agreed: Agreed


@dataclass(frozen=True)
class AgreementReport:
    """Agreement over `meetings` meetings that two people observed and handed in. `people`: how many different pairs.

    `n` answers were given by both, of whatever sort but in own words, and `same` of them are exactly the same.
    """

    meetings: int
    people: int
    n: int
    same: int
    together: tuple[Together, ...]
    items: tuple[ItemAgreement, ...]

    @property
    def exact(self) -> float | None:
        """The share of all answers that is exactly the same."""
        return self.same / self.n if self.n else None


def agreement(pairs: Sequence[Pair]) -> AgreementReport:
    """The agreement over these meetings. Items stand in the order of the meeting that was given first."""
    units: dict[str, Unit] = {}
    rows: dict[str, list[Compared]] = {}
    for pair in pairs:
        for row in pair.rows:
            if row.unit.role != "other" and not isinstance(row.unit.question, Open | Text):
                units.setdefault(row.unit.name, row.unit)
                rows.setdefault(row.unit.name, []).append(row)
    items = tuple(_item(units[name], rows[name]) for name in units)
    groups: dict[tuple[tuple[str | int, str | None], ...], list[str]] = {}
    for one in items:
        if one.sort == "scale":
            points = tuple((code, choice.text) for code, choice in one.unit.question.options.items())
            groups.setdefault(points, []).append(one.unit.name)
    together = tuple(
        _together(tuple(code for code, _ in points), names, rows) for points, names in groups.items() if len(names) > 1
    )
    people = len({pair.people for pair in pairs})
    n, same = (sum(count) for count in ((one.agreed.n for one in items), (one.agreed.same for one in items)))
    return AgreementReport(len(pairs), people, n, same, together, items)


def _together(points: tuple[str | int, ...], names: Sequence[str], rows: Mapping[str, Sequence[Compared]]) -> Together:
    return Together(points, tuple(names), _agreed("scale", points, [row for name in names for row in rows[name]]))


def _item(unit: Unit, rows: Sequence[Compared]) -> ItemAgreement:
    sort = sort_of(unit)
    return ItemAgreement(unit, sort, _agreed(sort, tuple(unit.question.options), rows))


def sort_of(unit: Unit) -> Sort:
    """What sort of answer a unit has."""
    match unit.question:
        case Scale():
            return "scale"
        case Choice():
            return "choice"
        case Number() | Duration():
            return "number"
    return "other"


def _agreed(sort: Sort, points: Sequence[Hashable], rows: Sequence[Compared]) -> Agreed:
    both = [row for row in rows if all(said.state is State.ANSWERED for said in row.said)]
    one_only = sum(1 for row in rows if sum(said.state is State.ANSWERED for said in row.said) == 1)
    same = sum(1 for row in both if row.same)
    if sort == "other" or not both:
        return Agreed(len(both), same, None, one_only, None, None, None, None, ())
    first, second = ([row.said[place].value for row in both] for place in (0, 1))
    # A version may have had a point that the newest one lacks.
    order = [*points, *sorted({*first, *second} - set(points), key=str)] if sort != "number" else []
    near = sum(1 for one, other in _places(order, first, second) if abs(one - other) <= 1) if sort == "scale" else None
    warnings = _warnings(first, second)
    if "too_few" in warnings:
        return Agreed(len(both), same, near, one_only, None, None, None, None, warnings)
    plain = kappa(first, second, order) if sort != "number" else None
    linear, quadratic = (
        kappa(first, second, order, "linear") if sort == "scale" else None,
        kappa(first, second, order, "quadratic") if sort == "scale" else None,
    )
    amounts = list(zip(first, second, strict=True))
    correlation = icc(amounts) if sort in ("scale", "number") else None
    return Agreed(len(both), same, near, one_only, plain, linear, quadratic, correlation, warnings)


def _places(
    order: Sequence[Hashable], first: Iterable[Hashable], second: Iterable[Hashable]
) -> Iterable[tuple[int, int]]:
    place = {point: index for index, point in enumerate(order)}
    return ((place[one], place[other]) for one, other in zip(first, second, strict=True))


def _warnings(first: Sequence[Hashable], second: Sequence[Hashable]) -> tuple[Caution, ...]:
    most = max(max(said.count(one) for one in set(said)) / len(said) for said in (first, second))
    if len(first) < LEAST:
        return ("too_few",)
    return ("one_category",) if most == 1 else ("no_spread",) if most >= MOSTLY else ()
