"""Making the demo study: its people, interviews, coaches' questionnaires and one observed meeting, in order of time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from survey.demo.interviews import interview_events
from survey.demo.questionnaires import coach_events, meeting_events
from survey.demo.setting import Setting
from survey.demo.staff import SignIn, add_staff
from survey.instruments.library import Library
from survey.storage import studies
from survey.storage.database import Database
from survey.storage.overview import response_count

SLUG = "demo"
TITLE = "Krachtwerk in de praktijk (voorbeeld)"
WAVES = (("t0", "Start"), ("t1", "Na zes maanden"))
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


def make_demo(
    database: Database,
    library: Library,
    *,
    participants: int = 35,
    seed: int = 1,
    now: datetime.datetime,
    passwords: Mapping[str, str] | None = None,
) -> Made:
    """Make the demo study with this many participants, as it stands at `now`; `passwords` are by sign-in name.

    The same seed, number and moment give the same answers; codes, tokens and passwords are new each time. Raises
    ValueError, with nothing written, where the study or a sign-in name is there already or a password is too short.
    """
    with database.writing() as session:
        begun = now - STUDY_AGE
        study_id = studies.add_study(session, SLUG, TITLE, WAVES, begun, TIME_ZONE)
        staff = add_staff(session, study_id, begun, passwords or {})
        waves = {wave.code: wave.id for wave in studies.waves(session, study_id)}
    setting = Setting(study_id, waves, staff, library, ZoneInfo(TIME_ZONE), now, seed)
    events = [*interview_events(setting, participants), *coach_events(setting), *meeting_events(setting)]
    for event in sorted(events, key=lambda one: one.at):
        with database.writing() as session:
            event.happen(session)
    with database.reading() as session:
        return Made(study_id, SLUG, participants, response_count(session, study_id), staff.sign_ins)
