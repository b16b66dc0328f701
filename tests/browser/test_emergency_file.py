"""From a browser that cannot send, by a file, to the server; and the browser that comes back changes nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from interviewer import Interviewer
from playwright.sync_api import Page, expect
from running_server import RunningServer

OWNERS_FILE = """() => {
  const owner = document.forms.interview.elements.namedItem("person").value;
  return krachtmeting.fileOf(owner).then((file) => file.text());
}"""


def test_what_came_by_a_file_is_safe_and_the_browser_that_comes_back_gets_the_same_receipts(
    sit_down: Callable[..., Interviewer], sign_in: Callable[..., Page], server: RunningServer, tmp_path: Path
) -> None:
    ilse = sit_down()
    ilse.page.context.route("**/save", lambda route: route.abort())
    ilse.type("story", "Eerst dit\nen dan dat")
    ilse.answer("age", 40)
    expect(ilse.status).to_have_text("working without a connection: kept on this device")
    file = tmp_path / "krachtmeting.json"
    file.write_text(ilse.page.evaluate(OWNERS_FILE))
    admin = sign_in("admin")
    admin.goto("/admin/emergency-file")
    admin.locator("#file").set_input_files(file)
    admin.get_by_role("button", name="Look what is in it").click()
    expect(admin.locator(".said", has_text="en dan dat")).to_be_visible()
    admin.get_by_role("button", name="Save this").click()
    expect(admin.get_by_text("All of this is with the server.")).to_be_visible()
    loaded = server.record(ilse.token)
    ilse.page.context.unroute("**/save")
    ilse.expect_saved()
    assert server.record(ilse.token) == loaded
    assert (loaded.answers["age"], loaded.answers["story"]) == (40, "Eerst dit\nen dan dat")
