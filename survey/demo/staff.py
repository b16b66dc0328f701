"""The people who sign in to the demo study: one for each role to try out, and their colleagues."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.storage.people import ROLES, add_person, new_password, set_scopes


@dataclass(frozen=True)
class SignIn:
    """A way in for trying out one role."""

    role: str
    name: str
    password: str


@dataclass(frozen=True)
class Staff:
    """The ids of the people of the study by role, and one way in for each role, the admin's first."""

    admin: int
    interviewers: tuple[int, ...]
    coaches: tuple[int, ...]
    observers: tuple[int, ...]
    team_leader: int
    researchers: tuple[int, ...]
    teams: Mapping[int, int]
    """Coach or team leader -> the team's id."""
    sign_ins: tuple[SignIn, ...]

    @property
    def researcher(self) -> int:
        """Who asks about answers, locks responses and plans meetings."""
        return self.researchers[0]


ADMIN = "beheer"
NAMES: dict[str, tuple[str, ...]] = {
    "interviewer": ("interview", "interview2"),
    "coach": ("coach", "coach2", "coach3", "coach4", "coach5", "coach6"),
    "observer": ("observatie", "observatie2"),
    "team_leader": ("teamleider",),
    "researcher": ("onderzoek", "onderzoek2"),
    "translator": ("vertaling",),
}
"""Sign-in names by role; the first of each is the one to try the role out with."""

IN_A_TEAM = ("coach", "team_leader")
"""Roles that hold in one team; the others do in the whole study."""


def add_staff(
    session: Session, study_id: int, team_ids: Sequence[int], now: datetime.datetime, passwords: Mapping[str, str]
) -> Staff:
    """The people of the study, with roles in it: coaches spread over the teams, the leader in the first of them.

    `passwords` are by name; others are made up by chance. Raises ValueError where a name is taken or a password too
    short.
    """
    ids: dict[str, list[int]] = {}
    teams: dict[int, int] = {}
    sign_ins = []
    for role, names in (("admin", (ADMIN,)), *((role, NAMES[role]) for role in ROLES)):
        for position, name in enumerate(names):
            password = passwords.get(name) or new_password()
            person_id = add_person(session, name, password, now, admin=role == "admin")
            if role in IN_A_TEAM:
                teams[person_id] = team_ids[position * len(team_ids) // len(names)]
            if role != "admin":
                scope = frozenset({teams[person_id]}) if person_id in teams else None
                set_scopes(session, person_id, study_id, {role: scope})
            ids.setdefault(role, []).append(person_id)
            if name == names[0]:
                sign_ins.append(SignIn(role, name, password))
    return Staff(
        admin=ids["admin"][0],
        interviewers=tuple(ids["interviewer"]),
        coaches=tuple(ids["coach"]),
        observers=tuple(ids["observer"]),
        team_leader=ids["team_leader"][0],
        researchers=tuple(ids["researcher"]),
        teams=teams,
        sign_ins=tuple(sign_ins),
    )
