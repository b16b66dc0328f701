"""Who may see which codes, how answers stand, and how two coders agree."""

from __future__ import annotations

import pytest

from survey.measures.coding import (
    CodeCount,
    Coded,
    Codings,
    Passage,
    Spot,
    agreement_by_code,
    counted,
    joined,
    pairs,
    sentences,
    trimmed,
    wording_of,
)

SPOT = Spot(1, "story", wording_of("Mijn zus belt weer. Ik werk."))
ANN, BEN, CAS = 1, 2, 3


def passage(number: int, coder: int, code: str, spot: Spot = SPOT, first: int = 0, beyond: int = 8) -> Passage:
    return Passage(number, spot, first, beyond, code, coder)


WORK = [passage(1, ANN, "belonging"), passage(2, BEN, "mattering"), passage(3, BEN, "belonging")]


@pytest.mark.parametrize(
    ("done", "viewer", "seen"),
    [
        ([], ANN, [1]),
        ([ANN], ANN, [1]),
        ([ANN], BEN, [3, 2]),
        ([BEN], ANN, [1]),
        ([BEN], CAS, []),
        ([ANN, BEN], ANN, [1, 3, 2]),
        ([ANN, BEN], CAS, [1, 3, 2]),
        ([], None, [1, 3, 2]),
    ],
)
def test_work_of_another_is_seen_only_when_two_are_done(done: list[int], viewer: int | None, seen: list[int]) -> None:
    codings = Codings(WORK, [(SPOT, coder) for coder in done], viewer)
    assert [one.id for one in codings.passages(SPOT)] == seen
    visible = set(done) if viewer is None or len(done) == 2 else set(done) & {viewer}
    assert set(codings.given(SPOT)) == visible
    assert codings.spots() == ([SPOT] if seen else [])


def test_two_who_were_done_with_earlier_words_open_nothing_of_the_present_ones() -> None:
    now = SPOT._replace(wording=wording_of("Mijn zus belt weer. Ik werk niet."))
    later = [*WORK, passage(4, BEN, "recovery", now)]
    codings = Codings(later, [(SPOT, ANN), (SPOT, BEN), (now, BEN)], ANN)
    assert ([one.id for one in codings.passages(now)], len(codings.passages(SPOT))) == ([], 3)


def test_answer_stands_differently_for_who_codes_and_who_looks_on() -> None:
    def standing(done: list[int], viewer: int) -> str:
        return Codings(WORK, [(SPOT, coder) for coder in done], viewer).standing(SPOT, viewer)

    assert [standing([], who) for who in (ANN, BEN, CAS)] == ["todo", "todo", "taken"]
    assert [standing([ANN], who) for who in (ANN, BEN, CAS)] == ["mine", "todo", "taken"]
    assert [standing([ANN, BEN], who) for who in (ANN, BEN, CAS)] == ["differing"] * 3
    same = Codings(WORK[:1], [(SPOT, ANN), (SPOT, BEN)], ANN)
    assert same.standing(SPOT, ANN) == "differing"
    assert Codings([], [(SPOT, ANN), (SPOT, BEN)], ANN).standing(SPOT, ANN) == "same"


def test_agreement_on_a_code_is_about_whether_it_was_given_to_an_answer() -> None:
    """By hand: they agree on 35 of 50, by chance on (25 x 30 + 25 x 20) / 50 = 25; kappa is (35 - 25) / (50 - 25)."""
    yes, no = frozenset({"fund"}), frozenset[str]()
    answers = [(yes, yes)] * 20 + [(yes, no)] * 5 + [(no, yes)] * 10 + [(no, no)] * 15
    (one,) = agreement_by_code(answers, ["fund", "never given"])
    assert (one.both, one.first_only, one.second_only, one.neither) == (20, 5, 10, 15)
    assert one.kappa.value == pytest.approx(0.4)


def test_pairs_have_the_answers_that_both_are_done_with() -> None:
    other = SPOT._replace(unit="how")
    codings = Codings(WORK, [(SPOT, BEN), (SPOT, ANN), (other, ANN)], ANN)
    both = (frozenset({"belonging"}), frozenset({"belonging", "mattering"}))
    assert pairs(codings, [SPOT, other]) == {(ANN, BEN): [(SPOT, both)]}


def test_codes_are_counted_over_answers_and_people() -> None:
    a, b = frozenset({"a"}), frozenset({"b"})
    there = [Coded((a, a), "P1", "t0"), Coded((a, b), "P1", "t1"), Coded((b,), "P2", "t1"), Coded((a,), "P3", "t1")]
    assert counted(there, a) == CodeCount(3, 1, 2, {"t0": 1, "t1": 2})
    assert counted(there, a | b) == CodeCount(4, 2, 3, {"t0": 1, "t1": 3})
    assert counted(there, frozenset({"c"})) == CodeCount(0, 0, 0, {})


def test_sentences_end_at_points_and_lines_and_not_within_a_number() -> None:
    words = "Ik kom vaker. Nu 3.5 keer!  “Ja.” Nee\nZonder punt\n\n🙂 En? ja…"
    said = ["Ik kom vaker.", "Nu 3.5 keer!", "“Ja.”", "Nee", "Zonder punt", "🙂 En?", "ja…"]
    assert [words[first:beyond] for first, beyond in sentences(words)] == said
    assert sentences("  \n ") == []


def test_sentences_beside_each_other_make_one_passage() -> None:
    words = "Een. Twee. Drie."
    one, two, three = sentences(words)
    assert joined([three, one, two], words) == [(0, 16)]
    assert joined([three, one], words) == [one, three]


@pytest.mark.parametrize(
    ("stretch", "found"), [((0, 5), (1, 4)), ((0, 1), None), ((3, 3), None), ((-1, 3), None), ((0, 99), None)]
)
def test_passage_has_no_white_space_at_its_ends(stretch: tuple[int, int], found: tuple[int, int] | None) -> None:
    assert trimmed(*stretch, " abc  ") == found
