"""Handed-in responses as the measures look at them, read for many at once and remembered while they do not change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from survey.instruments.library import Library
from survey.measures.measurement import Measurement, Measurer, Subject
from survey.storage.meetings import not_about
from survey.storage.reading import BATCH, AnySelect
from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Participant, Person, Response, Segment, Team, Visit, Wave

MOST_KEPT = 50_000
"""So many responses are remembered at most, at two to four kilobytes each."""


class _Row(NamedTuple):
    """One response without its answers."""

    id: int
    token: str
    version: int
    instrument_version: int
    wave: str
    mode: str
    subject: Subject


class _Kept(NamedTuple):
    """A measurement, and the version of the response of which it is."""

    version: int
    measurement: Measurement


class Measures:
    """The measurements of responses, made when first looked at and again when a response has changed."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[tuple[int, str], dict[str, _Kept]] = {}

    def read(
        self,
        session: Session,
        library: Library,
        study_id: int,
        instrument: str,
        teams: Scope = None,
        but_meetings: tuple[int, ...] = (),
    ) -> list[Measurement]:
        """What was handed in of one instrument, within these teams (None: all), by subject and wave.

        Left out is what is about these meetings (ids), and what is on a version that is not in the library.
        """
        measurers = {one.version: Measurer(one) for one in library.versions(instrument)}
        query = _listed(study_id, instrument).where(in_teams(Response.team_id, teams), not_about(but_meetings))
        rows = [_row(row) for row in session.execute(query)]
        rows = [row for row in rows if row.instrument_version in measurers]
        place = (study_id, instrument)
        before = self._kept.get(place, {})
        there: dict[str, _Kept] = {}
        new = []
        for row in rows:
            kept = before.get(row.token)
            if kept is None or kept.version < row.version:
                new.append(row)
            else:
                there[row.token] = kept
        for start in range(0, len(new), BATCH):
            there.update(_measured(session, new[start : start + BATCH], measurers))
        self._keep(place, there if teams is None and not but_meetings else before | there)
        return [_of(row.subject, there[row.token].measurement) for row in rows if row.token in there]

    def _keep(self, place: tuple[int, str], kept: dict[str, _Kept]) -> None:
        """Remember these, and let go of the instruments at which nobody looked for the longest time."""
        others = {one: rows for one, rows in self._kept.items() if one != place}
        room = self._most - len(kept)
        while others and sum(map(len, others.values())) > room:
            del others[next(iter(others))]
        # Replaced as a whole, since other threads may be reading.
        self._kept = others | {place: kept}


def _of(subject: Subject, measurement: Measurement) -> Measurement:
    """Teams and coaches change without a response changing."""
    return measurement if measurement.subject_of == subject else replace(measurement, subject_of=subject)


def _listed(study_id: int, instrument: str) -> AnySelect:
    coach = aliased(Person)
    query: AnySelect = select(
        Response.id, Response.token, Response.version, Response.instrument_version, Wave.code, Response.mode,
        SUBJECT, Team.code, Participant.arm, coach.code, Response.person_id,
    )  # fmt: skip
    query = with_subjects(query.select_from(Response).join(Wave, Response.wave_id == Wave.id), Response)
    query = query.outerjoin(Team, Response.team_id == Team.id).outerjoin(coach, Participant.coach_id == coach.id)
    query = query.where(Response.study_id == study_id, Response.instrument == instrument)
    query = query.where(Response.submitted_at.is_not(None))
    return query.order_by(SUBJECT, Wave.position, Response.id)


def _row(row: Any) -> _Row:
    return _Row._make((*row[:6], Subject._make(row[6:])))


def _measured(session: Session, rows: Sequence[_Row], measurers: dict[int, Measurer]) -> dict[str, _Kept]:
    """The measurements of some hundreds of responses, by token. One that was erased since is left out."""
    ids = [row.id for row in rows]
    query = select(Response.id, Response.version, Response.document).where(Response.id.in_(ids))
    documents = {row.id: row for row in session.execute(query)}
    interpreted = _interpreted(session, ids)
    found = {}
    for row in (row for row in rows if row.id in documents):
        # A save between the two queries is in the document: its version is the one that counts.
        _, version, document = documents[row.id]
        measurement = measurers[row.instrument_version].measurement(
            row.token, row.wave, row.subject, json.loads(document)["answers"],
            mode=row.mode, interpreted=row.id in interpreted,
        )  # fmt: skip
        found[row.token] = _Kept(version, measurement)
    return found


def _interpreted(session: Session, ids: Sequence[int]) -> set[int]:
    """The responses of which a part was saved while somebody interpreted."""
    saved = (Visit.response_id == Segment.response_id) & (Visit.segment == Segment.number)
    query = select(Segment.response_id).join(Visit, saved).where(Segment.response_id.in_(ids))
    query = query.where(Segment.interpreter != "none", Visit.kind != "correction")
    return set(session.scalars(query.distinct()))
