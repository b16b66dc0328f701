"""The scripts that lead through an interview without a network decide as Python does: pages, questions, mistakes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from interviewer import Interviewer
from playwright.sync_api import Page
from running_server import RunningServer
from test_same_as_python import TYPED

from survey.answers.flow import Flow, flow, next_page, page_list, previous_page, progress
from survey.answers.taking import problems, take
from survey.instruments.kinds.question import Unit
from survey.instruments.library import Library
from survey.instruments.model import Instrument

STATIC = Path(__file__).parents[2] / "survey" / "web" / "static"
SCRIPTS = ("conditions", "values", "mistakes", "offline_course")
TRIES = 12

COURSES = """([pages, rounds]) => rounds.map((given) => {
  const there = globalThis.krachtmeting.course(pages, pages.layout, given);
  const seen = there.scan();
  return {
    asked: seen.pages.flatMap((page) => page.units.map((unit) => unit.dataset.unit)),
    relevant: seen.pages.flatMap((page) => page.questions),
    next: [null, ...pages.pages.map((page) => page.page)].map((name) => there.next(name)),
    previous: [null, ...pages.pages.map((page) => page.page)].map((name) => there.previous(name)),
    standings: there.standings().map((one) => [one.standing, one.asked, one.answered]),
    percent: there.progress().percent,
    problems: there.problems().map(({ page, unit }) => [page, unit]),
  };
})"""


def some_answer(unit: Unit, chance: random.Random) -> tuple[dict[str, list[str]], str]:
    """What somebody types or chooses in a unit, and the reason for no answer; not always something that fits."""
    question = unit.question
    if chance.random() < 0.15:
        return {}, ""
    if unit.missing and chance.random() < 0.1:
        return {}, chance.choice(unit.missing)
    if unit.role == "other":
        return {"": ["iets anders"]}, ""
    codes = [str(code) for code in question.options]
    match question.kind:
        case "several":
            return {"": chance.sample(codes, chance.randint(1, min(3, len(codes))))}, ""
        case "choice" | "scale":
            return {"": [chance.choice(codes)]}, ""
        case "number":
            return {"": [chance.choice(("0", "1", "3", "17", "46", "2,5", "999999", "x"))]}, ""
        case "date":
            parts = {"day": ["day", "month", "year"], "month": ["month", "year"], "year": ["year"]}[question.precision]
            typed = {"day": "3", "month": chance.choice(("4", "")), "year": chance.choice(("1984", "2016", "2023"))}
            return {part: [typed[part]] for part in parts}, ""
        case "duration":
            return {"hours": [chance.choice(("", "1", "30"))], "minutes": [chance.choice(("", "30", "61"))]}, ""
        case "share":
            parts = list(question.parts)
            return {
                part: [text]
                for part, text in zip(parts, chance.choice((("100",), ("60", "40"), ("50",))), strict=False)
            }, ""
    return {"": [f"woord {chance.randint(1, 9)}"]}, ""


def inputs(unit: Unit, raw: dict[str, list[str]], why: str) -> list[list[str]]:
    """The same as names and values of inputs."""
    if why and unit.question.kind in ("choice", "scale"):
        return [[f"q_{unit.name}", f"!{why}"]]
    found = [[f"m_{unit.name}", why]] if why else []
    return found + [
        [f"q_{unit.name}{part and '.' + part}", value] for part, values in raw.items() for value in values if value
    ]


def expected(instrument: Instrument, now: Flow, drafts: dict[str, Any]) -> dict[str, Any]:
    """What Python makes of these answers."""
    names = [None, *(page.page for page in instrument.pages)]
    return {
        "asked": list(now.asked),
        "relevant": [one.name for page in instrument.pages for one in page.questions if one.name in now.relevant],
        "next": [page and page.page for page in (next_page(now, name) for name in names)],
        "previous": [page and page.page for page in (previous_page(now, name) for name in names)],
        "standings": [[one.standing, one.asked, one.answered] for one in page_list(now, drafts)],
        "percent": progress(now, drafts).percent,
        "problems": [[page.page, name] for page in instrument.pages for name in problems(now, page, drafts)],
    }


@pytest.fixture
def with_scripts(sign_in: Callable[..., Page]) -> Page:
    """A page of the server with only the scripts that decide."""
    page = sign_in("ilse")
    page.goto("/offline")
    for name in SCRIPTS:
        page.add_script_tag(url=f"/static/{name}.js")
    return page


@pytest.mark.parametrize("name", ["client-interview", "every-kind"])
def test_course_of_any_interview_is_the_same_in_the_browser(
    name: str, with_scripts: Page, server: RunningServer, library: Library
) -> None:
    instrument, chance = library.newest[name], random.Random(6)
    token = server.new_response(name)
    pages = with_scripts.evaluate(f"() => fetch('/response/{token}/offline').then((got) => got.json())")["pages"]
    rounds, wanted = [], []
    for _ in range(TRIES):
        said = {unit: some_answer(one, chance) for unit, one in instrument.units.items()}
        rounds.append({unit: inputs(instrument.units[unit], *one) for unit, one in said.items()})
        taken = {unit: take(instrument.units[unit], *one) for unit, one in said.items()}
        answers = {unit: one.answer for unit, one in taken.items() if one.answer is not None}
        drafts = {unit: one.draft for unit, one in taken.items() if one.draft is not None}
        wanted.append(expected(instrument, flow(instrument, answers), drafts))
    for here, there in zip(with_scripts.evaluate(COURSES, [pages, rounds]), wanted, strict=True):
        here["problems"], there["problems"] = sorted(here["problems"]), sorted(there["problems"])
        assert here == there


MISTAKES = """([name, cases]) => cases.map((parts) => {
  const unit = document.getElementById(`unit-${name}`);
  for (const [part, text] of Object.entries(parts)) {
    (part ? unit.querySelector(`[data-part=${part}]`) : unit.querySelector("input, textarea")).value = text;
  }
  const found = globalThis.krachtmeting.mistakeOf(unit);
  return found && found[0];
})"""


def test_mistake_in_what_is_typed_is_the_same_in_the_browser(sit_down: Callable[..., Interviewer]) -> None:
    ilse = sit_down()
    wrong = []
    for name, cases in sorted(TYPED.items(), key=lambda one: ilse.instrument.page_of[one[0]].page, reverse=True):
        if not ilse.unit(name).count():
            ilse.open(ilse.instrument.page_of[name].page)
        for case, there in zip(cases, ilse.page.evaluate(MISTAKES, [name, cases]), strict=True):
            found = take(ilse.instrument.units[name], {part: [text] for part, text in case.items()}).invalid
            if (found and found.code) != there:
                wrong.append((name, json.dumps(case), found and found.code, there))
    assert wrong == []
