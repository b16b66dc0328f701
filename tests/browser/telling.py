"""A whole interview with one participant, told by clicking and typing only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interviewer import Interviewer
from playwright.sync_api import Page, expect

from survey.answers.flow import Flow, flow
from survey.instruments.kinds.question import Unit
from survey.instruments.library import Library

SAID: dict[str, Any] = {
    "start_ok": "yes",
    "age": 46,
    "gender": {"missing": "refused"},
    "country_self": "syria",
    "country_mother": "other",
    "country_mother_namely": "=1+1",
    "nl_since": "2016",
    "school_years": {"missing": "dont_know"},
    "housing": "rent",
    "home_since": "2019-05",
    "children": 3,
    "children_home": 1,
    "children_away": 2,
    "activities": ["paid_work", "volunteering", "education", "caring"],
    "work_kind": '=HYPERLINK("http://x","y")',
    "work_hours": 7.5,
    "day_out": {"missing": "not_applicable"},
    "leisure": ["none"],
    "day_wish": '-2 koppen "thee" & <b>taart</b>\nmet m\'n zus, صباح الخير',
    "income": ["assistance", "other"],
    "income_namely": "#N/A",
    "get_by": 2,
    "debts": "yes",
    "fam_contact": "weekly",
    "fr_contact": "none",
    "fam_trust": {"missing": "not_applicable"},
    "oth_who": ["neighbours", "faith"],
    "grip_grade": 8,
    "coach_met": "yes",
    "coach_since": "2022-11",
    "coach_length": 95,
    "coach_place": {"office": 50, "home": 20, "area": 30, "phone": 0, "elsewhere": 0},
    "talk_more": "+31 6 is geen formule",
}
"""What the participant says where it matters; all else is answered with `anything`."""


def anything(unit: Unit, position: int) -> Any:
    """An answer that fits, other at each place."""
    question = unit.question
    if unit.role == "other":
        return f"namelijk {position}"
    codes = [code for code, option in question.options.items() if not option.exclusive and not option.other]
    if question.kind == "several":
        return [codes[position % len(codes)]]
    if codes:
        return codes[position % len(codes)]
    return {"number": 2 + position % 7, "duration": 30 + position, "open": f"Verhaal {position}."}.get(
        question.kind, f"woord {position}"
    )


def interviewed(
    page: Page, library: Library, second: str, between: Callable[[Interviewer, str], None] = lambda *_: None
) -> Flow:
    """Answer every question that comes, on pages in Dutch and a second language; what was said. `between` happens on
    each page before it is left."""
    interviewer = Interviewer(page, library.newest["client-interview"])
    words = library.texts(interviewer.instrument, second)
    said: dict[str, Any] = {}
    position = 0
    for topic in interviewer.instrument.pages:
        expect(page.locator("h1")).to_contain_text(topic.title)
        expect(page.locator("h1")).to_contain_text(words[f"pages/{topic.page}/title"].words)
        for unit in topic.units():
            if unit.name in flow(interviewer.instrument, said).on_path:
                position += 1
                said[unit.name] = SAID.get(unit.name, anything(unit, position))
                expect(interviewer.unit(unit.name)).to_contain_text(words[unit.key].words)
                interviewer.answer(unit.name, said[unit.name])
        now = flow(interviewer.instrument, said)
        assert interviewer.visible() == [one.name for one in topic.questions if one.name in now.relevant]
        between(interviewer, topic.page)
        interviewer.press("Next")
    return flow(interviewer.instrument, said)


def handed_in(page: Page) -> None:
    expect(page.get_by_text("Every question has an answer.")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Handed in. Thank you.")).to_be_visible()


def cells(told: Flow) -> dict[str, Any]:
    """What the sheet must hold of what was said: the answers that count, and nothing where a reason stands instead."""
    found: dict[str, Any] = {}
    for name in told.asked:
        unit = told.instrument.units[name]
        answer = told.answers[name]
        missing = isinstance(answer, dict) and "missing" in answer
        values = [None] * len(unit.columns()) if missing else unit.cells(answer)
        found |= {column.name: value for column, value in zip(unit.columns(), values, strict=True)}
    return found
