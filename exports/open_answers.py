"""Open answers that are coded: a row for each code that a coder gave to a passage, the codes, and who may see what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from exports.about import About, key_fields
from exports.interview import Interview
from exports.path import Found, Path
from exports.tables import Field, Row, Spool, Table
from survey.instruments.code_books.collection import read_code_books
from survey.instruments.code_books.in_words import CodeInWords, GroupInWords, in_words
from survey.instruments.code_books.reading import OWN
from survey.instruments.kinds.open import Open
from survey.instruments.library import Library
from survey.measures.coding import Codings, Spot, wording_of
from survey.storage import coding, quotes
from survey.storage.codes import COMMAND_LINE
from survey.storage.reading import Selection
from survey.storage.tables import Person

NOBODY = 0
"""The number of no person: who sees what everybody may see."""
SAID = (
    "One row for each code that a coder gave to a passage of an open answer. The words of a passage stand here only as "
    "a quote that was made anonymous, of a participant who agreed to being quoted; the whole answers stand in Data."
)
CODES_SAID = "The codes for open answers: what each means, when to give it, and the memo of those that the study added."
BLIND = (
    "Two people code the same answer without seeing each other's work. What another coder gave stands here only where "
    "two are done with the answer. A file made on the command line has everything.",
    "Each coder who is done with an answer and gave no code to it has a row without a code.",
)


class GivenCode(NamedTuple):
    """A code that somebody (a code) gave to the signs from `first` up to `beyond` of an answer as it is worded now."""

    unit: str
    passage: int
    first: int
    beyond: int
    code: str
    coder: str
    memo: str


class CodedText(NamedTuple):
    """The open answers of one response that was handed in, unit and words, with the codes that may be seen."""

    response: str
    instrument: str
    version: int
    wave: str
    subject: str
    answers: tuple[tuple[str, str], ...]
    given: tuple[GivenCode, ...]


@dataclass
class CodedAnswers:
    """The codings of an export while its responses come in, as the person who asked may see them."""

    groups: tuple[GroupInWords, ...]
    codings: Codings
    marked: dict[int, quotes.Marked]
    coders: dict[int, str]
    about: About
    rows: Spool
    _texts: Spool
    seen: dict[int, list[Spot]] = field(default_factory=dict)
    _open: dict[tuple[str, int], list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, interview: Interview, path: Path, found: Sequence[Found]) -> None:
        """Keep a response that was handed in, of which `found` is as of `Path.found`."""
        record = interview.response.record
        if record.submitted_at is None:
            return
        version = (record.instrument, record.instrument_version)
        if version not in self._open:
            self._open[version] = [
                (place, unit.name) for place, unit in enumerate(path.units) if isinstance(unit.question, Open)
            ]
        answers = [(unit, said) for place, unit in self._open[version] if isinstance(said := found[place], str)]
        now: dict[str, Spot] = {}
        if record.id in self.seen:
            now = {unit: Spot(record.id, unit, wording_of(words)) for unit, words in answers}
            for spot in self.seen[record.id]:
                self.rows.extend(self._rows(interview, spot, current=now.get(spot.unit) == spot))
        given = [
            (unit, one.id, one.first, one.beyond, one.code, self.coders[one.coder], one.memo)
            for unit, spot in now.items()
            for one in self.codings.passages(spot)
        ]
        if answers:
            self._texts.append((*self.about.key(interview), json.dumps([answers, given])))

    def texts(self) -> Iterator[CodedText]:
        """The open answers of each response that was handed in."""
        for row in self._texts:
            answers, given = json.loads(str(row[-1]))
            said: Any = (tuple(map(tuple, answers)), tuple(map(GivenCode._make, given)))
            yield CodedText._make((*row[:-1], *said))

    def _rows(self, interview: Interview, spot: Spot, *, current: bool) -> Iterator[Row]:
        wording = "now" if current else "earlier"
        passages = self.codings.passages(spot)
        for number, one in enumerate(passages, 1):
            marked = self.marked.get(one.id)
            yield (
                *self.about.key(interview), spot.unit, wording, number, one.first, one.beyond, one.code,
                self.coders[one.coder], "yes" if self.codings.done(spot, one.coder) else "no", one.memo or None,
                marked.words if marked is not None and marked.may_leave and current else None,
            )  # fmt: skip
        for coder, given in self.codings.given(spot).items():
            if not given:
                yield (
                    *self.about.key(interview), spot.unit, wording, None, None, None, None, self.coders[coder], "yes",
                    None, None,
                )  # fmt: skip

    def tables(self, spool: Callable[[], Spool]) -> list[Table]:
        """Open answers, and Codes; none where nothing is coded."""
        if not len(self.rows):
            return []
        codes = spool()
        codes.extend(_code_row(group, one) for group in self.groups for one in group.codes)
        return [
            Table("Open answers", "open_answers", SAID, fields(self.about.prefix), self.rows, 1, above=BLIND),
            Table("Codes", "codes", CODES_SAID, CODE_FIELDS, codes, 1, ("code",), wraps=True),
        ]


def fields(prefix: str) -> tuple[Field, ...]:
    """The fields of Open answers."""
    return (
        *key_fields(prefix),
        Field("unit", "string", "the open question"),
        Field("wording", "string", "whether the answer still has the words that were coded", ("now", "earlier")),
        Field("passage", "integer", "which passage of the answer, counted from 1; empty: no code was given"),
        Field("first", "integer", "where the passage begins, in Unicode signs counted from 0"),
        Field("beyond", "integer", "the sign after its last one"),
        Field("code", "string", "the code, as in Codes"),
        Field("coder", "string", "the code of the person who coded"),
        Field("done", "string", "whether this coder is done with the answer", ("yes", "no")),
        Field("memo", "string", "what the coder noted about it"),
        Field("quote", "string", "the passage as a quote: made anonymous, and agreed to"),
    )


CODE_FIELDS = (
    Field("code", "string", "the code"),
    Field("group", "string", "its group; 'own': the study added it"),
    Field("group_title", "string", "the group in words"),
    Field("title", "string", "the code in words"),
    Field("definition", "string", "what it means"),
    Field("use", "string", "when to give it"),
    Field("not_use", "string", "when not to give it"),
    Field("example", "string", "an invented example"),
    Field("memo", "string", "why the study added it"),
)


def _code_row(group: GroupInWords, one: CodeInWords) -> Row:
    words = (one.definition, one.use, one.not_use, one.example, one.memo)
    return (one.name, group.name, group.title, one.title, *(text or None for text in words))


def coded_answers(
    session: Session, library: Library, selection: Selection, about: About, spool: Callable[[], Spool], by: str,
    language: str,
) -> CodedAnswers:  # fmt: skip
    """What is coded of these responses, as the person of this code may see it; on the command line everything."""
    viewer = None if by == COMMAND_LINE else session.scalar(select(Person.id).where(Person.code == by)) or NOBODY
    teams = None if selection.teams is None else frozenset(selection.teams)
    codings = coding.read(session, selection.study_id, viewer, teams=teams, but_meetings=selection.but_meetings)
    spots = codings.spots()
    seen: dict[int, list[Spot]] = {}
    for spot in spots:
        seen.setdefault(spot.response, []).append(spot)
    ids = {one.coder for spot in spots for one in codings.passages(spot)}
    ids |= {coder for spot in spots for coder in codings.given(spot)}
    book, _ = coding.book_of(session, selection.study_id, read_code_books(library.shelves))
    groups = in_words(book, language)
    own = coding.own_codes(session, selection.study_id)
    title = "Door dit onderzoek toegevoegd" if language == "nl" else "Added by this study"
    groups.append(GroupInWords(OWN, title, "", tuple(CodeInWords(one.code, one.title, memo=one.memo) for one in own)))
    # A code that the book does not have any more is told by its name.
    known = {one.name for group in groups for one in group.codes}
    given = {one.code for spot in spots for one in codings.passages(spot)} - known
    groups.append(GroupInWords(OWN, "-", "", tuple(CodeInWords(code, code) for code in sorted(given))))
    marked = quotes.marked(session, selection.study_id) if spots else {}
    return CodedAnswers(tuple(groups), codings, marked, coding.coder_codes(session, ids), about, spool(), spool(), seen)
