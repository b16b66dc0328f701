"""What participants filled in alone, on two devices or in an emergency file: the last word is theirs, by its time."""

from __future__ import annotations

from typing import Any

import pytest
from by_link import ByLink, Visitor, fields
from emergency import Device, Office
from seeing import seen
from sqlalchemy import select

from survey.storage.events import events
from survey.storage.tables import Visit


class Phone(Device):
    """A participant's own device, that cannot reach the server."""

    def __init__(self, place: ByLink, secret: str, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.send(visitor.open(secret))
        self.token = place.record(secret).token
        super().__init__(self)
        self.base = int(fields(self.page)["base"][0])

    # What a device needs of a desk.
    @property
    def client(self) -> Any:
        return self.visitor.client

    @property
    def server(self) -> Any:
        return self.client.application.extensions["krachtmeting"]

    def get(self, part: str) -> Any:
        return self.page

    def form(self, page: Any) -> dict[str, Any]:
        return fields(page)

    def address(self, part: str) -> str:
        return f"/response/{self.token}/{part}"

    def autosaves(self, units: str, **sent: str) -> Any:
        kept = {name: value for name, value in fields(self.page).items() if name in ("csrf_token", "base", "texts")}
        kept |= {"page": "own_choice", "units": units}
        return self.client.post(self.address("save"), data=kept | sent)


@pytest.fixture
def place(house: Any, planned: Any, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


@pytest.fixture
def secret(place: ByLink) -> str:
    person = place.participant()
    place.clock.advance(days=190)
    return place.link(place.task(person))


@pytest.fixture
def phone(place: ByLink, secret: str, app: Any) -> Phone:
    found = Phone(place, secret, Visitor(app.test_client()))
    place.clock.advance(minutes=50)
    return found


def set_aside(place: ByLink, secret: str) -> list[tuple[Any, ...]]:
    record = place.record(secret)
    with place.here.database.reading() as session:
        return [(one.unit, one.details["value"], one.by) for one in events(session, record.id, ["set_aside"])]


def test_what_was_filled_in_last_counts_and_not_what_comes_last(place: ByLink, secret: str, phone: Phone) -> None:
    phone.autosaves("ho_wish", q_ho_wish="1", tab="laptop")
    phone.autosaves("ho_wish ho_topic", q_ho_wish="5", q_ho_topic="2", tab="phone", age=str(20 * 60_000))
    assert place.record(secret).answers == {"ho_wish": 1, "ho_topic": 2}
    assert set_aside(place, secret) == [("ho_wish", "5", None)]


def test_journal_of_a_participant_is_saved_as_theirs_and_nobody_chooses_for_them(
    place: ByLink, secret: str, phone: Phone, sign_in: Any
) -> None:
    phone.fills_in("a", 40, page="own_choice", base=phone.base, q_ho_wish="5", q_ho_topic="2")
    phone.autosaves("ho_wish", q_ho_wish="1", tab="laptop")
    office = Office(sign_in("admin"))
    page = office.looks(phone.file())
    assert seen(page, "//main//dl/dd")[1] == "the participant, by a personal link"
    assert seen(page, "//main//fieldset") == []
    office.saves(phone.file())
    assert place.record(secret).answers == {"ho_wish": 1, "ho_topic": 2}
    assert set_aside(place, secret) == [("ho_wish", "5", None)]
    with place.here.database.reading() as session:
        last = session.scalars(select(Visit).where(Visit.tab == "kitchen")).one()
    assert (last.person_id, (place.clock.now - last.at).seconds // 60) == (None, 40)


def test_hand_in_that_comes_again_by_a_link_is_told_that_it_is_done(place: ByLink, secret: str, phone: Phone) -> None:
    sent = {"csrf_token": fields(phone.page)["csrf_token"]}
    phone.autosaves("ho_wish", q_ho_wish="1", tab="phone", batch="a")
    first, again = (phone.client.post(phone.address("hand-in"), data=sent) for _ in range(2))
    assert (first.status_code, again.status_code, place.state(secret)) == (200, 200, "done")
    assert again.json == first.json
    # So is a batch, whose receipt did not come; and nothing else changes any more, whatever reason is given.
    told = phone.autosaves("ho_wish", q_ho_wish="1", tab="phone", batch="a")
    assert (told.status_code, told.json["receipt"]["version"]) == (200, 1 + phone.base)
    for more in ({}, {"reason": "toch"}):
        other = phone.autosaves("ho_wish", q_ho_wish="5", tab="phone", batch="b", **more)
        assert (other.status_code, other.json) == (422, {"reason_needed": True})
    assert place.record(secret).answers == {"ho_wish": 1}
    for part in ("page/own_choice", "offline", "end", ""):
        assert phone.client.get(phone.address(part)).location == "/l/"
    assert phone.client.post(phone.address("journal-key"), data=sent).status_code == 401
