"""What is wrong with a page as it stands: sideways scroll, small targets, controls on top of each other, and axe."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (390, 820, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

FAULTS = """() => {
  const faults = [];
  scrollTo({ top: 0, behavior: "instant" }); // What sticks to the top lies on what is scrolled under it.
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth)
    faults.push(`sideways scroll of ${root.scrollWidth - root.clientWidth} px`);
  const words = (one) => (one.textContent.trim() || one.name || one.id).slice(0, 40);
  const named = (one) => `${one.tagName.toLowerCase()} "${words(one)}"`;
  const label = (one) => (one.matches("input[type=radio], input[type=checkbox]") && one.closest("label")) || one;
  const controls = "a[href], button, select, textarea, summary, input:not([type=hidden])";
  const all = Array.from(document.querySelectorAll(controls), label)
    .filter((one) => one.checkVisibility() && !one.closest(".skip, .first-submit"));
  const targets = Array.from(new Set(all), (one) => ({ one, box: one.getBoundingClientRect() }));
  for (const { one, box } of targets) {
    const style = getComputedStyle(one);
    const inline = one.matches("a") && style.display === "inline";
    const height = inline ? Math.max(box.height, parseFloat(style.lineHeight)) : box.height;
    if (height < (inline ? 24 : 43.9)) faults.push(`${named(one)} is ${height.toFixed(1)} px high`);
    const past = box.right > root.clientWidth + 0.5 && !one.closest(".scroll");
    if (box.left < -0.5 || past) faults.push(`${named(one)} sticks out`);
  }
  targets.forEach(({ one, box }, i) => {
    for (const other of targets.slice(i + 1)) {
      if (one.contains(other.one) || other.one.contains(one)) continue;
      const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (wide > 1 && high > 1) faults.push(`${named(one)} lies on ${named(other.one)}`);
    }
  });
  for (const box of document.querySelectorAll(".option, .point, .reason, .button, .page-row, .card")) {
    if (box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
      faults.push(`the words of ${named(box)} stick out`);
  }
  return faults;
}"""


def layout_faults(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong at each width, in words."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 1000})
        found += [f"{page.url} at {width}: {fault}" for fault in page.evaluate(FAULTS)]
    return found


def axe_faults(page: Page, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds, in words; `without` these rules."""
    rules = {rule: {"enabled": False} for rule in without}
    options = {"resultTypes": ["violations"], "runOnly": TAGS, "rules": rules, "preload": False}
    results = Axe().run(page, options=options)
    return [
        f"{page.url}: {violation['id']}: {node['html'][:160]} {node['any'] and node['any'][0]['message']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
