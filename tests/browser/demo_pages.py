"""Every page of the demo study: those that links lead to, and those that something must be done for first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from demo_at_hand import PEOPLE, DemoAtHand, walked
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.storage import links, participants, responses, screens
from survey.storage.responses import Opening
from survey.storage.tables import Meeting, MeetingObserver, Participant, Person, StepTime, Study, Task, Wave

NO_PAGES = {
    "static": "styles, scripts and pictures",
    "sign_in.session_state": "asked by a script",
    "health.alive": "asked by a machine",
    "health.ready": "asked by a machine",
    "offline.bundle": "asked by a script",
    "offline.service_worker": "a script",
    "oidc.start": "leads to the organisation's own sign-in",
    "oidc.back": "leads to a page",
    "second_factor.code": "in test_accessible_states, half signed in",
    "second_factor.set_up": "in test_accessible_states, half signed in",
    "second_factor.new_password": "in test_accessible_states, half signed in",
    "screen.shell": "in test_accessible_states, on a device that joined",
    "work.calendar": "a file",
    "interview.resume": "leads to a page",
    "show_card.cards": "asked by a script",
    "screen_tools.state": "asked by a script",
    "screen.now": "a part of screen.shell, asked by a script",
    "screen.sound_on_screen": "a sound",
    "sound.sound": "a sound",
    "downloads.file": "a file",
    "admin_studies.drawn_file": "a file",
    "audit.file": "a file",
    "account.password": "leads to account.account",
}
"""Views that answer GET and show no page to look at here, each with the reason."""


@dataclass(frozen=True)
class Shown:
    """A page: who looks at it ("" for nobody who signed in), and where it stands."""

    view: str
    name: str
    address: str


def pages_by_link(demo: DemoAtHand, *roles: str) -> list[Shown]:
    """One page for each view that links lead to, and every role's own start page; of all roles, or of these."""
    found: dict[str, Shown] = {}
    for role in roles or PEOPLE:
        name = PEOPLE[role]
        for view, address in walked(demo, name).items():
            key = f"{view} of {role}" if view == "start.start" else view
            found.setdefault(key, Shown(view, name, address))
    return list(found.values())


def pages_by_doing(things: Things) -> list[Shown]:
    """The pages that no link leads to, on what is in the middle of being done."""
    study = "/study/demo"
    of = {
        "": {
            "sign_in.sign_in": "/sign-in",
            "offline.calm": "/offline",
            "link.greet": f"/l/{things.secret}",
            "link.here": "/l/",
            "link.paused": "/l/paused",
            "screen.join": "/screen/join",
            "screen.linked": f"/screen/join/{things.invitation.link}",
        },
        "interviewer": {
            "work.task": f"{study}/work/{things.task}",
            "links.kiosk": f"{study}/links/{things.alone}/kiosk",
            "setting.welcome": f"/response/{things.token}/welcome",
            "interview.paused": f"/response/{things.token}/paused",
            "participant_actions.leave": f"{study}/participants/{things.taking_part}/leave",
            "participant_actions.withdraw": f"{study}/participants/{things.taking_part}/withdraw",
        },
        "researcher": {"downloads.check": f"{study}/download/check?format=.xlsx"},
        "admin": {"erasing.person": f"/admin/erasing/demo/{things.participant}"},
        "observer": {
            "meeting_clock.new": f"{study}/meetings/{things.meeting}/clock/new",
            "meeting_clock.change": f"{study}/meetings/{things.meeting}/clock/{things.time}",
        },
    }
    return [Shown(view, PEOPLE.get(role, ""), where) for role, some in of.items() for view, where in some.items()]


class Things:
    """What is in the middle of being done: a talk with a newcomer, a link, a screen to be paired, an open meeting."""

    meeting = "MEE-222"

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        people = {one.name: one.id for one in session.scalars(select(Person))}
        study = session.scalars(select(Study).where(Study.slug == "demo")).one()
        wave = session.scalars(select(Wave).where(Wave.study_id == study.id, Wave.code == "t0")).one()
        mine = people[PEOPLE["interviewer"]]
        newcomer = participants.register(
            session, study.id, mine, now, "ar", interviewer_id=mine, needs_interpreter=True
        )
        self.participant = newcomer.code
        agreed = select(Participant.code).where(Participant.study_id == study.id, Participant.status == "finished")
        self.taking_part = session.scalars(agreed).first()
        self.task = session.scalars(select(Task.id).where(Task.participant_id == newcomer.id)).first()
        opening = Opening(study.id, wave.id, "client-interview", 1, mine, "nl", "ar", participant_id=newcomer.id)
        self.token = responses.open_response(session, opening, now)
        record = responses.response(session, self.token, for_writing=True)
        assert record is not None
        self.invitation = screens.invite(session, record, mine, now)
        alone = session.scalars(select(Task).where(Task.by == "participant", Task.done_at.is_(None))).first()
        assert alone is not None
        alone.dropped_at, self.alone = None, alone.id
        self.secret = links.make_link(session, alone.id, "ar", mine, now, datetime.timedelta(days=30))
        self.time = self._meeting(session, study.id, wave.id, people[PEOPLE["observer"]], now)

    def _meeting(self, session: Session, study: int, wave: int, observer: int, now: datetime.datetime) -> int:
        """A meeting that is going on: the id of a time on its clock."""
        meeting = Meeting(
            study_id=study, wave_id=wave, instrument="team-meeting", code=self.meeting, held_on=now.date(),
            made_at=now, made_by=observer,
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        tapped = StepTime(
            meeting_id=meeting.id, person_id=observer, step="opening", started_at=now, ended_at=now, noted_at=now
        )
        session.add_all([MeetingObserver(meeting_id=meeting.id, person_id=observer), tapped])
        session.flush()
        return tapped.id
