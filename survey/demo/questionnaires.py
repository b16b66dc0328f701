"""The coaches' questionnaires about their own work, at both waves."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from survey.demo.coach_voice import coach_facts, coach_voice
from survey.demo.conversation import Conversation, Course
from survey.demo.diary import HALF_A_YEAR, working_day, working_moment
from survey.demo.outcomes import COACH_OUTCOMES, points
from survey.demo.recording import kept
from survey.demo.setting import Event, Setting

ROUNDS = ("t0", "t1")
COACHES = "coach-fidelity"
FIRST_ROUND = 290
"""Days ago that the coaches filled in the first time."""
ALONE = 0.8
"""The pace of somebody who fills in alone."""


def coach_events(setting: Setting) -> Iterator[Event]:
    """Each coach fills in about the own work, at both waves."""
    instrument = setting.library.newest[COACHES]
    random = setting.chance("coaches")
    count = len(setting.staff.coaches)
    first = working_day(setting.today - datetime.timedelta(days=FIRST_ROUND))
    days = (first, working_day(first + datetime.timedelta(days=HALF_A_YEAR)))
    facts = coach_facts(
        random, count, points(instrument, COACH_OUTCOMES, count, lambda score: range(count), random), days
    )
    for i, coach in enumerate(setting.staff.coaches):
        answers: dict[str, Any] = {}
        for wave, code in enumerate(ROUNDS):
            yield _coach(setting, i, coach, code, facts[i][wave], days[wave], answers)


def _coach(
    setting: Setting, i: int, coach: int, wave: str, facts: dict[str, Any], day: datetime.date, answers: dict[str, Any]
) -> Event:
    """`answers` are those of the earlier wave, and are filled in at the first."""
    instrument = setting.library.newest[COACHES]
    random = setting.chance("coach", i, wave)
    at = working_moment(random, working_day(day + datetime.timedelta(days=random.randrange(0, 12))), setting.zone)

    def happen(session: Session) -> None:
        record = setting.recorder.opened(
            session,
            setting.opening(instrument, wave, coach, person_id=coach, team_id=setting.staff.teams.get(coach)),
            wave,
            at,
        )
        talk = Conversation(instrument, coach_voice(facts, at.date(), dict(answers), random), Course(pace=ALONE))
        answers.update(kept(setting.library, setting.recorder.recorded(session, record, talk)))

    return Event(at, happen)
