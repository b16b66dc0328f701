"""The points of every scale in every language, at every width: where they lie, and which codes they have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from interviewer import Interviewer
from lxml import html
from playwright.sync_api import Page
from running_server import RunningServer

from survey.instruments.library import Library, shelves
from survey.instruments.model import Instrument
from survey.instruments.texts import RIGHT_TO_LEFT
from survey.storage.responses import Languages, change_languages

LANGUAGES = Library(shelves()).participant_languages(Library(shelves()).newest["client-interview"])
WIDTHS = (390, 820)

POINTS = """() => Array.from(document.querySelectorAll(".points, .options"), (points) => ({
  unit: points.querySelector("input").name,
  points: Array.from(points.querySelectorAll("input"), (input) => {
    const box = input.closest("label").getBoundingClientRect();
    return [input.value, Math.round(box.left), Math.round(box.top)];
  }),
}))"""


def scales(instrument: Instrument) -> dict[str, list[str]]:
    """Name of the input -> its codes in the order of the definition, of every unit with whole numbers as codes."""
    found = {}
    for name, unit in instrument.units.items():
        codes = list(unit.question.options)
        if unit.role != "other" and codes and all(isinstance(code, int) for code in codes):
            found[f"q_{name}"] = [str(code) for code in codes]
    return found


def drawn(ilse: Interviewer) -> tuple[str, list[str]]:
    """The direction of the pages of an instrument, and their questions with scales, as the server draws them."""
    questions, direction = [], ""
    for page in ilse.instrument.pages:
        answer = ilse.page.request.get(f"/response/{ilse.token}/page/{page.page}")
        tree = html.fromstring(answer.text())
        direction = tree.get_element_by_id("interview").get("dir")
        for question in tree.xpath("//div[contains(@class, 'question')][.//input[@data-number]]"):
            for hidden in question.xpath("descendant-or-self::*[@hidden]"):
                hidden.attrib.pop("hidden")
            questions.append(html.tostring(question, encoding="unicode"))
    return direction, questions


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "nl"])
def test_points_lie_in_the_order_of_the_definition(
    language: str, sign_in: Callable[..., Page], server: RunningServer, library: Library
) -> None:
    page = sign_in("ilse")
    style = f'<link rel="stylesheet" href="{server.url}/static/krachtmeting.css">'
    # A page that is written from left to right is laid out in one way, whatever it says.
    looks = {"both": "bilingual"} | ({"participant": "participants-own"} if language in RIGHT_TO_LEFT else {})
    for name in ("client-interview", "coach-fidelity", "team-meeting"):
        ilse = Interviewer(page, library.newest[name], server.new_response(name, language))
        for layout, look in looks.items():
            switch(server, ilse.token, Languages("nl", language, layout))
            direction, questions = drawn(ilse)
            assert (layout == "participant") == (direction == "rtl")
            form = f'<form dir="{direction}">{"".join(questions)}</form>'
            page.set_content(f'{style}<body class="interview {look}"><main>{form}</main>')
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 1000})
                found: list[dict[str, Any]] = page.evaluate(POINTS)
                assert {one["unit"]: [code for code, *_ in one["points"]] for one in found} == scales(ilse.instrument)
                assert [one["unit"] for one in found if not in_order(one["points"])] == []


def switch(server: RunningServer, token: str, languages: Languages) -> None:
    record = server.record(token)
    with server.database.writing() as session:
        change_languages(session, record, languages, record.opened_by, record.started_at)


def in_order(points: list[list[Any]]) -> bool:
    """Whether points lie side by side from left to right, or below each other from top to bottom."""
    lefts, tops = [left for _, left, _ in points], [top for _, _, top in points]
    side_by_side = len(set(tops)) == 1 and lefts == sorted(set(lefts))
    return side_by_side or tops == sorted(set(tops))
