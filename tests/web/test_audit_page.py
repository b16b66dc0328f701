"""The audit trail: narrowed, sorted, a hundred at a time, handed out as a file; and every action has its words."""

from __future__ import annotations

import ast
import csv
import datetime
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from seeing import seen

import survey
from survey.forms.audit_words import ACTION_WORDS
from survey.storage import audit
from survey.storage.database import Database
from survey.web.csv_file import csv_file

ACTION_LIMIT = 40


@pytest.fixture
def noted(database: Database, house: Any) -> None:
    """Five actions on four days, before anybody signs in."""
    first = datetime.datetime(2025, 1, 1, 23, 30, tzinfo=datetime.UTC)
    actions = [
        ("ilse", "registered a participant", {"participant": "K7F-3QH", "study": "demo"}),
        ("ilse", "opened a response", {"participant": "K7F-3QH", "waves": ["t0", "t1"]}),
        ("rik", "downloaded", {"study": "demo", "responses": 3}),
        ("rik", "downloaded", {"study": "other", "responses": 12}),
        (None, "exported", {"study": "other", "by": "=cmd|' /C calc'!A0"}),
    ]
    with database.writing() as writing:
        for days, (who, action, details) in enumerate(actions):
            moment = first + datetime.timedelta(days=min(days, 3))
            audit.note(writing, action, house.people[who] if who else None, moment, **details)


def test_trail_comes_a_hundred_at_a_time_with_the_newest_first(
    admin: Any, database: Database, house: Any, clock: Any
) -> None:
    with database.writing() as writing:
        for number in range(120):
            audit.note(writing, "opened a response", house.people["ilse"], clock.now, number=number, waves=["t0", "t1"])
    first, second = (admin.get("/admin/audit", query_string={"page": page}) for page in (1, 2))
    assert [len(seen(page, "//tbody/tr")) for page in (first, second)] == [100, 21]
    assert seen(first, "//tbody/tr[1]/td") == [
        "2025-03-03 09:00:00",
        house.codes["ilse"],
        "opened a response",
        "number: 119; waves: t0, t1",
    ]
    assert seen(second, "//tbody/tr[last()]/td") == ["2025-03-03 09:00:00", house.codes["admin"], "signed in", ""]
    oldest = admin.get("/admin/audit?sort=at")
    assert seen(oldest, "//tbody/tr[1]/td[3]") == ["signed in"]


def test_trail_is_narrowed_by_person_action_study_words_and_days(noted: None, admin: Any, house: Any) -> None:
    def found(**query: str) -> list[str]:
        return seen(admin.get("/admin/audit", query_string=query), "//tbody/tr/td[3]")

    ilse = house.codes["ilse"]
    assert {
        "who": found(who=ilse.replace("-", "").lower()),
        "begins": found(who=ilse[:4]),
        "action": found(action="downloaded"),
        "study": found(study="other"),
        "code": found(words="k7f3qh"),
        "days": found(**{"from": "2025-01-02", "to": "2025-01-03"}),
        "together": found(action="downloaded", study="demo"),
        "nothing": found(who=ilse, action="downloaded"),
        "likeness": found(words="%"),
    } == {
        "who": ["opened a response", "registered a participant"],
        "begins": ["opened a response", "registered a participant"],
        "action": ["downloaded", "downloaded"],
        "study": ["exported", "downloaded"],
        "code": ["opened a response", "registered a participant"],
        "days": ["downloaded", "opened a response"],
        "together": ["downloaded"],
        "nothing": [],
        "likeness": [],
    }


def test_day_that_does_not_exist_is_explained_and_narrows_nothing(noted: None, admin: Any) -> None:
    page = admin.get("/admin/audit", query_string={"from": "31-3-2025"})
    assert seen(page, "//p[@class='error']") == ["Write the day with its year first, such as 2026-03-31."]
    assert len(seen(page, "//tbody/tr")) == 6


def test_filters_stay_in_the_links_and_an_empty_list_says_what_to_do(noted: None, admin: Any) -> None:
    page = admin.get("/admin/audit?action=downloaded&to=2025-01-03")
    kept = "/admin/audit/file?sort=at&down=1&action=downloaded&to=2025-01-03"
    assert seen(page, "//a[@download]/@href") == [kept]
    empty = admin.get("/admin/audit?words=nowhere")
    assert seen(empty, "//p[@class='empty']") == [
        "Nothing in the trail is like this. Leave out a filter. Show everything"
    ]


def test_export_holds_what_was_looked_for_runs_no_formula_and_is_noted_itself(
    noted: None, admin: Any, database: Database, house: Any
) -> None:
    file = admin.get("/admin/audit/file?study=other")
    assert list(csv.reader(io.StringIO(file.text))) == [
        ["at", "person", "action", "details"],
        ["2025-01-04T23:30:00Z", house.codes["rik"], "downloaded", '{"responses":12,"study":"other"}'],
        ["2025-01-04T23:30:00Z", "", "exported", '{"by":"=cmd|\' /C calc\'!A0","study":"other"}'],
    ]
    assert file.headers["X-Content-SHA256"] == hashlib.sha256(file.data).hexdigest()
    with database.reading() as reading:
        ((entry, code),) = audit.newest(reading, 1)
    assert (entry.action, code) == ("exported the audit trail", house.codes["admin"])
    assert f'"entries":2,"filters":["study=other"],"sha256":"{file.headers["X-Content-SHA256"]}"' in entry.details


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(app: Flask) -> None:
    made = csv_file(("a",), [("=1+1",), ("-5",), (None,)])
    assert (made.content.read(), made.rows) == (b'a\r\n\'=1+1\r\n-5\r\n""\r\n', 3)


# Every action has its words


def noted_actions() -> Iterator[tuple[str, str]]:
    """Each action that the code puts on record, with the file where it does."""
    for path in sorted(Path(survey.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("note", "noted"):
                words = [one for argument in node.args[1:2] for one in ast.walk(argument)]
                yield from (
                    (one.value, path.name)
                    for one in words
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_every_action_in_the_code_has_words_and_fits_its_column() -> None:
    actions = dict(noted_actions())
    assert len(actions) > 20
    assert {action: path for action, path in actions.items() if action not in ACTION_WORDS} == {}
    assert [action for action in actions if len(action) > ACTION_LIMIT] == []
