"""Small cells: who could be recognised by the background, alone and by two things together."""

from __future__ import annotations

from typing import Any

import pytest
from fieldwork import Fieldwork

from exports.small_cells import MOST_PAIRS, Band, Cell, SmallCells, small_cells
from survey.instruments.protocols.model import Background
from survey.storage.reading import Selection

BACKGROUND = Background(
    instrument="small", wave="t0", variables={"age": (18, 30, 40), "housed": None, "kids": None, "debts": None}
)
QUESTIONS = """
    kind: choice, name: housed, text: Woont?, choices: {yes: Ja, no: Nee}
    kind: number, name: age, text: Oud?, min: 0, max: 110
    kind: several, name: kids, text: Kinderen?, choices: {home: Thuis, away: Uit huis}
    kind: choice, name: debts, text: Schuld?, when: housed == 'no', choices: {yes: Ja, no: Nee}
"""


@pytest.fixture
def asked(fieldwork: Fieldwork) -> Fieldwork:
    fieldwork.ask(QUESTIONS)
    return fieldwork


def people(asked: Fieldwork, count: int, begin: int = 0, **answers: Any) -> None:
    for number in range(begin, begin + count):
        asked.said(answers, who=f"P{number:02}", done=True)


def found(asked: Fieldwork, background: Background = BACKGROUND, **selection: Any) -> SmallCells:
    with asked.database.reading() as session:
        return small_cells(session, asked.library, background, Selection(asked.study, **selection))


def test_values_that_one_to_four_people_have_are_small(asked: Fieldwork) -> None:
    people(asked, 5, housed="yes")
    people(asked, 4, 10, housed="no")
    cells = found(asked)
    assert cells == SmallCells(9, 9, (Cell(("housed",), ("no",), 4),), (), 0)
    people(asked, 1, 20, housed="no")
    assert found(asked) == SmallCells(10, 10, (), (), 0)


def test_numbers_count_by_the_bands_of_the_protocol(asked: Fieldwork) -> None:
    for number, age in enumerate((17, 18, 29, 30, 40, 99)):
        people(asked, 1, number, age=age)
    bands = [Band(None, 18), Band(18, 30), Band(30, 40), Band(40, None)]
    counted = {cell.values[0]: cell.people for cell in found(asked).single}
    assert counted == dict(zip(bands, (1, 2, 1, 2), strict=True))


def test_each_option_of_a_multiple_choice_counts(asked: Fieldwork) -> None:
    people(asked, 5, kids=["home"])
    people(asked, 2, 10, kids=["home", "away"])
    assert found(asked).single == (Cell(("kids",), ("away",), 2),)


def test_two_values_together_are_told_where_each_alone_is_no_small_cell(asked: Fieldwork) -> None:
    people(asked, 6, housed="yes", age=20)
    people(asked, 6, 10, housed="no", age=35)
    people(asked, 1, 20, housed="no", age=20)
    cells = found(asked)
    assert (cells.single, cells.pairs) == ((), (Cell(("age", "housed"), (Band(18, 30), "no"), 1),))
    # Who is alone already is not told again in every pair.
    people(asked, 1, 30, housed="no", age=50)
    assert [len(part) for part in (found(asked).single, found(asked).pairs)] == [1, 1]


def test_answers_that_do_not_count_make_nobody_known(asked: Fieldwork) -> None:
    people(asked, 6, housed="yes", debts="yes")
    people(asked, 6, 10, housed={"missing": "refused"})
    assert found(asked) == SmallCells(12, 12, (), (), 0)


def test_only_people_of_the_selection_are_counted_by_what_they_said_at_the_start(asked: Fieldwork) -> None:
    people(asked, 5, housed="yes")
    for number in range(2):
        asked.said({}, who=f"P{number:02}", wave="t1")
    asked.said({}, who="P99", wave="t1")
    cells = found(asked, waves=("t1",))
    assert cells == SmallCells(3, 2, (Cell(("housed",), ("yes",), 2),), (), 0)
    assert found(asked, waves=("t1",), submitted_only=True) == SmallCells(0, 0, (), (), 0)


def test_many_pairs_are_cut_and_the_rest_is_counted(asked: Fieldwork) -> None:
    ages = tuple(range(1, 12))
    options = ", ".join(f"o{number}: O{number}" for number in range(11))
    asked.ask(f"kind: number, name: age, text: Oud?\nkind: choice, name: housed, text: Woont?, choices: {{{options}}}")
    for age in range(11):
        for number in range(11):
            asked.said({"age": age, "housed": f"o{number}"}, who=f"Q{age:02}{number:02}")
    cells = found(asked, BACKGROUND.model_copy(update={"variables": {"age": ages, "housed": None}}))
    assert (cells.single, len(cells.pairs), cells.more) == ((), MOST_PAIRS, 121 - MOST_PAIRS)


def test_version_that_asks_less_counts_for_what_it_asks(asked: Fieldwork) -> None:
    asked.ask("kind: choice, name: housed, text: Woont?, choices: {yes: Ja, no: Nee}", version=2)
    people(asked, 5, housed="yes", age=20)
    for number in range(3):
        asked.said({"housed": "no"}, who=f"R{number:02}", version=2)
    assert found(asked).single == (Cell(("housed",), ("no",), 3),)
