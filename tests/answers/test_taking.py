"""Taking answers from a page: answers, reasons, drafts, and what still needs a look."""

from __future__ import annotations

from typing import Any

import pytest
from small_instruments import instrument

from survey.answers.flow import flow
from survey.answers.taking import Taken, invalid_draft, problems, take
from survey.instruments.errors import Invalid

PAGE = instrument("""
    missing: [refused]
    pages:
    - page: one
      title: One
      questions:
      - {kind: number, name: age, text: A, required: true, min: 0}
      - {kind: number, name: kids, text: K, check: {that: kids < age, message: Older than you?}}
      - kind: choice
        name: home
        text: H
        required: true
        missing: []
        choices: {own: O, else: {text: E, other: true}}
      - kind: scale
        name: trust
        text: T
        required: true
        choices: {1: No, 2: Yes}
        items: {coach: Coach, team: Team}
        check: {that: coach == team, message: The same twice?}
      - kind: number
        name: debt
        text: D
        required: true
        when: home == 'own'
        check: {that: debt > 0, message: More?}
""")
AGE, HOME, NAMELY = PAGE.units["age"], PAGE.units["home"], PAGE.units["home_namely"]
TYPED = {"": ["12"]}
WRONG = {"": ["twelve"]}
REFUSED_TOO = {"!": ["refused"]}


@pytest.mark.parametrize(
    ("unit", "raw", "reason", "corrects", "taken"),
    [
        (AGE, TYPED, "", False, Taken(answer=12)),
        (AGE, {}, "", False, Taken()),
        (AGE, {}, "refused", False, Taken(answer={"missing": "refused"})),
        (AGE, WRONG, "", False, Taken(draft=WRONG, invalid=Invalid("number.unreadable"))),
        (AGE, WRONG, "refused", False, Taken(draft=WRONG | REFUSED_TOO, invalid=Invalid("answer.and_reason"))),
        (AGE, TYPED, "refused", False, Taken(draft=TYPED | REFUSED_TOO, invalid=Invalid("answer.and_reason"))),
        (AGE, {"": [" "]}, "refused", False, Taken(answer={"missing": "refused"})),
        (AGE, {}, "dont_know", False, Taken()),
        (AGE, TYPED, "dont_know", False, Taken(answer=12)),
        (AGE, {}, "technical", False, Taken()),
        (AGE, {}, "technical", True, Taken(answer={"missing": "technical"})),
        (AGE, {}, "refused", True, Taken(answer={"missing": "refused"})),
        (AGE, {}, "not_reached", True, Taken()),
        (HOME, {}, "refused", False, Taken()),
        (NAMELY, {"": ["a boat"]}, "", False, Taken(answer="a boat")),
        (NAMELY, {"": ["a boat"]}, "refused", False, Taken(answer="a boat")),
    ],
)
def test_inputs_hold_an_answer_a_reason_or_a_draft(
    unit: Any, raw: Any, reason: str, corrects: bool, taken: Taken
) -> None:
    assert take(unit, raw, reason, corrects=corrects) == taken


def test_draft_keeps_what_was_typed_even_when_the_page_is_gone() -> None:
    raw = {"": ("twelve",)}
    draft = take(AGE, raw).draft
    assert (draft, draft is raw) == ({"": ["twelve"]}, False)


def test_kept_draft_says_again_why_it_is_no_answer() -> None:
    assert [invalid_draft(AGE, draft) for draft in (WRONG, {"": ["-3"]}, TYPED)] == [
        Invalid("number.unreadable"),
        Invalid("number.too_small", min=0),
        Invalid("answer.and_reason"),
    ]


def found(answers: dict[str, Any], drafts: dict[str, Any] | None = None) -> dict[str, Invalid]:
    return problems(flow(PAGE, answers), PAGE.pages[0], drafts or {})


REQUIRED = Invalid("answer.required")
GOOD = {"age": 40, "kids": 10, "home": "own", "coach": 1, "team": 1, "debt": 5}


def test_page_without_problems() -> None:
    assert found(GOOD) == {}


def test_required_questions_are_told_each_item_by_itself_and_a_reason_is_offered_only_where_there_is_one() -> None:
    assert found({"coach": 1}) == {"age": REQUIRED, "home": Invalid("answer.only"), "team": REQUIRED}


def test_reason_is_enough_for_a_required_question() -> None:
    assert found(GOOD | {"age": {"missing": "refused"}}) == {}


def test_required_question_that_is_hidden_is_not_required() -> None:
    assert found(GOOD | {"home": "else"}) == {}


def test_namely_text_of_a_required_question_is_not_required() -> None:
    assert found({**GOOD, "home": "else"}) == {}


def test_draft_is_told_instead_of_a_missing_answer() -> None:
    assert found({name: one for name, one in GOOD.items() if name != "age"}, {"age": WRONG}) == {
        "age": Invalid("number.unreadable")
    }


def test_draft_of_a_hidden_question_is_not_told() -> None:
    assert found(GOOD | {"home": "else"}, {"debt": WRONG}) == {}


def test_check_that_fails_is_told_at_its_question() -> None:
    assert found(GOOD | {"kids": 41}) == {"kids": Invalid("check.failed", question="kids")}


def test_check_that_looks_at_a_missing_answer_passes() -> None:
    assert found(GOOD | {"kids": 41, "age": {"missing": "refused"}}) == {}


def test_check_of_a_scale_is_told_at_its_first_item() -> None:
    assert found(GOOD | {"team": 2}) == {"coach": Invalid("check.failed", question="trust")}


def test_check_of_a_hidden_question_passes() -> None:
    assert found(GOOD | {"debt": -1}) == {"debt": Invalid("check.failed", question="debt")}
    assert found(GOOD | {"debt": -1, "home": "else"}) == {}


def test_draft_is_told_before_a_failed_check() -> None:
    assert found(GOOD | {"kids": 41}, {"kids": WRONG}) == {"kids": Invalid("number.unreadable")}
