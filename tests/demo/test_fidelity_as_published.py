"""The demo's fidelity comes out as that of the real study, from raw answers to verdicts."""

from __future__ import annotations

from statistics import mean

import pytest
from made_demo import NOW, Demo

from survey.instruments.fidelity.collection import read_models
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.model_applied import fidelity
from survey.measures.fidelity.result import Fidelity
from survey.storage.evidence import evidence_of
from survey.storage.measured import Measures
from survey.storage.protocols import protocol_of


@pytest.fixture(scope="module")
def evidence(demo: Demo) -> Evidence:
    model = read_models(demo.library)["krachtwerk"]
    with demo.database.reading() as session:
        protocol = protocol_of(session, demo.made.study_id)
        return evidence_of(
            session, Measures(), demo.library, demo.made.study_id, model.instruments, protocol, NOW.date()
        )


def found(demo: Demo, evidence: Evidence, wave: str = "t1", reach: Reach | None = None) -> Fidelity:
    return fidelity(read_models(demo.library)["krachtwerk"], demo.library.newest, evidence, wave, reach)


def test_verdicts_are_those_of_the_publication(demo: Demo, evidence: Evidence) -> None:
    assert {one.name: one.verdict for one in found(demo, evidence).indicators} == {
        "caseload": "well",
        "natural_environment": "low",
        "team_meeting": "on_the_way",
        "strengths_compass": "low",
        "action_plan": "well",
        "hope": "on_the_way",
    }


def test_figures_are_those_of_the_raw_answers(demo: Demo, evidence: Evidence) -> None:
    coaches = list(demo.answers("coach-fidelity", "t1").values())
    figures = {
        (indicator.name, one.name): one.found[0].figure
        for indicator in found(demo, evidence).indicators
        for one in indicator.requirements
    }
    participants = sum(one["caseload"] for one in coaches)
    assert figures["caseload", "participants_each"] == participants / 6 == 23
    assert figures["strengths_compass", "used"] == pytest.approx(
        100 * sum(one["compass_with"] for one in coaches) / participants
    )
    assert figures["action_plan", "used"] == pytest.approx(
        100 * sum(one["plan_with"] for one in coaches) / participants
    )
    instrument = demo.library.newest["hope-behaviour"]
    ratings = list(demo.answers("hope-behaviour", "t1").values())
    for score in ("autonomy", "meaningful_goals", "finding_strengths"):
        items = instrument.scores[score].items
        means = [mean(one[item] for item in items if item in one) for one in ratings]
        assert figures["hope", score] == pytest.approx(mean(means))
    # Good on choosing freely, less on goals that matter and on finding out what one is good at.
    assert figures["hope", "autonomy"] > 4 > figures["hope", "meaningful_goals"] > figures["hope", "finding_strengths"]


def test_steps_were_followed_well_but_no_compass_was_made_beforehand(demo: Demo, evidence: Evidence) -> None:
    scores = {one.name: one.score for one in found(demo, evidence).indicator("team_meeting").requirements}
    assert scores["steps"] is not None and scores["steps"] >= 4
    assert (scores["rhythm_and_length"], scores["compass_beforehand"]) == (5, 2)


def test_meeting_was_timed_by_both_observers_and_took_as_long_as_they_wrote(demo: Demo, evidence: Evidence) -> None:
    (clock,) = evidence.clocks
    assert (clock.observers, clock.share, set(clock.held)) == (2, 100, set(clock.planned))
    assert clock.minutes == pytest.approx(100, abs=5)
    assert sum(clock.held.values()) == pytest.approx(clock.minutes)


def test_round_before_has_what_coaches_say_and_is_low_and_good_in_the_same_places(
    demo: Demo, evidence: Evidence
) -> None:
    before = {one.name: one.verdict for one in found(demo, evidence, "t0").indicators}
    assert before == {
        "caseload": "well", "natural_environment": "low", "team_meeting": None, "strengths_compass": "low",
        "action_plan": "well", "hope": None,
    }  # fmt: skip


def test_team_without_an_observed_meeting_says_so(demo: Demo, evidence: Evidence) -> None:
    south = found(demo, evidence, reach=Reach("south")).indicator("team_meeting")
    assert (south.figure, south.outlook.verdicts) == (None, ("low", "on_the_way", "well"))
    assert {one.why for one in south.requirements} == {"nobody"}
    coach = evidence.of("coach-fidelity", "t1", Reach())[0].subject
    assert found(demo, evidence, reach=Reach(coach=coach)).indicator("hope").figure is None
