"""The participants of a study as exports list them: where each stands and since when, never who they are."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from survey.storage.scopes import Scope, in_teams
from survey.storage.tables import Consent, ContactAttempt, Participant, Person, StatusChange, Team, Wave

BATCH = 500


class Listed(NamedTuple):
    """One participant. `team`, `arm`, `interviewer` and `coach` are codes.

    `attempts` and `last_outcome` say for each wave how often they were tried to be reached, and how it went last.
    """

    code: str
    team: str | None
    arm: str | None
    status: str
    reason: str | None
    since: datetime.datetime | None
    registered_at: datetime.datetime
    language: str | None
    needs_interpreter: bool | None
    consent_version: int | None
    consent_given_at: datetime.datetime | None
    consent_withdrawn_at: datetime.datetime | None
    consent_keeps: bool | None
    interviewer: str | None
    coach: str | None
    round_off: datetime.date | None
    attempts: Mapping[str, int]
    last_outcome: Mapping[str, str]


def roster(session: Session, study_id: int, teams: Scope = None) -> Iterator[Listed]:
    """The participants of a study, or of these teams of it, in the order in which they were registered."""
    interviewer, coach = aliased(Person), aliased(Person)
    since = _newest(StatusChange)
    consent = _newest(Consent)
    query: Any = (
        select(
            Participant.id, Participant.code, Team.code, Participant.arm, Participant.status, Participant.reason,
            StatusChange.at, Participant.registered_at, Participant.language, Participant.needs_interpreter,
            Consent.version, Consent.given_at, Consent.withdrawn_at, Consent.keeps, interviewer.code, coach.code,
            Participant.round_off,
        )
        .outerjoin(Team, Participant.team_id == Team.id)
        .outerjoin(StatusChange, and_(StatusChange.participant_id == Participant.id, StatusChange.id == since))
        .outerjoin(Consent, and_(Consent.participant_id == Participant.id, Consent.id == consent))
        .outerjoin(interviewer, Participant.interviewer_id == interviewer.id)
        .outerjoin(coach, Participant.coach_id == coach.id)
        .where(Participant.study_id == study_id, in_teams(Participant.team_id, teams))
    )  # fmt: skip
    rows = session.execute(query.order_by(Participant.id).execution_options(yield_per=BATCH))
    while batch := rows.fetchmany(BATCH):
        tried, last = _attempts(session, [row[0] for row in batch])
        for row in batch:
            yield Listed._make((*row[1:], tried.get(row[0], {}), last.get(row[0], {})))


def _newest(table: Any) -> Any:
    """The newest row of this table about a participant."""
    of = aliased(table)
    return select(func.max(of.id)).where(of.participant_id == Participant.id).correlate(Participant).scalar_subquery()


def _attempts(
    session: Session, participant_ids: list[int]
) -> tuple[dict[int, Counter[str]], dict[int, dict[str, str]]]:
    """Participant id -> wave -> how many attempts, and how the last one went."""
    tried: dict[int, Counter[str]] = {}
    last: dict[int, dict[str, str]] = {}
    query = select(ContactAttempt.participant_id, Wave.code, ContactAttempt.outcome)
    query = query.join(Wave, ContactAttempt.wave_id == Wave.id).where(
        ContactAttempt.participant_id.in_(participant_ids)
    )
    for participant_id, wave, outcome in session.execute(query.order_by(ContactAttempt.at, ContactAttempt.id)):
        tried.setdefault(participant_id, Counter())[wave] += 1
        last.setdefault(participant_id, {})[wave] = outcome
    return tried, last
