"""Making the demo study: its people, interviews, coaches' questionnaires and one observed meeting, in order of time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from survey.demo.approach import approach_events
from survey.demo.coding import coding_events
from survey.demo.desk import desk_events
from survey.demo.interviews import cases, interview_events
from survey.demo.meeting import meeting_events
from survey.demo.questionnaires import coach_events
from survey.demo.ratings import rating_events
from survey.demo.setting import Setting
from survey.demo.staff import SignIn, Staff, add_staff
from survey.demo.talks import closing_events, professional_events
from survey.instruments.library import SHIPPED, Library
from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import studies
from survey.storage.course import plan_people
from survey.storage.database import Database
from survey.storage.overview import Wanted, response_count
from survey.storage.people import set_roles
from survey.storage.protocols import add_study_with, teams
from survey.storage.sealing import Sealer

SLUG = "demo"
TITLE = "Krachtwerk in de praktijk (voorbeeld)"
TRY_SLUG, TRY_TITLE = "try", "Uitproberen (zonder planning)"
PROTOCOL = SHIPPED / "protocols" / "krachtwerk.yaml"
LANGUAGE = "nl"
TIME_ZONE = "Europe/Amsterdam"
STUDY_AGE = datetime.timedelta(days=400)


@dataclass(frozen=True)
class Made:
    """What was made: the study, how many participants and responses it has, and one way in for each role."""

    study_id: int
    slug: str
    participants: int
    responses: int
    sign_ins: tuple[SignIn, ...]


def _place_to_try(session: Session, staff: Staff, at: datetime.datetime) -> None:
    """A second study without a protocol, in which every questionnaire can be begun at once."""
    study_id = studies.add_study(session, TRY_SLUG, TRY_TITLE, [("t0", "Eerste keer"), ("t1", "Tweede keer")], at)
    tries = {
        "interviewer": staff.interviewers[0],
        "coach": staff.coaches[0],
        "observer": staff.observers[0],
        "researcher": staff.researcher,
    }
    for role, person_id in tries.items():
        set_roles(session, person_id, study_id, {role})


def make_demo(
    database: Database,
    library: Library,
    *,
    participants: int = 35,
    seed: int = 1,
    now: datetime.datetime,
    passwords: Mapping[str, str] | None = None,
    sealer: Sealer | None = None,
) -> Made:
    """Make the demo study with this many participants, as it stands at `now`; `passwords` are by sign-in name.
    With a `sealer` everybody has an invented name to be called by.

    The same seed, number and moment give the same answers; codes, tokens and passwords are new each time. Raises
    ValueError, with nothing written, where the study or a sign-in name is there already or a password is too short.
    """
    with database.writing() as session:
        begun = now - STUDY_AGE
        source = PROTOCOL.read_text(encoding="utf-8")
        filed = FiledProtocol(kept_protocol(source), source)
        study_id = add_study_with(session, SLUG, filed, LANGUAGE, None, begun, title=TITLE, time_zone=TIME_ZONE)
        team_ids = [team.id for team in teams(session, study_id)]
        staff = add_staff(session, study_id, team_ids, begun, passwords or {})
        plan_people(session, study_id, begun)
        _place_to_try(session, staff, begun)
        waves = {wave.code: wave.id for wave in studies.waves(session, study_id)}
    setting = Setting(study_id, waves, staff, library, ZoneInfo(TIME_ZONE), now, seed, sealer)
    found = cases(setting, participants)
    events = [
        *approach_events(setting, found, filed.protocol),
        *interview_events(setting, found),
        *rating_events(setting, found),
        *closing_events(setting, found),
        *coach_events(setting),
        *professional_events(setting),
        *desk_events(setting, found),
        *meeting_events(setting, filed.protocol),
        *coding_events(setting, found),
    ]
    for event in sorted(events, key=lambda one: one.at):
        with database.writing() as session:
            event.happen(session)
    with database.reading() as session:
        return Made(study_id, SLUG, participants, response_count(session, Wanted(study_id)), staff.sign_ins)
