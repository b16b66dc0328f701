"""The table of scales by wave."""

from __future__ import annotations

from typing import Any

from small_instruments import instrument

from survey.answers.missing import State
from survey.measures.measurement import Measurement, Measurer, Subject
from survey.measures.scale_table import scale_table

MOOD = instrument("""
missing: [refused]
lists:
  points: {1: Never, 2: Sometimes, 3: Often}
pages:
- page: mood
  title: Mood
  questions:
  - {kind: scale, name: mood, text: How often?, choices: points, items: {calm: Calm, tense: Tense, glad: Glad}}
scores:
  rest: {title: Rest, items: [calm, tense, glad], reversed: [tense], least: 2}
""")


def measured(wave: str, **answers: Any) -> Measurement:
    given = {name: value if isinstance(value, int) else {"missing": value} for name, value in answers.items()}
    return Measurer(MOOD).measurement("r", wave, Subject("P"), given, mode="in_person", interpreted=False)


AT_START = [
    measured("t0", calm=3, tense=1, glad=3),
    measured("t0", calm=1, tense=3, glad=2),
    measured("t0", calm=2, tense=2, glad="refused"),
    measured("t0", calm=2, tense="refused"),
]


def test_scale_tells_who_has_a_score_and_why_others_have_none() -> None:
    (found,) = scale_table(MOOD, AT_START, ["t0", "t1"])
    assert (found.score, found.wave, found.responses, found.described.n, found.missing) == ("rest", "t0", 4, 3, 1)
    assert (found.strict, found.prorated, found.asked) == (2, 1, 12)
    assert found.states == {State.REFUSED: 2, State.NOT_REACHED: 1}
    assert (found.lowest, found.highest, found.described.highest) == (1, 3, 3)
    assert (found.alpha.n, found.alpha.value) == (2, None)


def test_items_are_counted_as_answered_and_described_as_turned_back() -> None:
    calm, tense, _ = scale_table(MOOD, AT_START, ["t0"])[0].items
    assert (calm.counts, calm.reversed) == ({1: 1, 2: 2, 3: 1}, False)
    assert (tense.counts, tense.reversed, tense.states) == ({1: 1, 2: 1, 3: 1}, True, {State.REFUSED: 1})
    assert (tense.described.n, tense.described.mean) == (3, 2)


def test_waves_stand_in_order_and_those_without_responses_are_left_out() -> None:
    both = [*AT_START, measured("t1", calm=3, tense=1, glad=3)]
    assert [one.wave for one in scale_table(MOOD, both, ["t1", "t0", "t2"])] == ["t1", "t0"]
    assert scale_table(MOOD, [], ["t0"]) == []
