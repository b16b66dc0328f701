"""Erasing on the page: by code, typed once more, by an admin, with earlier downloads marked and new ones without."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select

from exports.formats import FORMATS
from survey.forms.audit_words import ACTION_WORDS
from survey.storage import course, identities, participants
from survey.storage.downloads import WHYS
from survey.storage.record import Saving
from survey.storage.responses import Opening, open_response, response, save
from survey.storage.tables import AuditEntry, Consent, Participant
from survey.web.research.downloads import SUPERSEDED_WORDS
from survey.web.server import Server

NAME, PLACE = "Xanthippe Zevenslaper", "Kwartelkade 8472"
"""Words that stand in identities and nowhere else."""


@pytest.fixture
def here(planned: PlannedStudy, app: Flask) -> Iterator[Server]:
    """The server of the planned study, with a master key."""
    found: Server = app.extensions["krachtmeting"]
    app.extensions["krachtmeting"] = replace(found, settings=replace(found.settings, master_key=b"m" * 32))
    yield app.extensions["krachtmeting"]


@pytest.fixture
def people(here: Server, planned: PlannedStudy) -> list[Participant]:
    """Two participants of team north, each with an identity and an interview that was begun."""
    return [_interviewed(here, planned) for _ in range(2)]


def _interviewed(here: Server, planned: PlannedStudy) -> Participant:
    ilse, now = planned.people["ilse"], here.now()
    with here.database.writing() as session:
        found = participants.register(session, planned.study, ilse, now, team_id=planned.teams["north"])
        course.set_status(session, found, "active", ilse, now)
        identities.keep(session, here.sealer, found, {"name": NAME, "address": PLACE}, ilse, now)
        opening = Opening(
            planned.study, planned.waves["t0"], "client-interview", 1, ilse, "nl", participant_id=found.id,
            team_id=found.team_id,
        )  # fmt: skip
        record = response(session, open_response(session, opening, now), for_writing=True)
        assert record is not None
        save(session, record, Saving("page", "background", ilse, 0, {("answers", "age"): 40}), now)
        return found


def withdraw(here: Server, planned: PlannedStudy, who: Participant, *, keeps: bool = False) -> None:
    ilse, now = planned.people["ilse"], here.now()
    with here.database.writing() as session:
        found = session.get_one(Participant, who.id)
        given = {"version": 1, "language": "nl", "words": "Ja", "how": "signed", "given_at": now, "noted_by": ilse}
        session.add(Consent(participant_id=who.id, keeps=keeps, **given))
        course.set_status(session, found, "withdrawn", ilse, now)


def erase(client: Any, send: Any, who: Participant, **fields: str) -> Any:
    return send(client, f"/admin/erasing/planned/{who.code}", **{"code": who.code, "sure": "y", **fields})


def download(client: Any, suffix: str = ".zip") -> bytes:
    """All bytes of a file, unzipped where it is packed."""
    return b"".join(parts(client, suffix).values())


def parts(client: Any, suffix: str = ".zip") -> dict[str, bytes]:
    """The bytes of each file in a download, unzipped where it is packed."""
    answer = client.get(f"/study/planned/download/file?format={suffix}")
    assert answer.status_code == 200
    if not zipfile.is_zipfile(io.BytesIO(answer.data)):
        return {"": bytes(answer.data)}
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    return {name: packed.read(name) for name in packed.namelist()}


def test_admin_erases_by_code_and_the_list_says_whose_turn_it_is(
    here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    admin, (noor, omar) = sign_in("admin"), people
    assert seen(admin.get("/admin/erasing/"), "//p[@class='empty']")[0].startswith("Nobody waits to be erased.")
    withdraw(here, planned, noor)
    assert seen(admin.get("/admin/erasing/"), "//td[@class='code']") == [noor.code]
    answer = erase(admin, send, noor)
    assert (answer.status_code, answer.location) == (302, "/admin/erasing/")
    page = admin.get("/admin/erasing/")
    assert seen(page, "//p[@class='message']") == [f"{noor.code} is erased. 1 questionnaire was removed."]
    assert seen(admin.get("/admin/erasing/?show=erased"), "//td[@class='code']") == [noor.code]
    with here.database.reading() as session:
        query = select(AuditEntry.details).where(AuditEntry.action == "erased a participant")
        noted = json.loads(session.scalars(query).one())
        assert [session.get_one(Participant, one.id).status for one in (noor, omar)] == ["erased", "active"]
    assert (noted["participant"], noted["responses"], noted["identity"]) == (noor.code, 1, 1)


@pytest.mark.parametrize(
    "fields", [{"code": ""}, {"code": "AAA-AAA"}, {"sure": ""}], ids=["nothing", "other", "unsure"]
)
def test_nothing_is_erased_without_the_code_and_the_word(
    fields: dict[str, str], here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    withdraw(here, planned, people[0])
    answer = erase(sign_in("admin"), send, people[0], **fields)
    assert (answer.status_code, len(seen(answer, "//p[@class='error']"))) == (422, 1)
    with here.database.reading() as session:
        assert session.get_one(Participant, people[0].id).status == "withdrawn"


def test_code_may_be_typed_in_small_letters_and_without_its_dash(
    here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    withdraw(here, planned, people[0])
    assert erase(sign_in("admin"), send, people[0], code=people[0].code.lower().replace("-", "")).status_code == 302


def test_who_takes_part_cannot_be_erased_and_who_was_is_told_so(
    here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    admin = sign_in("admin")
    assert erase(admin, send, people[0]).status_code == 409
    withdraw(here, planned, people[0], keeps=True)
    assert erase(admin, send, people[0]).status_code == 302
    assert erase(admin, send, people[0]).status_code == 409


def test_earlier_downloads_are_marked_and_new_ones_know_nothing_of_the_person(
    here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    rik, noor = sign_in("rik"), people[0]
    before = download(rik)
    assert [one.code.encode() in before for one in people] == [True, True]
    withdraw(here, planned, noor)
    erase(sign_in("admin"), send, noor)
    after = parts(rik)
    # A stub stays in the list of participants, so that who left can be counted.
    assert [name for name, part in after.items() if noor.code.encode() in part] == ["participants.csv"]
    (stub,) = [line for line in after["participants.csv"].decode().splitlines() if line.startswith(noor.code)]
    assert stub.split(",")[1:5] == ["north", "", "erased", ""]
    assert any(people[1].code.encode() in part for name, part in after.items() if name == "data.csv")
    page = rik.get("/study/planned/download/")
    assert seen(page, "//tr[@class='superseded']//strong") == [
        "Somebody was erased since. Remove this file, and make it anew."
    ]
    assert len(seen(page, "//table[.//code]/tbody/tr")) == 2
    marked = rik.get("/study/planned/download/?state=superseded")
    assert len(seen(marked, "//table[.//code]/tbody/tr")) == 1


def test_answers_that_may_stay_are_in_the_next_download_too(
    here: Server, planned: PlannedStudy, people: list[Participant], sign_in: Any, send: Any
) -> None:
    withdraw(here, planned, people[0], keeps=True)
    erase(sign_in("admin"), send, people[0])
    assert people[0].code.encode() in download(sign_in("rik"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_download_holds_a_name_or_an_address(suffix: str, people: list[Participant], sign_in: Any) -> None:
    found = download(sign_in("rik"), suffix)
    # A description of the variables is about nobody, and nobody said anything that can be coded.
    assert (people[0].code.encode() in found) is (suffix not in (".xml", ".qdpx"))
    assert [words.encode() in found for words in (NAME, PLACE, *NAME.split(), *PLACE.split())] == [False] * 6


def test_trail_and_audit_trail_hold_no_name_either(
    people: list[Participant], here: Server, sign_in: Any, send: Any
) -> None:
    ilse = sign_in("ilse")
    send(ilse, f"/study/planned/participants/{people[0].code}/identity/show")
    rows = []
    with here.database.reading() as session:
        rows += [f"{one.action} {one.details}" for one in session.scalars(select(AuditEntry))]
    pages = [sign_in("admin").get("/admin/audit").text, sign_in("rik").get("/study/planned/responses/").text]
    assert [words in page for page in (*rows, *pages) for words in (NAME, PLACE)] == [False] * 2 * (len(rows) + 2)
    assert any("looked at an identity" in row for row in rows)


def test_every_reason_and_every_action_has_words() -> None:
    assert set(SUPERSEDED_WORDS) == set(WHYS)
    assert {"looked at an identity", "erased a participant", "downloaded"} <= set(ACTION_WORDS)
