"""The admin's pages about the server: instruments, languages, settings, and all personal links."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from flask import Flask
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select, update

from survey.instruments import controls
from survey.instruments.library import Library
from survey.instruments.model import Instrument
from survey.storage import audit, link_overview, links
from survey.storage.database import Database
from survey.storage.tables import PersonalLink, Task
from survey.web import settings as settings_module

TRANSLATED = {"client-interview", "coach-fidelity", "team-meeting"}


def in_words(library: Library, instrument: Instrument, language: str) -> str:
    """What stands on the page of a language of an instrument that is shipped: none is half translated."""
    texts = library.texts(instrument, language)
    whole = all(texts[key].translated for key in instrument.texts)
    assert whole or texts.complete_for_participants
    return f"{Locale(language).english_name}: complete{'' if whole else ' for participants'}"


def test_instruments_are_listed_with_languages_and_fingerprint(admin: Any, app: Flask) -> None:
    library = app.extensions["krachtmeting"].library
    page = admin.get("/admin/instruments?sort=instrument")
    columns = [seen(page, f"//tbody/tr/td[{number}]") for number in (2, 3, 5, 6)]
    assert list(zip(*columns, strict=True)) == [
        (
            one.instrument,
            str(one.version),
            "".join(in_words(library, one, language) for language in library.known_languages(one.instrument)),
            hashlib.sha256(library.files[one.instrument, one.version].read_bytes()).hexdigest(),
        )
        for one in library
    ]


def test_instruments_are_searched_and_sorted(admin: Any, app: Flask) -> None:
    everything = seen(admin.get("/admin/instruments?sort=instrument&down=1"), "//tbody/tr/td[2]")
    assert everything == sorted(everything, reverse=True)
    assert seen(admin.get("/admin/instruments?q=FIDEL"), "//tbody/tr/td[2]") == ["coach-fidelity"]
    assert seen(admin.get("/admin/instruments?q=no-such"), "//tbody/tr") == []


def test_languages_stand_beside_every_instrument_and_the_controls(admin: Any, app: Flask) -> None:
    page = admin.get("/admin/languages")
    library = app.extensions["krachtmeting"].library
    assert len(seen(page, "//thead/tr/th")) == 1 + len(library.newest) + 1
    arabic = dict(zip(library.newest, seen(page, "//tbody/tr[contains(th, 'Arabic')]/td"), strict=False))
    assert {name for name, words in arabic.items() if words == "complete"} >= TRANSLATED
    assert library.known_languages(controls.NAME)[1:] != []


def test_settings_are_shown_with_their_variables_and_without_secrets(admin: Any, app: Flask) -> None:
    page, settings = admin.get("/admin/settings"), app.extensions["krachtmeting"].settings
    shown = dict(zip(seen(page, "//dt"), seen(page, "//dd"), strict=True))
    assert shown["Database"] == "SQLite KRACHTMETING_DATABASE_URL"
    assert shown["Signed out without a sign of life"] == "after 30 minutes KRACHTMETING_IDLE_MINUTES"
    assert shown["Key of names and addresses"].startswith("none KRACHTMETING_MASTER_KEY")
    asked = set(re.findall(r"KRACHTMETING_[A-Z_]+", Path(settings_module.__file__).read_text(encoding="utf-8")))
    named = set(re.findall(r"KRACHTMETING_[A-Z_]+", page.text))
    assert asked - named == {"KRACHTMETING_SECRET_KEY", "KRACHTMETING_OLD_MASTER_KEY", "KRACHTMETING_BACKUP_KEY"}
    secrets = (settings.secret_key, settings.database_url, str(app.extensions["krachtmeting"].database.url))
    assert [secret in page.text for secret in secrets] == [False] * 3


# Personal links


@pytest.fixture
def made(database: Database, planned: PlannedStudy, clock: Any) -> dict[str, int]:
    """A link of coen that was opened, one of cora that nobody opened, and one of coen that has expired: their ids."""
    found = {}
    lasts = {"opened": 42, "sent": 42, "expired": 1}
    with database.writing() as session:
        tasks = {}
        for name in ("coen", "cora"):
            whose = (Task.person_id == planned.people[name], Task.by == "coach")
            tasks[name] = list(session.scalars(select(Task.id).where(*whose).order_by(Task.id)))
        for state, task in zip(lasts, (tasks["coen"][0], tasks["cora"][0], tasks["coen"][1]), strict=True):
            days = datetime.timedelta(days=lasts[state])
            links.make_link(session, task, "nl", planned.people["rik"], clock.now, days)
            found[state] = session.scalars(select(PersonalLink.id).where(PersonalLink.task_id == task)).one()
        session.execute(update(PersonalLink).where(PersonalLink.id == found["opened"]).values(opened_at=clock.now))
    clock.advance(days=2)
    return found


def test_links_are_listed_by_code_with_their_state_and_narrowed(
    sign_in: Any, made: dict[str, int], planned: PlannedStudy
) -> None:
    admin, coen, cora = sign_in("admin"), planned.codes["coen"], planned.codes["cora"]
    page = admin.get("/admin/links?sort=expires")
    cells = [seen(page, f"//tbody/tr/td[{number}]") for number in (1, 2, 3)]
    assert sorted(zip(*cells, strict=True)) == sorted(
        [(coen, "opened", "planned"), (coen, "expired", "planned"), (cora, "made, not opened yet", "planned")]
    )
    found = {
        query: seen(admin.get(f"/admin/links?{query}"), "//tbody/tr/td[1]")
        for query in ("state=expired", "state=sent", f"code={cora[:3].lower()}", "study=demo", "state=done")
    }
    assert found == {
        "state=expired": [coen],
        "state=sent": [cora],
        f"code={cora[:3].lower()}": [cora],
        "study=demo": [],
        "state=done": [],
    }


def test_states_of_links_are_those_by_which_they_open(database: Database, made: dict[str, int], clock: Any) -> None:
    with database.reading() as session:
        rows = link_overview.link_rows(session, link_overview.Wanted(), clock.now, 10)
        tasks = dict(session.execute(select(PersonalLink.id, PersonalLink.task_id)).all())
        same = {row.id: links.newest_link(session, tasks[row.id]) for row in rows}
    assert {row.id: row.state for row in rows} == {state: name for name, state in made.items()}
    assert {link_id: link.state(clock.now) for link_id, link in same.items() if link} == {
        row.id: row.state for row in rows
    }


def test_admin_revokes_a_link_once_and_it_is_on_record(
    sign_in: Any, send: Any, database: Database, made: dict[str, int], planned: PlannedStudy, clock: Any
) -> None:
    admin = sign_in("admin")
    for link in (made["sent"], made["sent"], made["expired"], 9999):
        assert send(admin, "/admin/links?study=planned", link=str(link)).location.startswith("/admin/links?")
    assert send(admin, "/admin/links", link="all").status_code == 400
    with database.reading() as session:
        ended = dict(session.execute(select(PersonalLink.id, PersonalLink.revoked_at)).all())
        revoked = [
            json.loads(entry.details)
            for entry, _ in audit.newest(session, 50)
            if entry.action == "revoked a personal link"
        ]
    assert ended == {made["opened"]: None, made["sent"]: clock.now, made["expired"]: None}
    assert revoked == [
        {"instrument": "coach-fidelity", "study": "planned", "wave": "t0", "whose": planned.codes["cora"]}
    ]
