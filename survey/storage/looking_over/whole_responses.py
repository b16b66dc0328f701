"""Looking over responses: each document is what its trail makes of it, and each receipt is of what was there."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from survey.answers.document import OF_QUESTIONS, PARTS, Document
from survey.instruments.library import Library
from survey.storage.looking_over.faults import Fault
from survey.storage.receipts import fingerprint
from survey.storage.record import dumps
from survey.storage.tables import Change, Receipt, Response, TextSet, Visit

AT_A_TIME = 100
"""Responses that are looked at together: their trails fit into memory, whatever the number of responses is."""

_DO = "compare this response with a backup of before, and ask who writes into the database beside the server"

_RESPONSE = (Response.id, Response.instrument, Response.instrument_version, Response.version, Response.document)
_VISIT = (Visit.id, Visit.response_id, Visit.version, Visit.texts, Visit.second_texts)
_CHANGE = (
    Change.id, Change.response_id, Change.visit_id, Change.version, Change.part, Change.unit, Change.old, Change.new
)  # fmt: skip
_RECEIPT = (Receipt.id, Receipt.response_id, Receipt.version, Receipt.document)


def response_faults(connection: Connection, library: Library, looked: Counter[str]) -> Iterator[Fault]:
    """What is wrong with responses, in order, a few of them at a time."""
    texts = {
        sha256: (name, version)
        for sha256, name, version in connection.execute(
            select(TextSet.sha256, TextSet.instrument, TextSet.instrument_version)
        )
    }
    yield from _without_instrument(connection, library)
    after = 0
    while some := connection.execute(
        select(*_RESPONSE).where(Response.id > after).order_by(Response.id).limit(AT_A_TIME)
    ).all():
        first, after = some[0].id, some[-1].id
        visits, changes, receipts = (
            _by_response(connection, query.where(table.response_id.between(first, after)))
            for table, query in (
                (Visit, select(*_VISIT).order_by(Visit.version, Visit.id)),
                (Change, select(*_CHANGE).order_by(Change.id)),
                (Receipt, select(*_RECEIPT).order_by(Receipt.version, Receipt.id)),
            )
        )
        for row in some:
            looked["responses"] += 1
            for name, of in (("visits", visits), ("changes", changes), ("receipts", receipts)):
                looked[name] += len(of[row.id])
            yield from _visit_faults(row, visits[row.id], texts)
            yield from _trail_faults(row, visits[row.id], changes[row.id], receipts[row.id])
            yield from _unit_faults(row, library)


def _by_response(connection: Connection, query: Select[Any]) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.response_id].append(row)
    return found


def _without_instrument(connection: Connection, library: Library) -> Iterator[Fault]:
    known = {(one.instrument, one.version) for one in library}
    used = select(Response.instrument, Response.instrument_version).distinct()
    for name, version in sorted(tuple(row) for row in connection.execute(used)):
        if (name, version) not in known:
            do = "put its file back into your definitions: without it these responses cannot be shown or exported"
            yield Fault(f"instrument {name} version {version}", "responses are of it, and it is not there", do)


def _visit_faults(response: Row[Any], visits: list[Row[Any]], texts: dict[str, tuple[str, int]]) -> Iterator[Fault]:
    where = f"response {response.id}"
    versions = [visit.version for visit in visits]
    if versions != list(range(1, response.version + 1)):
        wanted, there = Counter(range(1, response.version + 1)), Counter(versions)
        odd = sorted(((wanted - there) + (there - wanted)).keys())
        some = ", ".join(map(str, odd[:5])) or "their order"
        yield Fault(where, f"it has {response.version} saves, and their visits do not say so (version {some})", _DO)
    own = (response.instrument, response.instrument_version)
    for visit in visits:
        if any(texts.get(sha256, own) != own for sha256 in (visit.texts, visit.second_texts) if sha256):
            yield Fault(f"visit {visit.id}", "the texts that it showed are of another instrument or version", _DO)


def _trail_faults(
    response: Row[Any], visits: list[Row[Any]], changes: list[Row[Any]], receipts: list[Row[Any]]
) -> Iterator[Fault]:
    """Play the changes from the beginning: each begins with what was there; receipts and document are the result."""
    versions, document, version = {visit.id: visit.version for visit in visits}, _empty(), 0
    due = list(receipts)
    for change in changes:
        where = f"change {change.id} of response {response.id}"
        yield from _receipt_faults(due, document, change.version)
        if change.version < version:
            yield Fault(where, "it stands behind changes of a later version", _DO)
        version = max(version, change.version)
        if versions.get(change.visit_id) != change.version:
            yield Fault(where, "the visit that it belongs to is not of this response and version", _DO)
        if change.part not in PARTS:
            yield Fault(where, "it is of a part that no document has", _DO)
            continue
        part = document[change.part]
        old, new = _value(change.old), _value(change.new)
        if old is _BROKEN or new is _BROKEN:
            yield Fault(where, "what it holds cannot be read", _DO)
            continue
        # As texts: to Python 1 and true are the same, and to a reader they are not.
        if dumps(old) != dumps(part.get(change.unit)):
            yield Fault(where, "what it says was there before is not what was there", _DO)
        if new is None:
            part.pop(change.unit, None)
        else:
            part[change.unit] = new
    yield from _receipt_faults(due, document, response.version + 1)
    for receipt in due:
        yield Fault(f"receipt {receipt.id}", "it is of a version that its response does not have", _DO)
    kept = _value(response.document)
    if not isinstance(kept, dict) or dumps(_empty() | kept) != dumps(document):
        yield Fault(f"response {response.id}", "its answers are not what its trail makes of them", _DO)


def _receipt_faults(due: list[Row[Any]], document: Document, before: int) -> Iterator[Fault]:
    """Compare the receipts of versions before this one with the document, and take them off the list."""
    while due and due[0].version < before:
        receipt = due.pop(0)
        if fingerprint(document) != receipt.document:
            yield Fault(f"receipt {receipt.id}", "what was promised as safe is not what the trail has", _DO)


_BROKEN = object()


def _value(written: str | None) -> Any:
    if written is None:
        return None
    try:
        return json.loads(written)
    except ValueError:
        return _BROKEN


def _empty() -> Document:
    return {part: {} for part in PARTS}


def _unit_faults(response: Row[Any], library: Library) -> Iterator[Fault]:
    """Answers to what the instrument does not ask: no export has a column for them."""
    kept = _value(response.document)
    if not isinstance(kept, dict):
        return
    try:
        instrument = library.instrument(response.instrument, response.instrument_version)
    except KeyError:
        return
    units, questions = instrument.units.keys(), instrument.questions.keys()
    for part, values in kept.items():
        if isinstance(values, dict) and values.keys() - (questions if part in OF_QUESTIONS else units):
            yield Fault(f"response {response.id}", f"its {part} have names that its instrument does not", _DO)
