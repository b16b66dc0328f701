"""One open answer as the page for coding shows it: its text in stretches, with the passages that may be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask import abort
from sqlalchemy.orm import Session

from survey.instruments.code_books.in_words import CodeInWords
from survey.instruments.kinds.open import Open
from survey.instruments.texts import ShownText
from survey.measures.coding import Codings, Passage, Spot, Standing, sentences, wording_of
from survey.storage import coding, quotes
from survey.storage.open_answers import earlier_words
from survey.storage.quotes import Marked
from survey.storage.record import Record
from survey.storage.tables import Study
from survey.web.access import me
from survey.web.filling_in.sitting import Sitting
from survey.web.filling_in.subject import Subject, subject_of
from survey.web.interface import interface_language
from survey.web.reports.coding.codes import Codes, codes_of
from survey.web.research.researched import response_of
from survey.web.research.trail import as_read


@dataclass(frozen=True)
class Stretch:
    """A piece of the text within the same passages, of which it has the numbers."""

    words: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class ShownPassage:
    """A passage with its number in the text (0: not in this wording), its words and its code; `by` is a person's
    code, `mine`: the reader gave it."""

    number: int
    passage: Passage
    words: str
    code: CodeInWords
    by: str
    mine: bool
    quote: Marked | None


@dataclass(frozen=True)
class AnswerPage:
    """One open answer: whose, the question, the words, and the passages that the reader may see.

    `earlier` are the reader's passages in words that were corrected since; those of everybody where two were done with
    those words and are done with the present ones. `compared`: two are done with it.
    """

    study: Study
    record: Record
    subject: Subject
    spot: Spot
    question: ShownText
    instrument: ShownText
    words: str
    codes: Codes
    standing: Standing
    compared: bool
    passages: tuple[ShownPassage, ...]
    earlier: tuple[ShownPassage, ...]
    sentences: tuple[tuple[int, int], ...]
    agrees: bool

    @property
    def may_code(self) -> bool:
        """Whether the reader can give codes now."""
        return self.standing == "todo"

    @property
    def stretches(self) -> list[Stretch]:
        """The text, cut where a passage begins or ends."""
        return stretches(self.words, self.passages)

    def given_by(self, coder: int) -> list[ShownPassage]:
        """What one coder gave."""
        return [one for one in self.passages if one.passage.coder == coder]

    @property
    def coders(self) -> list[tuple[int, str]]:
        """Those whose passages stand here, with their codes: by id."""
        return sorted({(one.passage.coder, one.by) for one in self.passages})


def answer_page(session: Session, slug: str, token: str, unit: str, *, for_writing: bool = False) -> AnswerPage:
    """An open answer within the researcher's reach, of a response that was handed in. Else 404."""
    study, record = response_of(session, slug, token, for_writing=for_writing)
    here = as_read(record)
    words = said(here, unit)
    spot = Spot(record.id, unit, wording_of(words))
    codings = coding.read(session, study.id, me().id, response_id=record.id)
    codes = codes_of(session, study.id, interface_language())
    marked = quotes.marked(session, study.id)
    names = coding.coder_codes(session, {one.coder for place in codings.spots() for one in codings.passages(place)})
    passages = tuple(
        _shown(number, one, words, codes, names, marked) for number, one in enumerate(codings.passages(spot), 1)
    )
    return AnswerPage(
        study, record, subject_of(session, record), spot, here.texts[here.instrument.units[unit].key],
        here.texts["title"], words, codes, codings.standing(spot, me().id), codings.compared(spot), passages,
        _earlier(session, codings, spot, codes, names, marked), tuple(sentences(words)),
        quotes.agrees(session, study.id, record.participant_id),
    )  # fmt: skip


def said(here: Sitting, unit: str) -> str:
    """What was answered to an open question that is asked, in a response that was handed in. Else 404."""
    question = here.instrument.units.get(unit)
    if question is None or not isinstance(question.question, Open) or not here.submitted:
        abort(404)
    words = here.flow.scope.get(unit)
    return words if isinstance(words, str) else abort(404)


def _shown(
    number: int, one: Passage, words: str, codes: Codes, names: dict[int, str], marked: dict[int, Marked]
) -> ShownPassage:
    mine = one.coder == me().id
    part = words[one.first : one.beyond]
    return ShownPassage(number, one, part, codes.shown(one.code), names[one.coder], mine, marked.get(one.id))


def _earlier(
    session: Session, codings: Codings, spot: Spot, codes: Codes, names: dict[int, str], marked: dict[int, Marked]
) -> tuple[ShownPassage, ...]:
    """Passages of this answer in words that do not stand there any more.

    Until two are done with the present words, only the own ones: nearly the same words are coded blind once more.
    """
    places = [one for one in codings.spots() if one.unit == spot.unit and one.wording != spot.wording]
    if not places:
        return ()
    texts = earlier_words(session, spot.response, spot.unit, {one.wording for one in places})
    compared = codings.compared(spot)
    return tuple(
        _shown(0, one, texts.get(place.wording, ""), codes, names, marked)
        for place in places
        for one in codings.passages(place)
        if compared or one.coder == me().id
    )


def stretches(words: str, passages: Sequence[ShownPassage]) -> list[Stretch]:
    """A text, cut where a passage begins or ends; each piece with the numbers of its passages."""
    begin: dict[int, set[int]] = defaultdict(set)
    end: dict[int, set[int]] = defaultdict(set)
    for one in passages:
        begin[one.passage.first].add(one.number)
        end[one.passage.beyond].add(one.number)
    found, within = [], set[int]()
    for first, beyond in pairwise(sorted({0, len(words), *begin, *end})):
        within = (within | begin[first]) - end[first]
        found.append(Stretch(words[first:beyond], tuple(sorted(within))))
    return found
