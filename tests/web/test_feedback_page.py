"""A coach sees the own figures; of colleagues and in a team's poster there is nothing that tells of one of them."""

from __future__ import annotations

from typing import Any

import pytest
from by_link import ByLink
from own_questionnaires import hands_in, new_coach
from planned_study import PlannedStudy
from seeing import seen

FEEDBACK, POSTER = "/study/planned/feedback/", "/study/planned/poster/"
COMPASS = "//tbody/tr[th[contains(., 'Participants have a strengths compass')]]/td"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def test_coach_without_a_questionnaire_is_told_what_to_do(place: ByLink, sign_in: Any) -> None:
    page = sign_in("coen").get(FEEDBACK)
    assert seen(page, "//p[@class='empty']")[0].startswith("You have not handed in a questionnaire")
    assert seen(page, "//main//a[@class='button']/@href") == ["/"]


def test_own_score_stands_alone_until_three_colleagues_handed_in(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"], compass_with=17)
    others = [new_coach(place, name) for name in ("carla", "chris", "cas")]
    for person in others[:2]:
        hands_in(place, person)
    coen = sign_in("coen")
    assert seen(coen.get(FEEDBACK), COMPASS) == ["17 of 20 (85 %)", "5.0", "–", "–"]
    assert "Nothing is shown of colleagues yet." in seen(coen.get(FEEDBACK), "//p[@class='small-print']")[0]
    hands_in(place, others[2], compass_with=9)
    assert seen(coen.get(FEEDBACK), COMPASS) == ["17 of 20 (85 %)", "5.0", "2.3", "3"]


def test_earlier_moment_stands_beside_the_last_one(place: ByLink, sign_in: Any) -> None:
    coen = place.study.people["coen"]
    hands_in(place, coen)
    hands_in(place, coen, wave="t1", compass_with=17)
    browser = sign_in("coen")
    page = browser.get(FEEDBACK)
    assert seen(page, COMPASS) == ["17 of 20 (85 %)", "5.0", "2.0", "–", "–"]
    assert seen(page, "//nav[contains(@class, 'narrowed')]/a[@aria-current]") == ["After six months"]
    assert seen(browser.get(f"{FEEDBACK}?wave=t0"), COMPASS) == ["5 of 20 (25 %)", "2.0", "–", "–"]
    assert seen(browser.get(f"{FEEDBACK}?wave=nothing"), COMPASS) == seen(page, COMPASS)


def test_poster_waits_for_three_coaches_and_names_none(place: ByLink, sign_in: Any) -> None:
    coaches = [place.study.people["coen"], *(new_coach(place, name) for name in ("carla", "chris"))]
    for person in coaches[:2]:
        hands_in(place, person)
    tess = sign_in("tess")
    assert seen(tess.get(POSTER), "//p[@class='empty']")[0].startswith("There is too little to show yet.")
    hands_in(place, coaches[2])
    page = tess.get(POSTER)
    assert seen(page, "//h1") == ["Team Noord"]
    assert seen(page, "//section[@class='well']//li/span[@class='says']/text()") == [
        "A coach does not support too many participants at a time",
        "Participants have an action plan",
        "The action plan was brought up to date in the past three months",
    ]
    assert seen(page, "//section[@class='work']//li/span[@class='says']") == [
        "Participants have a strengths compassStrengths compass · 3 coaches say so",
        "The strengths compass was brought up to date in the past three monthsStrengths compass · 3 coaches say so",
    ]
    assert not [code for code in place.study.codes.values() if code in "".join(seen(page, "//main"))]


def test_leader_sees_the_own_team_whatever_the_address_says(place: ByLink, sign_in: Any) -> None:
    for name in ("carla", "chris", "cas"):
        hands_in(place, new_coach(place, name, "south"), "south")
    south = f"{POSTER}?team=south"
    assert seen(sign_in("rik").get(south), "//article/h1") == ["Team Zuid"]
    assert seen(sign_in("tess").get(south), "//h1") == ["Team Noord"]


def test_study_without_a_model_has_no_poster(house: Any, sign_in: Any) -> None:
    page = sign_in("rik").get("/study/demo/poster/")
    assert seen(page, "//p[@class='empty']")[0].startswith("This study does not say which features")
