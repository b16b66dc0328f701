"""The digest of one response, and what is missing on each page over many."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

import pytest
from small_instruments import instrument

from survey.answers.flow import flow, states
from survey.answers.missing import State
from survey.measures.quality import MISSING, Digest, Digester, PageMissing, Save, Tally, missing_by_page, together
from survey.measures.straight import Rated

BEGAN = datetime.datetime(2025, 3, 3, 9, 0, tzinfo=datetime.UTC)
HOME = instrument("""
lists:
  agree: {1: No, 2: Yes}
pages:
- page: welcome
  title: Welcome
  questions: [{kind: note, name: hello, text: Hello}]
- page: home
  title: Home
  questions:
  - {kind: choice, name: housed, text: A house?, choices: {yes: Yes, no: No, else: {text: Else, other: true}}}
  - kind: scale
    name: views
    text: Views?
    choices: agree
    items: {a: A, b: B, c: C, d: {text: D, when: housed == 'yes'}}
- page: rent
  title: Rent
  when: housed == 'yes'
  questions: [{kind: number, name: rent_sum, text: How much?}]
""")


def made(
    answers: dict[str, Any], saves: list[tuple[str | None, float]] | None = None, relay: Any = None, **more: Any
) -> Digest:
    moments = [Save(page, BEGAN + datetime.timedelta(seconds=after)) for page, after in saves or ()]
    return Digester(HOME).digest(answers, relay or {}, BEGAN, moments, interpreted=more.get("interpreted", False))


def test_each_page_has_its_units_by_state() -> None:
    digest = made({"housed": "yes", "a": 1, "b": {"missing": "refused"}, "c": {"missing": "dont_know"}})
    assert digest.tallies == {
        "home": Tally(answered=2, refused=1, dont_know=1, not_reached=1),
        "rent": Tally(not_reached=1),
    }
    assert (digest.whole, digest.whole.asked, digest.whole.missing, digest.whole.share) == (
        Tally(answered=2, refused=1, dont_know=1, not_reached=2), 6, 4, 4 / 6,
    )  # fmt: skip


def test_what_was_not_asked_and_namely_lines_do_not_count() -> None:
    digest = made({"housed": "else", "a": 1, "b": 1, "c": 2, "rent_sum": 300, "d": 1})
    assert digest.tallies == {"home": Tally(answered=4)}


def test_tallies_say_what_the_states_of_a_response_say() -> None:
    answers = {
        "housed": "yes",
        "a": 1,
        "b": {"missing": "technical"},
        "d": 2,
        "rent_sum": {"missing": "not_applicable"},
    }
    counts = Counter(state for _, state in states(flow(HOME, answers)) if state is not State.NOT_ASKED)
    # The namely-line of an option that was not chosen is not asked, so nothing else is left out here.
    assert made(answers).whole == Tally(**{state.value: count for state, count in counts.items()})


def test_reasons_are_all_states_of_what_was_asked_without_an_answer() -> None:
    assert set(MISSING) == set(State) - {State.ANSWERED, State.NOT_ASKED}


def test_time_belongs_to_the_page_saved_and_handing_in_to_the_whole_alone() -> None:
    digest = made({}, [("home", 30), ("rent", 50), ("home", 60), (None, 65)])
    assert (digest.seconds, digest.total) == ({"home": 40.0, "rent": 20.0}, 65.0)


def test_a_pause_counts_as_ten_minutes_at_most() -> None:
    assert made({}, [("home", 3600), (None, 3610)]).total == 610.0


def test_without_a_save_no_time_is_known() -> None:
    assert (made({}).seconds, made({}).total) == ({}, None)


def test_statements_with_the_same_answer_are_told_without_the_answer() -> None:
    digest = made({"housed": "yes", "a": 2, "b": 2, "c": 2, "d": 2})
    assert digest.straight == digest.rated == (Rated("views", 4, True, False),)
    other = made({"housed": "yes", "a": 2, "b": 2, "c": 2, "d": 1})
    assert (other.straight, other.rated) == ((), (Rated("views", 4, False, False),))


def test_a_statement_that_is_not_asked_any_more_does_not_count() -> None:
    assert made({"housed": "no", "a": 2, "b": 2, "c": 2, "d": 2}).rated == ()


@pytest.mark.parametrize("interpreted", [True, False])
def test_codes_count_where_somebody_interpreted_and_the_question_was_asked(interpreted: bool) -> None:
    relay = {"housed": ["difficulty"], "rent_sum": ["repeated"], "hello": ["side_talk"]}
    digest = made({"housed": "no"}, relay=relay, interpreted=interpreted)
    assert digest.relayed == ({"housed": ("difficulty",), "views": ()} if interpreted else None)


def test_pages_add_up_over_responses_in_the_order_asked_for() -> None:
    digests = [made({"housed": "yes", "a": 1}), made({"housed": "no", "a": {"missing": "refused"}, "b": 1, "c": 1})]
    assert missing_by_page(digests, ["rent", "home", "gone"]) == [
        PageMissing("rent", 1, Tally(not_reached=1)),
        PageMissing("home", 2, Tally(answered=5, refused=1, not_reached=3)),
        PageMissing("gone", 0, Tally()),
    ]
    assert (together([]), Tally().share) == (Tally(), None)
