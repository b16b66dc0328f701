"""Two devices at one interview, both without a network, then both back: it comes together, and one word is chosen."""

from __future__ import annotations

import re
from collections.abc import Callable

from interviewer import WITHOUT_A_CONNECTION, Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer
from sqlalchemy import select
from test_saved_truthfully import eventually

from survey.storage.tables import Change, Person, Response, Visit


def trail(server: RunningServer, token: str, unit: str) -> list[tuple[str | None, str]]:
    """What the trail has of a question: the value, and the code of who gave it."""
    with server.database.reading() as session:
        query = select(Change.new, Person.code).join(Visit, Change.visit_id == Visit.id).join(Person)
        of = query.join(Response, Change.response_id == Response.id).where(Response.token == token, Change.unit == unit)
        return [(new, code) for new, code in session.execute(of.order_by(Change.id))]


def test_what_two_devices_filled_in_without_a_network_comes_together(
    sit_down: Callable[..., Interviewer], sign_in: Callable[..., Page], server: RunningServer
) -> None:
    laptop = sit_down()
    tablet = Interviewer(sign_in("ina"), laptop.instrument, laptop.token)
    tablet.page.clock.install()
    tablet.open("home")
    for one in (laptop, tablet):
        one.page.context.set_offline(True)
    laptop.answer("age", 30)
    laptop.answer("housed", "yes")
    tablet.answer("age", 70)
    tablet.type("story", "aan de keukentafel")
    for one in (laptop, tablet):
        expect(one.status).to_have_text(WITHOUT_A_CONNECTION)
    assert server.record(laptop.token).answers == {}

    # What waited for half a minute came late.
    tablet.page.clock.fast_forward(40_000)
    laptop.page.context.set_offline(False)
    laptop.expect_saved()
    tablet.page.context.set_offline(False)
    both = tablet.page.get_by_role("button", name="changed on another device too: look at both")
    expect(both).to_be_visible()
    merged = {"age": 30, "housed": "yes", "story": "aan de keukentafel"}
    assert eventually(lambda: server.record(laptop.token).answers, lambda now: now == merged) == merged

    both.click()
    versions = tablet.page.locator(".versions .option")
    expect(versions.nth(0)).to_contain_text("30")
    expect(versions.nth(1)).to_contain_text("70")
    with server.database.reading() as session:
        ilse, ina = (session.get_one(Person, server.people[name]).code for name in ("ilse", "ina"))
    expect(versions.nth(0)).to_contain_text(f"filled in by {ilse}")
    expect(versions.nth(1)).to_contain_text(re.compile(r"filled in here, not saved yet: .*\d\d:\d\d"))
    versions.nth(1).click()
    tablet.press("Save this choice")
    expect(tablet.line("age")).to_have_value("70")
    assert server.record(laptop.token).answers == merged | {"age": 70}
    assert trail(server, laptop.token, "age") == [("30", ilse), ("70", ina)]
