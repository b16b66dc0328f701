"""How responses were filled in, read for many at once and remembered as long as they do not change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import DateTime, func, select, type_coerce
from sqlalchemy.orm import Session

from survey.instruments.library import Library
from survey.measures.quality import Digest, Digester, Save
from survey.storage.meetings import not_about
from survey.storage.reading import AnySelect
from survey.storage.remembered import MOST_KEPT, Made, Remembered
from survey.storage.scopes import Scope, in_teams
from survey.storage.subjects import SUBJECT, with_subjects
from survey.storage.tables import Response, Segment, Visit, Wave

_PLAIN = DateTime(timezone=True)
"""Moments as the database gives them. Only the seconds between two of them count, so their zone need not be set."""


class Size(NamedTuple):
    """How many responses of one instrument were begun at one wave, which is a code."""

    instrument: str
    wave: str
    begun: int


def sizes(session: Session, study_id: int, teams: Scope = None) -> list[Size]:
    """The sizes of a study, or of these teams of it, by instrument and wave."""
    query: AnySelect = select(Response.instrument, Wave.code, func.count()).join(Wave, Response.wave_id == Wave.id)
    query = query.where(Response.study_id == study_id, in_teams(Response.team_id, teams))
    query = query.group_by(Response.instrument, Wave.code, Wave.position)
    return [Size(*row) for row in session.execute(query.order_by(Response.instrument, Wave.position))]


class Listed(NamedTuple):
    """One response as it stands in the list. `wave` is a code, `subject` a participant's or a person's code."""

    id: int
    token: str
    version: int
    instrument_version: int
    wave: str
    subject: str
    submitted: bool


class Looked(NamedTuple):
    """One response with how it was filled in."""

    listed: Listed
    digest: Digest


@dataclass(frozen=True)
class Which:
    """Which responses: of one instrument of a study, at one wave (a code) and of these teams; None: of all.

    `but_meetings` leaves out those about these meetings (ids).
    """

    study_id: int
    instrument: str
    wave: str | None = None
    teams: Scope = None
    but_meetings: tuple[int, ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether these are not all responses of the instrument."""
        return self.wave is not None or self.teams is not None or bool(self.but_meetings)


def listed(session: Session, which: Which) -> list[Listed]:
    """These responses, the newest first."""
    query: AnySelect = select(
        Response.id, Response.token, Response.version, Response.instrument_version, Wave.code,
        SUBJECT, Response.submitted_at.is_not(None),
    )  # fmt: skip
    query = with_subjects(query.join(Wave, Response.wave_id == Wave.id), Response)
    query = query.where(Response.study_id == which.study_id, Response.instrument == which.instrument)
    query = query.where(in_teams(Response.team_id, which.teams), not_about(which.but_meetings))
    if which.wave is not None:
        query = query.where(Wave.code == which.wave)
    return [Listed(*row) for row in session.execute(query.order_by(Response.id.desc()))]


class Digests:
    """The digests of responses, made when first looked at and again when a response has changed.

    A digest takes half a millisecond, so that thousands of them would keep a reader waiting on every page of a
    list. They hold no answers. What is no longer among the responses is forgotten at the next look at all of them.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._remembered: Remembered[Digest] = Remembered(most)

    def looked(self, session: Session, library: Library, which: Which) -> list[Looked]:
        """These responses as `listed` gives them, each with its digest.

        Left out are those on a version that is not in the library.
        """
        versions = {one.version: one for one in library.versions(which.instrument)}
        rows = [row for row in listed(session, which) if row.instrument_version in versions]
        digesters = {version: Digester(versions[version]) for version in {row.instrument_version for row in rows}}
        there = self._remembered.of(
            (which.study_id, which.instrument), rows, lambda new: _read(session, new, digesters),
            every=not which.narrowed,
        )  # fmt: skip
        return [Looked(row, there[row.token]) for row in rows if row.token in there]


def _read(session: Session, rows: Sequence[Listed], digesters: dict[int, Digester]) -> Iterator[Made[Digest]]:
    """What there is to remember of each of these responses. There may be some hundreds.

    One that was erased since it was listed is left out.
    """
    ids = [row.id for row in rows]
    began = type_coerce(Response.started_at, _PLAIN)
    query = select(Response.id, Response.version, began, Response.document).where(Response.id.in_(ids))
    documents = {row.id: row for row in session.execute(query)}
    interpreting = _interpreting(session, ids)
    saves, interpreted = _saves(session, ids, interpreting)
    for row in (row for row in rows if row.id in documents):
        # A save between the two queries is in the document: its version is the one that counts.
        _, version, began_at, written = documents[row.id]
        document: dict[str, Any] = json.loads(written)
        digest = digesters[row.instrument_version].digest(
            document["answers"],
            document.get("relay", {}),
            began_at,
            saves.get(row.id, ()),
            interpreted=row.id in interpreted,
        )
        yield Made(row.token, version, digest)


def _interpreting(session: Session, ids: Sequence[int]) -> set[tuple[int, int]]:
    """Response and number of the segments in which somebody interpreted."""
    query = select(Segment.response_id, Segment.number).where(Segment.response_id.in_(ids))
    return {(one, number) for one, number in session.execute(query.where(Segment.interpreter != "none"))}


def _saves(
    session: Session, ids: Sequence[int], interpreting: set[tuple[int, int]]
) -> tuple[dict[int, list[Save]], set[int]]:
    """The saves of each response before it was handed in, and the responses with a save while somebody interpreted."""
    query = select(Visit.response_id, Visit.page, type_coerce(Visit.at, _PLAIN), Visit.segment)
    query = query.where(Visit.response_id.in_(ids), Visit.kind != "correction")
    found: dict[int, list[Save]] = defaultdict(list)
    interpreted = set()
    for one, page, at, segment in session.execute(query.order_by(Visit.response_id, Visit.id)):
        found[one].append(Save(page, at))
        if (one, segment) in interpreting:
            interpreted.add(one)
    return found, interpreted
