"""What coders gave to open answers: who may see whose work, how an answer stands, and how two coders agree.

Two people code the same answer without seeing each other's work (Krippendorff 2018, Content Analysis, 4th ed., ch. 12:
only what was coded independently says anything about reliability). Until both are done with an answer, what one of
them gave to it is shown to nobody else. This module decides that, in one place, for pages, counts and files.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from survey.measures.kappa import Kappa, kappa

CODERS = 2
"""So many people code an answer."""

Standing = Literal["todo", "taken", "mine", "same", "differing"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
"""How an answer stands for who looks: still to be coded by them; left to two others who are not both done; done by
them and not by another; done by two, who gave the same codes; done by two, who did not."""


class Spot(NamedTuple):
    """One open answer in one wording: the id of its response, the unit, and the SHA-256 of the words."""

    response: int
    unit: str
    wording: str


@dataclass(frozen=True)
class Passage:
    """A code that somebody (`coder`, an id) gave to the signs from `first` up to `beyond` of an answer."""

    id: int
    spot: Spot
    first: int
    beyond: int
    code: str
    coder: int
    memo: str = ""


def wording_of(words: str) -> str:
    """The fingerprint of an answer's words."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


class Codings:
    """All work on some answers, of which it shows what `viewer` (an id) may see. None: the whole of it, for nobody's
    eyes, as for an operator's own file. Who is `gone` (ids) holds no place at an answer that they never finished."""

    def __init__(
        self,
        passages: Iterable[Passage],
        done: Iterable[tuple[Spot, int]],
        viewer: int | None,
        gone: Collection[int] = (),
    ) -> None:
        self._viewer = viewer
        self._gone = frozenset(gone)
        self._passages: dict[Spot, list[Passage]] = defaultdict(list)
        self._done: dict[Spot, set[int]] = defaultdict(set)
        for passage in passages:
            self._passages[passage.spot].append(passage)
        for spot, coder in done:
            self._done[spot].add(coder)

    @property
    def touched(self) -> set[Spot]:
        """The answers at which anybody works, also where nothing of it may be seen; all others are to be coded."""
        return {*self._passages, *self._done}

    def done(self, spot: Spot, coder: int) -> bool:
        """Whether somebody is done with an answer."""
        return coder in self._done.get(spot, ())

    def compared(self, spot: Spot) -> bool:
        """Whether two are done with an answer, so that everybody may see what they gave."""
        return len(self._done.get(spot, ())) >= CODERS

    def free(self, spot: Spot, coder: int) -> bool:
        """Whether somebody can still code an answer: not two others do already."""
        return len(self._at_work(spot) - {coder}) < CODERS

    def _at_work(self, spot: Spot) -> set[int]:
        begun = {passage.coder for passage in self._passages.get(spot, ())}
        return self._done.get(spot, set()) | begun - self._gone

    def passages(self, spot: Spot) -> list[Passage]:
        """The passages of an answer that may be seen, in the order of the text."""
        found = self._passages.get(spot, [])
        if not (self._viewer is None or self.compared(spot)):
            found = [passage for passage in found if passage.coder == self._viewer]
        return sorted(found, key=lambda one: (one.first, one.beyond, one.code, one.coder))

    def spots(self) -> list[Spot]:
        """The answers of which something may be seen."""
        mine = [spot for spot in self.touched if self.passages(spot) or self.given(spot)]
        return sorted(mine)

    def given(self, spot: Spot) -> dict[int, frozenset[str]]:
        """Coder -> the codes given to an answer, of those who are done and whose work may be seen."""
        coders = self._done.get(spot, set())
        if not (self._viewer is None or self.compared(spot)):
            coders = coders & {self._viewer}
        passages = self._passages.get(spot, ())
        return {who: frozenset(one.code for one in passages if one.coder == who) for who in sorted(coders)}

    def standing(self, spot: Spot, viewer: int) -> Standing:
        """How an answer stands for somebody."""
        if self.compared(spot):
            return "same" if len(set(self.given(spot).values())) == 1 else "differing"
        if self.done(spot, viewer):
            return "mine"
        return "todo" if self.free(spot, viewer) else "taken"


@dataclass(frozen=True)
class CodeAgreement:
    """How two coders used one code, over answers: by both, by the first or second only, by none; and kappa."""

    code: str
    both: int
    first_only: int
    second_only: int
    neither: int
    kappa: Kappa


Given = tuple[frozenset[str], frozenset[str]]
"""The codes that a first and a second coder gave to the same answer."""


def agreement_by_code(answers: Sequence[Given], codes: Iterable[str]) -> list[CodeAgreement]:
    """For each code that one of both gave: how far they agree on whether it belongs to an answer.

    The unit is the answer, not the passage: two coders who mark a sentence and half of it mean the same. Kappa is
    Cohen's, unweighted, of given or not given (see `survey.measures.kappa`).
    """
    used = [code for code in codes if any(code in first or code in second for first, second in answers)]
    found = []
    for code in used:
        first, second = [code in one for one, _ in answers], [code in other for _, other in answers]
        cells = [(one, other) for one, other in zip(first, second, strict=True)]
        found.append(
            CodeAgreement(
                code,
                cells.count((True, True)),
                cells.count((True, False)),
                cells.count((False, True)),
                cells.count((False, False)),
                kappa(first, second, (False, True)),
            )
        )
    return found


def pairs(codings: Codings, spots: Iterable[Spot]) -> dict[tuple[int, int], list[tuple[Spot, Given]]]:
    """The two coders (ids, the lower one first) -> the answers that both are done with."""
    found: dict[tuple[int, int], list[tuple[Spot, Given]]] = defaultdict(list)
    for spot in spots:
        if codings.compared(spot):
            (one, first), (other, second) = list(codings.given(spot).items())[:CODERS]
            found[one, other].append((spot, (first, second)))
    return dict(found)


@dataclass(frozen=True)
class CodeCount:
    """In how many answers a code was given by anybody, in how many of them by two, of how many people they are, and
    how many answers there are at each wave (a code)."""

    answers: int = 0
    by_two: int = 0
    people: int = 0
    waves: Mapping[str, int] | None = None


class Coded(NamedTuple):
    """One answer with the codes that each coder gave, whose it is (a code) and at which wave (a code)."""

    given: tuple[frozenset[str], ...]
    subject: str
    wave: str


def counted(answers: Iterable[Coded], codes: frozenset[str]) -> CodeCount:
    """How often one of these codes was given; by two: both coders gave at least one of them."""
    with_it = [one for one in answers if any(codes & given for given in one.given)]
    waves: dict[str, int] = defaultdict(int)
    for one in with_it:
        waves[one.wave] += 1
    by_two = sum(sum(bool(codes & given) for given in one.given) >= CODERS for one in with_it)
    return CodeCount(len(with_it), by_two, len({one.subject for one in with_it}), dict(waves))


_SENTENCE = re.compile(r"\S(?:[^.!?…\n]|[.!?…](?![\s\"'”’)]|$))*(?:[.!?…]+[\"'”’)]*|$|(?=\n))", re.MULTILINE)


def sentences(words: str) -> list[tuple[int, int]]:
    """The sentences of an answer, each from its first sign up to the one beyond its last; a line ends one as well."""
    return [match.span() for match in _SENTENCE.finditer(words)]


def joined(chosen: Iterable[tuple[int, int]], words: str) -> list[tuple[int, int]]:
    """Chosen stretches as passages: those with only white space between them become one."""
    found: list[tuple[int, int]] = []
    for first, beyond in sorted(chosen):
        if found and not words[found[-1][1] : first].strip():
            found[-1] = (found[-1][0], max(beyond, found[-1][1]))
        else:
            found.append((first, beyond))
    return found


def trimmed(first: int, beyond: int, words: str) -> tuple[int, int] | None:
    """A stretch without the white space at its ends; None where nothing is left or it lies outside of the words."""
    if not 0 <= first < beyond <= len(words):
        return None
    inside = words[first:beyond]
    first, beyond = first + len(inside) - len(inside.lstrip()), beyond - len(inside) + len(inside.rstrip())
    return (first, beyond) if first < beyond else None
