"""Who a participant is: shown to interviewers of the team when they ask, with every look on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from planned_study import PlannedStudy
from sqlalchemy import select, update

from survey.forms.identity import LIMITS
from survey.storage import identities, participants
from survey.storage.tables import AuditEntry, Identity, Participant
from survey.web.server import Server

NOOR = {"name": "Noor Verzonnen", "phone": "06 00 00 00 00", "email": "noor@example.org", "remark": "Na tien uur."}


@pytest.fixture
def here(planned: PlannedStudy, app: Flask) -> Iterator[Server]:
    """The server of the planned study, with a master key."""
    found: Server = app.extensions["krachtmeting"]
    app.extensions["krachtmeting"] = replace(found, settings=replace(found.settings, master_key=b"m" * 32))
    yield app.extensions["krachtmeting"]


@pytest.fixture
def noor(here: Server, planned: PlannedStudy) -> Participant:
    """A participant of team north, of whom nothing is kept yet."""
    with here.database.writing() as session:
        return participants.register(
            session, planned.study, planned.people["ilse"], here.now(), team_id=planned.teams["north"]
        )


def address(noor: Participant, more: str = "") -> str:
    return f"/study/planned/participants/{noor.code}/identity/{more}"


def kept(here: Server, noor: Participant) -> dict[str, str] | None:
    with here.database.reading() as session:
        return identities.open_identity(session, here.sealer, noor)


def noted(here: Server, about: str = "identity") -> list[tuple[str, dict[str, Any]]]:
    with here.database.reading() as session:
        query = select(AuditEntry.action, AuditEntry.details).where(AuditEntry.action.contains(about))
        return [(action, json.loads(details)) for action, details in session.execute(query.order_by(AuditEntry.id))]


def since(page: str) -> str:
    return page.split('id="since"')[1].split('value="')[1].split('"')[0]


def test_what_is_written_is_kept_and_shows_only_when_asked_for(
    here: Server, noor: Participant, sign_in: Any, send: Any
) -> None:
    ilse = sign_in("ilse")
    answer = send(ilse, address(noor), **NOOR, since="")
    assert (answer.status_code, answer.location, kept(here, noor)) == (302, address(noor), NOOR)
    page = ilse.get(address(noor))
    assert [words in page.text for words in NOOR.values()] == [False] * 4
    assert page.headers["Cache-Control"] == "no-store"
    shown = send(ilse, address(noor, "show"))
    assert [words in shown.text for words in NOOR.values()] == [True] * 4
    assert 'href="tel:0600000000"' in shown.text
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")


def test_every_look_is_on_record_with_the_code_only(here: Server, noor: Participant, sign_in: Any, send: Any) -> None:
    ilse = sign_in("ilse")
    send(ilse, address(noor), **NOOR, since="")
    ilse.get(address(noor))
    for _ in range(2):
        send(ilse, address(noor, "show"))
    look = ("looked at an identity", {"participant": noor.code, "study": "planned"})
    assert noted(here) == [("changed an identity", {"participant": noor.code, "fields": 4}), look, look]


@pytest.mark.parametrize("name", ["iris", "coen", "olga", "tess", "rik", "admin", "otto"])
def test_nobody_else_learns_that_something_is_kept(
    name: str, here: Server, noor: Participant, sign_in: Any, send: Any
) -> None:
    send(sign_in("ilse"), address(noor), **NOOR, since="")
    client = sign_in(name)
    answers = [client.get(address(noor)), send(client, address(noor, "show")), send(client, address(noor), name="X")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert (kept(here, noor), len(noted(here))) == (NOOR, 1)


def test_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(
    here: Server, noor: Participant, sign_in: Any, send: Any
) -> None:
    wrong = {"name": "N" * 121, "phone": "bel maar", "phone_2": "12345", "email": "noor", "remark": "Blijft staan."}
    answer = send(sign_in("ilse"), address(noor), **wrong, since="")
    assert (answer.status_code, kept(here, noor)) == (422, None)
    assert [words in answer.text for words in wrong.values()] == [True] * 5
    assert answer.text.count('class="error"') == 4


def test_nobody_writes_over_what_they_did_not_see(here: Server, noor: Participant, sign_in: Any, send: Any) -> None:
    ilse = sign_in("ilse")
    send(ilse, address(noor), **NOOR, since="")
    answer = send(ilse, address(noor), name="Nora", since="")
    assert (answer.status_code, kept(here, noor), 'value="Nora"' in answer.text) == (409, NOOR, True)
    send(ilse, address(noor), name="Nora", since=since(answer.text))
    assert kept(here, noor) == {"name": "Nora"}


def test_empty_form_removes_what_was_kept(here: Server, noor: Participant, sign_in: Any, send: Any) -> None:
    ilse = sign_in("ilse")
    send(ilse, address(noor), **NOOR, since="")
    send(ilse, address(noor), since=since(send(ilse, address(noor, "show")).text))
    assert (kept(here, noor), noted(here)[-1][0]) == (None, "removed an identity")


def test_changed_row_shows_nothing_and_says_whom_to_ask(
    here: Server, noor: Participant, sign_in: Any, send: Any
) -> None:
    ilse = sign_in("ilse")
    send(ilse, address(noor), **NOOR, since="")
    with here.database.writing() as session:
        session.execute(update(Identity).values(sealed=b"\0" * 80))
    answer = send(ilse, address(noor, "show"))
    assert (answer.status_code, "Noor" in answer.text, "Tell your administrator." in answer.text) == (503, False, True)
    assert noted(here)[-1][0] == "could not open an identity"


def test_server_without_a_master_key_keeps_nothing_and_says_so(
    here: Server, noor: Participant, app: Flask, sign_in: Any, send: Any
) -> None:
    app.extensions["krachtmeting"] = replace(here, settings=replace(here.settings, master_key=b""))
    answer = send(sign_in("ilse"), address(noor), **NOOR, since="")
    assert (answer.status_code, kept(here, noor)) == (503, None)
    assert [words in answer.text for words in (NOOR["phone"], "has no key")] == [True, True]


def test_form_has_the_limits_of_storage() -> None:
    assert dict(identities.FIELDS) == LIMITS
