"""The audit trail in the database: what is looked for is found in pages, in both databases."""

from __future__ import annotations

import datetime

import pytest
from small_study import START, Place

from survey.storage import audit, participants
from survey.storage.audit import Wanted

DAY = datetime.timedelta(days=1)


@pytest.fixture
def trail(place: Place) -> Place:
    with place.database.writing() as session:
        audit.note(session, "opened a response", place.ilse, START, participant="K7F-3QH", study="demo")
        audit.note(session, "downloaded", place.coen, START + DAY, study="demo_2", rows=100)
        audit.note(session, "downloaded", place.coen, START + 2 * DAY, study="demo", rows=3)
        audit.note(session, "signed in", None, START + 3 * DAY)
        participants.register(session, place.study, place.ilse, START).code = "QQQ-QQQ"
        audit.note(session, "changed a status", place.ilse, START + 4 * DAY, participant="QQQ-QQQ", status="active")
    return place


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), [5, 4, 3, 2, 1]),
        (Wanted(who="coe-333"), [3, 2]),
        (Wanted(who="%"), []),
        (Wanted(action="downloaded"), [3, 2]),
        (Wanted(study="demo"), [5, 3, 1]),
        (Wanted(words="k7f3qh"), [1]),
        (Wanted(words="rows"), [3, 2]),
        (Wanted(since=START + DAY), [5, 4, 3, 2]),
        (Wanted(until=START + DAY), [1]),
        (Wanted(who="COE", action="downloaded", study="demo", since=START, until=START + 3 * DAY), [3]),
    ],
)
def test_what_is_looked_for_is_found_counted_and_handed_out(trail: Place, wanted: Wanted, found: list[int]) -> None:
    with trail.database.reading() as session:
        assert [entry.id for entry, _ in audit.newest(session, 10, 0, wanted)] == found
        assert audit.count(session, wanted) == len(found)
        assert [entry.id for entry, _ in audit.every(session, wanted)] == found[::-1]


def test_pages_follow_each_other_from_either_end(trail: Place) -> None:
    with trail.database.reading() as session:
        assert [entry.id for entry, _ in audit.newest(session, 3, 1)] == [4, 3, 2]
        oldest = audit.newest(session, 2, 1, oldest_first=True)
    assert [(entry.id, code) for entry, code in oldest] == [(2, "COE-333"), (3, "COE-333")]
