"""An interview with an interpreter in a few lines: who is there, what is saved when, and in which words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polib
from fieldwork import START, Fieldwork
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.answers.company import Company
from survey.instruments.controls import CONTROLS
from survey.storage import events, responses, segments
from survey.storage.record import Record, Saving
from survey.storage.responses import Languages, Opening
from survey.storage.tables import Participant

TWO_PAGES = """
lists:
  agree: {1: Nee, 2: Ja}
pages:
- page: home
  title: Wonen
  questions:
  - {kind: choice, name: housed, text: Heeft u een huis?, choices: {yes: Ja, no: Nee}}
  - {kind: scale, name: views, text: Wat vindt u?, choices: agree, items: {calm: Ik ben rustig, proud: Ik ben trots}}
- page: money
  title: Geld
  questions:
  - {kind: number, name: debts, text: Hoeveel schuld?, when: housed == 'no'}
  - {kind: several, name: help, text: Wie helpt?, choices: {family: Familie, other: {text: Anders, other: true}}}
  - {kind: share, name: place, text: Waar?, parts: {office: Kantoor, home: Thuis}}
"""


def translate(fieldwork: Fieldwork, statuses: Mapping[str, str], language: str = "ar", name: str = "small") -> None:
    """Translate every text into a language, approved, but those of `statuses` (text key -> status; "" for none)."""
    folder = fieldwork.folder / "translations" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    instrument = fieldwork.library.newest[name]
    texts = {f"{name}/{key}": (source, statuses.get(key, "approved")) for key, source in instrument.texts.items()}
    controls = {key: (source, "approved") for key, source in CONTROLS.items()}
    for file, entries in ((name, texts), ("controls", controls)):
        catalogue = polib.POFile()
        catalogue += [
            polib.POEntry(
                msgctxt=context, msgid=source, msgstr=f"{language} {source}" if status else "",
                tcomment=f"status: {status}",
            )
            for context, (source, status) in entries.items()
        ]  # fmt: skip
        catalogue.save(str(folder / f"{file}.po"))


def at(seconds: float) -> datetime.datetime:
    """So many seconds after the opening."""
    return START + datetime.timedelta(seconds=seconds)


@dataclass
class Talk:
    """A response under way. All moments are seconds after its opening."""

    fieldwork: Fieldwork
    token: str
    name: str

    def _record(self, session: Session) -> Record:
        found = responses.response(session, self.token, for_writing=True)
        assert found is not None
        return found

    def company(self, seconds: float, interpreter: Any, mode: Any = None, **more: Any) -> Talk:
        """From now on this company is there."""
        with self.fieldwork.database.writing() as session:
            company = Company(interpreter, mode, **more)
            segments.begin_segment(session, self._record(session), company, self.fieldwork.ilse, at(seconds))
        return self

    def layout(self, seconds: float, layout: Any) -> Talk:
        """From now on these of the two languages stand on the page."""
        with self.fieldwork.database.writing() as session:
            record = self._record(session)
            languages = Languages(record.language, record.second_language, layout)
            responses.change_languages(session, record, languages, self.fieldwork.ilse, at(seconds))
        return self

    def save(
        self,
        seconds: float,
        page: str | None,
        answers: Mapping[str, Any] | None = None,
        relay: Mapping[str, list[str]] | None = None,
        kind: Any = "page",
    ) -> Talk:
        """Save a page; without a page: hand it in."""
        library = self.fieldwork.library
        with self.fieldwork.database.writing() as session:
            record = self._record(session)
            instrument = library.instrument(record.instrument, record.instrument_version)
            kept = [
                responses.keep_texts(session, library.texts(instrument, language), at(seconds)) if language else None
                for language in (record.language, record.second_language)
            ]
            values: dict[Any, Any] = {("answers", unit): answer for unit, answer in (answers or {}).items()}
            values |= {("relay", question): codes for question, codes in (relay or {}).items()}
            saving = Saving(
                kind, page, self.fieldwork.ilse, record.version, values, *kept,
                reason="verkeerd getypt" if kind == "correction" else None,
            )  # fmt: skip
            (responses.submit if page is None else responses.save)(session, record, saving, at(seconds))
        return self

    def event(self, seconds: float, kind: Any, *, participant: bool = False, **more: Any) -> Talk:
        """Something happened."""
        with self.fieldwork.database.writing() as session:
            by = None if participant else self.fieldwork.ilse
            events.note_event(session, self._record(session), kind, by, at(seconds), **more)
        return self


def opened(
    fieldwork: Fieldwork, who: str = "P01", wave: str = "t0", second: str | None = None, name: str = "small"
) -> Talk:
    """An interview that is opened now."""
    with fieldwork.database.writing() as session:
        row = session.scalar(select(Participant).where(Participant.code == who))
        if row is None:
            row = Participant(study_id=fieldwork.study, code=who, registered_at=START, registered_by=fieldwork.ilse)
            session.add(row)
            session.flush()
        opening = Opening(
            fieldwork.study, fieldwork.waves[wave], name, 1, fieldwork.ilse, "nl", second, participant_id=row.id
        )
        return Talk(fieldwork, responses.open_response(session, opening, START), name)


def rows(fieldwork: Fieldwork, sheet: str, **more: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by heading; what stands above the heading is left out."""
    cells = fieldwork.sheets(**more)[sheet]
    start = next(i for i, row in enumerate(cells) if row[1] is not None)
    return [dict(zip(cells[start], row, strict=True)) for row in cells[start + 1 :]]
