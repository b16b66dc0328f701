"""The sheets Change, Pairs, Scores and Scales of small studies: arms, sums, nobody at all, and older versions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import openpyxl
import pytest
from fieldwork import Fieldwork

from exports import change_sheet
from exports.change_sheet import FIELDS, Reported
from exports.tables import Cell, Spool, Table, valued
from survey.instruments.protocols.model import Outcomes
from survey.measures.change import ChangeReport, change
from survey.measures.measurement import Measurement, Measurer, Subject

RATED = """
lists:
  often: {1: Never, 2: Sometimes, 3: Often, 4: Always, 5: More}
pages:
- page: one
  title: One
  questions:
  - {kind: scale, name: views, text: How often?, choices: often, items: {a: A, b: B, c: C}}
scores:
  good: {title: Good, items: [a, b, c], reversed: [b], least: 2}
  heavy: {title: Heavy, items: [a, c], method: sum, least: 1}
"""
FAMILY = Outcomes.model_validate(
    {"instrument": "small", "first": "t0", "last": "t1", "comparison": "usual",
     "scores": {"good": {"better": "higher"}}}
)  # fmt: skip


@pytest.fixture
def spools(fieldwork: Fieldwork) -> Iterator[tuple[Spool, Spool]]:
    with closing(Spool(fieldwork.folder)) as rows, closing(Spool(fieldwork.folder)) as pairs:
        yield rows, pairs


def reported(fieldwork: Fieldwork, people: list[tuple[str, int, int]]) -> Reported:
    """A report on people with an arm, an answer to all items before and one after."""
    fieldwork.define(RATED)
    instrument = fieldwork.library.newest["small"]
    measurer = Measurer(instrument)

    def one(number: int, arm: str, wave: str, answer: int) -> Measurement:
        answers = {"a": answer, "b": 6 - answer, "c": max(1, answer - number % 2)}
        who = Subject(f"P{number}", "north", arm)
        return measurer.measurement(f"{number}{wave}", wave, who, answers, mode="signed_in", interpreted=False)

    measured = [
        one(number, arm, wave, answer)
        for number, (arm, before, after) in enumerate(people)
        for wave, answer in (("t0", before), ("t1", after))
    ]
    report: ChangeReport = change(measured, FAMILY, ("new", "usual"), instrument=instrument)
    return Reported(report, instrument, fieldwork.library.texts(instrument, "nl"), "en")


def told(tables: list[Table]) -> list[dict[str, Cell]]:
    return [dict(zip([field.name for field in FIELDS], map(valued, row), strict=True)) for row in tables[0].rows]


def test_arms_stand_behind_the_whole_each_by_itself_and_beside_the_comparison(
    fieldwork: Fieldwork, spools: tuple[Spool, Spool]
) -> None:
    people = [("new", 2, 4), ("new", 1, 4), ("new", 3, 4), ("usual", 2, 2), ("usual", 3, 4), ("usual", 4, 4)]
    found = reported(fieldwork, people)
    rows = told(list(change_sheet.tables(found, *spools)))
    (outcome,) = found.report.outcomes
    assert outcome.ancova is not None
    assert [(row["part"], row["arm"], row["reference"], row["n"]) for row in rows] == [
        ("all", None, None, 6),
        ("arm", "new", None, 3),
        ("arm", "usual", None, 3),
        ("between", "new", "usual", None),
    ]
    assert rows[1]["difference"] == pytest.approx(outcome.by_arm["new"].difference.value)
    assert rows[3]["adjusted"] == pytest.approx(outcome.ancova.contrasts[0].adjusted.value)
    assert rows[3]["adjusted_p_holm"] == outcome.ancova.contrasts[0].holm


def test_nobody_at_both_moments_is_said_in_words(fieldwork: Fieldwork, spools: tuple[Spool, Spool]) -> None:
    both = list(change_sheet.tables(reported(fieldwork, []), *spools))
    assert both[0].above[0] == "There are 0 pairs: too few to say what this study can find."
    assert [(row["score"], row["n"], row["difference"]) for row in told(both)] == [("good", 0, None)]
    assert (len(both[1].rows), both[1].empty) == (0, "There are no rows: nobody has a score at both moments.")


def cells(fieldwork: Fieldwork, sheet: str, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    rows = list(openpyxl.load_workbook(fieldwork.export().path, data_only=True)[sheet].iter_rows(values_only=True))
    begin = next(i for i, row in enumerate(rows) if row[1] is not None)
    return [tuple(row[rows[begin].index(name)] for name in names) for row in rows[begin + 1 :]]


def test_scores_follow_the_rule_of_their_own_version(fieldwork: Fieldwork) -> None:
    fieldwork.define(RATED)
    # A later version needs all items.
    fieldwork.define(RATED.replace("least: 2", "least: 3"), version=2)
    fieldwork.said({"a": 4, "b": 2}, "P01", done=True)
    fieldwork.said({"a": 4, "b": 2}, "P02", done=True, version=2)
    fieldwork.said({"a": 4, "b": 2, "c": 5}, "P03")
    names = ("km_subject", "score", "answered", "value", "prorated", "strict", "item_1", "item_2", "item_3")
    assert cells(fieldwork, "Scores", names) == [
        ("P01", "good", 2, 4, 1, None, 4, 4, None),
        ("P01", "heavy", 1, 8, 1, None, 4, None, None),
        ("P02", "good", 2, None, None, None, 4, 4, None),
        ("P02", "heavy", 1, 8, 1, None, 4, None, None),
    ]
    assert cells(fieldwork, "Scales", ("score", "wave", "responses", "n", "missing", "mean", "items_not_reached")) == [
        ("good", "t0", 2, 1, 1, 4, 2),
        ("heavy", "t0", 2, 2, 0, 8, 2),
    ]


def test_scales_of_which_nothing_was_handed_in_say_so(fieldwork: Fieldwork) -> None:
    fieldwork.define(RATED)
    fieldwork.said({"a": 4})
    assert [row[0] for row in cells(fieldwork, "Scores", ("km_response",))] == [
        "There are no rows: no response with a scale was handed in."
    ]
    workbook = openpyxl.load_workbook(fieldwork.export().path)
    assert not {"Change", "Pairs", "Fidelity", "Agreement"} & set(workbook.sheetnames)
