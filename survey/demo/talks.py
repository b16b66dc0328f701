"""In-depth interviews: with participants at the end of their trajectory, and with coaches and their team leader."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from survey.demo.conversation import Conversation, Course
from survey.demo.diary import working_day, working_moment
from survey.demo.distributions import dealt
from survey.demo.interpreters import ALONE
from survey.demo.interviews import Case
from survey.demo.recording import Turn
from survey.demo.setting import Event, Setting
from survey.demo.talk_words import CLOSING_DRAWS, PROFESSIONAL_DRAWS
from survey.demo.voice import Voice
from survey.storage.course import set_round_off
from survey.storage.tables import Participant

CLOSING, PROFESSIONAL = "closing-interview", "professional-interview"
GRADES = {7: 0.25, 8: 0.4, 9: 0.3, 10: 0.05}
"""Just over 8 on average."""
SHARE = 27 / 35
"""Eight of the 35 had the questionnaire only."""
PROFESSIONALS = 45
"""Days ago that the professionals were interviewed."""


def closing_events(setting: Setting, cases: Sequence[Case]) -> Iterator[Event]:
    """The coach rounds off, and the closing interview follows: not with those who spoke too little Dutch for it."""
    possible = sorted((case for case in cases if case.plan.path == "whole"), key=lambda case: case.helped is not None)
    chosen = possible[: round(SHARE * len(cases))]
    random = setting.chance("closing")
    grades = dealt(random, len(chosen), GRADES)
    for case, grade in zip(chosen, grades, strict=True):
        assert case.plan.second is not None  # noqa: S101 - who went the whole path was interviewed twice  # nosec B101
        left = (setting.today - case.plan.second).days
        round_off = case.plan.second + datetime.timedelta(days=max(6, left - random.randint(8, 30)))
        case.round_off = min(round_off, setting.today - datetime.timedelta(days=4))
        yield _rounded_off(setting, case)
        yield _closing(setting, case, grade)


def _rounded_off(setting: Setting, case: Case) -> Event:
    day = case.round_off or setting.today
    at = working_moment(setting.chance("round off", case.number), day, setting.zone).replace(hour=8)

    def happen(session: Session) -> None:
        set_round_off(session, session.get_one(Participant, case.participant_id), day, at)

    return Event(at, happen)


def _closing(setting: Setting, case: Case, grade: int) -> Event:
    instrument = setting.library.newest[CLOSING]
    random = setting.chance("closing", case.number)
    day = min(
        (case.round_off or setting.today) + datetime.timedelta(days=3), setting.today - datetime.timedelta(days=1)
    )
    at = working_moment(random, max(working_day(day), case.round_off or day), setting.zone).replace(hour=16)

    def happen(session: Session) -> None:
        opening = setting.opening(
            instrument, "end", case.interviewer, team_id=case.team, participant_id=case.participant_id
        )
        record = setting.recorder.opened(session, opening, "end", at)
        facts = {"start_ok": "yes", "grade": grade}
        voice = Voice(random, day, facts, CLOSING_DRAWS, firm=frozenset(("grade", "elements")))
        setting.recorder.recorded(
            session, record, Conversation(instrument, voice, Course(pace=1.3)), (Turn(company=ALONE),)
        )

    return Event(at, happen)


def professional_events(setting: Setting) -> Iterator[Event]:
    """Each coach and the team leader, interviewed by one of the interviewers."""
    people = [(coach, "coach") for coach in setting.staff.coaches] + [(setting.staff.team_leader, "team_leader")]
    for i, (person, job) in enumerate(people):
        yield _professional(setting, i, person, job)


def _professional(setting: Setting, i: int, person: int, job: str) -> Event:
    instrument = setting.library.newest[PROFESSIONAL]
    random = setting.chance("professional", i)
    day = working_day(setting.today - datetime.timedelta(days=PROFESSIONALS - i))
    at = working_moment(random, day, setting.zone)
    by = setting.staff.interviewers[i % len(setting.staff.interviewers)]

    def happen(session: Session) -> None:
        team = setting.staff.teams.get(person)
        opening = setting.opening(instrument, "end", by, team_id=team, person_id=person)
        record = setting.recorder.opened(session, opening, "end", at)
        voice = Voice(random, day, {"job": job}, PROFESSIONAL_DRAWS, firm=frozenset(("elements",)))
        setting.recorder.recorded(session, record, Conversation(instrument, voice, Course(pace=1.4)))

    return Event(at, happen)
