"""What the database says of what visitors were told: every receipt's content, the trail, and the file itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from visitors import Notebook

from survey.answers.document import PARTS, Document
from survey.instruments.library import Library
from survey.storage.database import Database
from survey.storage.looking_over.verify import verify
from survey.storage.receipts import fingerprint
from survey.storage.sealing import Sealer
from survey.storage.tables import Change, Response
from survey.storage.tables import Receipt as Kept


@dataclass
class _Trail:
    """A response as its changes made it so far."""

    document: Document = field(default_factory=lambda: {part: {} for part in PARTS})
    last: int = 0
    at: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Version -> fingerprint and answers."""


class Truth:
    """Compares a database with a notebook, each time with what is new since the last time."""

    def __init__(self, url: str, notebook: Notebook, library: Library) -> None:
        self.url, self.notebook, self._library = url, notebook, library
        self.lost: list[str] = []
        self.corrupt: list[str] = []
        self.checked = 0
        self._trails: dict[str, _Trail] = {}

    def look(self) -> None:
        """Look at every receipt that is new, and at the file."""
        database = Database(self.url)
        # First the receipts: what visitors are told while we read is looked at the next time.
        receipts = list(self.notebook.receipts[self.checked :])
        try:
            with database.reading() as session:
                ids = {token: number for number, token in session.execute(select(Response.id, Response.token))}
                for token, number in ids.items():
                    self._follow(session, number, self._trails.setdefault(token, _Trail()))
                for one in receipts:
                    found = session.scalar(
                        select(Kept).where(Kept.response_id == ids[one.token], Kept.batch == one.batch)
                    )
                    if found is None or (found.version, found.document) != (one.version, one.hash):
                        self.lost.append(f"receipt {one.batch} is not kept")
                        continue
                    digest, answers = self._trails[one.token].at.get(one.version, ("", {}))
                    if digest != one.hash or answers.get(one.unit) != one.value:
                        self.lost.append(f"{one.unit} = {one.value!r} of version {one.version}")
                self.checked += len(receipts)
                if database.sqlite:
                    found = list(session.execute(text("PRAGMA integrity_check")).scalars())
                    if found != ["ok"]:
                        self.corrupt += found
        finally:
            database.close()

    def _follow(self, session: Any, number: int, trail: _Trail) -> None:
        if not trail.at:
            trail.at[0] = (fingerprint(trail.document), {})
        query = select(Change.id, Change.version, Change.part, Change.unit, Change.new)
        changes = session.execute(query.where(Change.response_id == number, Change.id > trail.last).order_by(Change.id))
        for row, version, part, unit, new in changes:
            trail.last = row
            if new is None:
                trail.document[part].pop(unit, None)
            else:
                trail.document[part][unit] = json.loads(new)
            trail.at[version] = (fingerprint(trail.document), dict(trail.document["answers"]))

    def look_at_all(self) -> None:
        """The end: what `krachtmeting verify` finds, and whether anybody's answer was made up."""
        self.look()
        database = Database(self.url)
        self.corrupt += [str(fault) for fault in verify(database, self._library, Sealer(b""), Counter())]
        with database.reading() as session:
            changes = select(Response.token, Change.unit, Change.new).join(Response, Change.response_id == Response.id)
            for token, unit, new in session.execute(changes):
                if new is not None and json.loads(new) not in self.notebook.sent.get((token, unit), ()):
                    self.corrupt.append(f"{unit} = {new} was never said")
        database.close()
