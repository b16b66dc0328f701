"""Putting a conversation on record: each send is a save, with its moment, who was there and what was on the screen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.answers.company import Company
from survey.answers.document import Key
from survey.answers.flow import flow, reason
from survey.answers.taking import problems
from survey.demo.conversation import Conversation, Sent
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage import audit, responses
from survey.storage.events import note_event
from survey.storage.record import Layout, Record, Saving
from survey.storage.responses import Languages, Opening
from survey.storage.segments import begin_segment

SECONDS_TO_HAND_IN = 40
A_MOMENT = datetime.timedelta(seconds=1)


@dataclass(frozen=True)
class Correction:
    """An answer that is put right after handing in, and why."""

    unit: str
    answer: Any
    reason: str


@dataclass(frozen=True)
class Turn:
    """What is otherwise from a page on (None: from the beginning): who is there, or which languages stand there."""

    page: str | None = None
    company: Company | None = None
    layout: Layout | None = None


@dataclass(frozen=True)
class Recorder:
    """Writes conversations with the library's texts."""

    library: Library

    def opened(self, session: Session, opening: Opening, wave: str, at: datetime.datetime) -> Record:
        """The new response, as the pages open it."""
        token = responses.open_response(session, opening, at)
        details = {"response": token, "instrument": opening.instrument, "wave": wave}
        audit.note(session, "opened a response", opening.opened_by, at, **details)
        return _read(session, token)

    def recorded(self, session: Session, record: Record, talk: Conversation, turns: Sequence[Turn] = ()) -> Record:
        """The response after the whole conversation, handed in where that may be."""
        texts = self._texts(session, record, talk.instrument)
        at = record.started_at
        record, left = _turned(session, record, turns, None, at)
        for sent in talk.sends():
            record, left = _turned(session, record, left, sent.page, at + A_MOMENT)
            at += datetime.timedelta(seconds=sent.seconds)
            _note_cards(session, record, talk.instrument, sent, at - A_MOMENT)
            saving = Saving(sent.kind, sent.page, _writer(record), record.version, sent.values, *texts)
            record = responses.save(session, record, saving, at)
        if talk.finished:
            saving = Saving("submit", None, _writer(record), record.version, {}, *texts)
            record = responses.submit(session, record, saving, at + datetime.timedelta(seconds=SECONDS_TO_HAND_IN))
        return record

    def corrected(self, session: Session, token: str, by: int, at: datetime.datetime, correction: Correction) -> bool:
        """Change one answer of a response that was handed in; False where that does not fit its other answers."""
        record = _read(session, token)
        if record.submitted_at is None or at <= record.changed_at:
            return False
        instrument = self.library.instrument(record.instrument, record.instrument_version)
        if correction.unit not in instrument.units:
            return False
        page = instrument.page_of[correction.unit]
        after = flow(instrument, record.answers | {correction.unit: correction.answer})
        if any(problems(after, one, record.drafts) for one in instrument.pages):
            return False
        texts = self._texts(session, record, instrument)
        values: dict[Key, Any] = {("answers", correction.unit): correction.answer}
        saving = Saving("correction", page.page, by, record.version, values, *texts, reason=correction.reason)
        responses.save(session, record, saving, at)
        return True

    def _texts(self, session: Session, record: Record, instrument: Instrument) -> tuple[str, str | None]:
        """The fingerprints of the texts in the response's one or two languages."""
        languages = (record.language, record.second_language)
        first, second = (
            responses.keep_texts(session, self.library.texts(instrument, language), record.started_at)
            if language
            else None
            for language in languages
        )
        return first or "", second


def _writer(record: Record) -> int | None:
    """Who writes: whoever opened it, and nobody who signs in where a participant fills in alone."""
    return record.opened_by if record.mode == "signed_in" else record.person_id


def _turned(
    session: Session, record: Record, turns: Sequence[Turn], page: str | None, at: datetime.datetime
) -> tuple[Record, list[Turn]]:
    """The response after the turns at this page, and the turns that are left."""
    left = []
    for turn in turns:
        if turn.page != page:
            left.append(turn)
            continue
        if turn.company is not None:
            record = begin_segment(session, record, turn.company, record.opened_by, at)
        if turn.layout is not None:
            languages = Languages(record.language, record.second_language, turn.layout)
            record = responses.change_languages(session, record, languages, record.opened_by, at)
    return record, left


def _note_cards(session: Session, record: Record, instrument: Instrument, sent: Sent, at: datetime.datetime) -> None:
    """Note for each show card that is told of for the first time that it was opened."""
    for (part, name), codes in sent.values.items():
        if part == "relay" and "card" in (codes or ()) and name not in record.relay:
            unit = instrument.questions[name].units()[0].name
            note_event(session, record, "card", record.opened_by, at, page=sent.page, unit=unit)


def _read(session: Session, token: str) -> Record:
    record = responses.response(session, token, for_writing=True)
    if record is None:
        raise LookupError(f"there is no response {token}")
    return record


def kept(library: Library, record: Record) -> dict[str, Any]:
    """The answers of a response that count, without the missing ones."""
    instrument = library.instrument(record.instrument, record.instrument_version)
    found = flow(instrument, record.answers).kept()
    return {name: answer for name, answer in found.items() if reason(answer) is None}
