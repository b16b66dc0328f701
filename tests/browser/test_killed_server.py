"""kill -9 of the server in mid-interview loses no answer that the page called saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from interviewer import WITHOUT_A_CONNECTION, Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer

from survey.instruments.library import Library


@pytest.fixture
def doomed(tmp_path: Path, own_definitions: Path, browser: object) -> Iterator[RunningServer]:
    """A server of this test's own."""
    running = RunningServer(tmp_path, own_definitions)
    yield running
    running.stop()


def test_killed_server_has_all_that_the_page_called_saved(
    doomed: RunningServer, sign_in: Callable[..., Page], library: Library
) -> None:
    token = doomed.new_response("every-kind")
    page = sign_in("ilse", at=doomed)
    page.goto(f"/response/{token}/page/home")
    ilse = Interviewer(page, library.newest["every-kind"], token)
    said = {"housed": "yes", "age": 47, "rooms": 2.5}
    for name, value in said.items():
        ilse.answer(name, value)
    ilse.line("story").press_sequentially("Het gaat beter", delay=20)
    ilse.expect_saved()
    called_saved = said | {"story": "Het gaat beter"}
    doomed.kill()
    assert doomed.record(token).answers == called_saved

    ilse.type("story", " sinds de zomer")
    expect(ilse.status).to_have_text(WITHOUT_A_CONNECTION)
    assert doomed.record(token).answers == called_saved
    doomed.start()
    expect(ilse.status).to_contain_text("safe at", timeout=40_000)
    ilse.expect_saved()
    assert doomed.record(token).answers == said | {"story": ilse.line("story").input_value()}
    ilse.press("Next")
    expect(page.locator("h1")).to_have_text("Uw dagen")
