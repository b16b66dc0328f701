"""Two people's answers side by side."""

from __future__ import annotations

from typing import Any

from small_instruments import instrument

from survey.answers.flow import flow
from survey.answers.missing import State
from survey.measures.differences import Compared, Said, compared

PAGES = """
pages:
- page: meeting
  title: Meeting
  questions:
  - {kind: choice, name: led, text: Led?, choices: {leader: Leader, nobody: Nobody}}
  - {kind: text, name: began, text: When?}
  - {kind: several, name: there, text: Who?, choices: {a: A, b: B}}
  - {kind: number, name: ideas, text: How many?, missing: [dont_know]}
  - {kind: open, name: seen, text: What?}
- page: leader
  title: Leader
  when: led == 'leader'
  questions: [{kind: number, name: minutes, text: How long?}]
"""
MEETING = instrument(PAGES)


def of(*documents: dict[str, Any]) -> dict[str, Compared]:
    return {one.unit.name: one for one in compared([flow(MEETING, document) for document in documents])}


def test_same_words_options_and_reasons_are_the_same() -> None:
    one = {"led": "nobody", "began": "Half  nine", "there": ["a", "b"], "ideas": {"missing": "dont_know"}}
    other = {"led": "nobody", "began": "half nine ", "there": ["b", "a"], "ideas": {"missing": "dont_know"}}
    found = of(one, other)
    assert {name for name, row in found.items() if row.same} == {"led", "began", "there", "ideas"}


def test_number_and_a_reason_for_none_differ() -> None:
    found = of({"ideas": 0}, {"ideas": {"missing": "dont_know"}})
    assert found["ideas"].differs
    assert [said.answer for said in found["ideas"].said] == [0, {"missing": "dont_know"}]


def test_what_one_was_not_asked_differs_and_what_nobody_answered_is_left_out() -> None:
    assert of({"led": "leader", "minutes": 9}, {"led": "nobody", "minutes": 9})["minutes"].said == (
        Said(State.ANSWERED, 9),
        Said(State.NOT_ASKED),
    )
    assert "minutes" not in of({"led": "nobody", "minutes": 9}, {"led": "nobody"})
    assert list(of({"led": "nobody"}, {})) == ["led"]


def test_what_stands_in_own_words_is_never_settled() -> None:
    row = of({"seen": "They laughed"}, {"seen": "A lot of laughter"})["seen"]
    assert (row.same, row.in_own_words, row.differs) == (False, True, False)


def test_order_is_that_of_the_newest_version_and_what_the_other_lacks_was_not_asked() -> None:
    newer = instrument(PAGES.replace("name: began", "name: started")).model_copy(update={"version": 2})
    rows = compared([flow(MEETING, {"began": "9"}), flow(newer, {"started": "9", "seen": "much"})])
    assert [row.unit.name for row in rows] == ["started", "seen", "began"]
    assert [[said.state for said in row.said] for row in (rows[0], rows[-1])] == [
        [State.NOT_ASKED, State.ANSWERED],
        [State.ANSWERED, State.NOT_ASKED],
    ]
