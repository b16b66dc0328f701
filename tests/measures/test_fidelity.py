"""From evidence to scores, figures and verdicts by the published rule: the mean of requirements, well from 4.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from survey.instruments.fidelity.collection import read_models
from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.fidelity.reading import read_model_text
from survey.instruments.library import SHIPPED, Library, shelves
from survey.instruments.model import Instrument
from survey.instruments.reading import read_text
from survey.measures.fidelity.evidence import Clocked, Evidence, Rate, Reach
from survey.measures.fidelity.model_applied import fidelity, trend, waves_with_evidence
from survey.measures.fidelity.result import Fidelity
from survey.measures.fidelity.verdicts import outlook, verdict
from survey.measures.measurement import Measurement, Measurer, Subject

LIBRARY = Library(shelves())
NEWEST = LIBRARY.newest
KRACHTWERK = read_models(LIBRARY)["krachtwerk"]
TOKENS = count()


def handed_in(
    instrument: Instrument | str, answers: Mapping[str, Any], wave: str = "t1", **subject: Any
) -> Measurement:
    """A response with these answers."""
    asked = NEWEST[instrument] if isinstance(instrument, str) else instrument
    who = Subject(**{"code": f"S{next(TOKENS)}", "team": "north"} | subject)
    return Measurer(asked).measurement(f"r{next(TOKENS)}", wave, who, answers, mode="signed_in", interpreted=False)


def coach(team: str = "north", code: str = "", **answers: Any) -> Measurement:
    """A coach's questionnaire; with a caseload, so that all pages are asked."""
    who = {"team": team} | ({"code": code} if code else {})
    return handed_in("coach-fidelity", {"caseload": 20} | answers, **who)


def rating(points: int, of: str | None, team: str = "north") -> Measurement:
    """A participant's rating of the coach, with the same point everywhere."""
    items = NEWEST["hope-behaviour"].scores["hope_behaviour"].items
    return handed_in("hope-behaviour", dict.fromkeys(items, points), coach=of, team=team)


def of(*measurements: Measurement, reach: Reach | None = None, wave: str = "t1", **more: Any) -> Fidelity:
    order = {one.response: place for place, one in enumerate(measurements)}
    return fidelity(KRACHTWERK, NEWEST, Evidence(measurements, order=order, **more), wave, reach)


def first(found: Fidelity, indicator: str, requirement: str) -> Any:
    """What makes the score of a requirement."""
    one = next(one for one in found.indicator(indicator).requirements if one.name == requirement)
    return one.found[0]


def test_share_pools_people_before_it_divides() -> None:
    found = first(
        of(coach(caseload=10, compass_with=9), coach(caseload=30, compass_with=3)), "strengths_compass", "used"
    )
    # The mean of 90 % and 10 % would be 50.
    assert (found.figure, found.count, found.out_of, found.people, found.score) == (30, 12, 40, 2, 2)


def test_caseload_is_the_mean_over_coaches_with_how_many_answered_of_how_many() -> None:
    rates = [Rate("coach-fidelity", "t1", "north", 3, 2), Rate("coach-fidelity", "t0", "north", 9, 9)]
    found = first(of(coach(caseload=20), coach(caseload=30), rates=rates), "caseload", "participants_each")
    assert (found.figure, found.score, found.people, found.handed_in, found.expected) == (25, 5, 2, 2, 3)


def test_parts_are_of_the_talks_in_the_same_room() -> None:
    place = {"office": 40, "home": 20, "neighbourhood": 10, "services": 5, "phone": 25, "video": 0, "elsewhere": 0}
    found = first(of(coach(contact_place=place)), "natural_environment", "place")
    assert found.figure == pytest.approx(100 * 30 / 75)


def test_indicator_is_the_mean_of_its_requirements_and_four_is_well() -> None:
    answers = {"caseload": 10, "plan_with": 10, "plan_updated": 5}
    found = of(coach(**answers)).indicator("action_plan")
    assert [one.score for one in found.requirements] == [5, 3]
    assert (found.figure, found.verdict) == (4.0, "well")


@pytest.mark.parametrize(("figure", "judged"), [(4.0, "well"), (3.994, "on_the_way"), (3.995, "well"), (2.99, "low")])
def test_verdict_goes_by_the_figure_as_it_is_printed(figure: float, judged: str) -> None:
    assert verdict(KRACHTWERK, figure) == judged


def seen(code: str, meeting: str = "M", **answers: Any) -> Measurement:
    """What an observer wrote of a meeting."""
    every = dict.fromkeys(NEWEST["team-meeting"].scores["all_steps"].items, 4)
    asked = {"session_rhythm": "weekly", "session_length": 100, "cases_discussed": 1, "case_compass": "on_the_spot"}
    return handed_in("team-meeting", every | asked | answers, code=code)


def test_what_observers_settled_goes_before_what_each_wrote_and_else_their_mean_counts() -> None:
    one, other = seen("A", case_compass="no", session_length=80), seen("B", look_back=2, session_length=90)
    both = {one.response: "M", other.response: "M"}
    settled = {"M": {"case_compass": "on_the_spot", "look_back": 2}}
    found = of(one, other, meeting_of=both, settled=settled)
    compass = first(found, "team_meeting", "compass_beforehand")
    assert (compass.figure, compass.people, compass.meetings, compass.codes) == (2, 2, 1, {"on_the_spot": 2})
    assert first(found, "team_meeting", "steps").figure == pytest.approx((17 * 4 + 2) / 18)
    rhythm, length = first(found, "team_meeting", "rhythm_and_length").parts
    assert (rhythm.score, length.figure, length.score) == (5, 85, 4)
    # What each said before they agreed stays on record.
    assert compass.each == (1, 2)
    # The lower of the two counts.
    assert first(found, "team_meeting", "rhythm_and_length").score == 4


def test_response_of_an_observer_who_fell_out_does_not_count() -> None:
    stayed, left = seen("A"), seen("B", case_compass="no")
    found = of(stayed, left, meeting_of={stayed.response: "M"})
    assert first(found, "team_meeting", "compass_beforehand").people == 1


def test_meetings_weigh_the_same_however_many_observed_them() -> None:
    rows = [seen("A"), seen("B"), seen("C", case_compass="beforehand")]
    meetings = dict(zip((row.response for row in rows), ("M", "M", "N"), strict=True))
    found = first(of(*rows, meeting_of=meetings), "team_meeting", "compass_beforehand")
    assert (found.score, found.meetings, found.people) == (3.5, 2, 3)


def test_own_view_and_the_servers_clock_stand_beside_what_was_observed() -> None:
    one = seen("A")
    clock = Clocked("M", "team-meeting", "t1", "north", 1, 70.0, {"opening": 10.0}, ("opening", "ideas"))
    own = coach(meeting_rhythm="weekly", meeting_length=120, meeting_in_order=5)
    found = of(one, own, meeting_of={one.response: "M"}, clocks=[clock]).indicator("team_meeting")
    rhythm, steps = found.requirements[:2]
    assert [(view.voice, view.score) for view in rhythm.views] == [("observers", 5), ("coaches", 5), ("server", 3)]
    assert [(view.voice, view.figure, view.score) for view in steps.views] == [
        ("observers", 4, 4), ("coaches", 5, 5), ("server", 50, None),
    ]  # fmt: skip


def test_participants_are_heard_from_five_ratings_about_two_coaches_and_never_about_one_coach() -> None:
    four = [rating(4, "C1"), rating(4, "C1"), rating(4, "C2"), rating(4, "C2")]
    north, whole = Reach("north"), Reach()
    for reach in (north, whole):
        found = first(of(*four, reach=reach), "hope", "autonomy")
        assert (found.why, found.score, found.handed_in, found.people) == ("too_few", None, 0, 0)
        assert first(of(*four, rating(4, "C1"), reach=reach), "hope", "autonomy").score == 4
        about_one = [rating(4, "C1") for _ in range(9)]
        assert first(of(*about_one, reach=reach), "hope", "autonomy").why == "too_few"
    assert first(of(*four, rating(4, "C1"), reach=Reach(coach="C1")), "hope", "autonomy").why == "of_team"


def test_figure_of_a_team_moves_in_steps_and_that_of_a_study_counts_everybody() -> None:
    ratings = [rating(5, f"C{i % 2}") for i in range(5)] + [rating(1, "C1"), rating(1, "C2")]
    team = first(of(*ratings, reach=Reach("north")), "hope", "autonomy")
    assert (team.score, team.people, team.handed_in) == (5, 5, 5)
    whole = first(of(*ratings), "hope", "autonomy")
    assert (whole.score, whole.people) == (pytest.approx(27 / 7), 7)


def test_figures_are_of_the_team_or_coach_that_was_asked_for() -> None:
    every = [coach("north", "A", caseload=20), coach("south", "B", caseload=40)]
    found = {
        reach: first(of(*every, reach=reach), "caseload", "participants_each").figure
        for reach in (Reach(), Reach("north"), Reach("south"), Reach(coach="B"))
    }
    assert list(found.values()) == [30, 20, 40, 40]


def test_nothing_is_said_where_nobody_answered() -> None:
    empty = of()
    assert empty.empty
    assert first(empty, "caseload", "participants_each").why == "nobody"
    unsaid = of(coach(caseload=None))
    assert first(unsaid, "caseload", "participants_each").why == "no_answer"
    assert unsaid.indicator("caseload").figure is None


def test_provisional_is_what_stands_on_our_own_limits() -> None:
    assert of(coach()).indicator("caseload").provisional


def test_what_is_missing_can_change_the_verdict_between_its_ends() -> None:
    indicator = KRACHTWERK.indicators["team_meeting"]
    missing: dict[str, float | None] = {"rhythm_and_length": 5.0, "steps": 5.0, "compass_beforehand": None}
    found = outlook(KRACHTWERK, indicator, missing)
    assert (found.lowest, found.highest, found.verdicts) == (3.67, 5.0, ("on_the_way", "well"))


def test_distance_to_the_next_verdict_and_what_one_point_would_do() -> None:
    indicator = KRACHTWERK.indicators["team_meeting"]
    found = outlook(KRACHTWERK, indicator, {"rhythm_and_length": 5.0, "steps": 4.2, "compass_beforehand": 2.0})
    assert found.verdicts == ("on_the_way",)
    assert found.up is not None and found.down is not None
    # The first one is at the end of its scale already.
    assert (found.up.verdict, found.up.distance, found.up.requirements) == (
        "well", 0.27, ("steps", "compass_beforehand"),
    )  # fmt: skip
    assert (found.down.verdict, found.down.distance, found.down.requirements) == ("low", 0.73, ())


def test_trend_has_the_waves_at_which_something_is_known() -> None:
    rows = [coach(), handed_in("coach-fidelity", {"caseload": 32}, "t0")]
    evidence = Evidence(rows)
    found = trend(KRACHTWERK, NEWEST, evidence, ["t0", "t1", "end"])
    assert [(one.wave, one.indicator("caseload").figure) for one in found] == [("t0", 3), ("t1", 5)]
    assert waves_with_evidence(evidence, KRACHTWERK, ["t0", "t1", "end"]) == ["t0", "t1"]


AUDIT = """\
instrument: own-audit
version: 1
language: en
title: An institute's own list
about: person
role: observer
purpose: An assessor scores eleven items
pages:
  - page: items
    title: Items
    questions:
      - kind: scale
        name: audited
        text: Which score?
        choices: {1: , 2: , 3: , 4: , 5: }
        items:
"""


def sum_scale() -> tuple[FidelityModel, Instrument]:
    """The shipped sum scale with an institute's own list behind its items, as docs/fidelity.md says."""
    names = [f"item_{i:02}" for i in range(1, 12)]
    audit = read_text(AUDIT + "".join(f"          {name}: An item\n" for name in names), "audit.yaml")
    source = Path(SHIPPED / "fidelity" / "strengths-sum.yaml").read_text(encoding="utf-8")
    for name in names:
        evidence = f"evidence: [{{kind: mean, instrument: own-audit, items: [{name}], source: The licensed manual}}]"
        head, _, rest = source.partition(f"      {name}:\n")
        title, _, after = rest.partition("        unmeasured:")
        source = f"{head}      {name}:\n{title}        {evidence}\n{after.partition(chr(10))[2]}"
    return read_model_text(source, "own.yaml", {"own-audit": audit}), audit


@pytest.mark.parametrize(("scores", "total", "judged"), [([4] * 10 + [5], 45, "well"), ([4] * 11, 44, "low")])
def test_sum_scale_of_eleven_items_is_a_model_too(scores: Sequence[int], total: int, judged: str) -> None:
    model, audit = sum_scale()
    names = list(audit.units)
    one = handed_in(audit, dict(zip(names, scores, strict=True)))
    found = fidelity(model, {"own-audit": audit}, Evidence([one]), "t1").indicator("fidelity")
    assert (found.figure, found.verdict, found.provisional) == (total, judged, False)


def test_sum_needs_every_item_and_says_between_what_it_lies() -> None:
    model, audit = sum_scale()
    one = handed_in(audit, dict.fromkeys(list(audit.units)[:10], 4))
    found = fidelity(model, {"own-audit": audit}, Evidence([one]), "t1").indicator("fidelity")
    assert (found.figure, found.verdict) == (None, None)
    assert (found.outlook.lowest, found.outlook.highest, found.outlook.verdicts) == (41, 45, ("low", "well"))
    assert [missing.name for missing in found.missing] == ["item_11"]


def test_model_without_public_criteria_measures_nothing_and_says_so() -> None:
    model = read_models(LIBRARY)["strengths-sum"]
    found = fidelity(model, NEWEST, Evidence([coach()]), "t1")
    assert found.empty
    assert not any(one.measured for one in found.indicator("fidelity").requirements)
