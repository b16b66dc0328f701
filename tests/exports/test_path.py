"""The prepared path says the same as the flow of an interview."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from exports.path import Found, Gap, Path
from survey.answers.flow import flow, states
from survey.answers.missing import State
from survey.instruments.reading import read_text

INSTRUMENT = read_text(
    """
instrument: small
version: 1
language: en
title: Small
about: participant
role: interviewer
purpose: To try
pages:
- page: one
  title: One
  questions:
  - {kind: choice, name: housed, text: Housed?, choices: {yes: Yes, no: No, else: {text: Else, other: true}}}
  - {kind: number, name: age, text: Age?, when: housed != 'no'}
  - {kind: note, name: thanks, text: Thanks}
  - kind: scale
    name: views
    text: Views?
    choices: {1: No, 2: Yes}
    items: {calm: Calm, proud: {text: Proud, when: age > 30}}
- page: two
  title: Two
  when: calm == 2 or not answered(age)
  questions:
  - {kind: several, name: worry, text: Worries?, choices: {debt: Debt, home: {text: Home, other: true}}}
  - {kind: share, name: place, text: Where?, parts: {office: Office, home: Home}, when: "'debt' in worry"}
  - {kind: open, name: why, text: Why?, when: count(worry) > 1}
"""
)

MISSING = st.sampled_from(["refused", "dont_know", "not_applicable", "technical"]).map(lambda why: {"missing": why})
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "housed": st.sampled_from(["yes", "no", "else", "gone"]),
    "housed_namely": st.sampled_from(["boat", "not_asked", "refused"]),
    "age": st.sampled_from([-99, 0, 30, 30.5, 31]),
    "calm": st.sampled_from([1, 2]),
    "proud": st.sampled_from([1, 2]),
    "worry": st.sampled_from([["debt"], ["home"], ["debt", "home"]]),
    "worry_namely": st.sampled_from(["rain", "missing"]),
    "place": st.sampled_from([{"office": 0, "home": 100}, {"office": 40, "home": 60}]),
    "why": st.text(max_size=3),
}
ANSWERS = st.fixed_dictionaries({}, optional={name: MISSING | values for name, values in VALUES.items()})


def as_answer(found: Found) -> Any:
    """The answer as it stands in a document, lists and mappings as tuples."""
    return None if isinstance(found, Gap) else found


def frozen(answer: Any) -> Any:
    return tuple(answer.items()) if isinstance(answer, dict) else tuple(answer) if isinstance(answer, list) else answer


@settings(max_examples=300, deadline=None)
@given(ANSWERS)
def test_path_is_the_flow(answers: dict[str, Any]) -> None:
    walked = flow(INSTRUMENT, answers)
    kept = walked.kept()
    expected = [
        (unit.name, state, frozen(kept[unit.name]) if state is State.ANSWERED else None)
        for unit, state in states(walked)
    ]
    path = Path(INSTRUMENT)
    found = [
        (unit.name, one.state if isinstance(one, Gap) else State.ANSWERED, as_answer(one))
        for unit, one in zip(path.units, path.found(answers), strict=True)
    ]
    assert found == expected
