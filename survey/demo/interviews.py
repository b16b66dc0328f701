"""The participants: registered, interviewed at the start, most of them again, and now and then corrected."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from survey.demo.client_voice import client_voice
from survey.demo.conversation import Conversation, Course, Slip
from survey.demo.diary import Plan, plans, working_day, working_moment
from survey.demo.interpreters import HELPS, LANGUAGES, Help, company_turns, relayed
from survey.demo.lives import Life, lives
from survey.demo.outcomes import CLIENT_OUTCOMES, Points, points
from survey.demo.recording import Correction, kept
from survey.demo.setting import Event, Setting
from survey.demo.words import NOTES, NOTES_IN_TWO_LANGUAGES
from survey.instruments.kinds.number import Number
from survey.instruments.model import Instrument

INSTRUMENT = "client-interview"
BEFORE = datetime.timedelta(minutes=15)
DAYS_TO_CORRECT = 8

SLOWER_IN_TWO_LANGUAGES = 1.5
MISHEARD_EVERY = 8

SLIPS = {
    "start_ok": (False, 0.04),
    "get_by": (False, 0.06),
    "fam_wish": (False, 0.06),
    "activities": (True, 0.05),
    "grip_grade": (True, 0.05),
}
"""Unit -> whether another answer is thought of only at the end, and how often."""

ASKED_OF_THOSE_WITH = {"family_support": "family", "friend_support": "friends", "other_support": "others"}


@dataclass
class Case:
    """One participant with all that is known beforehand, and what has been written so far."""

    number: int
    plan: Plan
    life: Life
    points: tuple[Points, Points]
    interviewer: int
    coach: int
    team: int
    helped: Help | None = None
    """By whom, where somebody interprets."""
    language: str | None = None
    """The second language on the page: the participant's, where the interview is translated into it."""
    misheard: bool = False
    """Whether debts were put down that there are not, until the end of the first interview."""
    participant_id: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    """The answers that counted at the first interview."""
    token: str = ""
    """The first interview's."""
    round_off: datetime.date | None = None
    """When the coach rounded the trajectory off."""

    @property
    def rates(self) -> bool:
        """Whether they can say something of their coach: half a year has passed."""
        return self.plan.path in ("whole", "stopped")


def cases(setting: Setting, count: int) -> list[Case]:
    """This many participants, by the day of their first interview."""
    instrument = setting.library.newest[INSTRUMENT]
    random = setting.chance("participants")
    found = plans(random, count, setting.today)
    invented = lives(random, [plan.first for plan in found])
    whole = [i for i, plan in enumerate(found) if plan.path == "whole"]
    misheard = [i for i in whole if not invented[i].debts][::MISHEARD_EVERY]

    def pairs(score: str) -> list[int]:
        return [i for i in whole if ASKED_OF_THOSE_WITH.get(score) not in invented[i].without]

    stands = points(instrument, CLIENT_OUTCOMES, count, pairs, random)
    helped = [i for i, life in enumerate(invented) if life.two_languages]
    helps = {i: HELPS[k % len(HELPS)] for k, i in enumerate(helped)}
    offered = setting.library.participant_languages(instrument)
    made = []
    for i, plan in enumerate(found):
        interviewer = random.choice(setting.staff.interviewers)
        own = LANGUAGES.get(invented[i].country) if i in helps else None
        language = own if own in offered else None
        coach = setting.staff.coaches[i % len(setting.staff.coaches)]
        case = Case(
            i, plan, invented[i], stands[i], interviewer, coach, setting.staff.teams[coach], helps.get(i), language
        )
        case.misheard = i in misheard
        made.append(case)
    return made


def interview_events(setting: Setting, made: Sequence[Case]) -> Iterator[Event]:
    """The interviews of these participants at the start and half a year later, and what was put right afterwards."""
    instrument = setting.library.newest[INSTRUMENT]
    whole = [case for case in made if case.plan.path == "whole"]
    for case in made:
        yield _interview(setting, instrument, case, 0, case.plan.first)
        if case.plan.second is not None:
            yield _interview(setting, instrument, case, 1, case.plan.second)
        if case in whole[:2]:
            yield _correction(setting, instrument, case, technical=case is whole[0])


def _interview(setting: Setting, instrument: Instrument, case: Case, wave: int, day: datetime.date) -> Event:
    random = setting.chance("interview", case.number, wave)
    at = working_moment(random, day, setting.zone)
    code = list(setting.waves)[wave]
    about = setting.chance("interpreter", case.number, wave)
    turns = company_turns(instrument, case.helped, wave, about, bilingual=case.language is not None)
    codes = relayed(instrument, case.helped, wave, about, bilingual=case.language is not None)

    def happen(session: Session) -> None:
        opening = setting.opening(
            instrument,
            code,
            case.interviewer,
            second_language=case.language,
            team_id=case.team,
            participant_id=case.participant_id,
        )
        record = setting.recorder.opened(session, opening, code, at)
        voice = client_voice(instrument, case.life, case.points[wave], wave, day, case.answers, random)
        talk = Conversation(instrument, voice, _course(instrument, case, wave, random, codes))
        record = setting.recorder.recorded(session, record, talk, turns)
        if wave == 0:
            case.answers, case.token = kept(setting.library, record), record.token

    return Event(at, happen)


def _course(instrument: Instrument, case: Case, wave: int, random: Random, codes: Mapping[str, list[str]]) -> Course:
    """How far the interview gets, and what is seen otherwise in the end."""
    pages = len(instrument.pages)
    reached = {("broken_off", 0): pages // 2, ("running", 1): pages // 3, ("begun", 1): 0}.get((case.plan.path, wave))
    slips = [Slip("debts", later=True)] if case.misheard and wave == 0 else []
    slips += [Slip(unit, later) for unit, (later, share) in SLIPS.items() if random.random() < share]
    slow = SLOWER_IN_TWO_LANGUAGES if case.life.two_languages else 1.0
    return Course(
        pages=reached,
        slips=tuple(slips),
        draft="school_years" if case.plan.path == "running" and wave == 1 else None,
        pace=slow * random.uniform(0.75, 1.4),
        notes=NOTES + NOTES_IN_TWO_LANGUAGES if case.life.two_languages else NOTES,
        relayed=codes,
    )


def _correction(setting: Setting, instrument: Instrument, case: Case, *, technical: bool) -> Event:
    random = setting.chance("correction", case.number)
    day = working_day(case.plan.first + datetime.timedelta(days=DAYS_TO_CORRECT))
    at = working_moment(random, day, setting.zone)

    def happen(session: Session) -> None:
        for correction in _corrections(instrument, case.answers, technical):
            if setting.recorder.corrected(session, case.token, case.interviewer, at, correction):
                break

    return Event(at, happen)


def _corrections(instrument: Instrument, answers: Mapping[str, Any], technical: bool) -> Iterator[Correction]:
    """What might be put right, the likeliest first: a number that was typed wrong, or one that got lost."""
    numbers = [name for name, unit in instrument.units.items() if isinstance(unit.question, Number) and name in answers]
    for name in sorted(numbers, key=lambda one: one != ("grip_grade" if technical else "school_years")):
        question = instrument.units[name].question
        if technical and not question.required:
            yield Correction(name, {"missing": "technical"}, "Op papier niet meer te lezen: er is water over gevallen.")
        elif isinstance(question, Number) and answers[name] > (question.min or 0):
            yield Correction(name, answers[name] - 1, "Verkeerd getypt; op papier stond een ander getal.")
