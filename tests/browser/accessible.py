"""What axe cannot see of a page: focus, reflow, spacing of text, targets, motion, and the language of each part."""

from __future__ import annotations

from pathlib import Path

from layout import axe_faults
from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
"""What is left of a window of 1280 pixels at 400 percent."""

SCRIPT = (Path(__file__).parent / "accessible.js").read_text(encoding="utf-8")


def asked(name: str) -> str:
    """What a page evaluates to hear from one of the functions of the script."""
    return f"() => {{ {SCRIPT} return {name}(); }}"


AT_FOCUS = asked("atFocus")
"""What has the focus: its words, its name, its value, and why it would not be seen ("" where it is)."""


def own_faults(page: Page) -> list[str]:
    """What is wrong with the page as it stands, in words."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    # After a key was pressed, what gets the focus shows it.
    page.keyboard.press("Tab")
    found = [*page.evaluate(asked("standing")), *page.evaluate(asked("focusing"))]
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    found += [f"at 320: {fault}" for fault in page.evaluate(asked("reflowing"))]
    page.evaluate(asked("spaced"))
    spaced = [fault for fault in page.evaluate(asked("reflowing")) if f"at 320: {fault}" not in found]
    page.evaluate(asked("plain"))
    return [
        f"{page.url}: {fault}" for fault in dict.fromkeys([*found, *(f"with spaced text: {one}" for one in spaced)])
    ]


def accessible_faults(page: Page) -> list[str]:
    """The same, with what axe finds."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return axe_faults(page) + own_faults(page)
