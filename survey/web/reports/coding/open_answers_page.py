"""What the page about open answers says: how far coding is, how often each code was given, and how two coders agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy.orm import Session

from survey.instruments.code_books.in_words import CodeInWords
from survey.measures import coding as measured
from survey.measures.coding import STANDINGS, CodeAgreement, CodeCount, Standing
from survey.storage import coding, protocols, quotes, studies
from survey.storage.open_answers import OpenAnswer
from survey.storage.scopes import Scope
from survey.storage.tables import Study
from survey.web.reports.coding.coded import Coded, coded, most_coded, with_open_answers
from survey.web.reports.coding.codes import Codes, codes_of
from survey.web.reports.figures import with_interval
from survey.web.research.progress_page import wave_titles

FEW = 10
"""Under so many answers kappa says hardly anything."""


@dataclass(frozen=True)
class CodeRow:
    """A code with how often it was given."""

    code: CodeInWords
    count: CodeCount


@dataclass(frozen=True)
class GroupRows:
    """A group of codes: how often any of them was given, and each of them."""

    title: str
    total: CodeCount
    rows: tuple[CodeRow, ...]


@dataclass(frozen=True)
class AgreementRow:
    """How two coders used one code, with kappa in words."""

    code: CodeInWords
    agreement: CodeAgreement
    words: str


@dataclass(frozen=True)
class PairRows:
    """Two coders (codes of people), how many answers both are done with, in how many they gave the same codes, and
    each code."""

    first: str
    second: str
    answers: int
    same: int
    rows: tuple[AgreementRow, ...]

    @property
    def few(self) -> bool:
        """Whether there are too few answers to say much."""
        return self.answers < FEW


@dataclass(frozen=True)
class ShownQuote:
    """A quote that may stand in a report, with the code of its passage."""

    words: str
    code: CodeInWords


@dataclass(frozen=True)
class OpenAnswersPage:
    """What stands on the page. `counted`: the answers on which the figures rest; `people`: whose they are.

    `waves` are those at which there are answers: code -> title. `after`: what the reader can code next.
    """

    instrument: str = ""
    title: str = ""
    instruments: dict[str, str] = field(default_factory=dict)
    waves: dict[str, str] = field(default_factory=dict)
    codes: Codes | None = None
    answers: int = 0
    standings: dict[Standing, int] = field(default_factory=dict)
    counted: int = 0
    people: int = 0
    by_wave: dict[str, int] = field(default_factory=dict)
    groups: tuple[GroupRows, ...] = ()
    pairs: tuple[PairRows, ...] = ()
    quotes: tuple[ShownQuote, ...] = ()
    after: OpenAnswer | None = None

    @property
    def by_two(self) -> int:
        """How many answers two people are done with."""
        return self.standings.get("same", 0) + self.standings.get("differing", 0)


def open_answers_page(
    session: Session, study: Study, teams: Scope, language: str, instrument: str = ""
) -> OpenAnswersPage:
    """The page of a study, or of these teams of it (None: all), about one instrument: else the one coded most.

    What somebody else gave to an answer that not two are done with is in none of its figures.
    """
    instruments = with_open_answers(session, study)
    instrument = instrument if instrument in instruments else most_coded(session, study, instruments)
    codes = codes_of(session, study.id, language)
    if not instrument:
        return OpenAnswersPage(codes=codes)
    found = coded(session, study, instrument, teams)
    there = _given(found)
    protocol = protocols.protocol_of(session, study.id)
    waves = wave_titles(studies.waves(session, study.id), protocol, language)
    at = {code: sum(one.wave == code for one in there) for code in waves}
    todo = found.todo()
    return OpenAnswersPage(
        instrument,
        instruments[instrument],
        instruments,
        {code: title for code, title in waves.items() if any(one.wave == code for one in found.answers)},
        codes,
        len(found.answers),
        {**_standings(found), "todo": len(todo)},
        len(there),
        len({one.subject for one in there}),
        at,
        _groups(codes, there),
        pairs_of(session, found, codes),
        _quotes(session, study, found, codes),
        todo[0] if todo else None,
    )


def _standings(found: Coded) -> dict[Standing, int]:
    there = list(found.standings.values())
    return {standing: there.count(standing) for standing in STANDINGS}


def _given(found: Coded) -> list[measured.Coded]:
    """The answers that somebody is done with whose work the reader may see."""
    rows = ((tuple(found.codings.given(one.spot).values()), one) for one in found.worked_at())
    return [measured.Coded(given, one.subject, one.wave) for given, one in rows if given]


def _groups(codes: Codes, there: Sequence[measured.Coded]) -> tuple[GroupRows, ...]:
    return tuple(
        GroupRows(
            group.title,
            measured.counted(there, frozenset(code.name for code in group.codes)),
            tuple(CodeRow(code, measured.counted(there, frozenset([code.name]))) for code in group.codes),
        )
        for group in codes.groups
    )


def pairs_of(session: Session, found: Coded, codes: Codes) -> tuple[PairRows, ...]:
    """For each two people who coded the same answers: how far they agree, code by code."""
    of_pairs = measured.pairs(found.codings, (one.spot for one in found.worked_at()))
    names = coding.coder_codes(session, {person for pair in of_pairs for person in pair})
    rows = []
    for (first, second), answers in sorted(of_pairs.items(), key=lambda one: -len(one[1])):
        given = [both for _, both in answers]
        used = dict.fromkeys([*codes.by_name, *sorted(code for both in given for one in both for code in one)])
        rows.append(
            PairRows(
                names[first], names[second], len(given), sum(one == other for one, other in given),
                tuple(_agreement(one, codes) for one in measured.agreement_by_code(given, used)),
            )
        )  # fmt: skip
    return tuple(rows)


def _agreement(one: CodeAgreement, codes: Codes) -> AgreementRow:
    kappa = one.kappa
    words = with_interval(kappa.value, kappa.low, kappa.high) if kappa.value is not None else gettext("cannot be said")
    return AgreementRow(codes.shown(one.code), one, words)


def _quotes(session: Session, study: Study, found: Coded, codes: Codes) -> tuple[ShownQuote, ...]:
    """The quotes that may leave the server, of answers as they are worded now."""
    marked = quotes.marked(session, study.id)
    return tuple(
        ShownQuote(marked[passage.id].words, codes.shown(passage.code))
        for one in found.worked_at()
        for passage in found.codings.passages(one.spot)
        if passage.id in marked and marked[passage.id].may_leave
    )
