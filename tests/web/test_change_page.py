"""The researcher's page on change, and the planner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk
from seeing import seen
from sqlalchemy import select

from survey.instruments.protocols.collection import FiledProtocol
from survey.instruments.protocols.reading import kept_protocol
from survey.storage import protocols, responses, studies
from survey.storage.participants import register
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Participant

PAGE = "/study/planned/report/change/"
PLANNER = "/study/planned/report/planner/"
FAMILY = ["fam_listen", "fam_practical", "fam_advice", "fam_company", "fam_trust", "fam_comfort", "fam_welcome"]

BEFORE = [2, 3, 2, 4, 1, 5, 3, 2, 4, 3, 2, 5]
AFTER = [4, 3, 4, 5, 3, 6, 3, 5, 5, 4]


@pytest.fixture
def interviewed(planned: PlannedStudy, house: Any) -> Any:
    """Interviews people of a study: for each of them what all items on family are answered with, at each moment."""
    here, by = house.app.extensions["krachtmeting"], house.people["ilse"]

    def hand_in(study: int, moments: Sequence[Sequence[int]], team: int | None = None) -> None:
        with here.database.writing() as session:
            waves = {wave.position: wave.id for wave in studies.waves(session, study)}
            order = [waves[position] for position in sorted(waves)]
            for answers in moments:
                participant = register(session, study, by, here.now(), team_id=team)
                for wave, answer in zip(order, answers, strict=False):
                    opening = Opening(
                        study, wave, "client-interview", 1, by, "nl", participant_id=participant.id, team_id=team
                    )
                    token = responses.open_response(session, opening, here.now())
                    record = responses.response(session, token, for_writing=True)
                    assert record is not None
                    values = {("answers", item): answer for item in FAMILY} | {("answers", "fam_contact"): "weekly"}
                    record = responses.save(
                        session, record, Saving("page", "family", by, record.version, values), here.now()
                    )
                    responses.submit(session, record, Saving("submit", None, by, record.version), here.now())

    return hand_in


@pytest.fixture
def twelve(interviewed: Any, planned: PlannedStudy) -> None:
    """Twelve of the north at the start, ten of them again later."""
    moments = [[before, *AFTER[number : number + 1]] for number, before in enumerate(BEFORE)]
    interviewed(planned.study, moments, planned.teams["north"])


def test_first_line_says_what_so_many_people_can_show(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    assert seen(page, "//div[@class='first-line']/p[1]") == [
        "10 people were measured at both moments. With so many, a study finds a mean change of 1.00 "
        "standard deviations four times out of five. With 6 outcomes together it has to be 1.37."
    ]
    assert seen(page, "//p[@class='careful']") == [
        "There is no group to compare with. So you see here what changed between two moments, "
        "and not what made it change."
    ]


def test_each_outcome_stands_with_pairs_means_interval_and_corrected_p(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    rows = "//section[h2/@id='change-outcomes']//tbody/tr"
    assert seen(page, f"({rows})[1]/*") == [
        "Support from family 1 to 7, higher is better", "10", "2.90 (1.20)", "4.20 (1.03)",
        "1.30 (95 % CI 0.62 to 1.98)", "1.16 (95 % CI 0.40 to 1.89)", "0.002", "0.002",
    ]  # fmt: skip
    assert seen(page, f"({rows})[2]/*")[1:] == ["0", "– (–)", "– (–)", "–", "–", "–", "–"]
    assert seen(page, "//ul[@class='told']/li") == [
        "1 outcome changed, also when all outcomes are counted together.",
        "For 5 outcomes it cannot be said.",
    ]


def test_what_is_behind_an_outcome_can_be_opened(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    one = "//details[@id='change-family_support']"
    assert seen(page, f"{one}/summary/span") == [
        "On average better at the second moment. "
        "The interval does not include 0, also with all outcomes together. n = 10"
    ]
    assert seen(page, f"{one}//dd")[-1] == "2: no interview at “After six months” (yet)"
    assert seen(page, f"{one}/div//tbody/tr/td[1]") == ["10", "10", "10"]
    assert seen(page, f"{one}/p[@class='verdicts']/span") == []
    assert len(seen(page, f"{one}//*[name()='svg']")) == 2


def test_who_was_lost_stands_beside_who_stayed(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    lost = "//section[h2/@id='change-lost']"
    assert seen(page, f"{lost}/p")[0].startswith(
        "2 people have an interview at “Start” and none at “After six months” (yet); 10 have both."
    )
    assert seen(page, f"({lost}//tbody/tr)[1]/*")[:3] == ["Support from family", "3.50 (2)", "2.90 (10)"]


def test_page_is_narrowed_to_a_team_and_says_that_nothing_is_there(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(f"{PAGE}?team=south")
    assert seen(page, "//p[@class='empty']") == ["Nothing was handed in for this team yet. Choose another team."]


def test_study_without_declared_outcomes_says_so_and_names_no_better_direction(
    interviewed: Any, house: Any, sign_in: Any
) -> None:
    interviewed(house.studies["demo"], [[2, 4], [3, 3], [5, 6]])
    page = sign_in("rik").get("/study/demo/report/change/")
    assert seen(page, "//p[@class='careful']")[1].startswith("No outcomes were declared beforehand.")
    row = seen(page, "(//section[h2/@id='change-outcomes']//tbody/tr)[1]/*")
    assert row[:2] == ["Support from family 1 to 7", "3 few"]
    assert row[4].startswith("1.00 (95 % CI ")
    told = "//section[h2/@id='change-outcomes']/ul[@class='told']/li"
    assert [line.split(" ", 2)[2] for line in seen(page, told)] == ["outcomes it cannot be said."]
    assert "effect" not in page.text.lower()


def test_two_arms_are_compared_with_the_one_that_was_declared(
    twelve: None, planned: PlannedStudy, database: Any, clock: Any, sign_in: Any
) -> None:
    source = krachtwerk().source.replace("version: 2", "version: 99", 1)
    source = source.replace(
        "\narms:\n", "\nrandomisation: {blocks: [2]}\narms:\n  usual: {nl: Gewone hulp, en: Usual support}\n"
    )
    source = source.replace("\n  last: t1\n", "\n  last: t1\n  comparison: usual\n")
    with database.writing() as session:
        protocols.adopt(session, planned.study, FiledProtocol(kept_protocol(source), source), None, clock.now)
        for number, one in enumerate(session.scalars(select(Participant).order_by(Participant.id))):
            one.arm = ("usual", "krachtwerk")[number % 2]
    page = sign_in("rik").get(PAGE)
    rows = "//section[h2/@id='change-arms']//tbody/tr"
    assert seen(page, f"({rows})[1]/*")[:3] == [
        "Support from family higher is better", "Krachtwerk minus Usual support", "5 / 5 few"
    ]  # fmt: skip
    assert seen(page, f"({rows})[2]/td") == ["Cannot be said: too few people in one of the groups, or nobody differs."]
    assert seen(page, "//p[@class='careful']")[0].startswith("These figures are of all groups together.")
    assert seen(page, "//details[1]/div//tbody/tr/th")[3:] == ["Only Krachtwerk", "Only Usual support"]


def test_planner_begins_with_the_numbers_of_the_study(twelve: None, sign_in: Any) -> None:
    page = sign_in("rik").get(PLANNER)
    assert seen(page, "//form//input[@type='text']/@value") == ["10", "0.5", "6", "17", "0.5"]
    assert seen(page, "(//section[h2/@id='planner-find']//tbody/tr)[1]/*") == ["8 times out of 10", "1.00", "1.37"]


def test_planner_computes_what_is_asked(planned: PlannedStudy, sign_in: Any) -> None:
    rik = sign_in("rik")
    page = rik.get(f"{PLANNER}?groups=one&people=35&difference=0,5&outcomes=6&lost=20")
    assert seen(page, "(//section[h2/@id='planner-find']//tbody/tr)[1]/td") == ["0.49", "0.62"]
    assert seen(page, "(//section[h2/@id='planner-need']//tbody/tr)[1]/td") == ["34", "43", "52", "65"]
    two = rik.get(f"{PLANNER}?groups=two&people=64&difference=0.5&outcomes=1&lost=0&correlation=0")
    assert seen(two, "(//section[h2/@id='planner-need']//tbody/tr)[1]/td") == ["64", "64"]


def test_planner_keeps_what_was_typed_and_says_what_to_do(planned: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(f"{PLANNER}?people=many&difference=&lost=95&groups=three")
    assert seen(page, "//form//input[@type='text']/@value")[:4] == ["many", "", "6", "95"]
    assert seen(page, "//p[@class='error']") == [
        "Write this as a number, for example 12.",
        "Write a number here.",
        "The largest number that fits here is 90.",
    ]
    assert seen(page, "//table") == []
