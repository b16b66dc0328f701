"""Somebody's roles in words: in which study, in which teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from survey.forms.people import ROLE_WORDS
from survey.storage.scopes import Scopes
from survey.storage.tables import Team


def in_words(scopes: Scopes, teams: Mapping[int, Team]) -> str:
    """Such as "interviewer, coach (Team North)": a role that holds in the whole study stands alone."""
    said = []
    for role, words in ROLE_WORDS.items():
        if role in scopes:
            scope = scopes[role]
            titles = sorted(teams[team].title for team in scope or () if team in teams)
            said.append(f"{words} ({', '.join(titles)})" if titles else str(words))
    return ", ".join(said)


def in_codes(scopes: Scopes, teams: Mapping[int, Team]) -> list[str]:
    """As the audit trail keeps them: "interviewer", "coach:north"."""
    return sorted(
        role if team is None else f"{role}:{teams[team].code}"
        for role, scope in scopes.items()
        for team in ([None] if scope is None else scope)
    )


def by_id(teams: Iterable[Team]) -> dict[int, Team]:
    """Teams by their id."""
    return {team.id: team for team in teams}
