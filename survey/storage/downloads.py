"""The files that were handed out of a study, and which of them hold what later files do not."""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from survey.storage.reading import Selection
from survey.storage.record import dumps
from survey.storage.tables import Download, Participant, Person

Why = Literal["erased", "erased_kept"]
WHYS: tuple[Why, ...] = get_args(Why)
"""Somebody was erased since, and their answers with them; or they were, and let their answers stay."""


@dataclass(frozen=True)
class HandedOut:
    """What is kept of a file: its suffix, its SHA-256, its responses, and how many cells had to be changed to fit."""

    suffix: str
    sha256: str
    responses: int
    losses: int = 0


class Held(NamedTuple):
    """A response that a file may hold."""

    instrument: str
    wave: str
    started_at: datetime.datetime
    submitted_at: datetime.datetime | None


def erased_count(session: Session, study_id: int) -> int:
    """How many participants of a study were erased: read it before a file is made, and give it to `note`."""
    query = select(func.count()).select_from(Participant)
    return session.scalar(query.where(Participant.study_id == study_id, Participant.status == "erased")) or 0


def note(
    session: Session,
    selection: Selection,
    file: HandedOut,
    person_id: int | None,
    now: datetime.datetime,
    *,
    erased_before: int,
) -> None:
    """Put a file on record. Who was erased while it was made may stand in it: then it is superseded from the start."""
    late = erased_count(session, selection.study_id) != erased_before
    row = {
        "study_id": selection.study_id,
        "at": now,
        "person_id": person_id,
        "format": file.suffix,
        "sha256": file.sha256,
        "responses": file.responses,
        "losses": file.losses,
        "selection": _kept(selection),
        "superseded_at": now if late else None,
        "superseded_why": "erased" if late else None,
    }
    session.execute(insert(Download), row)


def _kept(selection: Selection) -> str:
    return dumps({name: value for name, value in vars(selection).items() if name != "study_id" and value})


def chosen(download: Download) -> dict[str, Any]:
    """What was chosen for a file, by the names of Selection; what is not there was not narrowed."""
    found: dict[str, Any] = json.loads(download.selection)
    return found


def could_hold(download: Download, held: Held) -> bool:
    """Whether a response was there when the file was made, and among what was chosen for it."""
    of = chosen(download)
    counted_from = held.submitted_at if of.get("submitted_only") else held.started_at
    return (
        counted_from is not None
        and counted_from <= download.at
        and held.instrument in of.get("instruments", (held.instrument,))
        and held.wave in of.get("waves", (held.wave,))
    )


def supersede(
    session: Session,
    study_id: int,
    held: Collection[Held],
    why: Why,
    now: datetime.datetime,
    *,
    listed_since: datetime.datetime | None = None,
) -> int:
    """Mark the files of a study that could hold one of these responses, and count them.

    `listed_since`: from this moment on every file has had a row about the person, whatever was chosen for it. A file
    that must go stays marked so, whatever happens later.
    """
    query = select(Download).where(Download.study_id == study_id, Download.superseded_why.is_distinct_from("erased"))
    found = [
        one
        for one in session.scalars(query)
        if (listed_since is not None and listed_since <= one.at) or any(could_hold(one, response) for response in held)
    ]
    for one in found:
        one.superseded_at, one.superseded_why = now, why
    session.flush()
    return len(found)


SORTS = {"at": Download.at, "by": Person.code, "format": Download.format, "responses": Download.responses}
"""How the list of files can be sorted."""


@dataclass(frozen=True)
class Which:
    """Which files: of a study, made by somebody, of a format, and superseded, or not; None: of all."""

    study_id: int
    person_id: int | None = None
    suffix: str | None = None
    superseded: bool | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for a query."""
        found: list[ColumnElement[bool]] = [Download.study_id == self.study_id]
        if self.person_id is not None:
            found.append(Download.person_id == self.person_id)
        if self.suffix is not None:
            found.append(Download.format == self.suffix)
        if self.superseded is not None:
            found.append(Download.superseded_at.is_not(None) == self.superseded)
        return found


def count(session: Session, which: Which) -> int:
    """How many files there are."""
    return session.scalar(select(func.count()).select_from(Download).where(*which.conditions)) or 0


def files(
    session: Session, which: Which, sort: str, descending: bool, limit: int, offset: int
) -> list[tuple[Download, str | None]]:
    """Files with the code of who made each; None for the command line. `sort` is one of SORTS."""
    column = SORTS[sort]
    query = select(Download, Person.code).outerjoin(Person, Download.person_id == Person.id).where(*which.conditions)
    order = (column.desc(), Download.id.desc()) if descending else (column.asc(), Download.id.asc())
    rows = session.execute(query.order_by(*order).limit(limit).offset(offset)).all()
    return [(row[0], row[1]) for row in rows]
