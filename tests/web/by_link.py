"""A planned study in which a participant rates their coach by a link, and a browser that opens links."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from planned_study import PlannedStudy, krachtwerk
from sqlalchemy import select

from survey.storage import consents, links, participants, responses
from survey.storage.record import Record, Saving
from survey.storage.responses import Opening
from survey.storage.tables import Participant, Task


@dataclass
class ByLink:
    """The planned study half a year on: Coen's participant in team north was interviewed, and can rate."""

    house: Any
    study: PlannedStudy
    clock: Any

    @property
    def here(self) -> Any:
        """The server's parts."""
        return self.house.app.extensions["krachtmeting"]

    def participant(self, language: str = "nl", team: str = "north", coach: str = "coen") -> Participant:
        """A new participant who was interviewed at the start, at the present moment."""
        study, now = self.study, self.clock.now
        with self.here.database.writing() as session:
            ilse = study.people["ilse"]
            person = participants.register(
                session, study.study, ilse, now, language, team_id=study.teams[team], coach_id=study.people[coach]
            )
            protocol = krachtwerk().protocol
            agreed = consents.Agreed(protocol.newest_consent, "nl", ["interviews"], "spoken", True)
            consents.give(session, person, protocol, agreed, ilse, now)
            opening = Opening(
                study.study, study.waves["t0"], "client-interview", 1, ilse, "nl", participant_id=person.id,
                team_id=person.team_id,
            )  # fmt: skip
            record = responses.response(session, responses.open_response(session, opening, now), for_writing=True)
            responses.submit(session, record, Saving("submit", None, ilse, 0), now)
            return person

    def task(self, participant: Participant | None = None, person: str = "coen") -> int:
        """The id of the task of filling in alone: of a participant, else of a coach at the start."""
        with self.here.database.reading() as session:
            if participant is not None:
                query = select(Task.id).where(Task.participant_id == participant.id, Task.by == "participant")
            else:
                query = select(Task.id).where(
                    Task.person_id == self.study.people[person],
                    Task.by == "coach",
                    Task.wave_id == self.study.waves["t0"],
                )
            return session.scalars(query).one()

    def link(self, task: int, language: str = "nl", *, days: int = 60, kiosk: bool = False) -> str:
        """The secret of a new link."""
        with self.here.database.writing() as session:
            lasts = datetime.timedelta(days=days)
            by = self.study.people["ilse"]
            return links.make_link(session, task, language, by, self.clock.now, lasts, kiosk=kiosk)

    def state(self, secret: str) -> str:
        """How a link stands now."""
        with self.here.database.reading() as session:
            return links.link_with(session, secret).state(self.clock.now)

    def record(self, secret: str) -> Record:
        """The response behind a link, as the database has it."""
        with self.here.database.reading() as session:
            found = responses.by_id(session, links.link_with(session, secret).response_id)
        assert found is not None
        return found


def fields(page: Any, number: int = -1) -> dict[str, Any]:
    """What a browser would send of a form on a page."""
    found: dict[str, Any] = {}
    for name, value in html.fromstring(page.data).xpath("//form")[number].form_values():
        found.setdefault(name, []).append(value)
    return found


@dataclass
class Visitor:
    """A browser without an account."""

    client: FlaskClient

    def open(self, secret: str, **more: Any) -> Any:
        """Open a link, press its button, and follow to the page on which it goes on."""
        greeting = self.client.get(f"/l/{secret}", query_string=more)
        return self.client.post("/l/", data=fields(greeting), follow_redirects=True)

    def send(self, page: Any, go: str = "next", **answers: Any) -> Any:
        """Fill in a page that is open, and press a button."""
        return self.client.post(page.request.path, data=fields(page) | answers | {"go": go}, follow_redirects=True)
