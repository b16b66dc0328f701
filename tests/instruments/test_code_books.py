"""Code books are read like instruments: every mistake with its place, and with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.instruments.code_books.collection import read_code_books
from survey.instruments.code_books.reading import read_code_book_text
from survey.instruments.errors import InstrumentError
from survey.instruments.library import Shelf, shelves

SMALL = """\
code_book: small
version: 1
title: {nl: Klein, en: Small}
groups:
  what:
    title: {nl: Wat, en: What}
    about: {nl: Wat er veranderde, en: What changed}
    codes:
      contact:
        title: {nl: Contact, en: Contact}
        colour: "#17595e"
        definition: {nl: Mensen, en: People}
        use: {nl: Bij mensen, en: With people}
        not_use: {nl: Zonder mensen, en: Without people}
        example: {nl: Mijn zus, en: My sister}
      work:
        title: {nl: Werk, en: Work}
        colour: "#96361f"
        definition: {nl: Bezig zijn, en: Being busy}
        use: {nl: Bij werk, en: At work}
        not_use: {nl: Thuis, en: At home}
        example: {nl: Ik werk, en: I work}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InstrumentError) as caught:
        read_code_book_text(text, "c.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_small_code_book_is_read() -> None:
    book = read_code_book_text(SMALL)
    assert list(book.codes) == ["contact", "work"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("definition: {nl: Mensen", "definitoin: {nl: Mensen", "'definitoin' is no setting here; did you mean"),
        ("{nl: Werk, en: Work}", "{nl: Werk}", "17:9: the words in en are missing; add a line 'en: ...'"),
        ('"#96361f"', '"red"', "18:9: 'red' is no colour; write it like '#17595e', in quotes"),
        ('"#96361f"', '"#17595E"', "18:9: 'contact' has this colour already; choose one that can be told from it"),
        ("  what:", "  own:", "5:3: 'own' is the group of codes that a study adds; choose another name"),
    ],
)
def test_mistake_is_told_with_its_place(old: str, new: str, problem: str) -> None:
    assert any(problem in one for one in problems(SMALL.replace(old, new)))


def test_code_stands_in_one_group_only() -> None:
    second = SMALL[SMALL.index("  what:") :].replace("  what:", "  why:", 1).replace("#17", "#27").replace("#96", "#86")
    assert problems(SMALL + second) == [
        "c.yaml:27:7: there is a code 'contact' in 'what' already; give one of them another name",
        "c.yaml:34:7: there is a code 'work' in 'what' already; give one of them another name",
    ]


def test_shipped_book_has_four_conditions_and_five_elements() -> None:
    book = read_code_books(shelves())["krachtwerk"]
    assert {name: list(group.codes) for name, group in book.groups.items()} == {
        "conditions": ["taking_part", "belonging", "being_yourself", "mattering"],
        "elements": ["relationship", "tailoring", "strengths", "recovery", "practical"],
    }


def test_file_has_the_name_of_its_code_book(tmp_path: Path) -> None:
    (tmp_path / "code_books").mkdir()
    (tmp_path / "code_books" / "other.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"this is 'small'; keep it as code_books/small\.yaml"):
        read_code_books([Shelf(tmp_path, tmp_path)])
