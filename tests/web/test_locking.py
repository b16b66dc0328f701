"""A locked response on the pages: it says so kindly, loses nothing that was typed, and tells whom to ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from seeing import seen
from small_interview import Desk

from survey.storage import audit


class Room:
    """Ilse's desk with an interview, and Rik who locks."""

    def __init__(self, desk: Desk, rik: Any, send: Any) -> None:
        self.desk, self.rik, self._send = desk, rik, send

    def lock(self, lock: str = "1", words: str = "") -> Any:
        return self._send(self.rik, f"/study/demo/responses/{self.desk.token}/lock", lock=lock, words=words)

    def lock_many(self, *tokens: str, **more: str) -> Any:
        answer = self._send(self.rik, "/study/demo/responses/lock", token=list(tokens), **more)
        return self.rik.get(answer.location)

    @property
    def said(self) -> str:
        rik = self.desk.house.codes["rik"]
        return (
            f"Researcher {rik} locked this on 3 March 2025, 10:00, so that nothing changes any more. "
            f"You can read everything. Is something wrong? Ask {rik} to unlock it."
        )


@pytest.fixture
def room(house: Any, sign_in: Any, send: Any) -> Room:
    desk = Desk(house, sign_in("ilse"))
    desk.send("home", q_housed="no", q_where="in de opvang", q_age="40", go="stay")
    return Room(desk, sign_in("rik"), send)


def test_page_that_is_sent_comes_back_with_what_was_typed_and_whom_to_ask(room: Room) -> None:
    shown = room.desk.get("page/home")
    room.lock()
    page = room.desk.send("home", shown=shown, q_age="41", n_age="vergist")
    not_saved = f"This was not saved. What you filled in still stands here. {room.said}"
    assert (page.status_code, seen(page, "//p[@class='message']")) == (423, [not_saved])
    assert seen(page, "//input[@name='q_age']/@value | //textarea[@name='n_age']") == ["41", "vergist"]
    assert room.desk.answers["age"] == 40


def test_correction_keeps_its_reason_too(room: Room) -> None:
    room.desk.hand_in()
    shown = room.desk.get("page/home")
    room.lock()
    page = room.desk.send("home", shown=shown, q_age="41", reason="verkeerd verstaan")
    assert (page.status_code, seen(page, "//input[@name='reason']/@value")) == (423, ["verkeerd verstaan"])


def test_script_is_told_that_it_is_locked(room: Room) -> None:
    shown = room.desk.get("page/home")
    room.lock()
    answer = room.desk.save("home", "age", shown, q_age="41")
    assert (answer.status_code, answer.json, room.desk.answers["age"]) == (423, {"locked": True}, 40)


def test_locked_pages_can_be_read_and_turned(room: Room) -> None:
    room.lock()
    page = room.desk.get("page/home")
    assert (page.status_code, seen(page, "//p[@class='message']")) == (200, [room.said])
    visits = room.desk.visits()
    assert (room.desk.send("home").status_code, room.desk.visits()) == (302, visits)


def test_locked_response_is_not_handed_in(room: Room) -> None:
    form = room.desk.form(room.desk.get("page/home"))
    room.lock()
    page = room.desk.client.post(room.desk.address("submit"), data=form)
    assert (page.status_code, seen(page, "//p[@class='message']")) == (423, [room.said])
    assert room.desk.record.submitted_at is None
    assert seen(room.desk.get("end"), "//main//button") == []


def test_unlocking_without_a_reason_asks_for_one(room: Room) -> None:
    room.lock()
    page = room.lock("0", " ")
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, ["Write why it is unlocked."])
    assert room.lock("0", "een fout in de leeftijd").status_code == 302
    assert room.desk.send("home", q_age="41", go="stay").status_code == 302
    history = seen(room.rik.get(f"/study/demo/responses/{room.desk.token}"), "//ul[@class='lock-history']/li")
    rik = room.desk.house.codes["rik"]
    assert history == [
        f"3 March 2025, 10:00: unlocked by {rik}: een fout in de leeftijd",
        f"3 March 2025, 10:00: locked by {rik}",
    ]


def test_many_are_locked_from_the_list_as_far_as_they_were_handed_in(room: Room) -> None:
    open_one = Desk(room.desk.house, room.desk.client)
    room.desk.hand_in()
    boxes = seen(room.rik.get("/study/demo/responses/"), "//input[@type='checkbox']/@value")
    assert boxes == [room.desk.token]
    page = room.lock_many(room.desk.token, open_one.token, words="klaar", back_sort="code")
    assert seen(page, "//p[@class='message']") == [
        "1 is locked now. What was not handed in yet, or was locked already, stays as it is."
    ]
    assert (room.desk.record.locked_at is None, open_one.record.locked_at) == (False, None)
    assert seen(room.rik.get("/study/demo/responses/?state=locked"), "//tbody//td[@class='code']") == [
        room.desk.participant.code
    ]
    assert seen(room.lock_many(), "//p[@class='message']") == ["Choose first what you want to lock."]


def test_locking_is_in_the_audit_trail(room: Room) -> None:
    room.lock()
    room.lock()
    room.lock("0", "een fout")
    with room.desk.server.database.reading() as session:
        found = [(entry.action, json.loads(entry.details)) for entry, _ in audit.newest(session, 3)]
    about = {"study": "demo", "response": room.desk.token}
    assert found[:2] == [("unlocked a response", about), ("locked a response", about)]
