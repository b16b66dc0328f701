"""Emergency files: an admin looks at what a browser could not send, saves it as its owner's, and nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from emergency import Device, Office
from seeing import seen
from small_interview import Desk
from sqlalchemy import select, update

from survey.storage.events import events
from survey.storage.rescue import FORMAT, LARGEST, NotAFile, read_file
from survey.storage.tables import JournalKey, Response, Visit


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    desk = Desk(house, sign_in("ilse"))
    desk.later(hours=2)
    desk.client = sign_in("ilse")
    return desk


@pytest.fixture
def device(desk: Desk) -> Device:
    return Device(desk)


@pytest.fixture
def office(desk: Desk, sign_in: Any) -> Office:
    return Office(sign_in("admin"))


def rows(page: Any) -> list[str]:
    """Question, what the file says, when, and what happens, of each row."""
    cells = seen(page, "//main//tbody/tr/*")
    return [" | ".join(cells[at : at + 4]) for at in range(0, len(cells), 4)]


def test_looking_shows_whose_it_is_and_question_by_question_what_would_be_saved_and_saves_nothing(
    desk: Desk, device: Device, office: Office, trail: Any
) -> None:
    device.fills_in("a", 40, q_age="40", n_age="zei het\nzacht")
    device.fills_in("b", 30, q_housed="no", q_where="bij <b>Jan</b>")
    page = office.looks(device.file())
    assert page.status_code == 200
    assert rows(page) == [
        "Hoe oud bent u? | 40 | 11:20 | will be saved",
        "Note: Hoe oud bent u? | zei het zacht | 11:20 | will be saved",
        "Heeft u een huis? | Nee | 11:30 | will be saved",
        "Waar slaapt u? | bij <b>Jan</b> | 11:30 | will be saved",
    ]
    assert seen(page, "//main//dl[1]/dd") == [
        "The demo study · Start",
        device.owner,
        "11:20 – 11:30",
        "2 parts",
        desk.token,
    ]
    assert (desk.record.version, desk.visits()) == (0, 0)
    looked = {"response": desk.token, "opened": True, "batches": 2, "here_before": 0}
    assert trail()[-1] == ("looked into an emergency file", desk.house.codes["admin"], looked)


def test_saving_keeps_owner_and_moment_of_each_batch_and_hands_in(
    desk: Desk, device: Device, office: Office, trail: Any
) -> None:
    device.fills_in("a", 40, q_age="40")
    device.fills_in("b", 30, q_housed="no", q_where="bij vrienden")
    device.hands_in()
    page = office.saves(device.file())
    assert seen(page, "//p[@id='said']") == ["2 parts were saved. It is handed in too."]
    assert desk.answers == {"age": 40, "housed": "no", "where": "bij vrienden"}
    with desk.server.database.reading() as session:
        visits = session.scalars(select(Visit).order_by(Visit.id)).all()
    ilse, now = desk.house.people["ilse"], desk.server.now()
    assert [(one.kind, one.person_id, one.received_at) for one in visits] == [
        ("autosave", ilse, now),
        ("autosave", ilse, now),
        ("submit", ilse, None),
    ]
    assert [(now - one.at).seconds // 60 for one in visits] == [40, 30, 0]
    assert desk.record.submitted_by == ilse
    about = {"person": device.owner, "batches": 2, "here_before": 0, "not_opened": 0, "to_choose": 0, "handed_in": True}
    assert ("loaded an emergency file", desk.house.codes["admin"], {"response": desk.token} | about) in trail()


def test_loading_twice_and_the_browser_coming_back_change_nothing_more(
    desk: Desk, device: Device, office: Office
) -> None:
    entries = [device.fills_in("a", 40, q_age="40", n_age="een\ntwee"), device.fills_in("b", 30, q_age="41")]
    first = office.saves(device.file())
    state = (desk.record, desk.visits())
    again = office.saves(device.file())
    assert seen(first, "//p[@class='empty']") == ["All of this is with the server. The file is not needed any more."]
    assert seen(again, "//p[@id='said']") == ["Everything was here already."]
    back = [device.sends(entry) for entry in entries]
    assert [answer.status_code for answer in back] == [200, 200]
    assert (desk.record, desk.visits()) == state


def test_what_was_sent_before_is_told_and_only_the_rest_is_saved(desk: Desk, device: Device, office: Office) -> None:
    device.sends(device.fills_in("a", q_age="40"))
    device.fills_in("b", q_housed="yes")
    page = office.looks(device.file())
    assert [row.split(" | ")[3] for row in rows(page)] == ["is with the server", "will be saved"]
    assert seen(office.saves(device.file()), "//p[@id='said']") == ["1 part was saved."]
    assert (desk.answers, desk.visits()) == ({"age": 40, "housed": "yes"}, 2)


def test_two_versions_stand_side_by_side_and_the_chosen_one_counts(desk: Desk, device: Device, office: Office) -> None:
    device.fills_in("a", 60 * 20, q_age="40", q_housed="no")
    desk.save("home", "age", q_age="50", tab="other")
    page = office.looks(device.file())
    ilse = desk.house.codes["ilse"]
    assert seen(page, "//main//fieldset//label") == [
        f"50filled in by {ilse}: 12:00",
        f"40in this file, by {ilse}: 10:00",
    ]
    left = office.saves(device.file())
    assert seen(left, "//p[@id='said']") == ["1 part was saved. For 1 question choose below which answer is right."]
    assert desk.answers == {"age": 50, "housed": "no"}
    office.saves(device.file(), **{"0-keep_q_age": "mine"})
    assert desk.answers == {"age": 40, "housed": "no"}
    assert [row[3:] for row in desk.trail() if row[1] == "age"][-1] == ("40", None, desk.house.codes["admin"])
    assert seen(office.looks(device.file()), "//main//fieldset") == []


def test_version_that_was_not_chosen_stays_on_record_and_is_not_asked_again(
    desk: Desk, device: Device, office: Office
) -> None:
    device.fills_in("a", 5, q_age="40")
    desk.save("home", "age", q_age="50", tab="other")
    done = office.saves(device.file(), **{"0-keep_q_age": "theirs"})
    assert (seen(done, "//main//fieldset"), desk.answers) == ([], {"age": 50})
    with desk.server.database.reading() as session:
        aside = [(one.unit, one.details["value"]) for one in events(session, desk.record.id, ["set_aside"])]
    assert aside == [("age", "40")]
    assert device.sends(device.entries[0]).status_code == 409


def test_choice_is_asked_again_when_another_version_came_in_meanwhile(
    desk: Desk, device: Device, office: Office
) -> None:
    device.fills_in("a", 5, q_age="40")
    desk.save("home", "age", q_age="50", tab="other")
    desk.save("home", "age", q_age="60", tab="third")
    page = office.saves(device.file(), **{"0-keep_q_age": "mine", "seen-0": "1"})
    assert (desk.answers, seen(page, "//main//fieldset//label")[0][:2]) == ({"age": 60}, "60")


def test_handing_in_waits_for_what_is_missing(desk: Desk, device: Device, office: Office) -> None:
    device.fills_in("a", q_age="40")
    device.hands_in()
    page = office.saves(device.file())
    assert (desk.record.submitted_at, seen(page, "//main//section//ul/li")) == (None, ["Heeft u een huis?"])


def test_response_that_was_handed_in_asks_for_a_reason_and_gets_corrections(
    desk: Desk, device: Device, office: Office
) -> None:
    desk.save("home", "housed", q_housed="no", tab="other")
    desk.hand_in()
    device.fills_in("a", base=2, q_age="40")
    refused = office.saves(device.file())
    assert (refused.status_code, desk.answers) == (422, {"housed": "no"})
    assert seen(refused, "//p[@role='alert']") == [
        "Nothing was saved yet. This was handed in before: write down why the answers change."
    ]
    office.saves(device.file(), **{"reason-0": "The tablet was in the kitchen."})
    last = desk.trail()[-1]
    assert (last[0], last[3], last[4]) == ("correction", "40", "The tablet was in the kitchen.")


def test_locked_response_stays_as_it_is(desk: Desk, device: Device, office: Office) -> None:
    device.fills_in("a", q_age="40")
    with desk.server.database.writing() as session:
        session.execute(update(Response).values(locked_at=desk.server.now()))
    page = office.saves(device.file())
    assert (page.status_code, desk.answers, seen(page, "//button[@name='journal']")) == (423, {}, [])
    assert len(rows(page)) == 1


def alert(page: Any) -> str:
    return seen(page, "//p[@role='alert'] | //main//section/p[1]")[0]


def test_what_does_not_open_says_why_in_a_plain_sentence(desk: Desk, device: Device, office: Office) -> None:
    device.fills_in("a", q_age="40")
    whole = device.file()
    said = {
        "nothing": alert(office.looks(b"")),
        "half": alert(office.looks(whole[:-40])),
        "another kind": alert(office.looks(b"PK\x03\x04 not ours \xff")),
        "other JSON": alert(office.looks(b'{"format": "something"}')),
        "nested": alert(office.looks(b"[" * 100_000)),
        "later": alert(office.looks(whole.replace(b"emergency 1", b"emergency 2"))),
        "too large": alert(office.looks(b" " * (LARGEST + 1))),
        "other response": alert(office.looks(device.file(response="a" * 24))),
        "other owner": alert(office.looks(device.file(owner=desk.house.codes["rik"]))),
        "changed": alert(office.looks(whole.replace(b'"sealed": "', b'"sealed": "AAAA'))),
    }
    begins = {name: words.split(".")[0].split(":")[0] for name, words in said.items()}
    assert begins == {
        "nothing": "Choose the file that was made on the device",
        "half": "This file breaks off in the middle",
        "another kind": "This is no emergency file",
        "other JSON": "This is no emergency file",
        "nested": "This is no emergency file",
        "later": "This file was made by a later version of Krachtmeting",
        "too large": "This file is too large for an emergency file",
        "other response": "This server does not know the response",
        "other owner": "This server has no key for this",
        "changed": "This does not open",
    }
    assert (desk.record.version, desk.visits()) == (0, 0)


def test_one_changed_entry_is_told_and_keeps_the_others_from_nothing_but_handing_in(
    desk: Desk, device: Device, office: Office
) -> None:
    device.fills_in("a", q_age="40")
    device.fills_in("b", q_housed="no")
    device.hands_in()
    found = json.loads(device.file())
    found["journals"][0]["entries"][0]["sealed"] = "AAAA"
    page = office.saves(json.dumps(found).encode())
    assert (desk.answers, desk.record.submitted_at) == ({"housed": "no"}, None)
    assert seen(page, "//p[@role='note']")[0].startswith("1 part of the file cannot be opened")


def test_key_that_went_with_erasing_opens_nothing(desk: Desk, device: Device, office: Office) -> None:
    device.fills_in("a", q_age="40")
    with desk.server.database.writing() as session:
        session.query(JournalKey).delete()
    assert alert(office.looks(device.file())).startswith("This server has no key for this")


NASTY = [
    b"",
    b"null",
    b'"' + FORMAT.encode() + b'1"',
    b'{"format": ["krachtmeting emergency 1"]}',
    b'{"format": "krachtmeting emergency 1", "journals": {}}',
    b'{"format": "krachtmeting emergency 1", "journals": [1]}',
    b'{"format": "krachtmeting emergency 1", "journals": [{"response": 1, "owner": "x", "entries": []}]}',
    b'{"format": "krachtmeting emergency 1", "journals": [{"response": "../../etc", "owner": "x", "entries": 3}]}',
    b'{"format": "krachtmeting emergency 1", "journals": [{"response": "'
    + b"a" * 99
    + b'", "owner": "", "entries": []}]}',
    b'{"format": "krachtmeting emergency 1", "made": ' + b"9" * 5000 + b', "journals": []}',
    b'{"format": "krachtmeting emergency 1", "made": NaN, "journals": [' + b"[" * 9000,
]


def test_odd_files_are_refused_and_nothing_else() -> None:
    for content in NASTY:
        with pytest.raises(NotAFile):
            read_file(content)


ODD: list[dict[str, Any]] = [
    {"kind": "unheard of"},
    {"at": "yesterday"},
    {"at": 1e300},
    {"base": -1},
    {"base": [1]},
    {"batch": ""},
    {"batch": "x" * 40},
    {"fields": {"q_age": "40"}},
    {"fields": [["q_age"]]},
    {"fields": [["q_age", 40]]},
    {"units": {"age": 1}},
    {"page": "elsewhere"},
]


def test_entries_that_no_browser_of_ours_writes_are_counted_and_left_out(
    desk: Desk, device: Device, office: Office
) -> None:
    device.fills_in("a", q_housed="no")
    usual = device.fills_in("b", q_age="40")
    device.entries[1:] = [usual | odd for odd in ODD]
    page = office.saves(device.file())
    assert (page.status_code, desk.answers) == (200, {"housed": "no"})
    assert seen(page, "//p[@role='note']")[0].startswith(f"{len(ODD)} parts of the file cannot be opened")


def test_only_an_admin_loads_files(sign_in: Any) -> None:
    assert sign_in("rik").get("/admin/emergency-file").status_code == 403
