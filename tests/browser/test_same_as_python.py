"""The scripts of the page reach the same conclusions as the server: conditions, and what the inputs of a unit hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from interviewer import Interviewer
from playwright.sync_api import Page

from survey.instruments.errors import Invalid
from survey.instruments.expressions import parse
from survey.instruments.kinds.question import Unit
from survey.instruments.marked import marked

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "instruments" / "cases" / "conditions.yaml"
EVALUATE = "(cases) => cases.map(({ tree, scope }) => globalThis.krachtmeting.evaluate(tree, scope))"

SitDown = Callable[..., Interviewer]


def test_conditions_come_out_the_same_in_the_browser(open_context: Callable[..., Any]) -> None:
    page: Page = open_context().new_page()
    page.add_script_tag(path=ROOT / "survey" / "web" / "static" / "conditions.js")
    cases = [
        {"source": case["source"], "scope": case["scope"], "tree": parse(case["source"]).tree}
        for case in marked(CASES.read_text(encoding="utf-8")).value
    ]
    assert len(cases) > 30
    found = page.evaluate(EVALUATE, [{"tree": case["tree"], "scope": case["scope"]} for case in cases])
    expected = [parse(case["source"]).evaluate(case["scope"]) for case in cases]
    wrong = [
        (case["source"], case["scope"], here, there)
        for case, here, there in zip(cases, expected, found, strict=True)
        if not same(here, there)
    ]
    assert wrong == []


def same(here: Any, there: Any) -> bool:
    """Whether both mean the same; JavaScript has one sort of number only."""
    if isinstance(here, bool) or isinstance(there, bool) or here is None or there is None:
        return here is there
    return bool(here == there)


def typed(names: str, *rows: str) -> list[dict[str, str]]:
    """What is typed in the parts of a unit, row by row; "" is the name of the only part of a simple one."""
    return [dict(zip(names.split("|"), row.split("|"), strict=True)) for row in rows]


TYPED = {
    "where": typed("", "", "  ", " bij  een\tvriend ", "=1+1", "é😀"),
    "story": typed("", "", " \n ", " een\n\ntwee ", "0"),
    "age": typed(
        "", "", " ", "18", "17", "110", "111", "+20", "20,0", "20.5", "twintig", "2 0", "１８", "٢٥", "۴۵", "४५", "-20",
        "1.000", "0.500", "20.", ",5", "1e2", "0x20", "NaN", "Infinity", "00042", "\u00a050\u202f", "9" * 17,
    ),
    "rooms": typed(
        "", "2,5", "2.5", "2.50", "2.55", "0", "-0", "\u22121", "20", "20,1", "0.500", "1.500", "1 000", "1'000",
        "12.5.5", "٢٫٥", "2,", "٢", "1.500,5", "1,500.5", "1.500.5", "0.015,0",
    ),
    "moved": typed(
        "day|month|year", "||", "1||", "29|2|2023", "29|2|2024", "31|4|2000", "1|1|1949", "31|12|2030", "1|1|2031",
        "01|001|2001", "0|1|2001", "1|13|2001", "1|1|99", "1|1|0000", "٣|٤|٢٠٠١", "a|1|2001", "-1|1|2001", "1|1.5|2001",
    ),
    "since": typed("month|year", "5|2019", "0|2019", "12|1800", "|2019", "5|02019"),
    "walk": typed(
        "hours|minutes",
        "|", "1|", "|30", "1|59", "1|60", "-1|30", "1|-5", "24|0", "24|1", "1,5|0", "een|", "٢|٣٠", "0|0",
    ),
    "places": typed(
        "inside|outside|away", "||", "100||", "60|40|", "60%|40 %|0%", "60|30|", "110|-10|", "33,3|33,3|33,4",
        "50|50|x",
        "100%%||", "%|%|%", "٦٠|٤٠|",
    ),
}  # fmt: skip
"""Unit -> what somebody types there."""


READ = """([name, cases]) => cases.map((parts) => {
  const unit = document.getElementById(`unit-${name}`);
  for (const [part, text] of Object.entries(parts)) {
    (part ? unit.querySelector(`[data-part=${part}]`) : unit.querySelector("input, textarea")).value = text;
  }
  return globalThis.krachtmeting.valueOf(unit);
})"""


def meant(unit: Unit, raw: dict[str, list[str]]) -> Any:
    """The answer in what was typed, as the server sees it; None where it is none."""
    try:
        return unit.parse(raw)
    except Invalid:
        return None


def test_what_is_typed_means_the_same_in_the_browser(sit_down: SitDown) -> None:
    ilse = sit_down()
    wrong = []
    for name, cases in sorted(TYPED.items(), key=lambda one: ilse.instrument.page_of[one[0]].page, reverse=True):
        if not ilse.unit(name).count():
            ilse.open(ilse.instrument.page_of[name].page)
        unit = ilse.instrument.units[name]
        for case, there in zip(cases, ilse.page.evaluate(READ, [name, cases]), strict=True):
            here = meant(unit, {part: [text] for part, text in case.items()})
            if not same(here, there):
                wrong.append((name, case, here, there))
    assert wrong == []


TICKED = [
    [],
    ["money"],
    ["money", "health"],
    ["past", "money", "work"],
    ["money", "health", "work", "past"],
    ["none"],
    ["none", "work"],
    ["other"],
]


def test_what_is_ticked_means_the_same_in_the_browser(sit_down: SitDown) -> None:
    ilse = sit_down(page="days")
    read = """(cases) => cases.map((codes) => {
      const unit = document.getElementById("unit-worries");
      for (const box of unit.querySelectorAll(".options input")) box.checked = codes.includes(box.value);
      return globalThis.krachtmeting.valueOf(unit);
    })"""
    found = ilse.page.evaluate(read, TICKED)
    assert found == [meant(ilse.instrument.units["worries"], {"": codes}) for codes in TICKED]
