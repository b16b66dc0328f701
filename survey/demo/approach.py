"""Before the first interview: who is asked to take part, how they were reached, who said no, and who left later."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.demo.diary import HALF_A_YEAR, working_day, working_moment
from survey.demo.interviews import BEFORE, Case
from survey.demo.setting import Event, Setting
from survey.instruments.protocols.model import Protocol
from survey.planning.statuses import Outcome, Reason
from survey.storage import audit, consents, contacts, identities, participants
from survey.storage.course import set_status
from survey.storage.tables import Participant, Task

DECLINED: tuple[Reason, ...] = ("no_wish", "no_time", "no_wish", "ill", "unreachable", "other")
SHARE_DECLINED = 6 / 35
LEFT: tuple[Reason, ...] = ("no_wish", "trajectory_ended", "moved", "unreachable")
"""Why those who stopped after the first interview did."""
DAYS_BEFORE = 9
"""So many days before the first interview somebody is registered."""
DAYS_TO_LEAVE = 30
"""So many days after half a year those who stopped are no longer waited for."""
KEEPS, QUOTES = 0.85, 0.7
MISSED_CALLS = 0.35


def approach_events(setting: Setting, cases: Sequence[Case], protocol: Protocol) -> Iterator[Event]:
    """Everybody is registered and called, agrees at the first interview, and some leave later or say no at once."""
    for case in cases:
        yield _registered(setting, case)
        yield _called(setting, case)
        yield _agreed(setting, case, protocol)
        if case.plan.path in ("stopped", "broken_off"):
            yield _left(setting, case)
    random = setting.chance("declined")
    for i in range(round(SHARE_DECLINED * len(cases))):
        yield _declined(setting, random.choice(cases), DECLINED[i % len(DECLINED)], i)


def _first_days(setting: Setting, case: Case) -> datetime.datetime:
    random = setting.chance("registering", case.number)
    return working_moment(random, working_day(case.plan.first - datetime.timedelta(days=DAYS_BEFORE)), setting.zone)


def _registered(setting: Setting, case: Case) -> Event:
    at = _first_days(setting, case)

    def happen(session: Session) -> None:
        made = participants.register(
            session, setting.study_id, case.interviewer, at, case.language, team_id=case.team, coach_id=case.coach,
            interviewer_id=case.interviewer, needs_interpreter=case.helped is not None,
        )  # fmt: skip
        case.participant_id = made.id
        if setting.sealer is not None:
            identities.keep(session, setting.sealer, made, _invented(case), case.interviewer, at)
        audit.note(session, "registered a participant", case.interviewer, at, participant=made.code)

    return Event(at, happen)


def _invented(case: Case) -> dict[str, str]:
    """A name that nobody has, and a number that reaches nobody."""
    title = {"woman": "mevrouw", "man": "meneer"}.get(case.life.gender, "")
    number = case.number + 1
    return {
        "name": f"{title} Voorbeeld-{number}".strip(),
        "phone": f"06 0000 {number:04}",
        "moments": "Liever in de middag." if number % 3 else "Niet op vrijdag.",
    }


def _called(setting: Setting, case: Case) -> Event:
    random = setting.chance("calling", case.number)
    at = _first_days(setting, case) + datetime.timedelta(days=1)

    def happen(session: Session) -> None:
        _try(session, case.participant_id, case.interviewer, at, random, "appointment")

    return Event(at, happen)


def _try(
    session: Session, participant_id: int, by: int, at: datetime.datetime, random: Random, outcome: Outcome
) -> None:
    """One call that is answered, after one that is not for some."""
    task = session.scalars(select(Task).where(Task.participant_id == participant_id).order_by(Task.id)).first()
    if task is None:
        return
    if random.random() < MISSED_CALLS:
        contacts.note_attempt(session, task, by, at - datetime.timedelta(hours=1), how="phone", outcome="no_answer")
    contacts.note_attempt(session, task, by, at, how="phone", outcome=outcome)


def _agreed(setting: Setting, case: Case, protocol: Protocol) -> Event:
    random = setting.chance("consent", case.number)
    at = working_moment(setting.chance("interview", case.number, 0), case.plan.first, setting.zone) - BEFORE
    text = protocol.newest_consent
    purposes = [code for code, one in text.purposes.items() if one.needed or random.random() < QUOTES]
    how: consents.How = "spoken" if case.helped is not None else "signed"
    agreed = consents.Agreed(text, "nl", purposes, how, random.random() < KEEPS)

    def happen(session: Session) -> None:
        found = session.get_one(Participant, case.participant_id)
        consents.give(session, found, protocol, agreed, case.interviewer, at)
        audit.note(session, "noted a consent", case.interviewer, at, participant=found.code, version=text.version)

    return Event(at, happen)


def _left(setting: Setting, case: Case) -> Event:
    random = setting.chance("leaving", case.number)
    waited = case.plan.first + datetime.timedelta(days=HALF_A_YEAR + DAYS_TO_LEAVE)
    day = case.plan.first + datetime.timedelta(days=3) if case.plan.path == "broken_off" else waited
    at = working_moment(random, min(day, setting.today - datetime.timedelta(days=1)), setting.zone)
    reason: Reason = "too_heavy" if case.plan.path == "broken_off" else LEFT[case.number % len(LEFT)]

    def happen(session: Session) -> None:
        found = session.get_one(Participant, case.participant_id)
        set_status(session, found, "dropped_out", case.interviewer, at, reason)
        audit.note(session, "changed a status", case.interviewer, at, participant=found.code, status="dropped_out")

    return Event(at, happen)


def _declined(setting: Setting, like: Case, reason: Reason, number: int) -> Event:
    """Somebody who was asked around the same time and did not want to take part."""
    random = setting.chance("declined", number)
    at = _first_days(setting, like) + datetime.timedelta(minutes=random.randrange(20, 60))

    def happen(session: Session) -> None:
        made = participants.register(
            session, setting.study_id, like.interviewer, at, team_id=like.team, coach_id=like.coach,
            interviewer_id=like.interviewer,
        )  # fmt: skip
        audit.note(session, "registered a participant", like.interviewer, at, participant=made.code)
        outcome: Outcome = "no_answer" if reason == "unreachable" else "refused"
        _try(session, made.id, like.interviewer, at + datetime.timedelta(minutes=5), random, outcome)
        consents.decline(session, made, reason, like.interviewer, at + datetime.timedelta(minutes=10))
        audit.note(session, "changed a status", like.interviewer, at, participant=made.code, status="declined")

    return Event(at, happen)
