"""What the faults happen to: a database with a study, its interviewers, and a response for each of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from survey.storage import participants, people, responses, studies
from survey.storage.database import Database
from survey.storage.responses import Opening

PASSWORD = "seven quiet herons"

DEFINITION = """
instrument: fire
version: 1
language: en
title: Under fire
about: participant
role: interviewer
purpose: To be answered while servers fall over.
pages:
  - page: home
    title: Home
    questions:
      - {kind: number, name: age, text: How old are you?, min: 0, max: 100000}
      - {kind: text, name: where, text: Where do you sleep?}
      - {kind: open, name: story, text: What do you want to tell?}
      - {kind: number, name: rooms, text: How many rooms are there?, min: 0, max: 100000}
"""

UNITS = ("age", "where", "story", "rooms")
NUMBERS = frozenset({"age", "rooms"})


@dataclass(frozen=True)
class Seat:
    """One interviewer with the response that they fill in, and the questions of it that they answer."""

    name: str
    token: str
    units: tuple[str, ...]


def own_definitions(folder: Path) -> Path:
    """A folder with the one instrument."""
    file = folder / "instruments" / "fire" / "v1.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(DEFINITION, encoding="utf-8")
    return folder


def set_scene(url: str, seats: int) -> list[Seat]:
    """Make all tables, and so many interviewers. The last two fill in one response, each other questions of it."""
    database = Database(url)
    database.upgrade()
    now = datetime.datetime.now(datetime.UTC)
    found = []
    with database.writing() as session:
        study = studies.add_study(session, "demo", "The demo study", [("t0", "Start")], now)
        wave = studies.waves(session, study)[0].id
        token = ""
        for number in range(seats):
            name = f"ilse{number}"
            person = people.add_person(session, name, PASSWORD, now, language="en")
            people.set_roles(session, person, study, frozenset({"interviewer"}))
            shared = seats > 1 and number >= seats - 2
            if not (shared and number == seats - 1):
                participant = participants.register(session, study, person, now)
                opening = Opening(study, wave, "fire", 1, person, "en", participant_id=participant.id)
                token = responses.open_response(session, opening, now)
            units = UNITS if not shared else UNITS[::2] if number == seats - 1 else UNITS[1::2]
            found.append(Seat(name, token, units))
    database.close()
    return found
