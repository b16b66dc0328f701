"""The whole report is one document: in the language that is asked for, with what it rests on, and every part."""

from __future__ import annotations

from typing import Any

import pytest
from by_link import ByLink
from own_questionnaires import hands_in
from planned_study import PlannedStudy
from seeing import seen

from survey.instruments.reading import sha256
from survey.web.reports.pages import PAGES
from survey.web.reports.report_page import MAKERS

PAGE = "/study/planned/report/all/"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def test_every_page_of_the_report_is_a_part_of_it(place: ByLink, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    named = [endpoint.split(".")[1] for endpoint, _ in PAGES][:-1]
    assert seen(page, "//section[@class='report-part']/@id") == [f"part-{name}" for name in named]
    assert set(named) == set(MAKERS)
    assert seen(page, "//ol[@class='report-contents']//a") == [str(words) for _, words in PAGES][:-1]
    ids = seen(page, "//main//*/@id")
    assert sorted(ids) == sorted(set(ids))


def test_report_is_in_the_language_that_is_asked_for_and_the_interface_stays(place: ByLink, sign_in: Any) -> None:
    hands_in(place, place.study.people["coen"])
    rik = sign_in("rik")
    dutch, english = rik.get(f"{PAGE}?language=nl"), rik.get(f"{PAGE}?language=en")
    assert (seen(dutch, "/html/@lang"), seen(english, "/html/@lang")) == (["nl"], ["en"])
    caseload = "//h3[contains(., 'Caseload') or contains(., 'Aantal deelnemers per coach')]"
    assert "Aantal deelnemers" in seen(dutch, caseload)[0] and "5,00" in dutch.text
    assert "Caseload" in seen(english, caseload)[0] and "5.00" in english.text
    assert seen(rik.get(PAGE), "/html/@lang") == seen(rik.get("/"), "/html/@lang") == ["en"]


def test_first_page_says_what_the_report_rests_on(place: ByLink, sign_in: Any, trail: Any) -> None:
    hands_in(place, place.study.people["coen"])
    page = sign_in("rik").get(f"{PAGE}?language=en")
    facts = dict(zip(seen(page, "//dl[@class='report-facts']/dt"), seen(page, "//dl/dd"), strict=False))
    assert facts["Made on"] == f"3 March 2025 · {place.study.codes['rik']}"
    assert facts["About whom"] == "the whole study"
    assert facts["Software"].startswith("Krachtmeting ")
    assert facts["Protocol"].startswith("Krachtwerk in practice (krachtwerk, version 2, ")
    assert facts["Fidelity model"] == "Fidelity to Krachtwerk (krachtwerk, version 1)"
    print_of = sha256(place.here.library.files["coach-fidelity", 1])[:16]
    assert seen(page, "//section[h2[@id='report-definitions']]//tbody/tr/*") == [
        "How you work as a coachcoach-fidelity", "1", "1", print_of,
    ]  # fmt: skip
    assert "provisional" in seen(page, "//main/p[@class='careful']")[0]
    assert trail()[-1] == ("made a report", place.study.codes["rik"], {"study": "planned", "language": "en"})


def test_report_of_one_team_says_so(place: ByLink, sign_in: Any) -> None:
    page = sign_in("rik").get(f"{PAGE}?team=south")
    assert seen(page, "//dl[@class='report-facts']/dd")[1] == "Team Zuid"


def test_report_of_a_study_without_protocol_stands_on_its_own(house: Any, sign_in: Any) -> None:
    page = sign_in("rik").get("/study/demo/report/all/?language=en")
    assert "none: nothing was laid down beforehand" in seen(page, "//dl[@class='report-facts']/dd")
    assert len(seen(page, "//section[@class='report-part']")) == len(MAKERS)
