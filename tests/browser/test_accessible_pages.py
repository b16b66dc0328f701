"""Every page that the server has, on real objects: what axe finds, and what it cannot see. No page is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from accessible import accessible_faults
from demo_at_hand import PEOPLE, DemoAtHand
from demo_pages import NO_PAGES, Shown, Things, pages_by_doing, pages_by_link
from playwright.sync_api import BrowserContext, Page


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoAtHand]:
    made = DemoAtHand(tmp_path_factory.mktemp("accessible"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def things(demo: DemoAtHand) -> Things:
    (settled,) = (one.address for one in pages_by_link(demo, "observer") if one.view == "consensus.comparison")
    demo.press(PEOPLE["observer"], f"{settled}opened-again")
    with demo.here.database.writing() as session:
        return Things(session, demo.here.now())


@pytest.fixture(scope="module")
def pages(demo: DemoAtHand, things: Things) -> list[Shown]:
    """One of each kind of page; more of the start page, which every role has its own of."""
    found = pages_by_link(demo)
    return found + [one for one in pages_by_doing(things) if one.view not in {other.view for other in found}]


def test_no_page_is_forgotten(demo: DemoAtHand, pages: list[Shown]) -> None:
    answered = {rule.endpoint for rule in demo.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    looked_at = {one.view for one in pages}
    # Let links lead to a new page, add it to `pages_by_doing`, or say in NO_PAGES why it is none.
    assert answered - NO_PAGES.keys() - looked_at == set()
    assert NO_PAGES.keys() & looked_at == set()


@pytest.mark.parametrize("part", range(4))
def test_every_page_is_accessible(
    part: int, demo: DemoAtHand, pages: list[Shown], open_context: Callable[..., BrowserContext]
) -> None:
    of: dict[str, Page] = {}
    faults = []
    for shown in sorted(pages, key=lambda one: one.name)[part::4]:
        if shown.name not in of:
            context = open_context(base_url=demo.url, locale="nl-NL", reduced_motion="reduce")
            context.add_cookies(demo.cookies(shown.name))
            of[shown.name] = context.new_page()
        answer = of[shown.name].goto(shown.address)
        assert answer is not None and answer.status == 200, shown
        faults += accessible_faults(of[shown.name])
    assert faults == []
