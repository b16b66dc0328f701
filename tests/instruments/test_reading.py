"""A definition becomes an instrument, or all its mistakes at once with file, line and column."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_instruments import HEAD, instrument, one_question, question

from survey.instruments.errors import InstrumentError, Problem
from survey.instruments.kinds import KINDS
from survey.instruments.marked import marked
from survey.instruments.model import Instrument
from survey.instruments.reading import SIZE_LIMIT, read, read_text, sha256

CASES = marked((Path(__file__).parent / "cases" / "mistakes.yaml").read_text(encoding="utf-8")).value
PAGE = "pages:\n- page: one\n  title: One\n  questions:\n"


def said(source: str | bytes) -> list[str]:
    """What an author reads about a file, without the name of the file."""
    with pytest.raises(InstrumentError) as raised:
        read_text(source, "f")
    return [str(problem).removeprefix("f:") for problem in raised.value.problems]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_all_mistakes_are_told_at_once_with_their_places(case: Any) -> None:
    assert said(HEAD + case["rest"]) == case["said"]


def test_missing_head_is_told_setting_by_setting() -> None:
    missing = ["about", "instrument", "language", "pages", "purpose", "role", "title", "version"]
    assert said("missing: [refused]") == [f"1:1: '{name}' is missing; add it" for name in missing]


def test_head_with_wrong_values() -> None:
    head = (
        "instrument: My Instrument\nversion: '1'\nlanguage: Dutch\ntitle: ''\nabout: team\nrole: boss\npurpose: P\n"
        "scale_order: sideways\n"
    )
    assert said(head + PAGE + "  - {kind: note, name: a, text: A}\n") == [
        "1:1: 'My Instrument' cannot be a name or code; use small letters, digits and underscores, a letter first",
        "2:1: input should be a valid integer; found '1'",
        "3:1: 'Dutch' cannot be a name or code; use small letters, digits and underscores, a letter first",
        "4:1: 'title' must be a text; write it out, in quotes where it looks like a number",
        "5:1: 'team' is not possible here; use 'participant' or 'person'",
        "6:1: 'boss' is not possible here; use 'interviewer', 'coach', 'observer' or 'participant'",
        "8:1: 'sideways' is not possible here; use 'left_to_right' or 'reading_direction'",
    ]


OWN_WORK = "fills in about own work only; write about: person, or role: interviewer or participant"
ALONE = "6:1: a participant fills in alone and never signs in; write about: participant, or another role"


@pytest.mark.parametrize(
    ("about", "role", "mistakes"),
    [
        ("participant", "interviewer", []),
        ("participant", "participant", []),
        ("participant", "coach", [f"6:1: a coach {OWN_WORK}"]),
        ("participant", "observer", [f"6:1: an observer {OWN_WORK}"]),
        ("person", "interviewer", []),
        ("person", "coach", []),
        ("person", "observer", []),
        ("person", "participant", [ALONE]),
    ],
)
def test_who_fills_in_fits_whose_response_it_is(about: str, role: str, mistakes: list[str]) -> None:
    head = HEAD.replace("about: participant", f"about: {about}").replace("role: interviewer", f"role: {role}")
    source = head + PAGE + "  - {kind: note, name: a, text: A}\n"
    if mistakes:
        assert said(source) == mistakes
    else:
        made = read_text(source, "f")
        assert (made.about, made.role) == (about, role)


EMPTY = "1:1: the file is empty or no mapping; begin with 'instrument: my-name'"
HERE = "; check the indentation, quotes and colons here"
NO_YAML: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", EMPTY),
    "empty bytes": (b"", EMPTY),
    "comment": ("# later\n", EMPTY),
    "list": ("- a\n- b\n", EMPTY),
    "word": ("instrument", EMPTY),
    "same key twice": (
        HEAD + PAGE + "  - kind: text\n    name: a\n    kind: open\n",
        "14:5: 'kind' stands in line 12 already; take one of the two away",
    ),
    "tab": (HEAD + PAGE + "\t- kind: text\n", "12:1: a tab stands here, and only spaces can indent" + HERE),
    "open quote": ('title: "Half\n', "2:1: found unexpected end of stream" + HERE),
    "half a mapping": ("title: a: b\n", "1:9: mapping values are not allowed in this context" + HERE),
    "two documents": ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; keep one instrument a file" + HERE),
    "latin-1": (HEAD.encode() + "purpose: café\n".encode("latin-1"), "8:1: this is not UTF-8; save the file as UTF-8"),
    "utf-16": (HEAD.encode("utf-16"), "1:1: this is not UTF-8; save the file as UTF-8"),
    "null sign": ("title: a\nrole: b\0c\n", "2:8: the sign U+0000 cannot stand in a file like this; take it out"),
    "bell": ("ti\atle: a\n", "1:3: the sign U+0007 cannot stand in a file like this; take it out"),
    "alias": (
        "lists:\n  a: &a {x: X}\n  b: *a\n",
        "3:6: '*a' stands for lines elsewhere; write them out, or put shared options under 'lists'",
    ),
    "merged keys": (
        "a: &a {x: X}\nb:\n  <<: *a\n",
        "3:7: '*a' stands for lines elsewhere; write them out, or put shared options under 'lists'",
    ),
    "alias within itself": (
        "a: &a [*a]\n",
        "1:8: '*a' stands for lines elsewhere; write them out, or put shared options under 'lists'",
    ),
    "alias of nothing": (
        "a: *b\n",
        "1:4: '*b' stands for lines elsewhere; write them out, or put shared options under 'lists'",
    ),
    "deep": ("a: " + "[" * 50 + "]" * 50, "1:23: this is nested too deep; an instrument has pages with questions"),
}


@pytest.mark.parametrize(("source", "what"), NO_YAML.values(), ids=NO_YAML.keys())
def test_file_that_cannot_be_read_says_where_and_what_to_do(source: str | bytes, what: str) -> None:
    assert said(source) == [what]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "billion laughs": LAUGHS,
    "brackets": "[" * 100_000,
    "braces": "a: " + "{a: " * 50_000,
    "dashes": "- " * 50_000,
    "question marks": "? " * 50_000,
    "indentation": "".join(f"{' ' * depth}a:\n" for depth in range(1000)),
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS.keys())
def test_bomb_is_refused_at_once(source: str) -> None:
    start = time.process_time()
    found = said(source)
    assert (len(found), time.process_time() - start < 5) == (1, True)


def test_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "v1.yaml"
    path.write_text("#" * (SIZE_LIMIT + 1))
    with pytest.raises(InstrumentError) as raised:
        read(path)
    assert raised.value.problems == (Problem(str(path), 1, 1, "the file is larger than 1,000,000 bytes; split it"),)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet="ab:-[]{}\"'&*!|>?#%@ \n\t1.~", max_size=60).map(str.encode))
def test_any_bytes_are_an_instrument_or_mistakes(source: bytes) -> None:
    assert len(said(HEAD.encode() + b"pages: " + source)) > 0


def test_mistakes_of_a_file_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "v1.yaml"
    path.write_text("titel: x\n", encoding="utf-8")
    with pytest.raises(InstrumentError) as raised:
        read(path)
    assert {problem.file for problem in raised.value.problems} == {str(path)}


# --- What an author may rely on -----------------------------------------------------------------------------------


def test_codes_that_look_like_truth_values_stay_texts() -> None:
    lines = "kind: choice\nname: q\ntext: Q\nchoices: {yes: A, no: B, on: C, off: D, y: E, n: F, 1: G}\n"
    assert list(question(lines).options) == ["yes", "no", "on", "off", "y", "n", 1]


def test_text_that_looks_like_a_truth_value_stays_a_text() -> None:
    assert question("kind: note\nname: q\ntext: yes\n").text == "yes"


def test_file_with_a_byte_order_mark_and_windows_line_ends_is_read() -> None:
    source = HEAD + PAGE + "  - {kind: note, name: a, text: Wát?}\n"
    windows = b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode()
    assert read_text(windows) == read_text(source)


def test_white_space_around_words_does_not_matter() -> None:
    assert question("kind: note\nname: q\ntext: >\n  Read\n  this.\n").text == "Read this."


def test_shared_list_is_filled_in_with_its_own_text_keys() -> None:
    made = instrument("""
        lists:
          agree: {1: No, 2: null, 3: Yes}
        pages:
        - page: one
          title: One
          questions:
          - {kind: scale, name: s, text: S, choices: agree, items: {trust: I trust, hope: I hope}}
          - {kind: choice, name: own, text: O, choices: {a: A}}
    """)
    assert {key: words for key, words in made.texts.items() if "choices" in key} == {
        "choices/agree/1": "No",
        "choices/agree/3": "Yes",
        "own/choices/a": "A",
    }
    assert made.units["trust"].columns()[0].labels == ((1, "choices/agree/1"), (2, ""), (3, "choices/agree/3"))


def test_missing_reasons_are_those_of_the_question_else_of_the_instrument() -> None:
    made = instrument("""
        missing: [refused]
        pages:
        - page: one
          title: One
          questions:
          - {kind: text, name: a, text: A}
          - {kind: text, name: b, text: B, missing: []}
          - {kind: choice, name: c, text: C, missing: [not_applicable], choices: {x: {text: X, other: true}}}
    """)
    assert {name: unit.missing for name, unit in made.units.items()} == {
        "a": ("refused",),
        "b": (),
        "c": ("not_applicable",),
        "c_namely": (),
    }


def test_every_word_that_can_be_read_has_a_key() -> None:
    made = instrument("""
        pages:
        - page: one
          title: One
          intro: Welcome
          interviewer: Sit down
          questions:
          - kind: open
            name: a
            text: A
            hint: H
            interviewer: I
            probes: [More, Most]
            check: {that: answered(a), message: M}
          - {kind: number, name: n, text: N, unit: euros}
          - {kind: scale, name: s, text: S, choices: {1: X, 2: Y}, items: {i: Item, j: Row}}
          - {kind: share, name: p, text: P, parts: {x: Part, y: Other}}
        scores:
          both: {title: Score, items: [i, j]}
    """)
    assert made.texts == {
        "title": "A small instrument",
        "purpose": "To try something out",
        "pages/one/title": "One",
        "pages/one/intro": "Welcome",
        "pages/one/interviewer": "Sit down",
        "a/text": "A",
        "a/hint": "H",
        "a/interviewer": "I",
        "a/check": "M",
        "a/probes/1": "More",
        "a/probes/2": "Most",
        "n/text": "N",
        "n/unit": "euros",
        "s/text": "S",
        "s/choices/1": "X",
        "s/choices/2": "Y",
        "s/items/i": "Item",
        "s/items/j": "Row",
        "p/text": "P",
        "p/parts/x": "Part",
        "p/parts/y": "Other",
        "scores/both/title": "Score",
    }


@pytest.mark.parametrize(
    ("setting", "suits", "why"),
    [
        ("", "yes", None),
        ("interpreter: {suits: yes}\n", "yes", None),
        ("interpreter: {suits: caution, why: Words get lost}\n", "caution", "Words get lost"),
        ("interpreter: {suits: no, why: It is about sounds}\n", "no", "It is about sounds"),
    ],
)
def test_instrument_says_whether_it_suits_an_interpreter(setting: str, suits: str, why: str | None) -> None:
    made = instrument(setting + PAGE + "  - {kind: note, name: a, text: A}\n")
    texts = {key: words for key, words in made.texts.items() if key.startswith("interpreter/")}
    assert (made.interpreter.suits, made.interpreter.why, texts) == (
        suits,
        why,
        {"interpreter/why": why} if why else {},
    )


def test_instrument_knows_its_pages_units_and_columns() -> None:
    made = instrument("""
        pages:
        - page: one
          title: One
          questions:
          - {kind: note, name: hello, text: Hello}
          - {kind: choice, name: home, text: H, choices: {own: O, else: {text: E, other: true}}}
        - page: two
          title: Two
          questions:
          - {kind: several, name: worries, text: W, choices: {debt: D, 2: Two}}
    """)
    assert list(made.questions) == ["hello", "home", "worries"]
    assert {name: (unit.role, unit.key) for name, unit in made.units.items()} == {
        "home": ("question", "home/text"),
        "home_namely": ("other", "home/choices/else"),
        "worries": ("question", "worries/text"),
    }
    assert {name: page.page for name, page in made.page_of.items()} == {
        "home": "one",
        "home_namely": "one",
        "worries": "two",
    }
    assert [(column.name, column.part) for column in made.columns] == [
        ("home", None),
        ("home_namely", None),
        ("worries_debt", "debt"),
        ("worries_2", 2),
    ]
    assert (made.page("two"), made.page("three")) == (made.pages[1], None)


def test_instrument_does_not_change_after_reading() -> None:
    made = one_question("kind: note\nname: q\ntext: Q\n")
    with pytest.raises(ValueError, match="frozen"):
        made.title = "Another"  # type: ignore[misc]


def test_fingerprint_of_a_file_is_the_same_with_either_kind_of_line_ends(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_bytes(b"a: 1\nb: 2\n")
    other.write_bytes(b"a: 1\r\nb: 2\r\n")
    assert sha256(one) == sha256(other) == "d02b8bb58aa82e872f709035f39b734b9f28dde0c3d305698a95d04aec594cfa"


def test_schema_for_editors_describes_every_kind() -> None:
    questions = Instrument.model_json_schema()["$defs"]["Page"]["properties"]["questions"]
    assert sorted(questions["items"]["discriminator"]["mapping"]) == sorted(KINDS)
