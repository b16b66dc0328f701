"""The researcher's page on scales: scores at each moment, what is missing, and the items of one scale."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from seeing import seen

from survey.instruments.library import Library, shelves
from survey.storage import people, responses, studies
from survey.storage.participants import register
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Team

SMALL = """
instrument: small
version: 1
language: en
title: Small talk
about: participant
role: interviewer
purpose: To try.
lists: {often: {1: Never, 2: Sometimes, 3: Often}}
pages:
- page: mood
  title: Mood
  questions:
  - {kind: scale, name: mood, text: How often?, choices: often, items: {calm: Calm, tense: Tense, glad: Glad}}
  - {kind: scale, name: days, text: Which days?, choices: often, items: {walks: Walks, talks: Talks}}
scores:
  rest: {title: Rest, items: [calm, tense, glad], reversed: [tense], least: 2}
  outside: {title: Outside, items: [walks, talks], method: sum}
"""
ADDRESS = "/study/demo/report/scales/"
REFUSED = {"missing": "refused"}


@pytest.fixture
def hand_in(house: Any, tmp_path: Path) -> Any:
    path = tmp_path / "own" / "instruments" / "small" / "v1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(SMALL, encoding="utf-8")
    here = house.app.extensions["krachtmeting"]
    here = dataclasses.replace(here, library=Library(shelves([tmp_path / "own"])))
    house.app.extensions["krachtmeting"] = here
    study, by = house.studies["demo"], house.people["ilse"]

    def handed_in(answers: dict[str, Any], *, wave: int = 0, team: int | None = None) -> None:
        with here.database.writing() as session:
            participant, at_wave = register(session, study, by, here.now()), studies.waves(session, study)[wave].id
            opening = Opening(study, at_wave, "small", 1, by, "en", participant_id=participant.id, team_id=team)
            record = responses.response(
                session, responses.open_response(session, opening, here.now()), for_writing=True
            )
            values = {("answers", unit): answer for unit, answer in answers.items()}
            record = responses.save(session, record, Saving("page", "mood", by, record.version, values), here.now())
            responses.submit(session, record, Saving("submit", None, by, record.version), here.now())

    return handed_in


def rows(page: Any, name: str) -> list[list[str]]:
    table = f"//table[ancestor::*[@aria-labelledby='{name}']]"
    return [seen(page, f"({table}//tr)[{row}]/*") for row in range(2, 1 + len(seen(page, f"{table}//tr")))]


def test_scores_stand_by_scale_and_moment_with_what_is_missing(hand_in: Any, sign_in: Any) -> None:
    for calm, tense, glad in ((3, 1, 3), (1, 3, 2), (2, 2, REFUSED), (2, REFUSED, REFUSED)):
        hand_in({"calm": calm, "tense": tense, "glad": glad, "walks": 1, "talks": 3})
    hand_in({"calm": 3, "tense": 1, "glad": 3}, wave=1)
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, "//div[@class='first-line']") == ["Small talk: 2 scales. Start: n = 4; Later: n = 1."]
    rest, start, later, outside, *_ = rows(page, "scales-scores")
    assert rest == ["Rest mean of 3 items, at least 2 answered; from 1 to 3"]
    assert start == ["Start", "3", "2.11", "0.84", "2.00", "1.3 to 3.0", "cannot be said n = 2", "1", "1"]
    assert later == ["Later", "1", "3.00", "–", "3.00", "3.0 to 3.0", "cannot be said n = 1", "0", "0"]
    assert outside == ["Outside sum of 2 items, at least 1 answered; from 2 to 6"]
    assert rows(page, "scales-missing") == [
        ["Rest", "Start", "12", "3 (25 %)", "3", "0", "1 (25 %)"],
        ["Later", "3", "0 (0 %)", "0", "0", "0 (0 %)"],
        ["Outside", "Start", "8", "0 (0 %)", "0", "0", "0 (0 %)"],
        ["Later", "2", "2 (100 %)", "0", "2", "1 (100 %)"],
    ]


def test_items_of_the_chosen_scale_have_a_chart_and_a_table_with_the_same_counts(hand_in: Any, sign_in: Any) -> None:
    for point in (1, 1, 2, 3, 2, 3, 3, 1, 2, 2):
        hand_in({"calm": point, "tense": 4 - point, "glad": point, "walks": 3, "talks": point})
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, "//section[@class='items']//table//tr/*[position() < 6]")[:10] == [
        "Item", "Never", "Sometimes", "Often", "Without an answer", "Calm", "3", "4", "3", "0",
    ]  # fmt: skip
    assert rows(page, "scales-t0-1")[1] == ["Tense turned round", "3", "4", "3", "0", "2.00", "0.82", "1.00"]
    assert seen(page, "//svg[contains(@class, 'wide')]//text[contains(., '%')]")[:3] == ["30 %", "40 %", "30 %"]
    assert rows(page, "scales-scores")[1][6] == "1.00 (95 % CI 1.00 to 1.00) n = 10"
    other = sign_in("rik").get(f"{ADDRESS}?scale=outside")
    assert seen(other, "//h2[@id='scales-items']/following-sibling::nav/a[@aria-current]") == ["Outside"]
    assert [row[0] for row in rows(other, "scales-t0-1")] == ["Walks", "Talks"]


def test_researcher_of_one_team_sees_the_scales_of_that_team(
    hand_in: Any, sign_in: Any, house: Any, clock: Any
) -> None:
    with house.app.extensions["krachtmeting"].database.writing() as session:
        team = Team(study_id=house.studies["demo"], code="north", title="Team north", made_at=clock.now)
        session.add(team)
        session.flush()
        people.set_scopes(session, house.people["rik"], house.studies["demo"], {"researcher": frozenset({team.id})})
        north = team.id
    hand_in({"calm": 1, "tense": 1, "glad": 1})
    empty = sign_in("rik").get(ADDRESS)
    assert seen(empty, "//p[@class='empty']") == [
        "No questionnaire with scales was handed in yet. As soon as one is, you see its scales here."
    ]
    hand_in({"calm": 3, "tense": 1, "glad": 3}, team=north)
    assert seen(sign_in("rik").get(ADDRESS), "//div[@class='first-line']//span") == ["n = 1"]


@pytest.mark.parametrize("asked", ["instrument=nothing", "scale=%00", "team=elsewhere", "instrument=coach-fidelity"])
def test_what_is_not_there_is_not_asked(asked: str, hand_in: Any, sign_in: Any) -> None:
    hand_in({"calm": 3, "tense": 1, "glad": 3})
    assert seen(sign_in("rik").get(f"{ADDRESS}?{asked}"), "//h1 | //div[@class='first-line']//strong") == [
        "Scales", "Small talk",
    ]  # fmt: skip
