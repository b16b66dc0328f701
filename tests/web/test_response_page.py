"""The page on response says how much came in, and what to do where nothing did."""

from __future__ import annotations

from typing import Any

import pytest
from by_link import ByLink
from planned_study import PlannedStudy
from seeing import seen

PAGE = "/study/planned/report/response/"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def row(page: Any, section: str, number: int = 1) -> list[str]:
    return seen(page, f"//section[h2[@id='{section}']]//tbody/tr[{number}]/*")


def test_share_stands_beside_how_many(place: ByLink, sign_in: Any) -> None:
    for team in ("north", "south"):
        place.participant(team=team)
    place.clock.advance(days=190)
    rik = sign_in("rik")
    page = rik.get(PAGE)
    talk = "A talk about how you are doing"
    assert row(page, "response-rates") == ["Start", talk, "2", "2", "100 %", "0", "100 %", "0"]
    assert row(page, "response-teams") == ["Team Noord", "1 of 1 (100 %)", "0 of 1 (0 %)", "0 of 1 (0 %)"]
    assert row(page, "response-ways") == ["Start", talk, "2", "2"]
    assert row(page, "response-interpreters") == ["Start", talk, "2", "0 (0 %)", "0", "2"]
    one = rik.get(f"{PAGE}?team=south")
    assert row(one, "response-rates")[:4] == ["Start", talk, "1", "1"]
    assert seen(one, "//h2[@id='response-teams']") == []


def test_study_without_anybody_says_what_will_come(house: Any, planned: PlannedStudy, sign_in: Any) -> None:
    rik = sign_in("rik")
    assert [words[:36] for words in seen(rik.get(PAGE), "//p[@class='empty']")] == [
        "Nobody was asked to take part yet. A",
        "No attempt to reach somebody was wri",
        "Nothing was handed in yet. What come",
    ]
    without = seen(rik.get("/study/demo/report/response/"), "//p[@class='empty']")
    assert without[1].startswith("This study follows no protocol.")
