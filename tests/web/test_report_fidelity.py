"""The page on fidelity: verdicts with what they stand on, within the researcher's reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from by_link import ByLink
from own_questionnaires import hands_in, new_coach
from planned_study import PlannedStudy
from seeing import seen

from survey.storage import people

PAGE = "/study/planned/report/fidelity/"
TABLE = "//section[h2[@id='fidelity-verdicts']]//table//tbody/tr"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def verdicts(page: Any) -> dict[str, str]:
    return dict(zip(seen(page, f"{TABLE}/th"), seen(page, f"{TABLE}/td[2]/span[1]"), strict=True))


def test_page_without_answers_says_what_to_wait_for(place: ByLink, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    assert seen(page, "//main//p[@class='empty']") == [
        "Nothing was handed in yet of what “Fidelity to Krachtwerk” looks at. As soon as coaches, participants or "
        "observers hand in their questionnaires, you see it here."
    ]


def test_verdict_stands_with_its_evidence_its_n_and_on_whose_word(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"])
    page = sign_in("rik").get(PAGE)
    assert verdicts(page) == {
        "Caseload": "Carried out well",
        "Contact in the natural environment": "cannot be said",
        "Team strengths meeting": "cannot be said",
        "Strengths compass": "Low",
        "Action plan": "Carried out well",
        "Hope-inducing behaviour": "cannot be said",
    }
    row = seen(page, "//section[h3[@id='fidelity-strengths_compass']]//tr[@class='counts'][1]/td")
    # The other coach is asked in some weeks only.
    assert row[:4] == ["25 % (5 of 20)", "1 of 1", "2.00", "provisional"]
    published = seen(page, "//section[h2[@id='fidelity-limits']]//tr[1]/td")
    assert published[0] == "4 or more" and published[1].startswith("Published: ")
    assert "effect" not in page.text.lower()


def test_what_is_missing_and_what_could_change_the_verdict_is_said(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"], compass_updated=None)
    page = sign_in("rik").get(PAGE)
    lines = seen(page, "//section[h3[@id='fidelity-strengths_compass']]//ul/li")
    assert lines == [
        "No score for “The strengths compass was brought up to date in the past three months”: no answers to go by.",
        "With all scores the figure would lie from 1.50 to 3.50: low, on the way.",
        "1.00 more would be “On the way”. One point more for one of these does it: “Participants have a strengths "
        "compass”.",
    ]


def test_coach_is_shown_alone_and_without_what_others_say(place: ByLink, sign_in: Any) -> None:
    first, second = place.study.people["coen"], new_coach(place, "claire")
    hands_in(place, first, caseload=20)
    hands_in(place, second, caseload=40)
    rik, code = sign_in("rik"), place.study.codes["coen"]
    found = "//section[h3[@id='fidelity-caseload']]//tr[@class='counts']/td[1]"
    assert seen(rik.get(PAGE), found) == ["30.0 participants on average"]
    page = rik.get(PAGE, query_string={"coach": code})
    assert seen(page, found) == ["20.0 participants on average"]
    assert "told of a team, not of one coach" in seen(
        page, "//section[h3[@id='fidelity-hope']]//tr[@class='counts']/td[1]"
    )
    assert not seen(page, "//h2[@id='fidelity-coaches']")
    assert len(seen(rik.get(PAGE), "//section[h2[@id='fidelity-coaches']]//tbody/tr")) == 2


def test_researcher_of_one_team_sees_that_team_only(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"], caseload=20)
    hands_in(place, place.study.people["cora"], "south", caseload=40)
    with place.here.database.writing() as session:
        north = frozenset({place.study.teams["north"]})
        people.set_scopes(session, place.study.people["rik"], place.study.study, {"researcher": north})
    page = sign_in("rik").get(PAGE, query_string={"team": "south", "coach": place.study.codes["cora"]})
    found = seen(page, "//section[h3[@id='fidelity-caseload']]//tr[@class='counts']/td[1]")
    assert found == ["20.0 participants on average"]
    assert place.study.codes["cora"] not in page.text
    assert "Team Zuid" not in page.text


def test_model_without_public_criteria_says_so_and_can_be_chosen(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"])
    page = sign_in("rik").get(PAGE, query_string={"model": "strengths-sum"})
    assert "its criteria are not public" in seen(page, "//main//p[@class='empty']")[0]
    assert seen(page, "//select[@id='filter-model']/option/@value") == ["krachtwerk", "strengths-sum"]


def test_server_without_a_model_says_whom_to_ask(house: Any, sign_in: Any) -> None:
    here = house.app.extensions["krachtmeting"]
    house.app.extensions["krachtmeting"] = replace(here, fidelity_models={})
    page = sign_in("rik").get("/study/demo/report/fidelity/")
    assert seen(page, "//main//p[@class='empty']") == [
        "There is no fidelity model on this server. Ask the administrator to add one."
    ]
