"""Definitions that nobody would write: each is read or refused with its mistakes, quickly, and nothing else happens."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fuzzed import NASTY, OWN, fuzzed, quickly
from hypothesis import given
from hypothesis import strategies as st

from survey.instruments.code_books.reading import read_code_book_text
from survey.instruments.errors import InstrumentError
from survey.instruments.expressions import ExpressionError, parse
from survey.instruments.fidelity.reading import read_model_text
from survey.instruments.library import SHIPPED, Library, shelves
from survey.instruments.protocols.reading import read_protocol_text
from survey.instruments.reading import read_text

WORDS = (
    "age",
    "worries",
    "'debt'",
    "18",
    "==",
    ">=",
    "in",
    "not",
    "and",
    "or",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "**",
    "answered",
    "is",
    "None",
    "lambda",
    ":",
    "__import__",
    ".",
    "'",
    '"',
    "if",
    "else",
    "f''",
    "1e309",
    "0x",
    "\n",
    "#",
    "~",
    "@",
    ":=",
    "await",
    "*",
    "{",
    "}",
    "count",
    "min",
    "\\",
    "\x00",
    "ª",
    "9" * 400,
    "yield",
)
ODD = (
    "&a",
    "*a",
    "<<: *a",
    "!!python/object:os.system",
    "!!binary x",
    "? ",
    "- - - -",
    "{{{{",
    "[[[[",
    "%YAML 9",
    "--- ",
    "...",
    "|",
    ">",
    "\t",
    "'",
    '"',
    "null",
    "~",
    "yes",
    "1e999",
    "0o7",
    ".inf",
    "2001-01-01",
    "\x00",
    "\ufeff",
    "\u2028",
    "name: name",
    "kind: open",
    "min: -1",
    "choices: [",
    "if: age >",
    "max_length: 99999999999999999999",
    "!",
    "@",
    "`",
    "name: __class__",
    "text: {}",
)


@cache
def shipped(folder: str) -> tuple[str, ...]:
    """The text of all shipped files of a kind, the shortest first."""
    files = sorted((SHIPPED / folder).rglob("*.yaml"), key=lambda path: path.stat().st_size)
    return tuple(path.read_text(encoding="utf-8") for path in files[:2])


@pytest.fixture(scope="module")
def library() -> Library:
    return Library(shelves())


def spoilt(source: str, seed: int, words: list[str]) -> str:
    """A file in which a few lines are doubled, lost, moved in or out, cut, exchanged, or something else."""
    by_chance, lines = random.Random(seed), source.split("\n")
    for number in range(by_chance.randint(1, 5)):
        at, other = by_chance.randrange(len(lines)), by_chance.randrange(len(lines))
        odd = words[number % len(words)] if words and by_chance.random() < 0.3 else by_chance.choice(ODD)
        match by_chance.randrange(8):
            case 0:
                del lines[at : at + by_chance.randint(1, 4)]
            case 1:
                lines.insert(at, lines[other % len(lines)])
            case 2:
                lines[at] = " " * by_chance.randint(1, 5) + lines[at]
            case 3:
                lines[at] = lines[at][by_chance.randint(1, 4) :]
            case 4:
                lines[at] = lines[at].partition(":")[0] + ": " + odd
            case 5:
                lines[at] = odd + lines[at]
            case 6:
                lines[at] = lines[at] * by_chance.choice([2, 50])
            case _:
                lines[at] += odd
        lines = lines or [""]
    return "\n".join(lines)


READERS: dict[str, Any] = {
    "instruments": lambda text, library: read_text(text),
    "protocols": lambda text, library: read_protocol_text(text, instruments=library.newest),
    "fidelity": lambda text, library: read_model_text(text, instruments=library.newest),
    "code_books": lambda text, library: read_code_book_text(text),
}


@pytest.mark.parametrize("folder", READERS)
@fuzzed(12)
@given(seed=st.integers(0, 2**32), words=st.lists(NASTY, max_size=3))
def test_spoilt_definition_is_read_or_refused_with_its_mistakes(
    folder: str, library: Library, seed: int, words: list[str]
) -> None:
    sources = shipped(folder)
    text = spoilt(sources[seed % len(sources)], seed, words)
    with quickly(), suppress(InstrumentError):
        READERS[folder](text, library)


@fuzzed(16)
@given(content=st.binary(max_size=300))
def test_bytes_of_any_kind_are_no_definition(content: bytes) -> None:
    with quickly(), suppress(InstrumentError):
        read_text(content)


@fuzzed(60)
@given(words=st.lists(st.one_of(st.sampled_from(WORDS), NASTY), max_size=30), gap=st.sampled_from([" ", ""]))
def test_condition_of_any_words_is_read_or_refused(words: list[str], gap: str) -> None:
    with quickly(), suppress(ExpressionError):
        read = parse(gap.join(words))
        read.evaluate({"age": 3, "worries": ["debt"]}) if hasattr(read, "evaluate") else read


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
        "[" * 50_000,
        "{a: " * 20_000,
        "- " * 50_000,
        "? " * 50_000,
        "a: '" + "x" * 2_000_000,
        "\n".join(f"k{n}: {n}" for n in range(100_000)),
        "!!python/object/apply:os.system ['true']",
        "&a" * 10_000,
    ],
    ids=["anchors", "lists", "maps", "sequences", "keys", "long text", "many keys", "objects", "names"],
)
def test_bomb_is_refused_at_once(bomb: str) -> None:
    with quickly(), pytest.raises(InstrumentError):
        read_text(bomb)


@pytest.mark.parametrize(
    "bomb", ["(" * 5000, "not " * 5000 + "a", "-" * 5000 + "1", "1" * 5000, "a+" * 5000 + "a", "2**" * 20 + "9"]
)
def test_condition_that_is_a_bomb_is_refused_at_once(bomb: str) -> None:
    with quickly(), suppress(ExpressionError):
        parse(bomb)


@pytest.mark.skipif(not OWN.exists(), reason="memory is looked at on Linux")
def test_what_takes_too_much_memory_is_noticed() -> None:
    with pytest.raises(AssertionError, match="MB"), quickly():
        assert len(b"x" * 220_000_000) > 0


def test_definitions_are_there_to_be_spoilt() -> None:
    assert [folder for folder in READERS if not shipped(folder)] == []
    assert Path(SHIPPED).is_dir()
