"""Chromium as the system has it, and what it complains about while a test uses it."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage

PATIENCE = 15_000
"""Milliseconds that anything may take: the machine may be busy."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # A tone of its own may sound without anybody's click: it is the microphone of a test.
    "--autoplay-policy=no-user-gesture-required",
]

EXPECTED = (
    "Service Worker registration blocked",
    "status of 400",
    "status of 401",
    "status of 404",
    "status of 409",
    "status of 422",
    "status of 423",
    "net::ERR_",
)
"""What Chromium writes for an answer or a lost connection that a test brings about by itself."""


def missing(what: str, package: str) -> None:
    """Skip the test and say loudly what was not tested; where nothing may be skipped it fails."""
    told = f"NOT TESTED: {what}. To test it, install {package} with your package manager."
    nothing_skipped = os.environ.get("CI") == "true" or os.environ.get("KRACHTMETING_NOTHING_SKIPPED") == "1"
    pytest.fail(told) if nothing_skipped else pytest.skip(told)


def program(names: tuple[str, ...], what: str, package: str) -> str:
    """The path of the first of these programs that is installed; else the test says that it is missing."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        missing(what, package)
    return str(found)


class Watched:
    """Browsers of their own, and what they complained about: errors in scripts, refusals by the content policy, answers
    of 500 and above, static files that are not there."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def context(self, **options: Any) -> BrowserContext:
        """A browser of its own, the size of a tablet unless told otherwise."""
        # A request that a service worker passes on cannot be held back by a test: only tests about it have one.
        usual = {"locale": "en-GB", "viewport": {"width": 820, "height": 1180}, "service_workers": "block"}
        context = self.browser.new_context(**usual | options)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("response", self._answered)
        self.contexts.append(context)
        return context

    def close(self) -> None:
        """Close all of them."""
        for context in self.contexts:
            context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(part in message.text for part in EXPECTED):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.complaints.append(f"{response.status} {response.url}")
