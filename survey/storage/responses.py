"""Responses: opened once, saved with a trail, submitted once, corrected with a reason."""

from __future__ import annotations

import base64
import datetime
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.answers.document import PARTS, Document, Key
from survey.instruments.texts import Texts
from survey.storage import course
from survey.storage.events import note_event
from survey.storage.merging import changes
from survey.storage.record import Layout, Record, Saving, as_record, dumps
from survey.storage.tables import Base, Change, Response, TextSet

# Statements over plain tables: these run on every page turn, and the ORM's loading would cost more than the query.
_RESPONSE, _VISIT, _CHANGE = (
    Base.metadata.tables["response"],
    Base.metadata.tables["visit"],
    Base.metadata.tables["change"],
)
_RECORD = select(*(_RESPONSE.c[name] for name in Record.__dataclass_fields__))
_BY_TOKEN, _BY_ID = (
    _RECORD.where(_RESPONSE.c.token == bindparam("token")),
    _RECORD.where(_RESPONSE.c.id == bindparam("response_id")),
)


def response(session: Session, token: str, *, for_writing: bool = False) -> Record | None:
    """The response of this token. `for_writing` locks its row until the transaction ends."""
    query = _BY_TOKEN.with_for_update() if for_writing else _BY_TOKEN
    row = session.connection().execute(query, {"token": token}).first()
    return as_record(row) if row else None


def by_id(session: Session, response_id: int) -> Record | None:
    """The response of this number."""
    row = session.connection().execute(_BY_ID, {"response_id": response_id}).first()
    return as_record(row) if row else None


@dataclass(frozen=True)
class Opening:
    """What a new response is of: which instrument version, whose, at which wave, in which languages."""

    study_id: int
    wave_id: int
    instrument: str
    instrument_version: int
    opened_by: int
    language: str
    second_language: str | None = None
    participant_id: int | None = None
    person_id: int | None = None
    team_id: int | None = None
    meeting_id: int | None = None
    mode: str = "signed_in"


def open_response(session: Session, opening: Opening, now: datetime.datetime) -> str:
    """The token of the one response of this subject at this wave, or of this observer of a meeting.

    Opened now unless it is there already; the task that asked for it is under way from then on.
    """
    subject = (
        Response.participant_id == opening.participant_id
        if opening.participant_id
        else Response.person_id == opening.person_id,
        Response.meeting_id == opening.meeting_id,
    )
    found = select(Response.token).where(
        Response.wave_id == opening.wave_id, Response.instrument == opening.instrument, *subject
    )
    token = session.scalar(found)
    if token is None:
        token = new_token()
        try:
            with session.begin_nested():
                empty: Document = {part: {} for part in PARTS}
                row = vars(opening) | {"token": token, "document": dumps(empty), "version": 0}
                session.execute(insert(Response), row | {"started_at": now, "changed_at": now})
        except IntegrityError:
            # Two clicks, or two devices, at the same moment: the other one opened it.
            token = session.scalars(found).one()
        course.begun(session, session.scalars(select(Response.id).where(Response.token == token)).one(), now)
    return token


def new_token() -> str:
    """120 random bits as letters and digits: no spreadsheet takes the beginning of it for a formula."""
    return base64.b32encode(secrets.token_bytes(15)).decode().lower()


class Locked(Exception):
    """A researcher locked the response. Nothing was written."""


class ReasonNeeded(Exception):
    """The response was submitted: a change needs a reason. Nothing was written."""


_INSERT_VISIT = insert(_VISIT)
_INSERT_CHANGE = insert(_CHANGE)
_UPDATE = (
    update(_RESPONSE)
    .where(_RESPONSE.c.id == bindparam("row_id"), _RESPONSE.c.version == bindparam("old_version"))
    .values(
        version=bindparam("new_version"),
        document=bindparam("new_document"),
        changed_at=bindparam("at"),
        page=bindparam("at_page"),
    )
)


def save(session: Session, record: Record, saving: Saving, now: datetime.datetime) -> Record:
    """Write a visit, its changes and the new document; the record as it stands then.

    `record` must have been read for writing in the same transaction. Raises Conflict, Locked and ReasonNeeded, with
    nothing written. What equals the value at `base_version` was not touched by this writer and never overwrites.
    """
    changed = changes(session, record, saving)
    if record.locked_at is not None:
        if changed:
            raise Locked
        return record
    if record.submitted_at is not None and changed and not saving.reason:
        raise ReasonNeeded
    if not changed and (saving.kind == "autosave" or record.submitted_at is not None):
        return record
    document: Document = {part: dict(record.document[part]) for part in PARTS}
    for (part, unit), value in changed.items():
        if value is None:
            document[part].pop(unit, None)
        else:
            document[part][unit] = value
    version = record.version + 1
    _write_trail(session, record, saving, changed, version, now)
    page = saving.page if record.submitted_at is None else record.page
    done = session.connection().execute(
        _UPDATE,
        {
            "row_id": record.id,
            "old_version": record.version,
            "new_version": version,
            "new_document": dumps(document),
            "at": now,
            "at_page": page,
        },
    )
    if done.rowcount != 1:
        raise RuntimeError("the response changed although its row was locked")
    return Record(**(vars(record) | {"version": version, "document": document, "changed_at": now, "page": page}))


def _write_trail(
    session: Session, record: Record, saving: Saving, changes: Mapping[Key, Any], version: int, now: datetime.datetime
) -> None:
    visit = {
        "response_id": record.id,
        "version": version,
        "kind": saving.kind,
        "page": saving.page,
        "tab": saving.tab,
        "person_id": saving.person_id,
        "at": saving.filled_in or now,
        "texts": saving.texts,
        "second_texts": saving.second_texts,
        "segment": record.segment or None,
        "layout": saving.layout or record.layout,
        "received_at": now if saving.filled_in else None,
    }
    connection = session.connection()
    visit_id = connection.execute(_INSERT_VISIT, visit).inserted_primary_key[0]  # type: ignore[index]
    if changes:
        rows = [
            {
                "response_id": record.id,
                "visit_id": visit_id,
                "version": version,
                "part": part,
                "unit": unit,
                "old": _json(record.document[part].get(unit)),
                "new": _json(value),
                "reason": saving.reason,
            }
            for (part, unit), value in changes.items()
        ]
        connection.execute(_INSERT_CHANGE, rows)


def _json(value: Any) -> str | None:
    return None if value is None else dumps(value)


def submit(session: Session, record: Record, saving: Saving, now: datetime.datetime) -> Record:
    """Hand a response in. A second time changes nothing: five clicks make one submission. Raises Locked."""
    if record.submitted_at is not None:
        return record
    if record.locked_at is not None:
        raise Locked
    saved = save(session, record, saving, now)
    session.execute(
        update(Response).where(Response.id == record.id).values(submitted_at=now, submitted_by=saving.person_id)
    )
    course.done(session, record.id, now)
    return Record(**(vars(saved) | {"submitted_at": now, "submitted_by": saving.person_id}))


@dataclass(frozen=True)
class Languages:
    """In which languages a page stands, and which of the two are shown."""

    language: str
    second_language: str | None
    layout: Layout = "both"


def change_languages(
    session: Session, record: Record, languages: Languages, person_id: int | None, now: datetime.datetime
) -> Record:
    """Show the response in other languages from now on; a switch is an event with its time, and answers stay.

    A locked response stays in those in which it stands.
    """
    before = Languages(record.language, record.second_language, record.layout)
    if languages == before or record.locked_at is not None:
        return record
    session.execute(update(Response).where(Response.id == record.id).values(vars(languages)))
    note_event(
        session, record, "languages", person_id, now, page=record.page, before=vars(before), after=vars(languages)
    )
    return Record(**(vars(record) | vars(languages)))


def are_kept(session: Session, record: Record, fingerprints: list[str]) -> bool:
    """Whether these are one or two texts of the response's instrument version, and were kept."""
    query = select(func.count()).where(
        TextSet.sha256.in_(fingerprints),
        TextSet.instrument == record.instrument,
        TextSet.instrument_version == record.instrument_version,
    )
    return 0 < len(fingerprints) < 3 and session.scalar(query) == len(set(fingerprints))


def keep_texts(session: Session, texts: Texts, now: datetime.datetime) -> str:
    """The fingerprint of these texts, which are kept the first time that they are shown."""
    there = select(TextSet.sha256).where(TextSet.sha256 == texts.sha256)
    if session.scalar(there) is None:
        row = {
            "sha256": texts.sha256,
            "instrument": texts.instrument.instrument,
            "instrument_version": texts.instrument.version,
            "language": texts.language,
            "document": texts.document,
            "kept_at": now,
        }
        try:
            with session.begin_nested():
                session.execute(insert(TextSet), row)
        except IntegrityError:
            pass  # Another node kept the same texts at the same moment.
    return texts.sha256


def replay(session: Session, response_id: int, until: int | None = None) -> Document:
    """The document as its changes make it; `until`: as it was at this version."""
    document: Document = {part: {} for part in PARTS}
    changes = select(Change.part, Change.unit, Change.new).where(Change.response_id == response_id)
    if until is not None:
        changes = changes.where(Change.version <= until)
    for part, unit, new in session.execute(changes.order_by(Change.id)):
        if new is None:
            document[part].pop(unit, None)
        else:
            document[part][unit] = json.loads(new)
    return document
