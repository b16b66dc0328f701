"""The journal in the browser: what has no receipt outlives a crash, is sealed, and is its owner's alone."""

from __future__ import annotations

import base64
import datetime
import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from interviewer import WITHOUT_A_CONNECTION, Interviewer
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from running_server import RunningServer
from sqlalchemy import select, update
from test_away_for_a_while import sign_in_here, sign_in_over
from test_saved_truthfully import eventually
from watched_browser import ARGUMENTS, program

from survey.instruments.library import Library
from survey.storage.receipts import journal_key
from survey.storage.tables import Response

SitDown = Callable[..., Interviewer]
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
STORY = "Zes dromedarissen in de keuken"

RECORDS = """async () => {
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });
  const database = await asked(indexedDB.open("krachtmeting", 1));
  const text = (buffer) => Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  const all = {};
  for (const name of ["entries", "kept"]) {
    const records = await asked(database.transaction(name).objectStore(name).getAll());
    all[name] = records.map((one) => ({ ...one, iv: text(one.iv), sealed: text(one.sealed) }));
  }
  database.close();
  return all;
}"""


KEEP_PAGES = """async (token) => {
  const owner = document.forms.interview.elements.namedItem("person").value;
  await (await krachtmeting.openJournal({ token, owner })).keep("pages", ["as the part without a network keeps them"]);
}"""


def entries(page: Page) -> list[dict[str, Any]]:
    """The records of the journal as they stand in the browser's store."""
    found: list[dict[str, Any]] = page.evaluate(RECORDS)["entries"]
    return found


def left(page: Page) -> int:
    """How many records are left, once what is on its way is through."""
    return len(eventually(lambda: entries(page), lambda found: not found))


@contextmanager
def away(context: BrowserContext) -> Iterator[None]:
    """The server does not answer whoever wants to save."""
    context.route("**/save", lambda route: route.abort())
    yield
    context.unroute("**/save")


@pytest.fixture
def ilse(sit_down: SitDown) -> Interviewer:
    """At the first page, with a story that the server did not get."""
    return sit_down()


def test_page_that_was_closed_without_the_server_is_whole_when_it_is_opened_again(
    ilse: Interviewer, server: RunningServer
) -> None:
    with away(ilse.page.context):
        ilse.type("story", STORY)
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        ilse.answer("housed", "yes")
        kept = entries(ilse.page)
        assert {name for one in kept for name in one} == {"id", "response", "owner", "made", "iv", "sealed"}
        assert not any(word in json.dumps(kept) for word in ("dromedarissen", "story", "housed", "home"))
        ilse.page.close()
    assert server.record(ilse.token).answers == {}
    again = Interviewer(ilse.page.context.new_page(), ilse.instrument, ilse.token)
    again.open("home")
    expect(again.line("story")).to_have_value(STORY)
    again.expect_saved()
    assert again.chosen("housed") == ["yes"]
    assert server.record(ilse.token).answers == {"story": STORY, "housed": "yes"}
    # Each question came with its own moment, and once.
    assert server.visits(ilse.token, "autosave") == 2
    assert left(again.page) == 0


def test_reload_in_the_middle_of_a_word_asks_no_question_and_goes_on(ilse: Interviewer, server: RunningServer) -> None:
    with away(ilse.page.context):
        ilse.type("story", "Zes drom")
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        ilse.page.reload()
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        ilse.answer("housed", "no")
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"story": "Zes drom", "housed": "no"}
    # The page still shows an empty line: sent as a whole it takes nothing away.
    ilse.press("Next")
    expect(ilse.page.locator("h1")).to_have_text("Uw dagen")
    assert server.record(ilse.token).answers == {"story": "Zes drom", "housed": "no"}


def test_somebody_else_who_signs_in_over_the_page_gets_nothing_of_it(ilse: Interviewer, server: RunningServer) -> None:
    with away(ilse.page.context):
        ilse.type("story", STORY)
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        server.last_seen("ilse", hours=1)
        ilse.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        sign_in_over(ilse.page, "ina")
        expect(ilse.page.get_by_role("heading", name="Welcome")).to_be_visible()
    page = ilse.page
    assert STORY not in page.content()
    expect(page.locator("#left-here")).to_be_hidden()
    [record] = entries(page)
    opened = page.evaluate(
        """async (token) => {
          const { owner } = document.getElementById("sign-out").dataset;
          const csrf = document.querySelector("[name=csrf_token]").value;
          const asked = { token, owner, keyAddress: `/response/${token}/journal-key`, csrf };
          return (await (await krachtmeting.openJournal(asked)).entries()).length;
        }""",
        ilse.token,
    )
    assert (opened, server.record(ilse.token).answers) == (0, {})
    # It is nobody's business but the owner's: no question when somebody else signs out.
    page.get_by_role("button", name="Sign out").click()
    sign_in_here(page, "ilse")
    expect(page.locator("#left-here")).to_have_text("What this device held is with the server now.")
    assert (server.record(ilse.token).answers, left(page)) == ({"story": STORY}, 0)
    assert record["response"] == ilse.token


def test_signing_out_tells_what_is_not_with_the_server_and_leaves_it_sealed(
    ilse: Interviewer, server: RunningServer
) -> None:
    page = ilse.page
    with away(page.context):
        ilse.type("story", STORY)
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        page.evaluate(KEEP_PAGES, ilse.token)
        page.goto("/")
        expect(page.locator("#left-here")).to_contain_text("It is sent as soon as that is possible.")
        page.get_by_role("button", name="Sign out").click()
        told = page.get_by_role("dialog", name="Something is not with the server yet")
        told.get_by_role("button", name="Stay signed in").click()
        expect(told).to_be_hidden()
        page.get_by_role("button", name="Sign out").click()
        told.get_by_role("button", name="Sign out all the same").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    server.signed_in.pop("ilse", None)
    here = page.evaluate(RECORDS)
    assert (len(here["entries"]), here["kept"]) == (1, [])
    sign_in_here(page, "ilse")
    expect(page.locator("#left-here")).to_have_text("What this device held is with the server now.")
    assert server.kept(ilse.token, "story") == STORY


def test_emergency_file_opens_with_the_servers_key_and_holds_what_was_typed(
    sit_down: SitDown, server: RunningServer, tmp_path: Path
) -> None:
    ilse = sit_down()
    ilse.page.clock.install()
    ilse.page.reload()
    with away(ilse.page.context):
        ilse.type("story", STORY)
        expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
        ilse.page.clock.fast_forward(125_000)
        with ilse.page.expect_download() as coming:
            ilse.page.get_by_role("button", name="Save as a file").click()
        expect(ilse.page.get_by_text("Give it to the administrator.")).to_be_visible()
        coming.value.save_as(tmp_path / "file.json")
    written = (tmp_path / "file.json").read_text()
    content = json.loads(written)
    [journal] = content["journals"]
    assert (content["format"], journal["response"], STORY in written) == ("krachtmeting emergency 1", ilse.token, False)
    with server.database.reading() as session:
        response = session.scalars(select(Response.id).where(Response.token == ilse.token)).one()
        key = journal_key(session, response, journal["owner"]) or b""
    bound = f"krachtmeting journal 1/{ilse.token}/{journal['owner']}".encode()
    opened = [
        json.loads(AESGCM(key).decrypt(base64.b64decode(one["iv"]), base64.b64decode(one["sealed"]), bound))
        for one in journal["entries"]
    ]
    assert [(one["kind"], one["page"], one["units"]) for one in opened] == [("answers", "home", ["story"])]
    assert dict(opened[0]["fields"])["q_story"] == STORY


def test_version_of_another_device_is_chosen_and_the_journal_is_empty_after_it(
    ilse: Interviewer, server: RunningServer
) -> None:
    other = Interviewer(ilse.page.context.new_page(), ilse.instrument, ilse.token)
    other.open("home")
    ilse.answer("age", 40)
    ilse.expect_saved()
    other.answer("age", 50)
    both = other.page.get_by_role("button", name="changed on another device too: look at both")
    expect(both).to_be_visible()
    # The rest is saved, and only what two devices changed waits here.
    other.answer("housed", "yes")
    assert eventually(lambda: server.kept(ilse.token, "housed"), bool) == "yes"
    other.page.reload()
    assert len(entries(other.page)) == 1
    both.click()
    other.page.locator(".versions .option").nth(1).click()
    other.press("Save this choice")
    expect(other.line("age")).to_have_value("50")
    assert (left(other.page), server.record(ilse.token).answers) == (0, {"age": 50, "housed": "yes"})


def test_what_a_locked_response_does_not_take_stays_here_and_goes_once_it_is_unlocked(
    ilse: Interviewer, server: RunningServer
) -> None:
    def lock(moment: datetime.datetime | None) -> None:
        with server.database.writing() as session:
            session.execute(update(Response).where(Response.token == ilse.token).values(locked_at=moment))

    lock(datetime.datetime.now(datetime.UTC))
    ilse.answer("housed", "yes")
    expect(ilse.status).to_contain_text("not saved: a researcher locked this")
    expect(ilse.page.get_by_role("button", name="Save as a file")).to_be_visible()
    lock(None)
    ilse.page.goto("/")
    expect(ilse.page.locator("#left-here")).to_have_text("What this device held is with the server now.")
    assert (server.record(ilse.token).answers, left(ilse.page)) == ({"housed": "yes"}, 0)


def test_browser_that_can_keep_nothing_sealed_says_so_and_saves_all_the_same(
    sit_down: SitDown, server: RunningServer
) -> None:
    ilse = sit_down()
    # As on an address without https: there is no cryptography for pages.
    ilse.page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    ilse.page.reload()
    with away(ilse.page.context):
        ilse.answer("housed", "yes")
        expect(ilse.status).to_have_text("not saved yet: no connection. Trying again by itself.")
    ilse.answer("age", 40)
    ilse.expect_saved()
    assert server.record(ilse.token).answers == {"housed": "yes", "age": 40}


class Laptop:
    """A browser with a folder of its own: what is on its disk is there after it was killed."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._start, self.folder = browser.browser_type.launch_persistent_context, folder

    def opened(self, url: str, cookies: Any = ()) -> BrowserContext:
        path = program(CHROMIUM, "a browser that is killed", "chromium-headless-shell")
        self.context = self._start(
            self.folder, executable_path=path, args=ARGUMENTS, base_url=url, locale="en-GB", service_workers="block"
        )
        self.context.add_cookies(cookies)
        return self.context

    def kill(self) -> None:
        """kill -9 of all that belongs to this browser."""
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if str(self.folder) in process.read_text():
                    os.kill(int(process.parent.name), signal.SIGKILL)
        with suppress(Error):
            self.context.close()


def test_browser_that_is_killed_in_the_middle_of_a_word_loses_a_character_at_most(
    browser: Browser, sign_in: Callable[..., Page], server: RunningServer, tmp_path: Path, library: Library
) -> None:
    cookies = sign_in("ilse").context.cookies()
    laptop, token = Laptop(browser, tmp_path / "laptop"), server.new_response("every-kind")
    context = laptop.opened(server.url, cookies)
    context.route("**/save", lambda route: route.abort())
    ilse = Interviewer(context.new_page(), library.newest["every-kind"], token)
    ilse.open("home")
    ilse.line("story").press_sequentially(STORY, delay=15)
    laptop.kill()
    assert server.record(token).answers == {}
    page = laptop.opened(server.url, cookies).new_page()
    page.goto("/")
    expect(page.locator("#left-here")).to_have_text("What this device held is with the server now.")
    laptop.context.close()
    assert server.kept(token, "story") in (STORY, STORY[:-1])
