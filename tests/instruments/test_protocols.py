"""Protocols are read like instruments: every mistake with its place, and with what to do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from survey.instruments.errors import InstrumentError
from survey.instruments.library import Library, Shelf, shelves
from survey.instruments.protocols.collection import read_protocols
from survey.instruments.protocols.model import Timing
from survey.instruments.protocols.reading import read_protocol, read_protocol_text

SMALL = """\
protocol: small
version: 1
title: {nl: Klein, en: Small}
teams:
  north: {title: Noord}
arms:
  one: {nl: Een, en: One}
consent:
  - version: 1
    words: {nl: Doet u mee?, en: Do you take part?}
    keeping: {nl: Bewaren?, en: Keep?}
    purposes:
      talks: {needed: true, words: {nl: Gesprekken, en: Talks}}
waves:
  t0: {title: {nl: Start, en: Start}, after: registration, due: 14, window: [-14, 28]}
  t1: {title: {nl: Later, en: Later}, after: t0, due: 183, window: [-14, 42]}
asks:
  - {instrument: client-interview, waves: [t0, t1], by: interviewer}
  - {instrument: hope-behaviour, waves: [t1], by: participant}
  - instrument: team-meeting
    waves: [t1]
    by: observers
    of: meeting
    observers: 2
"""

LIBRARY = Library(shelves())


def problems(text: str) -> list[str]:
    with pytest.raises(InstrumentError) as caught:
        read_protocol_text(text, "p.yaml", LIBRARY.newest)
    return [str(problem) for problem in caught.value.problems]


def test_small_protocol_is_read() -> None:
    protocol = read_protocol_text(SMALL, "p.yaml", LIBRARY.newest)
    ask = protocol.ask("client-interview", "t1")
    assert ask is not None and protocol.timing(ask, "t1").window == (-14, 42)
    assert protocol.ask("client-interview", "end") is None
    assert protocol.newest_consent.version == 1


def test_window_lies_around_the_day_that_is_due() -> None:
    t0 = datetime.date(2025, 1, 1)
    days = Timing(after="t0", due=183, window=(-14, 42)).days(t0)
    assert [(day - t0).days for day in days] == [169, 183, 225]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("due: 183", "duee: 183", "p.yaml:16:50: 'duee' is no setting here; did you mean 'due'?"),
        ("after: t0,", "after: t9,", "p.yaml:16:39: there is no wave 't9' before this one; there is t0"),
        ("after: t0,", "after: t1,", "p.yaml:16:39: there is no wave 't1' before this one; there is t0"),
        (
            "window: [-14, 42]",
            "window: [14, 42]",
            "p.yaml:16:60: the window [14, 42] leaves out the due day; write it like [-14, 42]",
        ),
        (
            "waves: [t0, t1], by",
            "waves: [t0, t2], by",
            "p.yaml:18:48: there is no wave 't2'; there is t0, t1",
        ),
        (
            "instrument: client-interview",
            "instrument: client-intervew",
            "p.yaml:18:6: there is no instrument 'client-intervew'; did you mean 'client-interview'?",
        ),
        (
            "by: participant",
            "by: coach",
            "p.yaml:19:5: coach can fill in of coach only; change 'of' or 'by'",
        ),
        (
            "hope-behaviour, waves: [t1], by: participant",
            "client-interview, waves: [t1], by: participant",
            "p.yaml:19:44: 'client-interview' is asked at 't1' already; take one of the two away",
        ),
        ("observers: 2", "observers: 3", "p.yaml:24:5: input should be less than or equal to 2; found '3'"),
        ("needed: true", "needed: false", "p.yaml:12:5: no purpose is needed, so nobody has to agree to anything; "
         "write 'needed: true' at one"),
        ("{nl: Klein, en: Small}", "{nl: Klein}", "p.yaml:3:1: the words in en are missing; add a line 'en: ...'"),
        ("  one: {nl: Een, en: One}", "  one: {nl: Een, en: One}\n  two: {nl: Twee, en: Two}",
         "p.yaml:6:1: there are 2 arms and nothing says how one is drawn; add 'randomisation' with its blocks"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_place(old: str, new: str, problem: str) -> None:
    assert old in SMALL
    assert problem in problems(SMALL.replace(old, new))


def test_block_holds_every_arm_equally_often() -> None:
    two = SMALL.replace(
        "  one: {nl: Een, en: One}",
        "  one: {nl: Een, en: One}\n  two: {nl: Twee, en: Two}\nrandomisation: {blocks: [4, 5]}",
    )
    assert problems(two) == [
        "p.yaml:9:29: a block of 5 cannot hold 2 arms equally often; use a multiple of 2, up to 100"
    ]


def test_all_mistakes_are_told_at_once() -> None:
    text = SMALL.replace("after: t0,", "after: t9,").replace("by: participant", "by: coach")
    assert len(problems(text)) == 2


def test_background_names_variables_that_exist_with_bands_for_numbers() -> None:
    background = "background: {instrument: client-interview, wave: t0, variables: {age: , gendr: , gender: [1]}}\n"
    found = problems(SMALL + background)
    assert [problem.split(": ", 1)[1] for problem in found] == [
        "a number needs its bands, such as [18, 30, 50], and nothing else does",
        "'client-interview' has no question 'gendr'; did you mean 'gender'?",
        "a number needs its bands, such as [18, 30, 50], and nothing else does",
    ]


def test_shipped_protocol_is_sound_and_filed_under_its_name() -> None:
    protocol = read_protocols(LIBRARY)["krachtwerk"].protocol
    assert list(protocol.waves) == ["t0", "t1", "end"]
    assert (protocol.waves["t1"].due, protocol.waves["t1"].window) == (183, (-14, 42))


def test_protocol_of_an_own_folder_is_kept_under_its_id(tmp_path: Path) -> None:
    for folder in ("instruments", "protocols", "translations"):
        (tmp_path / folder).mkdir()
    (tmp_path / "protocols" / "other.yaml").write_text(SMALL, encoding="utf-8")
    library = Library((*shelves(), Shelf(tmp_path, tmp_path / "translations")))
    with pytest.raises(InstrumentError, match=r"keep it as protocols/small\.yaml"):
        read_protocols(library)
    (tmp_path / "protocols" / "other.yaml").rename(tmp_path / "protocols" / "small.yaml")
    assert set(read_protocols(library)) == {"krachtwerk", "small"}


def test_study_can_follow_a_protocol_whose_instruments_are_gone() -> None:
    text = SMALL.replace("client-interview", "an-old-one")
    assert read_protocol_text(text).asks[0].instrument == "an-old-one"


OUTCOMES = """\
outcomes:
  instrument: client-interview
  first: t0
  last: t1
  scores:
    control: {better: higher, reliability: 0.8, source: A publication}
    stress: {better: lower}
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("first: t0", "first: t9", "there is no wave 't9'; there is t0, t1"),
        ("last: t1", "last: t0", "'t0' is not later than 't0'; turn them round"),
        (
            "last: t1",
            "last: t1\n  comparison: one",
            "there is one arm, so there is nothing to compare; take 'comparison' away",
        ),
        ("stress:", "stres:", "'client-interview' has no score 'stres'; did you mean 'stress'?"),
        (", source: A publication", "", "a reliability and its source belong together; write both, or neither"),
        ("reliability: 0.8", "reliability: 1.2", "input should be less than 1; found '1.2'"),
        (
            "instrument: client-interview",
            "instrument: team-meeting",
            "'team-meeting' is not asked of participants at 't1'; name one of the asks",
        ),
    ],
)
def test_outcomes_are_scores_of_what_is_asked_of_participants_twice(old: str, new: str, problem: str) -> None:
    assert old in OUTCOMES
    found = [one.split(": ", 1)[1] for one in problems(SMALL + OUTCOMES.replace(old, new))]
    assert problem in found


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("", ["which of one, two are the others compared with? Add 'comparison'"]),
        ("  comparison: three\n", ["there is no arm 'three'; there is one, two"]),
    ],
)
def test_with_two_arms_it_is_said_which_one_is_the_comparison(line: str, problem: list[str]) -> None:
    arms = "  one: {nl: Een, en: One}\n  two: {nl: Twee, en: Two}\nrandomisation: {blocks: [4]}"
    text = SMALL.replace("  one: {nl: Een, en: One}", arms) + OUTCOMES.replace("  scores", f"{line}  scores")
    assert [one.split(": ", 1)[1] for one in problems(text)] == problem
    assert read_protocol_text(text.replace(line or "  scores", f"  comparison: two\n{'' if line else '  scores'}"))


def test_shipped_protocol_declares_six_outcomes_and_the_direction_that_is_better() -> None:
    outcomes = read_protocols(LIBRARY)["krachtwerk"].protocol.outcomes
    assert outcomes is not None
    assert {name: one.better for name, one in outcomes.scores.items()} == {
        "family_support": "higher",
        "friend_support": "higher",
        "belonging": "higher",
        "mental_health": "higher",
        "stress": "lower",
        "control": "higher",
    }


def test_model_and_code_book_that_are_named_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL + "fidelity: krachtwrek\ncode_book: none-such\n", encoding="utf-8")
    beside = {"fidelity": {"krachtwerk", "strengths-sum"}, "code_books": {"krachtwerk"}}
    with pytest.raises(InstrumentError) as caught:
        read_protocol(path, LIBRARY.newest, beside)
    assert [str(problem).split(": ", 1)[1] for problem in caught.value.problems] == [
        "there is no fidelity/krachtwrek.yaml; did you mean 'krachtwerk'?",
        "there is no code_books/none-such.yaml",
    ]
