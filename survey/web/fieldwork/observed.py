"""The observed meeting that is asked for, and what the asking person is to it. Who is nothing to it gets 404."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import abort
from flask_babel import format_date
from sqlalchemy.orm import Session

from survey.instruments.protocols.model import Ask, Protocol, said
from survey.planning import due
from survey.planning.due import Planned
from survey.storage.meetings import ObservedMeeting, Observer, meeting_with
from survey.storage.protocols import protocol_of
from survey.storage.tables import Meeting, Study
from survey.web import days
from survey.web.access import me, study_for, within
from survey.web.interface import interface_language
from survey.web.titles import title_of


@dataclass(frozen=True)
class Here:
    """A meeting as a view works with it. `mine`: the asking person as its observer; `looks_on`: is a researcher."""

    study: Study
    seen: ObservedMeeting
    ask: Ask | None
    mine: Observer | None
    looks_on: bool

    @property
    def meeting(self) -> Meeting:
        """Its row."""
        return self.seen.meeting

    @property
    def address(self) -> dict[str, str]:
        """What stands in all its addresses."""
        return {"slug": self.study.slug, "meeting": self.meeting.code}

    @property
    def zone(self) -> ZoneInfo:
        """Where the meeting is."""
        return ZoneInfo(self.study.time_zone)

    @property
    def day(self) -> str:
        """Its day in words."""
        return str(format_date(self.meeting.held_on, "long"))

    @property
    def title(self) -> str:
        """What is observed, in the reader's language."""
        return title_of(self.meeting.instrument)

    @property
    def steps(self) -> dict[str, str]:
        """The steps of the clock: code -> words."""
        found = self.ask.steps if self.ask else {}
        return {step: said(words, interface_language()) for step, words in found.items()}

    @property
    def closed(self) -> bool:
        """Whether nothing of the own record can change here any more: all is settled, or this observer fell out."""
        return self.meeting.settled_at is not None or self.mine is None or not self.mine.active

    @property
    def compared(self) -> bool:
        """Whether the asking person may see the answers side by side."""
        return self.seen.open_to(me().id)

    def clock(self, moment: datetime.datetime) -> str:
        """Hours, minutes and seconds where the meeting is."""
        return moment.astimezone(self.zone).strftime("%H:%M:%S")

    def when(self, moment: datetime.datetime) -> str:
        """Day and time where the meeting is."""
        return days.moment(moment.astimezone(self.zone))


def meeting_for(session: Session, slug: str, code: str, *, for_writing: bool = False) -> Here:
    """The meeting of this code, for its observers and for researchers of its team. Else 404, as if it were not."""
    study = study_for(session, slug, "observer", "researcher")
    seen = meeting_with(session, study.id, code, for_writing=for_writing) or abort(404)
    team_id = seen.meeting.team_id
    mine = seen.observer(me().id) if within(study.id, team_id, "observer") else None
    looks_on = within(study.id, team_id, "researcher")
    if mine is None and not looks_on:
        abort(404)
    protocol = protocol_of(session, study.id)
    ask = protocol.ask(seen.meeting.instrument, seen.wave_code) if protocol else None
    return Here(study, seen, ask, mine, looks_on)


def observed_by_me(session: Session, slug: str, code: str, *, for_writing: bool = False) -> Here:
    """The same, for its observers only."""
    here = meeting_for(session, slug, code, for_writing=for_writing)
    return here if here.mine is not None else abort(404)


def asks(protocol: Protocol | None) -> dict[str, tuple[Ask, str]]:
    """What a protocol wants observed: "instrument/wave" -> what asks it, and the wave's code."""
    found = [ask for ask in protocol.asks if ask.of == "meeting"] if protocol else []
    return {f"{ask.instrument}/{wave}": (ask, wave) for ask in found for wave in ask.waves}


def planned(protocol: Protocol, ask: Ask, wave: str, held_on: datetime.date) -> Planned:
    """When observers fill in what they saw."""
    return due.of_meeting(protocol, ask, wave, held_on)
