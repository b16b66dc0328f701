"""Receipts: what a browser is told of a batch that was saved, once; a batch that comes again gets the same receipt."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.answers.document import Document
from survey.storage.record import Record, dumps
from survey.storage.tables import JournalKey, Receipt

KEY_BYTES = 32


class EarlierOneMissing(Exception):
    """The batch before this one, of the same browser, has not come yet. Nothing was written."""


class OtherContent(Exception):
    """Something else came under the key of this batch before. Nothing was written."""


@dataclass(frozen=True)
class Batch:
    """Some changes that a browser sends together.

    `key`: a random name of at most 36 characters that the browser gave it. `content`: its fingerprint. `after`: the key
    of the batch that the same browser sent before, which must be here first; "" for none.
    """

    key: str
    content: str
    after: str = ""


@dataclass(frozen=True)
class Given:
    """A receipt: the response's version with the batch in it, when, and the SHA-256 of the document then.

    `conflicting`: names of inputs of which the value was not saved, since another device changed the same.
    """

    batch: str
    version: int
    at: datetime.datetime
    document: str
    conflicting: tuple[str, ...] = ()


def fingerprint(document: Document) -> str:
    """The SHA-256 of a response's document, as hexadecimal digits."""
    return hashlib.sha256(dumps(document).encode()).hexdigest()


def given(session: Session, record: Record, batch: Batch) -> Given | None:
    """The receipt that this batch got before; None for a batch that is new. Raises OtherContent, EarlierOneMissing.

    The response's row must be held by this transaction, so that the same batch is not taken twice at once.
    """
    found = _receipt(session, record.id, batch.key)
    if found is not None:
        if found.content != batch.content:
            raise OtherContent
        return Given(found.batch, found.version, found.at, found.document, tuple(json.loads(found.conflicting or "[]")))
    if batch.after and _receipt(session, record.id, batch.after) is None:
        raise EarlierOneMissing
    return None


def _receipt(session: Session, response_id: int, key: str) -> Receipt | None:
    return session.scalar(select(Receipt).where(Receipt.response_id == response_id, Receipt.batch == key))


def give(
    session: Session,
    record: Record,
    batch: Batch,
    person_id: int | None,
    now: datetime.datetime,
    conflicting: Collection[str] = (),
) -> Given:
    """The receipt of a batch that was saved in this transaction; `record` is the response with it."""
    receipt = Given(batch.key, record.version, now, fingerprint(record.document), tuple(conflicting))
    row = {
        "response_id": record.id,
        "batch": batch.key,
        "content": batch.content,
        "version": receipt.version,
        "document": receipt.document,
        "conflicting": dumps(list(conflicting)) if conflicting else None,
        "person_id": person_id,
        "at": now,
    }
    session.execute(insert(Receipt), row)
    return receipt


def journal_key(session: Session, response_id: int, owner: str) -> bytes | None:
    """The key of somebody's journal of a response, if there is one. `owner` as in JournalKey."""
    return session.scalar(
        select(JournalKey.key).where(JournalKey.response_id == response_id, JournalKey.owner == owner)
    )


def make_journal_key(session: Session, response_id: int, owner: str, now: datetime.datetime) -> bytes:
    """The key of somebody's journal of a response, made the first time: 256 random bits."""
    row = {"response_id": response_id, "owner": owner, "key": secrets.token_bytes(KEY_BYTES), "made_at": now}
    try:
        with session.begin_nested():
            session.execute(insert(JournalKey), row)
    except IntegrityError:
        pass  # It is there: another browser of the same person was first.
    found = journal_key(session, response_id, owner)
    if found is None:
        raise RuntimeError("the key of a journal went while it was made")
    return found
