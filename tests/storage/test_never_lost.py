"""Several browsers, a bad network and a server that dies half-way, in any order: nothing typed is lost or invented.

A model of what journals in browsers do, played against the real storage at random. `KRACHTMETING_INTERLEAVINGS=2000`
plays that many for each database, other ones each time, and prints what was tried.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from modelled_browser import Device, Died, Sent, counts, flat, has_receipt, subject, typed_before
from small_study import Place, at
from sqlalchemy import select

from survey.answers.document import Key
from survey.storage import receipts
from survey.storage.merging import Conflict
from survey.storage.receipts import Batch, EarlierOneMissing, Given
from survey.storage.record import Record, Saving
from survey.storage.responses import ReasonNeeded, replay, response, save, submit
from survey.storage.tables import Change, Receipt, Visit

LONG = int(os.environ.get("KRACHTMETING_INTERLEAVINGS", "0"))

KEYS: list[Key] = [("answers", "age"), ("drafts", "age"), ("answers", "home"), ("notes", "home")]
DEVICES = st.integers(0, 2)
VALUES = st.dictionaries(st.sampled_from(KEYS), st.sampled_from([None, "x", "x", 1, 2]), min_size=1, max_size=3)
OUTCOMES = st.sampled_from(["heard", "heard", "not heard", "not arrived"])
TRIED: Counter[str] = Counter()


class Interleavings(RuleBasedStateMachine):
    """One response, two people and three browsers."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        place = self.place
        self.token = place.open()
        self.devices = [Device(place.ilse, "one"), Device(place.ilse, "two"), Device(place.coen, "three")]
        self.numbers = itertools.count(1)
        self.typed: set[tuple[Key, Any]] = set()
        self.batches: list[tuple[Device, Sent]] = []
        self.not_chosen: set[tuple[Key, Any]] = set()
        self.flown: list[tuple[Device, Sent]] = []
        """Requests that the network may deliver once more."""
        self.heard: dict[str, tuple[Sent, Given]] = {}
        self.looked: dict[int, tuple[str, int]] = {}
        """By version: the tab that wrote it, and the newest version that it had seen of others."""

    # What people do.

    @rule(what=st.lists(st.tuples(DEVICES, VALUES), min_size=2, max_size=6))
    def people_type(self, what: list[tuple[int, dict[Key, Any]]]) -> None:
        """Fill something in: it stands in the journal, with or without a network."""
        for device, values in what:
            self.types(self.devices[device], values)

    def types(self, one: Device, values: dict[Key, Any]) -> None:
        values = {key: f"typed {next(self.numbers)}" if value == "x" else value for key, value in values.items()}
        self.typed |= set(values.items())
        key = f"batch {next(self.numbers)}"
        one.journal.append(Sent(key, values, one.oldest, one.last, next(self.numbers)))
        self.batches.append((one, one.journal[-1]))
        one.last = key
        TRIED["batches"] += 1

    @rule(device=DEVICES)
    def opens_the_page_again(self, device: int) -> None:
        """A reload, or a browser that crashed: all is forgotten but the journal, and what must still be chosen."""
        one = self.devices[device]
        one.base = self.record.version
        TRIED["browsers that crashed or loaded anew"] += 1

    @precondition(lambda self: any(one.open for one in self.devices))
    @rule(device=DEVICES, choice=st.sampled_from(["mine", "theirs"]), looks=st.booleans())
    def settles(self, device: int, choice: str, looks: bool) -> None:
        """Choose between two versions on the page that shows both. Another one may come in between."""
        one = self.devices[device]
        if not one.open or self.record.submitted_at is not None:
            return
        key, (mine, base) = one.open.popitem()
        if choice == "mine":
            seen = self.record.version if looks else max(base, self.record.version - 1)
            try:
                self.write(one, {key: mine}, seen, kind="page")
            except Conflict as conflict:
                one.open |= {difference.key: (difference.mine, base) for difference in conflict.differences}
        else:
            self.not_chosen.add((key, mine))
        TRIED["choices between two versions"] += 1

    @precondition(lambda self: self.record.version > 7)
    @rule(device=DEVICES)
    def hands_in(self, device: int) -> None:
        """Hand in, in the browser that has nothing to send any more."""
        one = self.devices[device]
        if one.journal:
            return
        with self.place.database.writing() as session:
            record = self.read(session)
            after = submit(session, record, Saving("submit", None, one.person, record.version), at(1))
            if after.version > record.version:
                self.looked[after.version] = (one.tab, record.version)
        TRIED["times handed in"] += 1

    @precondition(lambda self: self.record.submitted_at is not None)
    @rule(device=DEVICES)
    def gives_a_reason(self, device: int) -> None:
        """What waits is sent as a correction, after the response was handed in elsewhere."""
        for sent in self.devices[device].journal:
            sent.reason = "the other tablet was offline"

    # What the network and the server do.

    @precondition(lambda self: any(one.journal for one in self.devices))
    @rule(what=st.lists(st.tuples(DEVICES, OUTCOMES), min_size=3, max_size=8))
    def browsers_send(self, what: list[tuple[int, str]]) -> None:
        """The oldest batch goes; the answer comes back, or only the server knows, or nobody."""
        for device, outcome in what:
            self.sends(self.devices[device], outcome)

    def sends(self, one: Device, outcome: str) -> None:
        if not one.journal or outcome == "not arrived":
            TRIED["requests lost"] += bool(one.journal)
            return
        sent = one.journal[0]
        self.flown.append((one, sent))
        try:
            given, base = self.deliver(one, sent)
        except ReasonNeeded:
            # Nothing was written, and the journal keeps it.
            assert self.record.submitted_at is not None
            assert sent.reason is None
            return
        if outcome == "not heard":
            TRIED["answers lost"] += 1
            return
        one.journal.pop(0)
        one.base = max(one.base, base) if base > sent.base else one.base
        for key, value in sent.values.items():
            if key in one.open:
                # A newer word on what must still be chosen: the older one is not asked about any more.
                self.not_chosen.add((key, one.open.pop(key)[0]))
            if f"{key[0]}/{key[1]}" in given.conflicting:
                one.open[key] = (value, sent.base)
        self.heard[sent.key] = (sent, given)

    @precondition(lambda self: any(one.journal for one in self.devices))
    @rule(device=DEVICES, moment=st.sampled_from(["at once", "saved", "given"]))
    def server_dies(self, device: int, moment: str) -> None:
        """The server is killed while it saves: nothing of the batch is there, and the journal has it still."""
        one = self.devices[device]
        if not one.journal:
            return
        before = self.counts()
        with contextlib.suppress(Died, ReasonNeeded):
            self.deliver(one, one.journal[0], dies=moment)
        assert self.counts() == before
        TRIED["servers that died"] += 1

    @precondition(lambda self: self.flown)
    @rule(which=st.integers(0, 30))
    def arrives_once_more(self, which: int) -> None:
        """The network delivers an old request again: the same receipt, and nothing changes."""
        one, sent = self.flown[which % len(self.flown)]
        before = self.counts()
        try:
            again, _ = self.deliver(one, sent)
        except ReasonNeeded:
            assert self.counts() == before
            return
        if sent.key in self.heard:
            assert again == self.heard[sent.key][1]
        assert self.counts() == before or sent in one.journal
        TRIED["repeats"] += 1

    @precondition(lambda self: any(len(one.journal) > 1 for one in self.devices))
    @rule(device=DEVICES)
    def overtakes(self, device: int) -> None:
        """The second batch arrives before the first: it waits, unless the first one was there after all."""
        journal = self.devices[device].journal
        if len(journal) < 2:
            return
        before = self.counts()
        try:
            self.deliver(self.devices[device], journal[1])
            assert has_receipt(self.place, self.record, journal[0].key)
        except (EarlierOneMissing, ReasonNeeded) as refused:
            assert self.counts() == before
            assert isinstance(refused, ReasonNeeded) or not has_receipt(self.place, self.record, journal[0].key)
        TRIED["requests out of order"] += 1

    # The server, as survey/web/filling_in/saving.py goes about it.

    def deliver(self, one: Device, sent: Sent, dies: str = "") -> tuple[Given, int]:
        """The receipt, and the version that the page shows from then on."""
        # The reason of a correction is no content: it may come with the same batch later.
        content = hashlib.sha256(repr(sorted(sent.values.items(), key=repr)).encode()).hexdigest()
        batch = Batch(sent.key, content, sent.after)
        wrote: list[int] = []
        try:
            with self.place.database.writing() as session:
                record = self.read(session)
                before = receipts.given(session, record, batch)
                if before is not None:
                    return before, sent.base
                if dies == "at once":
                    raise Died
                after, conflict = self.saved(session, record, one, sent)
                if dies == "saved":
                    raise Died
                units = (
                    sorted(f"{part}/{unit}" for part, unit in (d.key for d in conflict.differences)) if conflict else []
                )
                given = receipts.give(session, after, batch, one.person, at(sent.minute), units)
                if dies == "given":
                    raise Died
                if after.version > record.version:
                    wrote.append(after.version)
                shown = sent.base if sent.base < record.version else after.version
        finally:
            for version in wrote:
                self.looked[version] = (one.tab, sent.base)
        return given, shown

    def saved(self, session: Any, record: Record, one: Device, sent: Sent) -> tuple[Record, Conflict | None]:
        def go(values: Mapping[Key, Any]) -> Record:
            kind: Any = "autosave" if record.submitted_at is None else "correction"
            saving = Saving(
                kind, "one", one.person, sent.base, values, tab=one.tab, reason=sent.reason, filled_in=at(sent.minute)
            )
            return save(session, record, saving, at(sent.minute + 5))

        try:
            return go(sent.values), None
        except Conflict as conflict:
            both = {difference.key for difference in conflict.differences}
            return go({key: value for key, value in sent.values.items() if key not in both}), conflict

    def write(self, one: Device, values: dict[Key, Any], base: int, kind: Any) -> None:
        with self.place.database.writing() as session:
            record = self.read(session)
            after = save(session, record, Saving(kind, "one", one.person, base, values, tab=one.tab), at(1))
            if after.version > record.version:
                self.looked[after.version] = (one.tab, base)

    def read(self, session: Any) -> Record:
        found = response(session, self.token, for_writing=True)
        assert found is not None
        return found

    @property
    def record(self) -> Record:
        return self.place.record(self.token)

    def counts(self) -> tuple[int, ...]:
        return counts(self.place, self.record)

    # What holds at every moment, and at the end.

    @invariant()
    def document_is_what_the_trail_tells(self) -> None:
        record = self.record
        with self.place.database.reading() as session:
            assert replay(session, record.id) == record.document
        assert set(flat(record.document).items()) <= self.typed, "an answer that nobody typed"

    def teardown(self) -> None:
        record = self.record
        with self.place.database.reading() as session:
            versions = session.scalars(select(Visit.version).where(Visit.response_id == record.id).order_by(Visit.id))
            assert versions.all() == list(range(1, record.version + 1))
            self.receipts_are_true(session, record)
            self.nobody_stepped_over_what_they_had_not_seen(session, record)
            self.nothing_typed_is_lost(session, record)
        TRIED["interleavings"] += 1

    def receipts_are_true(self, session: Any, record: Record) -> None:
        """Each receipt's hash is that of its version, and what it covers stands there."""
        given = {one.batch: one for one in session.scalars(select(Receipt).where(Receipt.response_id == record.id))}
        for key, (sent, told) in self.heard.items():
            kept = given[key]
            assert (kept.version, kept.document) == (told.version, told.document)
            there = replay(session, record.id, until=told.version)
            assert receipts.fingerprint(there) == told.document
            before = typed_before(self.batches, sent)
            for where, value in sent.values.items():
                if f"{where[0]}/{where[1]}" in told.conflicting or flat(there).get(where) == value:
                    continue
                # It is what the page had shown, or its own last word: another device changed that, this one did not.
                own = [one.values[where] for one in before if where in one.values]
                assert value in [*own, flat(replay(session, record.id, until=sent.base)).get(where)]
            TRIED["receipts looked up"] += 1

    def nothing_typed_is_lost(self, session: Any, record: Record) -> None:
        """What was typed is in the trail or a journal, or waits to be chosen, or was not chosen, or changed nothing."""
        rows = session.execute(select(Change.part, Change.unit, Change.new).where(Change.response_id == record.id))
        trail = {((part, unit), None if new is None else json.loads(new)) for part, unit, new in rows}
        for device, sent in self.batches:
            if sent in device.journal:
                continue
            shown = flat(replay(session, record.id, until=sent.base))
            for key, value in sent.values.items():
                kept = (key, value) in trail or (key, value) in self.not_chosen or shown.get(key) == value
                assert kept or device.open.get(key, ("", 0))[0] == value, f"{key} {value} was lost"

    def nobody_stepped_over_what_they_had_not_seen(self, session: Any, record: Record) -> None:
        """A change follows one of the same browser, or one that its page had shown."""
        rows = session.execute(
            select(Change.version, Change.part, Change.unit).where(Change.response_id == record.id).order_by(Change.id)
        )
        last: dict[Key, int] = {}
        for version, part, unit in rows.all():
            about = subject((part, unit))
            tab, seen = self.looked[version]
            before = last.get(about, 0)
            assert before <= seen or before == version or self.looked[before][0] == tab
            last[about] = version


def test_whatever_browsers_network_and_server_do_nothing_is_lost_invented_or_stepped_over(place: Place) -> None:
    TRIED.clear()
    machine = type("Interleavings", (Interleavings,), {"place": place})
    examples = LONG or (14 if place.database.sqlite else 6)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40 if LONG else 25,
            deadline=None,
            derandomize=not LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if LONG:
        print(json.dumps({"database": "SQLite" if place.database.sqlite else "PostgreSQL"} | dict(TRIED)))
