"""Putting a conversation on record: each send is a save, with its moment and the texts that were on the screen."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from survey.answers.document import Key
from survey.answers.flow import flow, reason
from survey.answers.taking import problems
from survey.demo.conversation import Conversation
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage import audit, responses
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening

SECONDS_TO_HAND_IN = 40


@dataclass(frozen=True)
class Correction:
    """An answer that is put right after handing in, and why."""

    unit: str
    answer: Any
    reason: str


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

    def recorded(self, session: Session, record: Record, talk: Conversation) -> Record:
        """The response after the whole conversation, handed in where that may be."""
        texts = self._texts(session, record, talk.instrument)
        at = record.started_at
        for sent in talk.sends():
            at += datetime.timedelta(seconds=sent.seconds)
            saving = Saving(sent.kind, sent.page, record.opened_by, record.version, sent.values, *texts)
            record = responses.save(session, record, saving, at)
        if talk.finished:
            saving = Saving("submit", None, record.opened_by, record.version, {}, *texts)
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
