"""The sheet that compares pages with and without an interpreter, and says how."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from fieldwork import Fieldwork
from interpreted import TWO_PAGES, opened, rows

from exports.interpreting import FIELDS, median
from exports.interpreting_words import EMPTY, NOBODY, NOTES
from exports.interview import groups

COUNTS = ("responses", "asked", "missing", "refused", "dont_know", "not_applicable", "not_reached", "technical")


def compared(fieldwork: Fieldwork, *names: str, **more: Any) -> dict[tuple[str | None, str], tuple[Any, ...]]:
    """(Page, group) -> these cells."""
    found = rows(fieldwork, "Interpreting", **more)
    return {(row["page"], row["group"]): tuple(row[name] for name in names) for row in found}


def test_pages_are_counted_with_and_without_an_interpreter_and_by_kind(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    refused, unknown = {"missing": "refused"}, {"missing": "dont_know"}
    alone = opened(fieldwork, "P01").company(0, "none")
    alone.save(20, "home", {"housed": "yes", "calm": 1, "proud": refused}).save(50, "money", {"help": ["family"]})
    helped = opened(fieldwork, "P02").company(0, "relative", "in_person")
    helped.save(60, "home", {"housed": "no", "calm": unknown, "proud": 2})
    opened(fieldwork, "P03").save(10, "home", {"housed": "no", "calm": 1, "proud": 1})
    found = compared(fieldwork, *COUNTS)
    assert {group: cells for (page, group), cells in found.items() if page == "home"} == {
        "with": (1, 3, 1, 0, 1, 0, 0, 0),
        "without": (1, 3, 1, 1, 0, 0, 0, 0),
        "not_recorded": (1, 3, 0, 0, 0, 0, 0, 0),
        "relative": (1, 3, 1, 0, 1, 0, 0, 0),
    }
    # Debts are asked of who has no house. Nobody came to P02's and P03's money: they count with who was there last.
    assert {group: cells for (page, group), cells in found.items() if page == "money"} == {
        "with": (1, 3, 3, 0, 0, 0, 3, 0),
        "without": (1, 2, 1, 0, 0, 0, 1, 0),
        "not_recorded": (1, 3, 3, 0, 0, 0, 3, 0),
        "relative": (1, 3, 3, 0, 0, 0, 3, 0),
    }
    assert {group: cells for (page, group), cells in found.items() if page is None} == {
        "with": (1, 6, 4, 0, 1, 0, 3, 0),
        "without": (1, 5, 2, 1, 0, 0, 1, 0),
        "not_recorded": (1, 6, 3, 0, 0, 0, 3, 0),
        "relative": (1, 6, 4, 0, 1, 0, 3, 0),
    }
    percents = compared(fieldwork, "missing_percent", "refused_percent", "not_reached_percent")
    assert (percents["home", "without"], percents["money", "with"]) == ((33.3, 33.3, 0), (100, 0, 100))


def test_time_is_the_median_of_those_who_came_to_the_page_and_a_pause_counts_ten_minutes(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    for number, seconds in enumerate((20, 30, 100, 4000)):
        talk = opened(fieldwork, f"P0{number}").company(0, "peer", "video").save(seconds, "home", {"housed": "yes"})
        if number == 0:
            talk.save(70, "money", {"help": ["family"]}).save(75, "home", {"calm": 2}).save(80, None)
    found = compared(fieldwork, "timed", "median_seconds")
    # Of the first: 20 s, 50 s for money, 5 s more for home, and 5 s to hand it in.
    assert found["home", "with"] == (4, (30 + 100) / 2)
    assert found["money", "with"] == (1, 50)
    assert found[None, "with"] == (4, (80 + 100) / 2)


def test_page_on_which_the_interpreter_changed_stands_with_both_kinds_and_once_in_with(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "relative", "in_person").save(10, "home", {"housed": "yes"})
    talk.company(20, "professional", "phone").save(30, "home", {"calm": 1})
    talk.company(40, "none").save(50, "money", {"help": ["family"]})
    found = {key: cells[0] for key, cells in compared(fieldwork, "responses").items()}
    assert {group: count for (page, group), count in found.items() if page == "home"} == {
        "with": 1, "without": 0, "professional": 1, "relative": 1,
    }  # fmt: skip
    assert {group: count for (page, group), count in found.items() if page == "money"} == {
        "with": 0, "without": 1, "professional": 0, "relative": 0,
    }  # fmt: skip
    assert {group: count for (page, group), count in found.items() if page is None} == {
        "with": 1, "without": 0, "not_recorded": 0, "professional": 1, "relative": 1,
    }  # fmt: skip


def test_corrections_count_neither_for_the_group_nor_for_time(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "none").save(10, "home", {"housed": "yes", "calm": 1, "proud": 1})
    talk.save(15, None).company(90, "professional", "phone").save(99, "home", {"calm": 2}, kind="correction")
    found = compared(fieldwork, "responses", "median_seconds")
    assert (found["home", "without"], found[None, "without"]) == ((1, 10), (1, 15))
    assert {group for _, group in found} == {"with", "without", "not_recorded"}


@pytest.mark.parametrize(
    ("kinds", "belongs"),
    [
        ([], ("not_recorded",)),
        (["none"], ("without",)),
        (["none", "peer"], ("with", "peer")),
        (["minor", "peer", "minor"], ("with", "minor", "peer")),
    ],
)
def test_groups_follow_from_the_kinds_of_interpreters(kinds: list[str], belongs: tuple[str, ...]) -> None:
    assert groups(kinds) == belongs


@pytest.mark.parametrize(
    ("seconds", "middle"), [([], None), ([7], 7), ([1, 2], 1.5), ([3, 1, 2], 2), ([5, 5, 5, 1], 5), ([1, 1, 9, 9], 5)]
)
def test_median_is_the_middle_one_or_between_the_two_in_the_middle(seconds: list[int], middle: float | None) -> None:
    assert median(Counter(seconds)) == middle


def test_groups_of_fewer_than_five_are_marked_and_grey(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    for number in range(5):
        opened(fieldwork, f"P0{number}").company(0, "none").save(10, "home", {"housed": "yes"})
    opened(fieldwork, "P09").company(0, "peer", "phone").save(10, "home", {"housed": "yes"})
    assert compared(fieldwork, "few")["home", "without"] == (None,)
    assert compared(fieldwork, "few")["home", "with"] == ("minder dan 5",)
    assert compared(fieldwork, "few", language="en")["home", "with"] == ("fewer than 5",)
    sheet = openpyxl.load_workbook(fieldwork.export().path)["Interpreting"]
    (grey,) = sheet.conditional_formatting
    heading = len(NOTES["nl"]) + 1
    assert str(grey.sqref) == f"A{heading + 1}:V{sheet.max_row}"
    column = [field.name for field in FIELDS].index("few")
    assert grey.rules[0].formula == [f"LEN(${'ABCDEFGH'[column]}{heading + 1})>0"]


def test_text_above_says_how_it_is_made_in_the_language_of_the_words(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork).company(0, "peer", "phone").save(10, "home", {"housed": "yes"})
    for language in ("nl", "en"):
        cells = fieldwork.sheets(language=language)["Interpreting"]
        assert tuple(row[0] for row in cells[: len(NOTES[language])]) == NOTES[language]
    assert compared(fieldwork, "label", "title", language="en")[None, "with"] == (
        "with an interpreter", "the whole interview",
    )  # fmt: skip
    readme = [row[2] for row in fieldwork.sheets(language="en")["Readme"]]
    assert [line for line in readme if line in NOTES["en"]] == list(NOTES["en"])


def test_study_without_interpreters_is_told_so_in_words(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork).company(0, "none").save(10, "home", {"housed": "yes"})
    cells = fieldwork.sheets(language="en")["Interpreting"]
    assert cells[0][0] == NOBODY["en"]
    assert compared(fieldwork, "responses", language="en")[None, "with"] == (0,)


def test_empty_sheets_say_in_words_that_they_are_empty(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    sheets = fieldwork.sheets(instruments=("small",), language="en")
    assert {name: sheets[name][-1][0] for name in ("Interpreting", "Long", "Segments", "Events")} == {
        "Interpreting": "There are no rows: this file has no responses of participants.",
        "Long": "There are no rows: no response in this file has it on record who was there, or a second language.",
        "Segments": "There are no segments: of no response in this file it was written down who was there.",
        "Events": "There are no events: during no response in this file anything was noted beside its answers.",
    }
    said = {row[1]: row[2] for row in sheets["Readme"]}
    assert said["Segments"].endswith(sheets["Segments"][-1][0])
    with ZipFile(fieldwork.export("out.zip", instruments=("small",)).path) as package:
        for name in ("interpreting", "long", "segments", "events"):
            # A file that a program reads has its heading, and nothing that it would take for a row.
            assert len(list(csv.reader(io.StringIO(package.read(f"{name}.csv").decode())))) == 1


def test_instruments_that_are_not_about_participants_are_not_compared(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    path = fieldwork.folder / "instruments" / "small" / "v1.yaml"
    definition = path.read_text().replace("about: participant", "about: person").replace("interviewer", "coach")
    path.write_text(definition)
    opened(fieldwork).save(10, "home", {"housed": "yes"})
    (row,) = rows(fieldwork, "Interpreting")
    assert (row["instrument"], row["page"]) == (EMPTY["nl"], None)


def test_data_package_tells_how_it_is_made_and_what_belongs_to_what(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork).company(0, "peer", "phone").save(10, "home", {"housed": "yes"})
    with ZipFile(fieldwork.export("out.zip", language="en").path) as package:
        described = json.loads(package.read("datapackage.json"))
    found = {one["name"]: one for one in described["resources"]}
    assert found["interpreting"]["description"].endswith(" ".join(NOTES["en"]))
    assert found["segments"]["schema"]["primaryKey"] == ["km_response", "segment"]
    assert found["long"]["schema"]["primaryKey"] == ["km_response", "unit"]
    for name in ("long", "segments", "events", "trail"):
        (key,) = found[name]["schema"]["foreignKeys"]
        assert key["reference"] == {"resource": "data", "fields": ["km_response"]}
