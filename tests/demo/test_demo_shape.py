"""The demo study has the shape of the real one, from raw answers."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import correlation, mean, stdev, variance
from typing import Any

import pytest
from made_demo import NOW, Demo

from survey.answers.relay import RELAY
from survey.demo.interpreters import LANGUAGES
from survey.instruments.model import Score

CLIENT, COACHES, MEETING = "client-interview", "coach-fidelity", "team-meeting"
OUTCOMES = [
    "family_support", "friend_support", "other_support", "belonging", "mental_health", "stress", "control", "needs",
    "barriers",
]  # fmt: skip


def part(answers: dict[str, dict[str, Any]], name: str, fits: Callable[[Any], bool]) -> float:
    """The part of those who answered whose answer fits."""
    found = [one[name] for one in answers.values() if name in one]
    return sum(map(fits, found)) / len(found)


def items(demo: Demo, score: Score, answers: dict[str, Any]) -> list[float]:
    """The answered items of a score, reversed ones turned."""
    units = demo.library.newest[CLIENT].units
    turn = {
        name: sum(list(units[name].question.options)[:: len(units[name].question.options) - 1])
        for name in score.reversed
    }
    return [turn[name] - answers[name] if name in turn else answers[name] for name in score.items if name in answers]


def scored(demo: Demo, name: str, wave: str) -> dict[str, float]:
    score = demo.library.newest[CLIENT].scores[name]
    found = {code: items(demo, score, answers) for code, answers in demo.answers(CLIENT, wave).items()}
    return {
        code: mean(points) for code, points in found.items() if len(points) >= (score.least or len(score.items) / 2)
    }


def paired(demo: Demo, name: str) -> tuple[list[float], list[float]]:
    first, second = scored(demo, name, "t0"), scored(demo, name, "t1")
    both = [code for code in first if code in second]
    return [first[code] for code in both], [second[code] for code in both]


def test_participants_have_the_background_of_the_real_group(demo: Demo) -> None:
    start = demo.answers(CLIENT, "t0")
    assert len(start) == 35
    assert mean(one["age"] for one in start.values()) == pytest.approx(46, abs=1)
    assert part(start, "gender", lambda gender: gender == "woman") == pytest.approx(0.65, abs=0.03)
    countries = ("country_self", "country_mother", "country_father")
    migrated = [any(one.get(name, "netherlands") != "netherlands" for name in countries) for one in start.values()]
    assert 0.5 < sum(migrated) / 35 < 0.65
    assert part(start, "household", lambda with_whom: with_whom in ("alone", "kids")) > 0.85
    assert part(start, "housing", lambda place: place in ("rent", "own", "room")) > 0.85
    assert 0.35 < sum(one.get("children_home", 0) > 0 for one in start.values()) / 35 < 0.5
    assert mean(one["school_years"] for one in start.values() if "school_years" in one) == pytest.approx(9, abs=0.5)
    assert 0.28 < part(start, "debts", lambda answer: answer == "yes") < 1 / 3


def test_contact_with_the_coach_is_at_least_monthly_for_two_thirds_and_weekly_for_a_fifth(demo: Demo) -> None:
    later = demo.answers(CLIENT, "t1")
    assert part(later, "coach_often", lambda often: often in ("weekly", "fortnightly", "monthly")) == pytest.approx(
        0.67, abs=0.1
    )
    assert part(later, "coach_often", lambda often: often == "weekly") == pytest.approx(0.2, abs=0.05)


def test_family_support_rises_by_half_a_point_and_that_is_not_significant(demo: Demo) -> None:
    first, second = paired(demo, "family_support")
    changes = [after - before for before, after in zip(first, second, strict=True)]
    assert len(changes) >= 25
    assert mean(changes) == pytest.approx(0.5, abs=0.1)
    # 2.06 is the two-sided 5 % value of t with 25 degrees of freedom.
    assert mean(changes) / stdev(changes) * len(changes) ** 0.5 < 2.06
    assert 0.2 < correlation(first, second) < 0.8


@pytest.mark.parametrize("name", OUTCOMES[1:])
def test_other_outcomes_hardly_change(demo: Demo, name: str) -> None:
    first, second = paired(demo, name)
    assert len(first) >= 23
    assert abs(mean(second) - mean(first)) / ((stdev(first) + stdev(second)) / 2) < 0.15


@pytest.mark.parametrize("name", OUTCOMES)
def test_items_of_a_scale_belong_together(demo: Demo, name: str) -> None:
    score = demo.library.newest[CLIENT].scores[name]
    every = [items(demo, score, answers) for answers in demo.answers(CLIENT, "t0").values()]
    whole = [points for points in every if len(points) == len(score.items)]
    count = len(score.items)
    alpha = count / (count - 1) * (1 - sum(map(variance, zip(*whole, strict=True))) / variance(map(sum, whole)))
    assert 0.7 < alpha < 0.93


@pytest.mark.parametrize("wave", ["t0", "t1"])
def test_fidelity_is_as_published(demo: Demo, wave: str) -> None:
    coaches = list(demo.answers(COACHES, wave).values())
    assert len(coaches) == 6
    participants = sum(one["caseload"] for one in coaches)
    assert participants / 6 == 23
    assert mean(one["contact_place"]["office"] for one in coaches) == pytest.approx(50, abs=5)
    compasses, plans = (sum(one[name] for one in coaches) for name in ("compass_with", "plan_with"))
    assert 0.3 < compasses / participants < 0.5
    assert 0.8 < plans / participants < 1
    compasses_updated, plans_updated = (
        sum(one[name] for one in coaches) for name in ("compass_updated", "plan_updated")
    )
    assert compasses_updated / compasses < 0.5 < 0.7 < plans_updated / plans
    assert {one["plan_rhythm"] for one in coaches} <= {"each_talk", "monthly"}
    assert {one["compass_rhythm"] for one in coaches} <= {"quarterly", "half_yearly", "less"}


def test_two_observers_saw_one_meeting_and_mostly_agree(demo: Demo) -> None:
    one, other = demo.answers(MEETING, "t1").values()
    assert {seen["case_compass"] for seen in (one, other)} == {"on_the_spot"}
    assert one["session_date"] == other["session_date"]
    assert {seen["session_rhythm"] for seen in (one, other)} == {"weekly"}
    assert all(90 <= seen["session_length"] <= 120 for seen in (one, other))
    instrument = demo.library.newest[MEETING]
    rated = [name for name, unit in instrument.units.items() if unit.role == "item"]
    apart = [abs(one[name] - other[name]) for name in rated]
    assert apart.count(0) / len(apart) == pytest.approx(0.7, abs=0.07)
    assert set(apart) == {0, 1}
    steps = instrument.scores["all_steps"].items
    assert mean(seen[name] for name in steps for seen in (one, other)) > 4


def test_moments_are_spread_over_the_past_year_and_never_after_now(demo: Demo) -> None:
    starts = sorted(row.record.started_at for row in demo.rows if row.record.instrument == CLIENT and row.wave == "t0")
    assert NOW - starts[0] < datetime.timedelta(days=366)
    assert max(later - earlier for earlier, later in pairwise(starts)) < datetime.timedelta(days=45)
    moments = [moment for row in demo.rows for moment in (row.record.changed_at, row.record.submitted_at) if moment]
    assert max([*moments, *(row.at for row in demo.trail)]) < NOW


def test_second_interview_is_about_half_a_year_after_the_first(demo: Demo) -> None:
    began = {(row.subject, row.wave): row.record.started_at for row in demo.rows if row.record.instrument == CLIENT}
    days = [(began[code, "t1"] - began[code, "t0"]).days for code, wave in began if wave == "t1"]
    assert len(days) == 30
    assert all(183 - 14 <= one <= 183 + 42 for one in days)


def test_interviews_take_a_plausible_time(demo: Demo) -> None:
    minutes = [
        (row.record.submitted_at - row.record.started_at).total_seconds() / 60
        for row in demo.rows
        if row.record.submitted_at and row.record.instrument == CLIENT and row.record.version < 40
    ]
    assert 15 < min(minutes) < max(minutes) < 90
    assert 20 < sorted(minutes)[len(minutes) // 2] < 50


def test_eight_of_the_participants_have_an_interpreter_and_of_all_others_it_is_on_record_that_nobody_does(
    demo: Demo,
) -> None:
    interviews = [row for row in demo.rows if row.record.instrument == CLIENT]
    kinds = {
        wave: Counter(
            "+".join(segment.interpreter for segment in row.circumstances.segments)
            for row in interviews
            if row.wave == wave
        )
        for wave in ("t0", "t1")
    }
    assert kinds["t0"] == {"none": 27, "professional": 5, "relative": 1, "peer": 1, "none+professional": 1}
    assert set(kinds["t1"]) <= {"none", "professional", "relative", "peer"}
    assert "none" in kinds["t1"]
    closing = [row for row in demo.rows if row.record.instrument == "closing-interview"]
    assert {segment.interpreter for row in closing for segment in row.circumstances.segments} == {"none"}
    others = [row for row in demo.rows if row.record.instrument not in (CLIENT, "closing-interview")]
    assert [row.circumstances.segments for row in others] == [()] * len(others)


def test_some_interpret_by_phone_and_a_relative_has_neither_code_nor_promise(demo: Demo) -> None:
    segments = [
        segment
        for row in demo.rows
        if row.wave == "t0"
        for segment in row.circumstances.segments
        if segment.interpreter != "none"
    ]
    assert Counter(segment.mode for segment in segments) == {"phone": 3, "in_person": 4, "video": 1}
    assert {segment.same for segment in segments} == {"first"}
    for segment in segments:
        known = segment.interpreter != "relative"
        assert (segment.code is not None, segment.promised) == (known, known)


def test_who_is_interpreted_reads_in_a_language_of_their_own_where_the_interview_has_it(demo: Demo) -> None:
    offered = set(demo.library.participant_languages(demo.library.newest[CLIENT]))
    start = [row for row in demo.rows if row.record.instrument == CLIENT and row.wave == "t0"]
    born = demo.answers(CLIENT, "t0")
    for row in start:
        interpreted = any(segment.interpreter != "none" for segment in row.circumstances.segments)
        own = LANGUAGES.get(born[row.subject]["country_self"]) if interpreted else None
        assert row.record.second_language == (own if own in offered else None)
    assert sum(row.record.second_language is not None for row in start) >= 4
    shown = {save.layout for row in start if row.record.second_language for save in row.circumstances.saves}
    assert shown == {"both", "participant"}


def test_a_few_questions_have_a_code_of_how_they_were_relayed_and_only_where_somebody_interpreted(demo: Demo) -> None:
    relayed = {row.subject: row.record.relay for row in demo.rows if row.record.relay}
    assert 5 <= len(relayed) <= 8
    found = Counter(code for questions in relayed.values() for codes in questions.values() for code in codes)
    assert set(found) <= set(RELAY)
    assert len(found) >= 6
    for row in demo.rows:
        interpreted = any(segment.interpreter != "none" for segment in row.circumstances.segments)
        assert interpreted or not row.record.relay
