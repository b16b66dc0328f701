"""Handed-in responses as the measures look at them, read for many at once and remembered while they do not change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from survey.instruments.library import Library
from survey.measures.measurement import Measurement, Measurer, Subject
from survey.storage.meetings import not_about
from survey.storage.reading import AnySelect
from survey.storage.remembered import Made, Remembered
from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Participant, Person, Response, Segment, Team, Visit, Wave


class _Row(NamedTuple):
    """One response without its answers."""

    id: int
    token: str
    version: int
    instrument_version: int
    wave: str
    mode: str
    subject: Subject


class Measures:
    """The measurements of responses, made when first looked at and again when a response has changed."""

    def __init__(self) -> None:
        self._remembered: Remembered[Measurement] = Remembered()

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
        there = self._remembered.of(
            (study_id, instrument), rows, lambda new: _measured(session, new, measurers),
            every=teams is None and not but_meetings,
        )  # fmt: skip
        return [_of(row.subject, there[row.token]) for row in rows if row.token in there]


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


def _measured(session: Session, rows: Sequence[_Row], measurers: dict[int, Measurer]) -> Iterator[Made[Measurement]]:
    """The measurements of some hundreds of responses. One that was erased since is left out."""
    ids = [row.id for row in rows]
    query = select(Response.id, Response.version, Response.document).where(Response.id.in_(ids))
    documents = {row.id: row for row in session.execute(query)}
    interpreted = _interpreted(session, ids)
    for row in (row for row in rows if row.id in documents):
        # A save between the two queries is in the document: its version is the one that counts.
        _, version, document = documents[row.id]
        measurement = measurers[row.instrument_version].measurement(
            row.token, row.wave, row.subject, json.loads(document)["answers"],
            mode=row.mode, interpreted=row.id in interpreted,
        )  # fmt: skip
        yield Made(row.token, version, measurement)


def _interpreted(session: Session, ids: Sequence[int]) -> set[int]:
    """The responses of which a part was saved while somebody interpreted."""
    saved = (Visit.response_id == Segment.response_id) & (Visit.segment == Segment.number)
    query = select(Segment.response_id).join(Visit, saved).where(Segment.response_id.in_(ids))
    query = query.where(Segment.interpreter != "none", Visit.kind != "correction")
    return set(session.scalars(query.distinct()))
