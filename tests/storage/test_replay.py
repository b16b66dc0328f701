"""Whatever tabs save, in whatever order, on however old a page: the trail tells the document, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_study import Place
from sqlalchemy import select

from survey.answers.document import PARTS, Document, Key
from survey.storage.merging import Conflict
from survey.storage.responses import replay
from survey.storage.tables import Change, Visit

KEYS: list[Key] = [("answers", "age"), ("answers", "home"), ("drafts", "age"), ("notes", "age")]


@dataclass(frozen=True)
class Step:
    """A tab looks at the newest version first, or not, and saves values; None takes one away."""

    tab: str | None
    looks: bool
    kind: str
    values: dict[Key, Any]


STEPS = st.lists(
    st.builds(
        Step,
        tab=st.sampled_from(["one", "two", "three", None]),
        looks=st.booleans(),
        kind=st.sampled_from(["page", "autosave"]),
        values=st.dictionaries(st.sampled_from(KEYS), st.sampled_from([None, 1, 2, "x"]), max_size=3),
    ),
    min_size=2,
    max_size=9,
)


def flat(document: Document) -> dict[Key, Any]:
    return {(part, unit): value for part in PARTS for unit, value in document[part].items()}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_saved_is_in_the_trail_and_nobody_overwrites_what_they_did_not_see(
    place: Place, steps: list[Step]
) -> None:
    token = place.open()
    seen: dict[str | None, int] = {}
    documents: list[dict[Key, Any]] = [{}]
    sent: set[tuple[Key, Any]] = set()
    history: list[tuple[int, Key, str | None]] = []
    for step in steps:
        before = place.record(token)
        base = before.version if step.looks else seen.get(step.tab, 0)
        seen[step.tab] = base
        sent |= set(step.values.items())
        try:
            after = place.save(token, step.values, tab=step.tab, base_version=base, kind=step.kind)
        except Conflict as conflict:
            # Nothing was written, and both versions are there to choose from.
            assert place.record(token) == before
            assert {one.key: (one.theirs, one.mine) for one in conflict.differences} == {
                one.key: (flat(before.document).get(one.key), step.values[one.key]) for one in conflict.differences
            }
            continue
        if after.version > before.version:
            documents.append(flat(after.document))
        # What was not sent stays; what was sent is there, or it was what this page showed and another tab changed it.
        was, now = flat(before.document), flat(after.document)
        for key in KEYS:
            if key not in step.values:
                assert now.get(key) == was.get(key)
            elif now.get(key) != step.values[key]:
                elsewhere = any(
                    version > base and changed == key and (tab is None or tab != step.tab)
                    for version, changed, tab in history
                )
                assert (now.get(key), elsewhere) == (was.get(key), True)
        history += [(after.version, key, step.tab) for key in KEYS if was.get(key) != now.get(key)]
    final = place.record(token)
    with place.database.reading() as session:
        assert replay(session, final.id) == final.document
        query = select(Change.version, Change.part, Change.unit, Change.old, Change.new, Visit.tab, Visit.version)
        rows = session.execute(
            query.join(Visit, Change.visit_id == Visit.id).where(Change.response_id == final.id)
        ).all()
    assert len(documents) == final.version + 1
    # No answer was invented, every change says what stood there before, and its visit has the same version.
    assert set(flat(final.document).items()) - sent == set()
    told = {(version, (part, unit)): (old, new) for version, part, unit, old, new, _, _ in rows}
    assert all(row[0] == row[-1] for row in rows)
    assert {where: (said(old), said(new)) for where, (old, new) in told.items()} == {
        (version, key): (old.get(key), new.get(key))
        for version, (old, new) in enumerate(pairwise(documents), start=1)
        for key in KEYS
        if old.get(key) != new.get(key)
    }


def said(value: str | None) -> Any:
    return {None: None, "1": 1, "2": 2, '"x"': "x"}[value]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_saved_no_change_steps_over_one_that_its_tab_had_not_seen(place: Place, steps: list[Step]) -> None:
    token = place.open()
    seen: dict[str | None, int] = {}
    history: list[tuple[int, Key, str | None]] = []
    for step in steps:
        before = place.record(token)
        seen[step.tab] = before.version if step.looks else seen.get(step.tab, 0)
        try:
            after = place.save(token, step.values, tab=step.tab, base_version=seen[step.tab], kind=step.kind)
        except Conflict:
            continue
        was, now = flat(before.document), flat(after.document)
        changed = [key for key in KEYS if was.get(key) != now.get(key)]
        stepped_over = [
            (version, key)
            for version, key, tab in history
            if key in changed and version > seen[step.tab] and (tab is None or tab != step.tab)
        ]
        assert stepped_over == []
        history += [(after.version, key, step.tab) for key in changed]
