"""Two browsers that send what waits in their journals, over a bad network, to the real views: nothing typed is lost."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from small_interview import Desk

from survey.storage.receipts import fingerprint
from survey.storage.responses import replay

BROWSERS = st.integers(0, 1)
TYPED = st.dictionaries(
    st.sampled_from(["age", "housed", "where"]), st.sampled_from(["", "20", "30", "no", "yes", "half"]), min_size=1
)


class Browsers(RuleBasedStateMachine):
    """One response and two browsers. A batch stays in its journal until the browser hears of its receipt."""

    house: Any
    client: Any

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.house, self.client)
        page = self.desk.form(self.desk.get("page/home"))
        self.csrf = page["csrf_token"]
        self.journals: list[list[dict[str, str]]] = [[], []]
        self.after, self.base = ["", ""], [0, 0]
        self.receipts: dict[str, dict[str, Any]] = {}
        self.open: list[dict[str, dict[str, str]]] = [{}, {}]
        self.gone: list[dict[str, str]] = []
        self.numbers = itertools.count(1)

    @rule(what=st.lists(st.tuples(BROWSERS, TYPED), min_size=1, max_size=3))
    def people_type(self, what: list[tuple[int, dict[str, str]]]) -> None:
        for browser, values in what:
            key = f"batch-{next(self.numbers)}"
            waiting = [*self.journals[browser], *self.open[browser].values()]
            base = min([self.base[browser], *(int(one["base"]) for one in waiting)])
            about = {"page": "home", "units": " ".join(values), "batch": key, "after": self.after[browser]}
            about |= {"tab": f"tab-{browser}", "base": str(base), "texts": "", "layout": "both", "age": "0"}
            self.journals[browser].append(about | {f"q_{name}": value for name, value in values.items()})
            self.after[browser] = key

    @precondition(lambda self: any(self.journals))
    @rule(what=st.lists(st.tuples(BROWSERS, st.booleans()), min_size=2, max_size=5))
    def browsers_send(self, what: list[tuple[int, bool]]) -> None:
        """The oldest batch goes. Its answer is heard, or only the server knows of it."""
        for browser, heard in what:
            if self.journals[browser]:
                batch = self.journals[browser][0]
                said = self.sent(batch)
                if heard:
                    self.journals[browser].pop(0)
                    self.base[browser] = max(self.base[browser], said["version"])
                    for unit in batch["units"].split():
                        self.open[browser].pop(unit, None)
                    self.open[browser] |= dict.fromkeys(said.get("units", ()), batch)

    @precondition(lambda self: self.gone)
    @rule(which=st.integers(0, 20))
    def arrives_once_more(self, which: int) -> None:
        before = (self.desk.record, self.desk.visits())
        self.sent(self.gone[which % len(self.gone)])
        assert (self.desk.record, self.desk.visits()) == before

    @precondition(lambda self: any(len(journal) > 1 for journal in self.journals))
    @rule(browser=BROWSERS)
    def second_one_is_quicker(self, browser: int) -> None:
        journal = self.journals[browser]
        if len(journal) > 1 and journal[0]["batch"] not in self.receipts:
            before = self.desk.record
            assert self.post("save", journal[1]).status_code == 425
            assert self.desk.record == before

    @precondition(lambda self: any(self.open))
    @rule(browser=BROWSERS, choice=st.sampled_from(["mine", "theirs"]))
    def somebody_chooses(self, browser: int, choice: str) -> None:
        """Through the page with two versions."""
        if not self.open[browser] or self.journals[browser]:
            return
        unit, batch = self.open[browser].popitem()
        kept = {name: value for name, value in batch.items() if name not in ("batch", "after", "age")}
        asked = self.post("page/home", kept | {"units": unit, "go": "stay"})
        if asked.status_code == 409:
            assert self.desk.client.post(
                self.desk.address("page/home"), data=self.desk.form(asked) | {f"keep_q_{unit}": choice}
            ).status_code == 302  # fmt: skip
            with self.desk.server.database.reading() as session:
                assert fingerprint(replay(session, self.desk.record.id)) == fingerprint(self.desk.record.document)

    def post(self, address: str, fields: dict[str, str]) -> Any:
        return self.desk.client.post(self.desk.address(address), data=fields | {"csrf_token": self.csrf})

    def sent(self, batch: dict[str, str]) -> Any:
        """What the server says; the same receipt each time, and with it the answers that it is about."""
        answer = self.post("save", batch)
        assert answer.status_code in (200, 409), answer.text
        receipt = answer.json["receipt"]
        assert self.receipts.setdefault(batch["batch"], receipt) == receipt
        if batch not in self.gone:
            self.gone.append(batch)
            document = self.desk.record.document
            assert receipt == {
                "batch": batch["batch"], "version": self.desk.record.version, "hash": fingerprint(document)
            }  # fmt: skip
            self.is_there(batch, set(answer.json.get("units", ())), document)
        return answer.json

    def is_there(self, batch: dict[str, str], conflicting: set[str], document: Any) -> None:
        with self.desk.server.database.reading() as session:
            shown = replay(session, self.desk.record.id, until=int(batch["base"]))
        for unit in set(batch["units"].split()) - conflicting:
            typed = batch[f"q_{unit}"]
            stored = (document["answers"].get(unit), document["drafts"].get(unit))
            before = (shown["answers"].get(unit), shown["drafts"].get(unit))
            value = int(typed) if unit == "age" and typed.isdecimal() else typed or None
            wanted = [(value, None), (None, {"": [typed]})]
            said = [one.get(f"q_{unit}") for one in self.gone if one["tab"] == batch["tab"] and one is not batch]
            # Where another browser changed it and this one says what it had shown or sent, it was not touched here.
            assert stored in wanted or before in wanted or typed in said, (unit, typed, stored)

    @invariant()
    def document_is_what_the_trail_tells(self) -> None:
        record = self.desk.record
        with self.desk.server.database.reading() as session:
            assert replay(session, record.id) == record.document
        assert self.desk.visits() == record.version


def test_whatever_two_browsers_send_in_whatever_order_each_receipt_is_true(house: Any, sign_in: Any) -> None:
    machine = type("Browsers", (Browsers,), {"house": house, "client": sign_in("ilse")})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
