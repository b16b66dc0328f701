"""The network goes away in the middle of an interview: it goes on to its end, and all of it arrives."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from interviewer import Interviewer
from layout import layout_faults
from playwright.sync_api import Page, expect
from running_server import PASSWORD, RunningServer
from test_away_for_a_while import sign_in_here

SECOND = "qrl"
READY = "#interview[data-offline-ready]"
KEPT = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(request.url, await (await cache.match(request)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of opened.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const request = opened.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      const shown = (value) =>
        ArrayBuffer.isView(value) || value instanceof ArrayBuffer
          ? `sealed ${new TextDecoder("latin1").decode(value)}`
          : JSON.stringify(value);
      for (const row of rows) {
        found.push(...Object.entries(row).map(([key, value]) => `${store}.${key}=${shown(value)}`));
      }
    }
    opened.close();
  }
  return found;
}"""
"""All that a browser keeps of this origin, as one would read it from the disk."""

CHECK = "Dit is meer dan alle kinderen. Wilt u nog eens tellen?"

SitDown = Callable[..., Interviewer]


def kept_here(page: Page) -> str:
    return "\n".join(page.evaluate(KEPT))


@pytest.fixture
def opened(sit_down: SitDown) -> Callable[..., Interviewer]:
    """An interviewer at a page that is ready to go on without a network."""

    def ready(*args: Any, **options: Any) -> Interviewer:
        ilse = sit_down(*args, **options)
        expect(ilse.page.locator(READY)).to_be_attached()
        return ilse

    return ready


def go(ilse: Interviewer, where: str) -> None:
    """Press a button of the page, whatever its language."""
    ilse.page.locator(f".steps button[value={where}]").click()


def gone(ilse: Interviewer) -> None:
    ilse.page.context.set_offline(True)


def back(ilse: Interviewer) -> None:
    ilse.page.context.set_offline(False)


HAS_KEY = """(token) => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data }) => resolve(Boolean(data.key));
  navigator.serviceWorker.controller.postMessage({ kind: "ask-key", token }, [channel.port2]);
})"""


def held(ilse: Interviewer) -> None:
    """The service worker stands beside the page, and has the key of its journal."""
    ilse.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    ilse.page.wait_for_function(HAS_KEY, arg=ilse.token)


def test_interview_goes_on_to_its_end_and_arrives_whole(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened(second=SECOND, service_workers="allow")
    held(ilse)
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_attribute("data-state", "saved")
    gone(ilse)
    ilse.answer("age", 52)
    ilse.type("rooms", "99")
    ilse.press("Next")
    expect(ilse.page.locator("#summary")).to_contain_text("1 question needs another look")
    expect(ilse.page.locator("#error-rooms")).to_have_text("The largest number that fits here is 20.")
    ilse.line("rooms").fill("2,5")
    ilse.press("Next")
    expect(ilse.page.get_by_role("heading", level=1)).to_contain_text("Uw dagen")
    expect(ilse.page.locator(".position")).to_have_text("Page 2 of 3")
    expect(ilse.page.locator("#offline-word")).to_contain_text("Working without a connection")
    assert layout_faults(ilse.page, (390, 820)) == []
    ilse.answer("worries", ["money", "other"])
    ilse.answer("worries_namely", "de buren")
    ilse.answer("sup_money", 2)
    ilse.page.get_by_role("button", name="qrl").click()
    expect(ilse.page.locator("body")).to_have_class(re.compile("participants-own"))
    assert ilse.chosen("sup_money") == ["2"]
    ilse.answer("sup_family", 6)
    go(ilse, "next")
    ilse.answer("children", 1)
    ilse.answer("children_home", 3)
    go(ilse, "next")
    expect(ilse.page.locator("#error-children_home")).to_have_text(CHECK)
    go(ilse, "previous")
    go(ilse, "previous")
    expect(ilse.line("age")).to_have_value("52")
    ilse.page.get_by_role("link", name="All pages").click()
    expect(ilse.page.get_by_role("heading", name="All pages")).to_be_visible()
    ilse.page.get_by_role("link", name="Round off and hand in").click()
    expect(ilse.page.locator("#offline-place .summary")).to_contain_text("Hoeveel kinderen wonen bij u?")
    ilse.page.locator("#offline-place .summary a").click()
    ilse.line("children_home").fill("1")
    go(ilse, "next")
    assert server.record(ilse.token).answers == {"housed": "yes"}
    expect(ilse.page.get_by_role("heading", name="Round off")).to_be_visible()
    assert layout_faults(ilse.page, (390, 820)) == []
    ilse.page.get_by_role("button", name="Hand in").click()
    expect(ilse.page.get_by_role("heading", name="Handed in on this device")).to_be_visible()
    left = kept_here(ilse.page)
    assert [word for word in ("buren", "Uw dagen", "Hoeveel", "q_age", 'kept.name="pages') if word in left] == []
    assert "entries.sealed=sealed" in left
    back(ilse)
    expect(ilse.page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()
    record = server.record(ilse.token)
    assert record.submitted_at is not None
    assert record.answers == {
        "housed": "yes", "age": 52, "rooms": 2.5, "worries": ["money", "other"], "worries_namely": "de buren",
        "sup_money": 2, "sup_family": 6, "children": 1, "children_home": 1,
    }  # fmt: skip
    assert record.layout == "participant"
    assert "entries.id=" not in kept_here(ilse.page)
    assert "kept.response=" not in kept_here(ilse.page)


def test_page_that_is_loaded_anew_without_a_network_goes_on(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened(second=SECOND, service_workers="allow")
    held(ilse)
    ilse.answer("housed", "no")
    expect(ilse.status).to_have_attribute("data-state", "saved")
    gone(ilse)
    ilse.answer("where", "bij mijn zus")
    go(ilse, "next")
    ilse.answer("worries", ["money"])
    ilse.page.reload()
    expect(ilse.page.get_by_role("heading", level=1)).to_contain_text("Uw dagen")
    assert ilse.chosen("worries") == ["money"]
    ilse.answer("sup_money", 3)
    go(ilse, "previous")
    expect(ilse.line("where")).to_have_value("bij mijn zus")
    assert (ilse.chosen("housed"), ilse.line("rooms").is_visible()) == (["no"], False)
    back(ilse)
    expect(ilse.status).to_have_attribute("data-state", "saved")
    assert server.record(ilse.token).answers == {
        "housed": "no", "where": "bij mijn zus", "worries": ["money"], "sup_money": 3,
    }  # fmt: skip
    go(ilse, "next")
    expect(ilse.page.locator("body")).not_to_have_class(re.compile("in-place"))
    assert ilse.chosen("sup_money") == ["3"]


def test_without_the_key_a_calm_page_waits_and_goes_on_by_itself(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened(service_workers="allow")
    held(ilse)
    gone(ilse)
    ilse.answer("age", 41)
    go(ilse, "pause")
    ilse.page.evaluate("() => navigator.serviceWorker.controller.postMessage({ kind: 'forget-keys' })")
    ilse.page.goto(f"/response/{ilse.token}/page/home")
    expect(ilse.page.get_by_role("heading", level=1)).to_have_text("No connection just now")
    assert layout_faults(ilse.page, (390, 820)) == []
    assert "Hoe oud" not in ilse.page.content()
    with ilse.page.expect_download() as coming:
        ilse.page.get_by_role("button", name="Save as a file").click()
    file = json.loads(coming.value.path().read_text())
    assert (file["format"], [one["response"] for one in file["journals"]]) == ("krachtmeting emergency 1", [ilse.token])
    back(ilse)
    expect(ilse.line("age")).to_have_value("41")
    assert server.record(ilse.token).answers == {"age": 41}


def test_what_the_server_refuses_on_return_is_shown_question_by_question(
    opened: Callable[..., Interviewer], sign_in: Callable[..., Page], server: RunningServer
) -> None:
    ilse = opened(page="home")
    gone(ilse)
    ilse.answer("age", 30)
    ilse.answer("housed", "yes")
    tablet = Interviewer(sign_in("ina"), ilse.instrument, ilse.token)
    tablet.open("home")
    tablet.answer("age", 70)
    expect(tablet.status).to_have_attribute("data-state", "saved")
    tablet.open("last")
    tablet.answer("children", 1)
    tablet.answer("children_home", 4)
    expect(tablet.status).to_have_attribute("data-state", "saved")
    go(ilse, "next")
    go(ilse, "next")
    go(ilse, "next")
    ilse.page.get_by_role("button", name="Hand in").click()
    back(ilse)
    both = ilse.page.locator(".returned li")
    expect(both).to_have_count(1)
    expect(both).to_contain_text("Here: 30")
    expect(both).to_contain_text("70")
    both.get_by_role("button", name="Look at both").click()
    ilse.page.locator("[name=keep_q_age][value=mine]").check()
    ilse.page.locator("form button.button:not(.quiet)").first.click()
    hindered = ilse.page.locator(".returned a")
    expect(hindered).to_have_text("Hoeveel kinderen wonen bij u?")
    hindered.click()
    expect(ilse.page.locator("#error-children_home")).to_have_text(CHECK)
    record = server.record(ilse.token)
    assert (record.submitted_at, record.answers) == (
        None,
        {"age": 30, "housed": "yes", "children": 1, "children_home": 4},
    )


def test_server_that_stays_away_is_no_different_from_a_network_that_does(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened()
    away = re.compile(r"/(save|session|page/.*)$")
    ilse.page.context.route(away, lambda route: route.abort())
    ilse.answer("housed", "no")
    go(ilse, "next")
    expect(ilse.page.get_by_role("heading", level=1)).to_have_text("Uw dagen")
    ilse.answer("of_calm", 4)
    server.last_seen("ilse", hours=2)
    ilse.page.context.unroute(away)
    over = ilse.page.get_by_role("dialog")
    expect(over).to_be_visible(timeout=40_000)
    over.get_by_label("Password").fill(PASSWORD)
    over.get_by_label("Name").fill("ilse")
    over.get_by_role("button", name="Sign in").click()
    expect(ilse.status).to_have_attribute("data-state", "saved")
    assert server.record(ilse.token).answers == {"housed": "no", "of_calm": 4}
    go(ilse, "next")
    expect(ilse.page.locator("body")).not_to_have_class(re.compile("in-place"))


def test_what_another_tab_kept_after_handing_in_is_not_lost_with_it(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened()
    ilse.answer("housed", "yes")
    expect(ilse.status).to_have_attribute("data-state", "saved")
    other = Interviewer(ilse.page.context.new_page(), ilse.instrument, ilse.token)
    other.open("home")
    gone(ilse)
    for _ in range(3):
        go(ilse, "next")
    ilse.page.get_by_role("button", name="Hand in").click()
    expect(ilse.page.get_by_role("heading", name="Handed in on this device")).to_be_visible()
    other.type("story", "Nog iets")
    expect(other.status).to_have_attribute("data-state", "working")
    other.page.close()
    back(ilse)
    expect(ilse.page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()
    record = server.record(ilse.token)
    assert (record.submitted_at is not None, record.answers) == (True, {"housed": "yes", "story": "Nog iets"})


def test_who_signs_in_after_somebody_who_did_not_sign_out_sees_nothing_of_theirs_without_a_network(
    opened: Callable[..., Interviewer], server: RunningServer
) -> None:
    ilse = opened(service_workers="allow")
    held(ilse)
    address, page = ilse.page.url, ilse.page.context.new_page()
    ilse.page.close()
    server.last_seen("ilse", hours=1)
    page.goto("/")
    sign_in_here(page, "ina")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.wait_for_function(f"async (token) => !(await ({HAS_KEY})(token))", arg=ilse.token)
    page.context.set_offline(True)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("No connection just now")
