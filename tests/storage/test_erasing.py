"""Erasing: the person is gone or only their answers stay, others are as they were, and the code never comes back."""

from __future__ import annotations

import datetime
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from planned_study import plan_study
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.storage import course, downloads, erasing, identities, participants, people, reading
from survey.storage.codes import new_code
from survey.storage.database import Database
from survey.storage.downloads import HandedOut, Held
from survey.storage.events import note_event
from survey.storage.reading import Selection
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, replay, response, submit
from survey.storage.sealing import Sealer
from survey.storage.tables import (
    Base,
    CodedAnswer,
    CodedPassage,
    Consent,
    ContactAttempt,
    Download,
    Identity,
    Participant,
    PersonalLink,
    Query,
    QueryRemark,
    Quote,
    Response,
    ResponseLock,
    Screen,
    StatusChange,
    StudyProtocol,
    Task,
)

NOW = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=3)
SEALER = Sealer(b"m" * 32)
WORDS = "Blauwe Vinvis 4711"
"""Stands in an answer and an identity of who is erased, and nowhere else."""


class Field:
    """The planned study with Noor, who is erased, and Omar, who is not; each was interviewed once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.planned = plan_study(session, NOW)
        self.study, self.ilse = self.planned.study, self.planned.people["ilse"]
        self.noor, self.omar = (self._interviewed(words) for words in (WORDS, "Gele Kanarie"))

    def _interviewed(self, words: str) -> Participant:
        session, team = self.session, self.planned.teams["north"]
        found = participants.register(
            session, self.study, self.ilse, NOW, "ar", team_id=team, coach_id=self.planned.people["coen"]
        )
        course.set_status(session, found, "active", self.ilse, NOW)
        identities.keep(session, SEALER, found, {"name": words}, self.ilse, NOW)
        wave = self.planned.waves["t0"]
        opening = Opening(
            self.study, wave, "client-interview", 1, self.ilse, "nl", participant_id=found.id, team_id=team
        )
        token = open_response(session, opening, NOW)
        record = response(session, token, for_writing=True)
        assert record is not None
        values: Any = {("answers", "day_other_text"): words, ("notes", "gender"): words}
        record = submit(session, record, Saving("submit", "day", self.ilse, 0, values), NOW)
        note_event(session, record, "card", self.ilse, NOW, page="day")
        self._attach(record.id, found.id, wave, words)
        return found

    def _attach(self, response_id: int, participant_id: int, wave: int, words: str) -> None:
        session, by = self.session, self.ilse
        query = Query(study_id=self.study, response_id=response_id, unit="age", asked_at=NOW, changed_at=NOW)
        task = session.scalars(select(Task).where(Task.response_id == response_id)).one()
        code = {"code_until": LATER, "made_by": by, "made_at": NOW}
        attempt = {"wave_id": wave, "at": NOW, "person_id": by, "how": "phone", "outcome": "no_answer"}
        session.add_all(
            [
                query,
                Screen(response_id=response_id, **code),
                ResponseLock(response_id=response_id, locked=True, person_id=by, at=NOW),
                PersonalLink(task_id=task.id, token_hash=new_code(), language="nl", made_at=NOW, expires_at=LATER),
                ContactAttempt(participant_id=participant_id, again_on=NOW.date(), **attempt),
            ]
        )
        session.flush()
        session.add(QueryRemark(query_id=query.id, status="open", words="?", person_id=by, at=NOW))
        coded = {"response_id": response_id, "unit": "hope", "wording": "w" * 64, "coder_id": by}
        passage = CodedPassage(first=0, beyond=4, code="belonging", made_at=NOW, **coded)
        session.add_all([passage, CodedAnswer(done_at=NOW, **coded)])
        session.flush()
        session.add(Quote(passage_id=passage.id, words=words, anonymised=True, marked_by=by, marked_at=NOW))
        session.flush()

    def withdrawn(self, *, keeps: bool | None) -> None:
        """Noor takes the consent back, which was given with or without the word that answers may stay."""
        if keeps is not None:
            given = {"version": 1, "language": "nl", "words": "Ja", "how": "signed", "given_at": NOW, "noted_by": 1}
            self.session.add(Consent(participant_id=self.noor.id, keeps=keeps, **given))
        course.set_status(self.session, self.noor, "withdrawn", self.ilse, NOW)

    def handed_out(self, at: datetime.datetime = LATER, **chosen: Any) -> None:
        file = HandedOut(".zip", "f" * 64, 2)
        downloads.note(self.session, Selection(self.study, **chosen), file, None, at, erased_before=0)

    def erase(self) -> erasing.Removed:
        return erasing.erase(self.session, self.noor.id, self.planned.people["admin"], LATER)

    def subjects(self) -> list[str]:
        return [one.subject for one in reading.exported(self.session, Selection(self.study))]


@pytest.fixture
def field(database: Database) -> Iterator[Field]:
    with database.writing() as session:
        yield Field(session)


def of_each(field: Field) -> dict[str, int]:
    """How many rows each table has that belongs to responses."""
    tables = (
        "response",
        "visit",
        "change",
        "event",
        "screen",
        "response_lock",
        "query",
        "query_remark",
        "coded_passage",
        "coded_answer",
    )
    return {
        name: field.session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0 for name in tables
    }


def test_answers_go_where_the_consent_does_not_let_them_stay(field: Field) -> None:
    before = of_each(field)
    field.withdrawn(keeps=False)
    removed = field.erase()
    assert of_each(field) == {name: count // 2 for name, count in before.items()}
    assert field.subjects() == [field.omar.code]
    assert removed == erasing.Removed(identity=1, links=1, responses=1, visits=1, changes=2, queries=1, quotes=1)
    assert {row.subject for row in reading.trail(field.session, Selection(field.study))} == {field.omar.code}
    assert {row.subject for row in reading.events(field.session, Selection(field.study))} == {field.omar.code}


def test_answers_go_where_there_was_no_consent(field: Field) -> None:
    field.withdrawn(keeps=None)
    assert field.erase().responses == 1


def test_answers_stay_where_the_consent_says_so_and_the_identity_goes(field: Field) -> None:
    before = of_each(field)
    field.withdrawn(keeps=True)
    removed = field.erase()
    assert of_each(field) == before
    assert sorted(field.subjects()) == sorted([field.noor.code, field.omar.code])
    assert removed == erasing.Removed(identity=1, links=1, kept=1, quotes=1)
    assert field.noor.coach_id == field.planned.people["coen"]
    assert field.session.scalar(select(Identity).where(Identity.participant_id == field.noor.id)) is None


def test_what_was_said_by_others_is_as_it_was(field: Field) -> None:
    of_omar = select(Response.id).where(Response.participant_id == field.omar.id)
    whose = field.session.scalars(of_omar).one()
    before = [row for row in reading.trail(field.session, Selection(field.study)) if row.subject == field.omar.code]
    field.withdrawn(keeps=False)
    field.erase()
    (one,) = reading.exported(field.session, Selection(field.study))
    assert replay(field.session, whose) == one.record.document
    assert list(reading.trail(field.session, Selection(field.study))) == before
    assert identities.open_identity(field.session, SEALER, field.omar) == {"name": "Gele Kanarie"}


def test_stub_stays_with_what_counting_needs_and_no_more(field: Field) -> None:
    field.withdrawn(keeps=False)
    course.set_status(field.session, field.noor, "withdrawn", field.ilse, NOW, "ill")
    field.erase()
    stub = field.noor
    assert (stub.status, stub.team_id, stub.registered_at) == ("erased", field.planned.teams["north"], NOW)
    known = (stub.language, stub.needs_interpreter, stub.coach_id, stub.interviewer_id, stub.round_off, stub.reason)
    assert known == (None,) * 6
    query = select(StatusChange.status, StatusChange.reason).where(StatusChange.participant_id == stub.id)
    course_of = [tuple(row) for row in field.session.execute(query.order_by(StatusChange.id))]
    statuses = ["approached", "active", "withdrawn", "withdrawn", "erased"]
    assert course_of == [(status, None) for status in statuses]
    tasks = field.session.scalars(select(Task).where(Task.participant_id == stub.id)).all()
    assert {(task.response_id, task.appointment_at) for task in tasks} == {(None, None)}
    assert [task.done_at for task in tasks if task.done_at] == [NOW]
    attempts = field.session.scalars(select(ContactAttempt).where(ContactAttempt.participant_id == stub.id)).all()
    assert [(one.outcome, one.again_on) for one in attempts] == [("no_answer", None)]


def test_code_of_who_was_erased_never_comes_back(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    field.withdrawn(keeps=False)
    field.erase()
    drawn = iter([field.noor.code, field.noor.code, "ZZZ-ZZ9"])
    monkeypatch.setattr(people, "new_code", lambda: next(drawn))
    assert people.free_code(field.session) == "ZZZ-ZZ9"


def test_only_who_took_the_consent_back_is_erased_and_only_once(field: Field) -> None:
    before = of_each(field)
    with pytest.raises(erasing.NotWithdrawn):
        field.erase()
    assert of_each(field) == before
    field.withdrawn(keeps=False)
    field.erase()
    with pytest.raises(erasing.NotWithdrawn):
        field.erase()


@pytest.mark.parametrize(
    ("chosen", "could"),
    [
        ({}, True),
        ({"instruments": ["client-interview"], "waves": ["t0"]}, True),
        ({"submitted_only": True}, True),
        ({"instruments": ["coach-fidelity"]}, False),
        ({"waves": ["t1"]}, False),
    ],
)
def test_file_could_hold_a_response_that_was_there_and_chosen(chosen: dict[str, Any], could: bool) -> None:
    file = Download(at=LATER, selection=json.dumps(chosen))
    assert downloads.could_hold(file, Held("client-interview", "t0", NOW, LATER)) is could
    after = LATER + datetime.timedelta(seconds=1)
    assert downloads.could_hold(file, Held("client-interview", "t0", after, None)) is False


def test_file_of_what_was_handed_in_holds_nothing_that_was_begun_only() -> None:
    file = Download(at=LATER, selection='{"submitted_only":true}')
    assert not downloads.could_hold(file, Held("client-interview", "t0", NOW, None))


def test_every_file_since_the_person_was_registered_is_superseded_where_files_list_participants(field: Field) -> None:
    for chosen in ({}, {"instruments": ("coach-fidelity",)}, {"at": NOW - datetime.timedelta(minutes=1)}):
        field.handed_out(**chosen)
    field.withdrawn(keeps=False)
    assert field.erase().files == 2
    found = field.session.scalars(select(Download).order_by(Download.id)).all()
    assert [(one.superseded_why, one.superseded_at) for one in found] == [("erased", LATER)] * 2 + [(None, None)]


def test_only_files_that_could_hold_the_answers_are_superseded_where_there_is_no_protocol(field: Field) -> None:
    field.session.execute(delete(StudyProtocol))
    for chosen in ({}, {"instruments": ("coach-fidelity",)}):
        field.handed_out(**chosen)
    field.withdrawn(keeps=False)
    assert field.erase().files == 1


def test_files_say_whether_the_answers_stayed_and_what_must_go_stays_marked_so(field: Field) -> None:
    field.handed_out()
    field.withdrawn(keeps=True)
    field.erase()
    whys = select(Download.superseded_why)
    assert field.session.scalars(whys).all() == ["erased_kept"]
    course.set_status(field.session, field.omar, "withdrawn", field.ilse, NOW)
    erasing.erase(field.session, field.omar.id, None, LATER)
    assert field.session.scalars(whys).all() == ["erased"]


def test_file_with_a_quote_must_go_also_where_answers_stay(field: Field) -> None:
    field.handed_out()
    field.withdrawn(keeps=True)
    consent = field.session.scalars(select(Consent).where(Consent.participant_id == field.noor.id)).one()
    consent.purposes = '["interviews","quotes"]'
    assert field.erase().kept == 1
    assert field.session.scalars(select(Download.superseded_why)).all() == ["erased"]


def test_file_that_was_being_made_during_an_erasing_is_superseded_from_the_start(field: Field) -> None:
    field.withdrawn(keeps=False)
    before = downloads.erased_count(field.session, field.study)
    field.erase()
    file = HandedOut(".zip", "f" * 64, 2)
    downloads.note(field.session, Selection(field.study), file, None, LATER, erased_before=before)
    downloads.note(field.session, Selection(field.study), file, None, LATER, erased_before=before + 1)
    found = field.session.scalars(select(Download.superseded_why).order_by(Download.id)).all()
    assert found == ["erased", None]


def test_list_shows_who_waits_and_who_was_erased(field: Field) -> None:
    field.withdrawn(keeps=True)
    course.set_status(field.session, field.omar, "withdrawn", field.ilse, LATER)

    def codes(status: str, **of: Any) -> list[tuple[str, Any]]:
        asked = {"code": "", "sort": "since", "descending": False, "limit": 9, "offset": 0} | of
        return [(one.code, one.answers_stay) for one in erasing.listed(field.session, status, **asked)]

    noor, omar = (field.noor.code, True), (field.omar.code, None)
    assert codes("withdrawn") == [noor, omar]
    assert codes("withdrawn", descending=True) == [omar, noor]
    assert codes("withdrawn", limit=1, offset=1) == [omar]
    assert codes("withdrawn", code=noor[0]) == [noor]
    assert codes("withdrawn", sort="code") == sorted([noor, omar], key=lambda one: one[0])
    field.erase()
    assert (codes("erased"), erasing.count(field.session), erasing.count(field.session, "erased")) == ([noor], 1, 1)
    (listed,) = erasing.listed(field.session, "erased", "", "study", False, 9, 0)
    assert listed.since == LATER


def test_every_table_that_points_to_a_participant_or_response_is_thought_of() -> None:
    """A new table needs a decision in `erasing`: then it belongs here too."""
    pointing = {
        (table.name, key.column.table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("participant", "response", "task", "query", "visit", "coded_passage")
    }
    assert pointing == {
        ("allocation", "participant"),
        ("consent", "participant"),
        ("contact_attempt", "participant"),
        ("identity", "participant"),
        ("response", "participant"),
        ("status_change", "participant"),
        ("task", "participant"),
        ("change", "response"),
        ("change", "visit"),
        ("coded_answer", "response"),
        ("coded_passage", "response"),
        ("event", "response"),
        ("query", "response"),
        ("query_remark", "query"),
        ("response_lock", "response"),
        ("screen", "response"),
        ("segment", "response"),
        ("task", "response"),
        ("visit", "response"),
        ("receipt", "response"),
        ("journal_key", "response"),
        ("personal_link", "task"),
        ("quote", "coded_passage"),
    }


@pytest.mark.parametrize("first", ["the page", "the erasing"])
def test_page_that_is_saved_at_the_same_moment_leaves_nothing_behind(first: str, database: Database) -> None:
    with database.writing() as session:
        field = Field(session)
        field.withdrawn(keeps=False)
        token = session.scalars(select(Response.token).where(Response.participant_id == field.noor.id)).one()
    begun, found = threading.Event(), []

    def erase() -> None:
        with database.writing() as session:
            erasing.erase(session, field.noor.id, None, LATER)
            begun.set()
            time.sleep(0.2)

    def save_a_page() -> None:
        with database.writing() as session:
            record = response(session, token, for_writing=True)
            found.append(record is not None)
            if record is not None:
                note_event(session, record, "card", field.ilse, LATER, page="day")
            begun.set()
            time.sleep(0.2)

    one, other = (save_a_page, erase) if first == "the page" else (erase, save_a_page)
    with ThreadPoolExecutor(2) as both:
        tasks = [both.submit(one)]
        begun.wait(10)
        tasks.append(both.submit(other))
        for task in tasks:
            task.result(20)
    assert found == [first == "the page"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Response.participant_id == field.noor.id)) == 0


def everything(database: Database) -> bytes:
    """All cells of all tables; with SQLite all bytes of the file and its log, with what lies between."""
    if database.sqlite:
        file = Path(str(database.url.database))
        return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    with database.reading() as session:
        rows = [session.execute(select(table)).all() for table in Base.metadata.tables.values()]
    return str(rows).encode()


def test_nothing_of_the_erased_stays_in_the_database(database: Database) -> None:
    with database.writing() as session:
        field = Field(session)
        field.withdrawn(keeps=False)
        noor = field.noor.id
    assert WORDS.encode() in everything(database)
    with database.writing() as session:
        erasing.erase(session, noor, None, LATER)
    database.empty_log()
    found = everything(database)
    assert [words.encode() in found for words in (WORDS, "Gele Kanarie", field.noor.code)] == [False, True, True]
