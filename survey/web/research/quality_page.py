"""What the page on data quality says: figures of one instrument's responses, and a list of those worth a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.instruments.texts import ShownText
from survey.measures import relayed, speed, straight
from survey.measures.quality import Digest, PageMissing, Tally, missing_by_page, together
from survey.measures.relayed import QuestionRelayed
from survey.measures.speed import LEAST_TO_COMPARE, WHOLE, Fast, Spread
from survey.measures.straight import StraightLining
from survey.storage.quality import Listed, Looked, Size
from survey.web.lists import Asked, Pages, asked


@dataclass(frozen=True)
class Row:
    """One response in the list. `fast`: WHOLE first, then pages, as far as they were very fast."""

    listed: Listed
    digest: Digest
    fast: tuple[Fast, ...]

    @property
    def whole(self) -> Fast | None:
        """Where the whole was very fast."""
        return next((one for one in self.fast if one.page is WHOLE), None)

    @property
    def pages(self) -> tuple[Fast, ...]:
        """The pages that were very fast."""
        return tuple(one for one in self.fast if one.page is not WHOLE)

    @property
    def hints(self) -> int:
        """How much there is to look at. What was given to statements with opposite meanings counts twice."""
        return len(self.fast) + sum(1 + one.contradicts for one in self.digest.straight)


SHOWN: Mapping[str, Callable[[Row], Any]] = {
    "all": lambda row: True,
    "hints": lambda row: row.hints,
    "fast": lambda row: row.whole,
    "fast_page": lambda row: row.pages,
    "same": lambda row: row.digest.straight,
}
"""What the list can be narrowed to."""

SORTS: Mapping[str, Callable[[Row], Any]] = {
    "hints": lambda row: row.hints,
    "code": lambda row: (row.listed.subject, row.listed.wave),
    "missing": lambda row: row.digest.whole.share,
    "time": lambda row: row.digest.total,
}
"""What the list can be sorted by. What is not known stands last in either order."""

WHICH = ("handed_in", "begun")


def asked_for(sizes: Sequence[Size], waves: Collection[str]) -> Asked:
    """What the address asks for: `instrument`, `wave` and `which` for all, `show` and `code` for the list."""
    instruments = {one.instrument for one in sizes}
    possible = {"instrument": instruments, "wave": waves, "which": WHICH, "show": SHOWN, "code": None}
    return asked(list(SORTS), possible, descending=True)


def instrument_of(wished: Asked, sizes: Sequence[Size]) -> str:
    """The instrument that is asked for, else the one with most responses, of which there are some."""
    of_each: dict[str, int] = defaultdict(int)
    for one in sizes:
        of_each[one.instrument] += one.begun
    return wished.filters["instrument"] or max(of_each, key=lambda one: of_each[one])


def rows_of(looked: Sequence[Looked]) -> list[Row]:
    """The responses with what was very fast: compared within their wave with those that were handed in."""
    of_wave: dict[str, list[Digest]] = defaultdict(list)
    for one in looked:
        if one.listed.submitted:
            of_wave[one.listed.wave].append(one.digest)
    usual = {wave: speed.usual(digests) for wave, digests in of_wave.items()}
    return [
        Row(*one, speed.very_fast(one.digest, usual[one.listed.wave]) if one.listed.submitted else ()) for one in looked
    ]


@dataclass(frozen=True)
class ShownRows:
    """One page of the list, and how many of all there are by what it can be narrowed to."""

    rows: list[Row]
    counts: dict[str, int]
    pages: Pages


def shown_rows(rows: Sequence[Row], wished: Asked) -> ShownRows:
    """The rows that a reader wants to see now."""
    counts = {name: sum(1 for row in rows if fits(row)) for name, fits in SHOWN.items()}
    fits, code = SHOWN[wished.filters["show"] or "all"], wished.filters["code"].upper()
    chosen = [row for row in rows if fits(row) and row.listed.subject.startswith(code)]
    key = SORTS[wished.sort]
    known = sorted((row for row in chosen if key(row) is not None), key=key, reverse=wished.descending)
    ordered = known + [row for row in chosen if key(row) is None]
    pages = wished.pages(len(ordered))
    return ShownRows(ordered[pages.offset : pages.offset + pages.size], counts, pages)


@dataclass(frozen=True)
class Figures:
    """The figures of these responses, each table in the order of the instrument.

    `interpreted`: how many responses had an interpreter. `compared`: how many were handed in at the wave with most.
    """

    responses: int
    whole: Tally
    missing: list[PageMissing]
    times: dict[str | None, Spread]
    straight: list[StraightLining]
    relayed: list[QuestionRelayed]
    interpreted: int
    compared: int

    @property
    def too_few_to_compare(self) -> bool:
        """Whether nothing could be called very fast."""
        return self.compared < LEAST_TO_COMPARE


def figures(rows: Sequence[Row], versions: Sequence[Instrument]) -> Figures:
    """The figures of these responses. `versions`: those in use, the newest first."""
    digests = [row.digest for row in rows]
    pages = list(dict.fromkeys(page.page for one in versions for page in one.pages))
    questions = list(dict.fromkeys(name for one in versions for name in one.questions))
    interpreted = [digest.relayed for digest in digests if digest.relayed is not None]
    missing = missing_by_page(digests, pages)
    of_wave: dict[str, int] = defaultdict(int)
    for row in rows:
        of_wave[row.listed.wave] += row.listed.submitted
    return Figures(
        len(rows),
        together(page.tally for page in missing),
        missing,
        speed.times(digests, pages),
        straight.straight_lining((digest.rated for digest in digests), questions),
        relayed.most_coded(interpreted, questions),
        len(interpreted),
        max(of_wave.values(), default=0),
    )


@dataclass(frozen=True)
class QualityPage:
    """All that the page says of one instrument. `words`: text key -> words, those of the newest version in use first.

    `begun`: how many responses there are at these moments; `left_out`: those of them whose definition is not on this
    server. `all`: whether those count that were not handed in.
    """

    instrument: str
    asked: Asked
    figures: Figures
    list: ShownRows
    words: Mapping[str, ShownText]
    begun: int
    left_out: int

    @property
    def all(self) -> bool:
        return self.asked.filters["which"] == "begun"


def quality_page(
    instrument: str, wished: Asked, looked: Sequence[Looked], sizes: Sequence[Size], library: Library, language: str
) -> QualityPage:
    """The page for what is asked. `language`: that of its reader."""
    rows = [row for row in rows_of(looked) if wished.filters["which"] == "begun" or row.listed.submitted]
    used = {row.listed.instrument_version for row in rows}
    versions = [one for one in reversed(library.versions(instrument)) if one.version in used]
    here = [one for one in sizes if one.instrument == instrument and wished.filters["wave"] in ("", one.wave)]
    begun, words = sum(one.begun for one in here), words_of(library, versions, language)
    shown = shown_rows(rows, wished)
    return QualityPage(instrument, wished, figures(rows, versions), shown, words, begun, begun - len(looked))


def words_of(library: Library, versions: Sequence[Instrument], language: str) -> dict[str, ShownText]:
    """Text key -> words, those of the newest version first."""
    found: dict[str, ShownText] = {}
    for one in versions:
        for key, text in library.texts(one, language).items():
            found.setdefault(key, text)
    return found


def duration(seconds: float) -> str:
    """Seconds in words: to the second below ten minutes, in whole minutes above."""
    whole = round(seconds)
    if whole < 60:
        return str(gettext("%(seconds)d s", seconds=whole))
    if whole < 600:
        return str(gettext("%(minutes)d min %(seconds)d s", minutes=whole // 60, seconds=whole % 60))
    return str(gettext("%(minutes)d min", minutes=round(whole / 60)))


def percent(part: float, of: float) -> str:
    """A part in whole percents, where a little is not said to be nothing, nor almost all to be all."""
    if not of:
        return "–"
    share = 100 * part / of
    return "< 1 %" if 0 < share < 1 else "> 99 %" if 99 < share < 100 else f"{share:.0f} %"
