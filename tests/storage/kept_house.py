"""A little of everything that is kept, in any database: for backups, and for looking everything over."""

from __future__ import annotations

import datetime
from collections import Counter
from functools import cache
from typing import Any

from planned_study import PlannedStudy, plan_study
from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.answers.company import Company
from survey.instruments.library import Library, shelves
from survey.storage import audit, identities, participants, receipts, responses
from survey.storage.database import Database
from survey.storage.looking_over.verify import verify
from survey.storage.receipts import Batch
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.sealing import Sealer
from survey.storage.segments import begin_segment
from survey.storage.tables import Recording, SignInSession

NOW = datetime.datetime(2025, 3, 30, 0, 59, 59, 123456, tzinfo=datetime.UTC)
MASTER = bytes(range(100, 132))
NASTY = 'Zoë "quote" \\ back\nline\t🙂 \u202eمرحبا = 1'


@cache
def shipped() -> Library:
    return Library(shelves())


def keep_something(database: Database) -> PlannedStudy:
    """A study with two participants: one interview by two saves with a receipt each, and one questionnaire alone."""
    with database.writing() as session:
        place = plan_study(session, NOW)
        ilse, north = place.people["ilse"], place.teams["north"]
        first, second = (participants.register(session, place.study, ilse, NOW, team_id=north) for _ in range(2))
        identities.keep(session, Sealer(MASTER), first, {"name": "Invented Person"}, ilse, NOW)
        _interview(session, place, first.id)
        alone = Opening(
            place.study, place.waves["t1"], "hope-behaviour", 1, ilse, "nl", participant_id=second.id, mode="link",
            team_id=north,
        )  # fmt: skip
        _save(session, responses.open_response(session, alone, NOW), {("answers", "ho_wish"): 4}, None, "c")
        recording = {"language": "nl", "context": "x/y", "words_sha256": "0" * 64, "media_type": "audio/mpeg"}
        session.execute(insert(Recording), recording | {"sound": bytes(range(256)) * 300, "person_id": ilse, "at": NOW})
        session.execute(
            insert(SignInSession), {"token_hash": "f" * 64, "person_id": ilse, "made_at": NOW, "seen_at": NOW}
        )
        for number in range(5):
            audit.note(session, "registered a participant", ilse, NOW, participant=first.code, number=number)
    return place


def _interview(session: Session, place: PlannedStudy, participant: int) -> None:
    ilse = place.people["ilse"]
    opening = Opening(
        place.study, place.waves["t0"], "client-interview", 1, ilse, "nl", participant_id=participant,
        team_id=place.teams["north"],
    )  # fmt: skip
    token = responses.open_response(session, opening, NOW)
    record = responses.response(session, token, for_writing=True)
    assert record is not None
    begin_segment(session, record, Company("peer", "phone"), ilse, NOW)
    with_notes = {("answers", "age"): 40, ("answers", "mood_today"): 1, ("notes", "age"): NASTY}
    _save(session, token, with_notes, ilse, "a")
    changed = {("answers", "age"): {"missing": "refused"}, ("notes", "age"): None, ("relay", "age"): ["repeated"]}
    _save(session, token, changed, ilse, "b")


def _save(session: Session, token: str, values: dict[Any, Any], by: int | None, batch: str) -> None:
    record = responses.response(session, token, for_writing=True)
    assert record is not None
    instrument = shipped().instrument(record.instrument, record.instrument_version)
    texts = responses.keep_texts(session, shipped().texts(instrument, "nl"), NOW)
    saved = responses.save(session, record, Saving("page", "one", by, record.version, values, texts=texts), NOW)
    receipts.give(session, saved, Batch(batch, "0" * 64), by, NOW)


def faults_in(database: Database) -> list[str]:
    """What looking everything over finds."""
    return [str(one) for one in verify(database, shipped(), Sealer(MASTER), Counter())]
