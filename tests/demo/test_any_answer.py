"""Any question gets an answer that it takes."""

from __future__ import annotations

import datetime

import pytest
from small_instruments import instrument

from survey.answers.flow import flow
from survey.answers.taking import problems
from survey.demo.any_answer import ANSWERS, any_answer
from survey.demo.conversation import Conversation, Course
from survey.demo.distributions import chance, dealt, shares
from survey.demo.voice import Voice
from survey.instruments.kinds import KINDS
from survey.instruments.model import Instrument

DAY = datetime.date(2025, 3, 3)


def asked(settings: str) -> Instrument:
    """An instrument that asks this one question, called `it`."""
    return instrument(f"pages: [{{page: one, title: One, questions: [{{name: it, text: It?, {settings}}}]}}]")


def test_every_kind_that_is_answered_has_a_way() -> None:
    assert set(ANSWERS) == set(KINDS) - {"note"}


@pytest.mark.parametrize(
    "settings",
    [
        "kind: text, max_length: 2",
        "kind: open, max_length: 5",
        "kind: number",
        "kind: number, min: 3, max: 3",
        "kind: number, min: 0.5, max: 2.25, decimals: 2",
        "kind: number, min: 0.5, max: 2.5",
        "kind: number, max: -4",
        "kind: number, min: 1900",
        "kind: date, earliest: '2025-03-01'",
        "kind: date, precision: month, latest: 1999-12",
        "kind: date, precision: year, earliest: '2025'",
        "kind: duration, min: 7",
        "kind: duration, min: 300, max: 301",
        "kind: choice, choices: {a: {text: Namely, other: true}}",
        "kind: several, at_least: 3, choices: {a: A, b: B, c: C}",
        "kind: several, choices: {a: {text: None, exclusive: true}, b: {text: Never, exclusive: true}}",
        "kind: scale, choices: {1: Low, 2: , 3: High}, items: {one: One, two: Two}",
        "kind: share, parts: {a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K}",
    ],
)
def test_answer_is_one_that_the_question_takes(settings: str) -> None:
    random = chance(1)
    for unit in asked(settings).units.values():
        for _ in range(100):
            answer = any_answer(unit, random, DAY)
            assert answer is not None
            assert unit.parse(unit.show(answer)) == answer


def test_conversation_ends_without_problems_where_a_check_is_hard_to_meet() -> None:
    small = asked("kind: number, min: 0, max: 1000, required: true, check: {that: it <= 2, message: Small?}")
    for seed in range(20):
        talk = Conversation(small, Voice(chance(seed), DAY), Course())
        sends = list(talk.sends())
        assert talk.finished
        assert [sent.page for sent in sends] == ["one"]
        assert problems(flow(small, talk.answers), small.pages[0], talk.drafts) == {}


def test_conversation_that_no_answer_can_finish_is_not_handed_in() -> None:
    small = asked("kind: number, min: 0, max: 9, required: true, check: {that: it > 9, message: More?}")
    talk = Conversation(small, Voice(chance(1), DAY), Course())
    list(talk.sends())
    assert not talk.finished


def test_shares_are_whole_and_together_a_hundred() -> None:
    assert shares({"a": 1, "b": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert shares({"a": 0.0, "b": 0.0}, step=10) == {"a": 50, "b": 50}


def test_dealt_codes_have_just_the_proportions() -> None:
    codes = dealt(chance(1), 35, {"yes": 0.31, "no": 0.69})
    assert codes.count("yes") == 11
