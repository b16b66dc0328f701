"""What the researcher does at the desk: asks about an answer, gets one explained, and locks what is beyond doubt."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from survey.demo.diary import working_day, working_moment
from survey.demo.interviews import Case
from survey.demo.setting import Event, Setting
from survey.storage import audit, locks, queries
from survey.storage.responses import response

ASKED = (
    ("school_years", "Klopt dit aantal jaren? Het past niet bij wat er bij opleiding staat.", ""),
    (
        "fam_support",
        "De eerste vier antwoorden zijn gelijk. Is dat zo gezegd?",
        "Ja, dat was zo. Ik heb het nog nagevraagd.",
    ),
    ("coach_length", "Is dit in minuten bedoeld?", "In minuten, ja."),
)
"""Unit or question, what is asked, and what the interviewer says of it."""
DAYS_LATER = 12
LOCKED = 5


def desk_events(setting: Setting, cases: Sequence[Case]) -> Iterator[Event]:
    """Questions about some first interviews, and the first few of all locked."""
    whole = [case for case in cases if case.plan.path == "whole"]
    for case, (question, words, answer) in zip(whole[2:], ASKED, strict=False):
        yield _query(setting, case, question, words, answer)
    for case in whole[:LOCKED]:
        yield _lock(setting, case)


def _later(setting: Setting, case: Case, days: int) -> datetime.datetime:
    day = working_day(case.plan.first + datetime.timedelta(days=days))
    return working_moment(setting.chance("desk", case.number, days), day, setting.zone)


def _query(setting: Setting, case: Case, question: str, words: str, answer: str) -> Event:
    at = _later(setting, case, DAYS_LATER)

    def happen(session: Session) -> None:
        record = response(session, case.token)
        if record is None:
            return
        units = setting.instrument_of(record).questions
        unit = units[question].units()[0].name if question in units else next(iter(record.answers))
        by = setting.staff.researcher
        number = queries.ask(session, record, unit, words, by, at)
        audit.note(session, "asked about an answer", by, at, response=record.token, unit=unit)
        query = queries.query_with(session, setting.study_id, number)
        if answer and query is not None:
            later = at + datetime.timedelta(hours=20)
            queries.remark(session, query, "answered", answer, case.interviewer, later)
            audit.note(session, "answered a query", case.interviewer, later, response=record.token, unit=unit)

    return Event(at, happen)


def _lock(setting: Setting, case: Case) -> Event:
    at = _later(setting, case, DAYS_LATER + 30)

    def happen(session: Session) -> None:
        record = response(session, case.token, for_writing=True)
        if record is not None and record.submitted_at is not None:
            by = setting.staff.researcher
            locks.set_lock(session, record, True, "", by, at)
            audit.note(session, "locked a response", by, at, response=record.token)

    return Event(at, happen)
