"""Where a role holds: in teams or in a whole study, for a team in hand and as a condition for the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, true

Scope = frozenset[int] | None
"""Ids of teams; None for a whole study."""

Scopes = Mapping[str, Scope]
"""Role -> where it holds."""


def widened(scope: Scope, team_id: int | None) -> Scope:
    """A scope with one more team in it; None: the whole study, which covers its teams."""
    return None if team_id is None or scope is None else scope | {team_id}


def scopes_of_rows(rows: Iterable[tuple[int, str, int | None]]) -> dict[int, dict[str, Scope]]:
    """Study id -> role -> scope, of rows of study, role and team."""
    found: dict[int, dict[str, Scope]] = {}
    for study_id, role, team_id in rows:
        mine = found.setdefault(study_id, {})
        mine[role] = widened(mine.get(role, frozenset()), team_id)
    return found


def covers(scope: Scope, team_id: int | None) -> bool:
    """Whether a team lies within a scope. What is in no team lies within a whole study only."""
    return scope is None or team_id in scope


def in_teams(column: Any, scope: Scope) -> ColumnElement[bool]:
    """The same for the database, of a column of team ids."""
    return true() if scope is None else column.in_(sorted(scope))
