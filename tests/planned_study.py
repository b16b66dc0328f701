"""A study by the protocol that is shipped, with two teams and the people who work there, in any database."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.instruments.library import SHIPPED
from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import course, people, protocols
from survey.storage.codes import new_code
from survey.storage.tables import Person, Wave

SLUG = "planned"

PLACES: Mapping[str, Mapping[str, str | None]] = {
    "ilse": {"interviewer": "north"},
    "iris": {"interviewer": "south"},
    "coen": {"coach": "north"},
    "cora": {"coach": "south"},
    "olga": {"observer": None},
    "oscar": {"observer": None},
    "tess": {"team_leader": "north"},
    "rik": {"researcher": None},
    "admin": {},
}
"""Person -> role -> the team where it holds, None for the whole study."""


@dataclass(frozen=True)
class PlannedStudy:
    """The ids of a study by protocol: its teams by code, its waves by code, its people by name, and their codes."""

    study: int
    teams: Mapping[str, int]
    waves: Mapping[str, int]
    people: Mapping[str, int]
    codes: Mapping[str, str]
    slug: str = SLUG


@cache
def krachtwerk() -> FiledProtocol:
    """The protocol that is shipped."""
    source = (SHIPPED / "protocols" / "krachtwerk.yaml").read_text(encoding="utf-8")
    return FiledProtocol(kept_protocol(source), source)


def plan_study(
    session: Session, now: datetime.datetime, *, filed: FiledProtocol | None = None, password_hash: str = ""
) -> PlannedStudy:
    """A study called "planned", by `filed` or the protocol that is shipped, with everybody of PLACES in it.

    Who is there already is taken as they are. The others are made, with this hash of a password: hashing takes long.
    """
    ids = {name: _person(session, name, now, password_hash) for name in PLACES}
    study = protocols.add_study_with(session, SLUG, filed or krachtwerk(), "en", ids["admin"], now)
    teams = {team.code: team.id for team in protocols.teams(session, study)}
    for name, roles in PLACES.items():
        scopes = {role: None if team is None else frozenset({teams[team]}) for role, team in roles.items()}
        people.set_scopes(session, ids[name], study, scopes)
    course.plan_people(session, study, now)
    waves = {wave.code: wave.id for wave in session.scalars(select(Wave).where(Wave.study_id == study))}
    codes = {name: session.get_one(Person, person_id).code for name, person_id in ids.items()}
    return PlannedStudy(study, teams, waves, ids, codes)


def _person(session: Session, name: str, now: datetime.datetime, password_hash: str) -> int:
    found = session.scalar(select(Person.id).where(Person.name == name))
    if found is not None:
        return found
    made = Person(
        name=name, code=new_code(), password_hash=password_hash, made_at=now, language="en", admin=name == "admin"
    )
    session.add(made)
    session.flush()
    return made.id
