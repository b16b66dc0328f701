"""Takes the screenshots of the documentation: starts a server with the demo study, and clicks through it in Chromium.

Run: make screenshots
"""

from __future__ import annotations

import datetime
import logging
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from survey.demo import SignIn, make_demo
from survey.demo.making import TRY_SLUG
from survey.instruments.library import Library, shelves
from survey.storage.database import Database
from survey.web.app import create_app
from survey.web.settings import Settings

DOCS = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--font-render-hinting=none",
]


def main() -> None:
    """Make all pictures anew."""
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is not installed; install the package chromium-headless-shell.")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(f"sqlite:///{folder}/shots.sqlite", "screenshots" * 4, (DOCS / "example",))
        database = Database(settings.database_url)
        database.upgrade()
        made = make_demo(database, Library(shelves()), now=datetime.datetime.now(datetime.UTC))
        server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        by_role = {one.role: one for one in made.sign_ins}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            base = f"http://127.0.0.1:{server.server_port}"
            page = _signed_in(browser, base, by_role["interviewer"])
            _interview(page, TRY_SLUG)
            _short_instrument(page, TRY_SLUG)
            researcher = _signed_in(browser, base, by_role["researcher"])
            _who_is_where(researcher, made.slug)
            _report(researcher, made.slug)
            browser.close()
        server.shutdown()


def _signed_in(browser: Browser, base: str, who: SignIn) -> Page:
    """A page of somebody on a tablet."""
    context = browser.new_context(base_url=base, locale="nl-NL", viewport={"width": 820, "height": 1180})
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#name", who.name)
    page.fill("#password", who.password)
    page.click("main form .actions button")
    return page


def _who_is_where(page: Page, slug: str) -> None:
    page.set_viewport_size({"width": 820, "height": 900})
    page.goto(f"/study/{slug}/progress/")
    page.screenshot(path=DOCS / "who-is-where-820.png")


def _report(page: Page, slug: str) -> None:
    for name in ("fidelity", "change"):
        page.set_viewport_size({"width": 820, "height": 1000})
        page.goto(f"/study/{slug}/report/{name}/")
        page.screenshot(path=DOCS / f"{name}-820.png")


def _begin(page: Page, slug: str, instrument: str, second: str) -> str:
    """The address of a new interview in Dutch and a second language."""
    page.goto(f"/study/{slug}/participants/")
    page.click("form[action$='/new'] button")
    form = page.locator(f"form[action$='/begin/{instrument}/t0']")
    form.locator("select").select_option(second)
    form.locator("button").click()
    return page.url.rsplit("/", 1)[0]


def _interview(page: Page, slug: str) -> None:
    address = _begin(page, slug, "client-interview", "ar")
    page.check("input[name=interpreter][value=professional]")
    page.check("input[name=mode][value=phone]")
    page.click("main button.button")
    device = _participants_screen(page, address)
    page.goto(f"{address}/page/belonging")
    for number, group in enumerate(page.locator(".item").all()[:3]):
        group.locator(f"input[value='{4 - number}']").check()
    page.wait_for_selector("#saved[data-state=saved]")
    page.evaluate("window.scrollTo(0, 0); document.activeElement.blur()")
    page.screenshot(path=DOCS / "bilingual-page-820.png")
    page.goto(f"{address}/page/welcome")
    page.locator("input[name=q_mood_today][value='4']").check()
    device.wait_for_selector("[data-one=mood_today] [aria-pressed=true]")
    device.screenshot(path=DOCS / "participants-screen.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/pages")
    page.screenshot(path=DOCS / "page-list-phone.png", full_page=True)


def _participants_screen(page: Page, address: str) -> Page:
    """A phone beside the interviewer's tablet, paired by its code."""
    page.goto(f"{address}/screen")
    page.click("form[action$='/pair'] button")
    code = page.locator(".short-code").inner_text()
    browser = page.context.browser
    assert browser is not None  # noqa: S101  A context of a launched browser has one.
    base = page.url.split("/response/")[0]
    device = browser.new_context(base_url=base, viewport={"width": 390, "height": 700}).new_page()
    device.goto("/screen/join")
    device.fill("#code", code)
    device.click("form button")
    return device


def _short_instrument(page: Page, slug: str) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    address = _begin(page, slug, "good-days", "en")
    page.goto(f"{address}/page/days")
    page.locator("input[name=q_good_day][value=yes]").check()
    page.wait_for_selector("#saved[data-state=saved]")
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=DOCS / "short-instrument.png", full_page=True)


if __name__ == "__main__":
    main()
