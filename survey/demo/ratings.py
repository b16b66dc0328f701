"""What participants say of their coach, alone: by a personal link, or on a device that the interviewer brought.

The ratings come out as in the real study: good on freedom of choice and autonomy, less on goals that matter to people
and on finding out what they are good at.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy.orm import Session

from survey.demo.conversation import Conversation, Course
from survey.demo.diary import HALF_A_YEAR, working_moment
from survey.demo.interviews import Case
from survey.demo.outcomes import Outcome, points
from survey.demo.setting import Event, Setting
from survey.demo.talk_words import RATING_DRAWS
from survey.demo.voice import Silence, Voice

INSTRUMENT = "hope-behaviour"
OUTCOMES = {
    "autonomy": Outcome(0.83, 0.12, 0.13),
    "meaningful_goals": Outcome(0.67, 0.14, 0.15),
    "finding_strengths": Outcome(0.62, 0.15, 0.15),
}
SHARE = 30 / 35
ON_A_DEVICE = 0.4
DAYS_AFTER = 5
FIRM = frozenset({"filled_with"})
SILENCES = {name: Silence(refused=0.01, dont_know=0.02) for name in ("goal_items", "step_items", "strength_items")}


def rating_events(setting: Setting, cases: Sequence[Case]) -> Iterator[Event]:
    """Who had the second interview rates some days after it; some of those who stopped do when it would have been."""
    instrument = setting.library.newest[INSTRUMENT]
    random = setting.chance("ratings")
    order = sorted(cases, key=lambda case: ("whole", "stopped").index(case.plan.path) if case.rates else 2)
    raters = [case for case in order if case.rates][: round(SHARE * len(cases))]
    found = points(instrument, OUTCOMES, len(raters), lambda _: (), random)
    for case, (first, _) in zip(raters, found, strict=True):
        yield _rating(setting, case, dict(first))


def _rating(setting: Setting, case: Case, facts: dict[str, object]) -> Event:
    instrument = setting.library.newest[INSTRUMENT]
    random = setting.chance("rating", case.number)
    day = case.plan.second or case.plan.first + datetime.timedelta(days=HALF_A_YEAR)
    day = min(day + datetime.timedelta(days=random.randint(1, DAYS_AFTER)), setting.today - datetime.timedelta(days=1))
    at, mode = working_moment(random, day, setting.zone), _mode(random)
    offered = setting.library.participant_languages(instrument)
    language = case.language if case.language in offered else instrument.language

    def happen(session: Session) -> None:
        opening = setting.opening(
            instrument, "t1", case.interviewer, language=language, mode=mode, team_id=case.team,
            participant_id=case.participant_id,
        )  # fmt: skip
        record = setting.recorder.opened(session, opening, "t1", at)
        voice = Voice(random, day, facts, RATING_DRAWS, silences=SILENCES, firm=FIRM)
        setting.recorder.recorded(session, record, Conversation(instrument, voice, Course(pace=1.1)))

    return Event(at, happen)


def _mode(random: Random) -> str:
    return "kiosk" if random.random() < ON_A_DEVICE else "link"
