"""The memory of an export does not grow with the responses."""

from __future__ import annotations

import tracemalloc

import pytest
from fieldwork import START, Fieldwork
from sqlalchemy import insert, select

from exports import read_back, sheet_stream
from survey.storage.record import dumps
from survey.storage.tables import Participant, Response


def add_responses(fieldwork: Fieldwork, first: int, last: int) -> None:
    """Responses straight into the tables, as thousands through storage would take long."""
    people = [
        {"study_id": fieldwork.study, "code": f"P{i:05}", "registered_at": START, "registered_by": fieldwork.ilse}
        for i in range(first, last)
    ]
    with fieldwork.database.writing() as session:
        session.execute(insert(Participant), people)
        ids = session.scalars(select(Participant.id).order_by(Participant.id)).all()[first:last]
        rows = [
            {
                "token": f"token-{i}", "study_id": fieldwork.study, "wave_id": fieldwork.waves["t0"], "version": 1,
                "instrument": "small", "instrument_version": 1, "participant_id": i, "opened_by": fieldwork.ilse,
                "language": "nl", "started_at": START, "changed_at": START,
                "document": dumps(
                    {"answers": {"trust": i, "why": f"om {i} " * 50}, "drafts": {}, "notes": {}, "relay": {}}
                ),
            }
            for i in ids
        ]  # fmt: skip
        session.execute(insert(Response), rows)


def peak(fieldwork: Fieldwork) -> int:
    """The most bytes that Python held at once during an export."""
    tracemalloc.start()
    try:
        fieldwork.export()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.alone
def test_five_times_the_responses_need_no_more_memory(fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is remembered has its bounds; small ones are reached by a test.
    monkeypatch.setattr(sheet_stream, "KEPT_AT_MOST", 100)
    monkeypatch.setattr(read_back, "KEPT_AT_MOST", 100)
    fieldwork.ask(
        """
        kind: number, name: trust, text: Vertrouwen?
        kind: open, name: why, text: Waarom?
        """
    )
    add_responses(fieldwork, 0, 600)
    fieldwork.export()
    few = peak(fieldwork)
    add_responses(fieldwork, 600, 3000)
    many = peak(fieldwork)
    # What else varies are the threads that pack and unpack, a chunk ahead of the rest.
    assert many < 1.3 * few
