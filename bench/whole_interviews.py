"""Whole interviews: the shipped client interview from registering to handing in, page by page over HTTP."""

from __future__ import annotations

import re
import time

from bench.interviewers import Browser
from bench.page_turns import Items, hidden

PAGES_AT_MOST = 40


def interview(browser: Browser) -> int:
    """One interview, each visible group of options answered with its first; the number of pages turned."""
    people = "/study/bench/participants/"
    token = hidden(browser.request("GET", people)[1], "csrf_token")
    participant = browser.request("POST", f"{people}new", [("csrf_token", token)])[2]
    fields = [("csrf_token", token), ("second_language", "en")]
    address = browser.request("POST", f"{participant}/begin/client-interview/t0", fields)[2]
    welcome = _followed(browser, address)
    company = [("language", "nl"), ("second_language", "en"), ("interpreter", "professional"), ("mode", "phone")]
    signed = [("csrf_token", hidden(welcome, "csrf_token")), *company]
    address = browser.request("POST", f"{address}welcome", signed)[2]
    pages = 0
    while "/page/" in address:
        page = browser.request("GET", address)[1]
        sent = _first_options(page) + [(name, hidden(page, name)) for name in ("csrf_token", "base", "texts")]
        # All questions, rows and namely-texts of the page count as seen, as with a script.
        shown = " ".join(re.findall(r'data-(?:question|unit)="([^"]+)"', page))
        target = address.split("#")[0].split("?")[0]
        status, _, address = browser.request("POST", target, [*sent, ("shown", shown), ("go", "next")])
        if status != 302:
            raise RuntimeError(f"a page answered {status}")
        pages += 1
        if pages > PAGES_AT_MOST:
            raise RuntimeError("the interview does not come to its end")
    end = browser.request("GET", address)[1]
    response = address.rsplit("/", 1)[0]
    if browser.request("POST", f"{response}/submit", [("csrf_token", hidden(end, "csrf_token"))])[0] != 302:
        raise RuntimeError("the interview was not handed in")
    return pages


def _followed(browser: Browser, address: str) -> str:
    for _ in range(5):
        status, text, location = browser.request("GET", address)
        if status != 302:
            return text
        address = location
    raise RuntimeError("too many redirects")


def _first_options(page: str) -> Items:
    """The first option of each group of radio buttons; other inputs stay empty."""
    chosen: dict[str, str] = {}
    for kind, name, value in re.findall(r'<input type="(radio)" name="(q_[^"]+)" value="([^"!]+)"', page):
        if kind == "radio":
            chosen.setdefault(name, value)
    return list(chosen.items())


def a_minute(port: int, seconds: float) -> tuple[float, int]:
    """Interviews a minute by one interviewer without a pause, and pages an interview."""
    browser = Browser(port)
    browser.sign_in()
    done, pages = 0, interview(browser)
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        pages = interview(browser)
        done += 1
    return done * 60 / (time.perf_counter() - start), pages
