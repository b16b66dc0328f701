"""A browser with its journal, as far as saving is concerned; played by test_never_lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from small_study import Place
from sqlalchemy import func, select

from survey.answers.document import PARTS, Document, Key
from survey.storage.record import Record
from survey.storage.tables import Change, Receipt, Visit


class Died(Exception):
    """The server was killed at this moment."""


@dataclass
class Sent:
    """A batch as a browser keeps it in its journal until it has a receipt."""

    key: str
    values: dict[Key, Any]
    base: int
    after: str
    minute: int
    reason: str | None = None


@dataclass
class Device:
    """A browser: which page it shows, what stands in its journal, and what it has to choose between."""

    person: int
    tab: str
    base: int = 0
    journal: list[Sent] = field(default_factory=list)
    last: str = ""
    open: dict[Key, tuple[Any, int]] = field(default_factory=dict)
    """What must still be chosen, and on which version it was based. It stands in the journal too."""

    @property
    def oldest(self) -> int:
        """On which version something new is based: the page shows what stands in the journal, not what others did."""
        return min([self.base, *(sent.base for sent in self.journal), *(base for _, base in self.open.values())])


def flat(document: Document) -> dict[Key, Any]:
    return {(part, unit): value for part in PARTS for unit, value in document[part].items()}


def subject(key: Key) -> Key:
    """An answer and what is no answer yet stand in one input."""
    return ("answers" if key[0] == "drafts" else key[0], key[1])


def has_receipt(place: Place, record: Record, key: str) -> bool:
    """Whether a batch was saved."""
    with place.database.reading() as session:
        query = select(Receipt.id).where(Receipt.batch == key, Receipt.response_id == record.id)
        return session.scalar(query) is not None


def counts(place: Place, record: Record) -> tuple[int, ...]:
    """How many visits, changes and receipts there are, and the version."""
    with place.database.reading() as session:
        tables = [
            session.scalar(select(func.count(table.id)).where(table.response_id == record.id)) or 0
            for table in (Visit, Change, Receipt)
        ]
    return (*tables, record.version)


def typed_before(batches: list[tuple[Device, Sent]], sent: Sent) -> list[Sent]:
    """What the same browser had typed before."""
    [mine] = [device for device, one in batches if one is sent]
    typed = [one for device, one in batches if device is mine]
    return typed[: typed.index(sent)]
