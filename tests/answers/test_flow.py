"""What is asked, which answers count, why one is missing, what comes next and how far one is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_instruments import instrument

from survey.answers.flow import flow, next_page, page_list, previous_page, progress, reason, states, value
from survey.answers.missing import CODES, State

LIFE = instrument("""
    lists:
      agree: {1: No, 2: A little, 3: Yes}
    pages:
    - page: home
      title: Home
      questions:
      - {kind: note, name: welcome, text: Welcome}
      - {kind: choice, name: housed, text: Housed?, choices: {yes: Yes, no: No, else: {text: E, other: true}}}
      - {kind: number, name: rent, text: What is the rent?, when: housed == 'yes'}
      - {kind: number, name: too_much, text: How much too much?, when: rent > 1000}
    - page: shelter
      title: Shelter
      when: housed == 'no'
      questions:
      - {kind: note, name: sorry, text: That is hard.}
      - {kind: number, name: nights, text: How many nights?}
    - page: worries
      title: Worries
      questions:
      - kind: several
        name: worries
        text: What worries you?
        choices: {debt: Debts, kids: Children, none: {text: None, exclusive: true}, more: {text: More, other: true}}
      - kind: scale
        name: support
        text: Support
        choices: agree
        items: {family: My family helps, children: {text: My children help, when: "'kids' in worries"}}
    - page: debts
      title: Debts
      questions:
      - {kind: number, name: debts, text: How much?, when: "'debt' in worries"}
""")

ITEMS = instrument("""
    pages:
    - page: who
      title: Who
      questions:
      - {kind: several, name: people, text: Who?, choices: {family: F, friends: R}}
    - page: support
      title: Support
      questions:
      - kind: scale
        name: support
        text: Support
        choices: {1: No, 2: Yes}
        items: {kin: {text: F, when: "'family' in people"}, peers: {text: R, when: "'friends' in people"}}
    - page: words
      title: Words
      questions:
      - {kind: note, name: thanks, text: Thank you}
""")


def pages(found: Any) -> list[str]:
    return [standing.page.page for standing in page_list(found) if standing.standing != "unreachable"]


def test_everything_without_a_condition_is_asked_of_an_empty_interview() -> None:
    assert flow(LIFE, {}).asked == ("housed", "worries", "family")


def test_question_is_asked_when_its_condition_is_true() -> None:
    asked = {housed: flow(LIFE, {"housed": housed}).asked[:2] for housed in ("yes", "no", "else")}
    assert asked == {"yes": ("housed", "rent"), "no": ("housed", "nights"), "else": ("housed", "housed_namely")}


def test_question_is_not_asked_when_its_condition_is_unknown() -> None:
    assert flow(LIFE, {"housed": "yes", "rent": {"missing": "refused"}}).asked == (
        "housed",
        "rent",
        "worries",
        "family",
    )


def test_hidden_answer_does_not_count_and_hides_what_depends_on_it() -> None:
    answers = {"housed": "yes", "rent": 1200, "too_much": 200}
    shown, hidden = flow(LIFE, answers), flow(LIFE, answers | {"housed": "no"})
    assert (shown.kept(), hidden.kept()) == (answers, {"housed": "no"})
    assert hidden.asked == ("housed", "nights", "worries", "family")


def test_hidden_answers_come_back_when_their_branch_does() -> None:
    answers = {"housed": "yes", "rent": 1200, "too_much": 200}
    there_and_back = dict(answers) | {"housed": "no"} | {"housed": "yes"}
    assert flow(LIFE, there_and_back).kept() == answers


def test_missing_answer_counts_with_its_reason() -> None:
    answers = {"housed": {"missing": "refused"}, "family": {"missing": "dont_know"}}
    assert (flow(LIFE, answers).kept(), dict(flow(LIFE, answers).scope)) == (answers, {})


def test_namely_text_is_asked_only_with_its_option() -> None:
    said = {"housed_namely": "a boat", "worries_namely": "the cat"}
    kept = [
        flow(LIFE, said | answers).kept()
        for answers in ({"housed": "else"}, {"housed": "yes"}, {"worries": ["debt", "more"]}, {"worries": ["debt"]})
    ]
    assert kept == [
        {"housed": "else", "housed_namely": "a boat"},
        {"housed": "yes"},
        {"worries": ["debt", "more"], "worries_namely": "the cat"},
        {"worries": ["debt"]},
    ]


def test_namely_text_may_stay_empty() -> None:
    found = flow(LIFE, {"housed": "else", "worries": ["none"], "family": 1})
    assert ([found.open_units(page) for page in LIFE.pages], progress(found).percent) == ([[], [], [], []], 100)


def test_item_of_a_scale_has_a_condition_of_its_own() -> None:
    asked = [flow(LIFE, {"worries": worries}).asked[2:] for worries in (["kids"], ["debt"], {"missing": "refused"})]
    assert asked == [("family", "children"), ("family", "debts"), ("family",)]


def test_states_say_why_each_value_stands_there_or_none() -> None:
    answers = {
        "housed": "no",
        "nights": {"missing": "dont_know"},
        "worries": {"missing": "refused"},
        "family": {"missing": "technical"},
        "rent": 900,
    }
    assert {unit.name: state for unit, state in states(flow(LIFE, answers))} == {
        "housed": State.ANSWERED,
        "housed_namely": State.NOT_ASKED,
        "rent": State.NOT_ASKED,
        "too_much": State.NOT_ASKED,
        "nights": State.DONT_KNOW,
        "worries": State.REFUSED,
        "worries_namely": State.NOT_ASKED,
        "family": State.TECHNICAL,
        "children": State.NOT_ASKED,
        "debts": State.NOT_ASKED,
    }


def test_question_that_was_passed_over_was_not_reached() -> None:
    found = {unit.name: state for unit, state in states(flow(LIFE, {"family": 3}))}
    assert [found[name] for name in ("housed", "worries", "family")] == [
        State.NOT_REACHED,
        State.NOT_REACHED,
        State.ANSWERED,
    ]


def test_seven_states_have_seven_codes_and_the_missing_ones_form_one_range() -> None:
    assert list(CODES) == list(State)
    assert sorted(CODES.values()) == [-99, -98, -97, -96, -95, -94, 0]


@pytest.mark.parametrize(
    ("answer", "why", "what"),
    [
        (None, None, None),
        (0, None, 0),
        ("", None, ""),
        ([], None, []),
        ({"home": 100}, None, {"home": 100}),
        ({"missing": "refused"}, "refused", None),
    ],
)
def test_answer_is_a_value_or_a_reason(answer: Any, why: str | None, what: Any) -> None:
    assert (reason(answer), value(answer)) == (why, what)


# --- Pages --------------------------------------------------------------------------------------------------------


def test_page_with_nothing_to_ask_is_skipped() -> None:
    housed, homeless = flow(LIFE, {"housed": "yes"}), flow(LIFE, {"housed": "no"})
    assert (pages(housed), pages(homeless)) == (["home", "worries"], ["home", "shelter", "worries"])
    assert [next_page(found, "home").page for found in (housed, homeless)] == ["worries", "shelter"]  # type: ignore[union-attr]
    assert [previous_page(found, "worries").page for found in (housed, homeless)] == ["home", "shelter"]  # type: ignore[union-attr]


def test_page_of_which_every_item_is_hidden_is_skipped() -> None:
    assert pages(flow(ITEMS, {})) == ["who", "words"]
    assert pages(flow(ITEMS, {"people": ["friends"]})) == ["who", "support", "words"]
    assert flow(ITEMS, {}).relevant == frozenset({"people", "thanks"})


def test_page_that_is_only_read_out_is_shown_and_done() -> None:
    standing = page_list(flow(ITEMS, {}))[2]
    assert (standing.standing, standing.asked, standing.answered) == ("done", 0, 0)


def test_interview_starts_at_the_first_page_and_ends_after_the_last() -> None:
    found = flow(LIFE, {"worries": ["debt"]})
    assert [next_page(found, name).page for name in (None, "home", "worries")] == ["home", "worries", "debts"]  # type: ignore[union-attr]
    assert [previous_page(found, name).page for name in (None, "debts", "worries")] == ["debts", "worries", "home"]  # type: ignore[union-attr]
    assert (next_page(found, "debts"), previous_page(found, "home")) == (None, None)


def test_next_of_a_page_that_became_unreachable_is_the_next_reachable_one() -> None:
    found = flow(LIFE, {"housed": "yes"})
    assert (next_page(found, "shelter"), previous_page(found, "shelter")) == (LIFE.page("worries"), LIFE.page("home"))


def test_next_of_a_page_that_this_version_does_not_know_is_the_first() -> None:
    assert next_page(flow(LIFE, {}), "gone") == LIFE.page("home")


def test_page_list_says_what_is_done_open_started_and_unreachable() -> None:
    answers = {"housed": "no", "worries": {"missing": "refused"}}
    found = {one.page.page: (one.standing, one.answered, one.asked) for one in page_list(flow(LIFE, answers))}
    assert found == {
        "home": ("done", 1, 1),
        "shelter": ("open", 0, 1),
        "worries": ("started", 1, 2),
        "debts": ("unreachable", 0, 0),
    }


def test_page_with_a_draft_is_not_done() -> None:
    answers = {"housed": "yes", "rent": 500}
    drafts = {"rent": {"": ["5oo"]}, "nights": {"": ["x"]}}
    assert page_list(flow(LIFE, answers), drafts)[0].standing == "started"
    assert progress(flow(LIFE, {"housed": "else"}), {"housed_namely": {"": ["x" * 300]}}).answered == 1


def test_open_units_are_those_without_answer_or_reason() -> None:
    found = flow(LIFE, {"housed": "yes", "worries": ["kids"], "family": {"missing": "refused"}})
    assert [found.open_units(page) for page in LIFE.pages] == [["rent"], [], ["children"], []]


def test_progress_counts_what_is_asked_so_far() -> None:
    steps: list[dict[str, Any]] = [
        {},
        {"housed": "yes"},
        {"housed": "yes", "rent": 10},
        {"housed": "yes", "rent": 10, "worries": ["none"]},
        {"housed": "yes", "rent": 10, "worries": ["none"], "family": {"missing": "refused"}},
    ]
    assert [progress(flow(LIFE, answers)).percent for answers in steps] == [0, 25, 50, 75, 100]


def test_interview_in_which_nothing_is_asked_is_complete() -> None:
    quiet = instrument("pages: [{page: one, title: One, questions: [{kind: note, name: a, text: A}]}]")
    assert progress(flow(quiet, {})).percent == 100


# --- Whatever is answered ------------------------------------------------------------------------------------------

MISSING = st.sampled_from(["refused", "dont_know", "not_applicable", "technical"]).map(lambda why: {"missing": why})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "housed": st.sampled_from(["yes", "no", "else"]),
    "worries": st.lists(st.sampled_from(["debt", "kids", "none", "more"]), min_size=1, unique=True),
    "family": st.integers(1, 3),
    "children": st.integers(1, 3),
    "housed_namely": st.text(min_size=1),
    "worries_namely": st.text(min_size=1),
}
ANSWERS = st.fixed_dictionaries(
    {}, optional={name: VALUES.get(name, st.sampled_from([0, 1, 1000, 1001, 2.5])) | MISSING for name in LIFE.units}
)


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_whatever_is_answered_the_states_divide_the_units(answers: dict[str, Any]) -> None:
    found = flow(LIFE, answers)
    said = {unit.name: state for unit, state in states(found)}
    by_state = {state: {name for name, one in said.items() if one is state} for state in State}
    kept = found.kept()
    assert list(said) == list(LIFE.units)
    assert set(found.asked) == set(LIFE.units) - by_state[State.NOT_ASKED]
    assert set(kept) == set(found.asked) & set(answers) == set(found.asked) - by_state[State.NOT_REACHED]
    assert (
        by_state[State.ANSWERED] == set(found.scope) == {name for name, one in kept.items() if value(one) is not None}
    )
    assert flow(LIFE, kept) == type(found)(LIFE, kept, found.asked, found.relevant, found.scope)


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_whatever_is_answered_going_on_leads_through_every_reachable_page_and_back(answers: dict[str, Any]) -> None:
    found = flow(LIFE, answers)
    there, back = [], []
    page = next_page(found, None)
    while page is not None:
        there.append(page.page)
        page = next_page(found, page.page)
    page = previous_page(found, None)
    while page is not None:
        back.append(page.page)
        page = previous_page(found, page.page)
    assert there == back[::-1] == pages(found)
    standing = page_list(found)
    done = all(one.standing in ("done", "unreachable") for one in standing)
    assert (progress(found).percent == 100, 0 <= progress(found).percent <= 100) == (done, True)
