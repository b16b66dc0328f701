"""A small interview on the house's server, and a desk where it is filled in as a browser without a script does it."""

from __future__ import annotations

import dataclasses
import datetime
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import polib
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from survey.instruments.catalogues import merge, sources
from survey.instruments.library import Library, shelves
from survey.instruments.reading import read
from survey.storage import participants, reading, responses, studies
from survey.storage.record import Record
from survey.storage.responses import Opening
from survey.storage.tables import Response, Visit

SMALL = """
instrument: small
version: 1
language: nl
title: Klein gesprek
about: participant
role: interviewer
purpose: Om te proberen.
missing: [refused, dont_know]
pages:
  - page: home
    title: Huis
    questions:
      - {kind: choice, name: housed, text: Heeft u een huis?, choices: {"yes": Ja, "no": Nee}, required: true}
      - {kind: text, name: where, text: Waar slaapt u?, when: housed == 'no'}
      - {kind: number, name: age, text: Hoe oud bent u?, min: 18, max: 110}
  - page: rent
    title: Huur
    when: housed == 'yes'
    questions:
      - {kind: number, name: rent_sum, text: Hoeveel huur betaalt u?, missing: [refused]}
  - page: last
    title: Slot
    questions:
      - kind: number
        name: years
        text: Hoeveel jaar woont u hier?
        check: {that: years <= age, message: Dat is langer dan u leeft.}
      - kind: several
        name: worries
        text: Waar denkt u aan?
        choices: {money: Geld, other: {text: "Anders, namelijk", other: true}, none: {text: Niets, exclusive: true}}
      - {kind: open, name: story, text: Wat wilt u vertellen?}
"""


_FOLDER = tempfile.TemporaryDirectory()


@cache
def small_library() -> Library:
    """A library with the small interview, in Dutch and in something like English."""
    folder = Path(_FOLDER.name)
    definition = folder / "instruments" / "small" / "v1.yaml"
    definition.parent.mkdir(parents=True)
    definition.write_text(SMALL, encoding="utf-8")
    catalogue = folder / "translations" / "en" / "LC_MESSAGES" / "small.po"
    merge(catalogue, sources([read(definition)]), "en")
    entries = polib.pofile(str(catalogue))
    for entry in entries:
        entry.msgstr = f"EN {entry.msgid}"
    entries.save()
    return Library(shelves([folder]))


class Desk:
    """One browser with one response of the small interview."""

    def __init__(self, house: Any, client: FlaskClient, second: str | None = None) -> None:
        self.house, self.client, self.app = house, client, house.app
        if "small" not in self.server.library.newest:
            here = dataclasses.replace(self.server, library=small_library(), prepared={}, forms={}, kept_texts=set())
            self.app.extensions["krachtmeting"] = here
        now = self.server.now()
        study, by = house.studies["demo"], house.people["ilse"]
        with self.server.database.writing() as session:
            wave = studies.waves(session, study)[0].id
            self.participant = participants.register(session, study, by, now)
            opening = Opening(study, wave, "small", 1, by, "nl", second, participant_id=self.participant.id)
            self.token = responses.open_response(session, opening, now)

    @property
    def server(self) -> Any:
        """The server's parts as they are now."""
        return self.app.extensions["krachtmeting"]

    def address(self, part: str = "") -> str:
        """An address of this response."""
        return f"/response/{self.token}/{part}"

    def get(self, part: str = "") -> Any:
        """What stands there."""
        return self.client.get(self.address(part))

    def form(self, page: Any) -> dict[str, Any]:
        """What a browser would send of the form on a page."""
        form = html.fromstring(page.data).get_element_by_id("interview", None)
        form = html.fromstring(page.data).xpath("//main//form")[0] if form is None else form
        found: dict[str, Any] = {}
        for name, value in form.form_values():
            found.setdefault(name, []).append(value)
        return found

    def send(self, page: str, go: str = "next", shown: Any = None, **fields: Any) -> Any:
        """Open a page (or take it as it was `shown` before), fill in these fields, and press a button."""
        sent = self.form(shown or self.get(f"page/{page}")) | fields | {"go": go}
        return self.client.post(self.address(f"page/{page}"), data=sent)

    def save(self, page: str, units: str, /, shown: Any = None, **fields: Any) -> Any:
        """Send some units as the script of a page does."""
        sent = self.form(shown or self.get(f"page/{page}"))
        kept = {name: value for name, value in sent.items() if name in ("csrf_token", "base")}
        return self.client.post(self.address("save"), data=kept | {"page": page, "units": units} | fields)

    def begin(self, page: Any = None, **fields: Any) -> Any:
        """Fill in who is there and which languages are shown; nobody interprets, unless the fields say so."""
        sent = self.form(page or self.get("welcome")) | {"interpreter": "none"} | fields
        return self.client.post(self.address("welcome"), data=sent)

    def hand_in(self) -> Any:
        """Press the button that hands in."""
        return self.client.post(self.address("submit"), data=self.form(self.get("page/home")))

    @property
    def record(self) -> Record:
        """The response as the database has it."""
        with self.server.database.reading() as session:
            found = responses.response(session, self.token)
        assert found is not None
        return found

    @property
    def answers(self) -> dict[str, Any]:
        """Its answers."""
        return self.record.answers

    def trail(self) -> list[tuple[Any, ...]]:
        """Every change: kind, unit, old, new, reason, by whom."""
        with self.server.database.reading() as session:
            rows = reading.response_trail(session, self.house.studies["demo"], self.token)
        return [(row.kind, row.unit, row.old, row.new, row.reason, row.by) for row in rows]

    def visits(self) -> int:
        """How many saves there were."""
        with self.server.database.reading() as session:
            query = select(func.count(Visit.id)).join(Response, Visit.response_id == Response.id)
            return session.scalar(query.where(Response.token == self.token)) or 0

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.server.now.advance(**passed)

    @staticmethod
    def moment(hour: int, minute: int) -> datetime.datetime:
        """A moment on the day of the tests, in UTC."""
        return datetime.datetime(2025, 3, 3, hour, minute, tzinfo=datetime.UTC)
