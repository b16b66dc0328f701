"""A coach sees the own figures, and of others only what tells of none of them; a poster shows no coach either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from survey.instruments.fidelity.collection import read_models
from survey.instruments.fidelity.model import FidelityModel, Mean
from survey.instruments.library import Library, shelves
from survey.measures.feedback import Feedback, Others, feedback, of_others, own_waves
from survey.measures.fidelity.evidence import Evidence, Reach
from survey.measures.fidelity.model_applied import fidelity
from survey.measures.measurement import Measurement, Measurer, Subject
from survey.measures.poster import for_a_wall, poster

ANSWERS = {"caseload": 20, "compass_with": 5, "compass_updated": 1, "plan_with": 20, "plan_updated": 17}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shelves())


@pytest.fixture(scope="module")
def model(library: Library) -> FidelityModel:
    return read_models(library)["krachtwerk"]


class Team:
    """Coaches of a study, in the order in which they handed in."""

    def __init__(self, library: Library) -> None:
        self.instrument = library.newest["coach-fidelity"]
        self.made: list[Measurement] = []

    def hands_in(self, coach: str, *, wave: str = "t0", team: str | None = "north", **answers: Any) -> None:
        subject = Subject(coach, team, person=len(self.made))
        values = {unit: {"value": given} if isinstance(given, dict) else given for unit, given in answers.items()}
        made = Measurer(self.instrument).measurement(
            f"r{len(self.made)}", wave, subject, ANSWERS | values, mode="signed_in", interpreted=False
        )
        self.made.append(made)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.made, order={one.response: place for place, one in enumerate(self.made)})

    def feedback(self, model: FidelityModel | None, coach: str, waves: Sequence[str] = ("t0",)) -> Feedback | None:
        there = own_waves(self.evidence, coach, waves)
        return feedback(model, {"coach-fidelity": self.instrument}, self.evidence, coach, there)


@pytest.fixture
def team(library: Library) -> Team:
    return Team(library)


def lines(found: Feedback | None) -> dict[str | None, tuple[Any, ...]]:
    assert found is not None
    return {f"{one.indicator}.{one.requirement}": (one.own, one.before, one.others) for one in found.of_model}


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([], None),
        ([2.0, 4.0], None),
        ([2.0, 3.0, 4.24], Others(3.1, 3)),
        ([2.0, 3.0, 4.0, 5.0, 5.0], Others(3.0, 3)),
        ([2.0, 3.0, 4.0, 5.0, 5.0, 5.0], Others(4.0, 6)),
    ],
)
def test_mean_of_others_comes_at_three_and_moves_in_threes(values: list[float], shown: Others | None) -> None:
    assert of_others(values) == shown


def test_own_score_stands_beside_three_others_of_the_same_team(team: Team, model: FidelityModel) -> None:
    team.hands_in("me", caseload=32, compass_with=16)
    for number, with_compass in enumerate((1, 9, 19)):
        team.hands_in(f"other{number}", compass_with=with_compass)
    team.hands_in("far", team="south", compass_with=20)
    found = lines(team.feedback(model, "me"))
    assert found["caseload.participants_each"] == (3, None, Others(5.0, 3))
    assert found["strengths_compass.used"] == (3, None, Others(3.0, 3))


def test_small_team_is_compared_with_the_study(team: Team, model: FidelityModel, library: Library) -> None:
    team.hands_in("me", team="south")
    team.hands_in("near", team="south", compass_with=20)
    for number in range(3):
        team.hands_in(f"far{number}")
    found = team.feedback(model, "me")
    assert found is not None and not found.of_team
    assert lines(found)["strengths_compass.used"] == (2, None, Others(3.0, 3))
    few = Team(library)
    for coach in ("me", "second", "third"):
        few.hands_in(coach)
    assert lines(few.feedback(model, "me"))["strengths_compass.used"] == (2, None, None)


def test_fourth_colleague_does_not_move_the_mean(team: Team, model: FidelityModel) -> None:
    team.hands_in("me")
    for number in range(3):
        team.hands_in(f"other{number}")
    before = lines(team.feedback(model, "me"))
    team.hands_in("late", caseload=60, compass_with=60)
    assert lines(team.feedback(model, "me")) == before


def test_moment_before_is_the_own_one(team: Team, model: FidelityModel) -> None:
    team.hands_in("me", wave="t0")
    team.hands_in("me", wave="t1", caseload=28)
    found = team.feedback(model, "me", ["t0", "t1", "end"])
    assert found is not None and (found.wave, found.before) == ("t1", "t0")
    assert lines(found)["caseload.participants_each"] == (4, 5, None)


def test_without_a_model_the_scales_remain_and_without_a_response_nothing(team: Team) -> None:
    items = {"task_connect": 4, "task_strengths": 4, "task_goals": 2, "task_recovery": 2}
    team.hands_in("me", **items)
    found = team.feedback(None, "me")
    assert found is not None and found.of_model == ()
    assert [(one.score, one.own, one.lowest, one.highest) for one in found.of_scores] == [
        ("view_of_tasks", 3.0, 1.0, 5.0),
        ("view_of_principles", None, 1.0, 5.0),
    ]
    assert team.feedback(None, "nobody") is None


def test_poster_has_the_clearest_three_of_each_side(team: Team, model: FidelityModel, library: Library) -> None:
    for number in range(3):
        team.hands_in(f"coach{number}")
    found = fidelity(model, library.newest, for_a_wall(team.evidence, ["coach-fidelity"]), "t0", Reach(team="north"))
    hung = poster(found)
    assert [(one.requirement, one.score) for one in hung.well] == [
        ("participants_each", 5),
        ("used", 5),
        ("updated", 5),
    ]
    assert [(one.indicator, one.requirement, one.score) for one in hung.work] == [
        ("strengths_compass", "used", 2),
        ("strengths_compass", "updated", 2),
    ]


def test_poster_says_nothing_of_two_coaches_and_does_not_move_with_a_fourth(
    team: Team, model: FidelityModel, library: Library
) -> None:
    def hung() -> Any:
        evidence = for_a_wall(team.evidence, ["coach-fidelity"])
        return poster(fidelity(model, library.newest, evidence, "t0", Reach(team="north")))

    for number in range(2):
        team.hands_in(f"coach{number}")
    assert hung().empty and hung().unknown == 12
    team.hands_in("third")
    three = hung()
    team.hands_in("fourth", caseload=90, compass_with=90)
    assert hung() == three and not three.empty


def test_poster_says_nothing_of_what_only_one_of_three_coaches_answered(
    team: Team, model: FidelityModel, library: Library
) -> None:
    def hung() -> Any:
        evidence = for_a_wall(team.evidence, ["coach-fidelity"])
        found = poster(fidelity(model, library.newest, evidence, "t0", Reach(team="north")))
        return {one.requirement: (one.score, one.found.people) for one in (*found.well, *found.work)}

    team.hands_in("first")
    for number in range(2):
        team.hands_in(f"coach{number}", caseload=None)
    assert {*hung()} == {"updated"}
    for number in range(3):
        team.hands_in(f"more{number}", caseload=None if number else 32)
    assert "participants_each" not in hung()


def test_what_coaches_say_stands_on_a_poster_in_half_points(team: Team, model: FidelityModel, library: Library) -> None:
    # Four coaches: each knows the own answer, and the mean of the three others from the feedback.
    own = Mean(kind="mean", instrument="coach-fidelity", items=("principle_direction",), provisional=True)
    requirement = model.indicators["hope"].requirements["autonomy"].model_copy(update={"evidence": (own,)})
    indicator = model.indicators["hope"].model_copy(update={"requirements": {"autonomy": requirement}})
    asking = model.model_copy(update={"indicators": {"hope": indicator}})
    for number, given in enumerate((5, 4, 5, 1)):
        team.hands_in(f"coach{number}", principle_direction=given)
    evidence = for_a_wall(team.evidence, ["coach-fidelity"])
    hung = poster(fidelity(asking, library.newest, evidence, "t0", Reach(team="north")))
    assert [(one.score, one.found.score) for one in hung.well] == [(4.5, pytest.approx(14 / 3))]


def test_participants_word_on_a_poster_of_a_whole_study_moves_in_steps(model: FidelityModel, library: Library) -> None:
    instrument, made = library.newest["hope-behaviour"], []
    items = instrument.scores["autonomy"].items

    def hung() -> Any:
        evidence = Evidence(made, order={one.response: place for place, one in enumerate(made)})
        found = poster(fidelity(model, library.newest, for_a_wall(evidence, []), "t1", Reach()))
        return [(one.requirement, one.score, one.found.people) for one in found.work]

    for number in range(7):
        subject = Subject(f"p{number}", None, coach=f"coach{number % 2}")
        answers = dict.fromkeys(items, 1 if number > 4 else 3)
        made.append(
            Measurer(instrument).measurement(f"r{number}", "t1", subject, answers, mode="link", interpreted=False)
        )
        if number == 4:
            five = hung()
    assert hung() == five == [("autonomy", 3.0, 5)]


def test_model_that_adds_up_has_its_line_at_three_quarters_of_a_requirement(
    team: Team, model: FidelityModel, library: Library
) -> None:
    team.hands_in("one")
    found = fidelity(model, library.newest, team.evidence, "t0")
    summed = replace(found, model=model.model_copy(update={"combine": "sum"}))
    assert [one.score for one in poster(summed).well] == [5, 5, 5]
