"""Files for SPSS and Stata: numbers with words, reasons as missing values, real dates, and every change told of."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas
import pyreadstat
import pytest
from fieldwork import META, Fieldwork

from exports import statistics_files
from exports.comparing import Differs
from exports.formats import NeedsExtra, Written
from exports.losses import Loss
from exports.statistics_programs import STATA, Limit

QUESTIONS = """
kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
kind: choice, name: mood, text: Stemming?, choices: {1: Slecht, 3: Goed}
kind: scale, name: views, text: Mening, choices: {1: Nee, 3: null, 5: Ja}, items: {long: Lang}
kind: several, name: worry, text: Zorgen?, choices: {debt: Schulden, home: Wonen}
kind: number, name: debts, text: Schuld?, decimals: 2
kind: date, name: born, text: Geboren?
kind: open, name: why, text: Waarom?
"""
ANSWERS = {
    "housed": "no", "mood": 3, "long": 5, "worry": ["home"], "debts": -12.5, "born": "1975-02-28", "why": "Zo  ",
}  # fmt: skip
REFUSED = {name: {"missing": "refused"} for name in ANSWERS}


def part(written: Written, name: str) -> Path:
    """One file of a package, unpacked."""
    with ZipFile(written.path) as package:
        return Path(package.extract(name, written.path.parent / "parts"))


def listed(written: Written, name: str) -> list[list[str]]:
    with ZipFile(written.path) as package:
        return list(csv.reader(io.StringIO(package.read(name).decode(), newline="")))


def raw(path: Path) -> tuple[dict[str, list[Any]], Any]:
    """What stands in a file, missing values as they are."""
    read = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    columns, about = read(path, user_missing=True, disable_datetime_conversion=True, output_format="dict")
    return {name: list(column) for name, column in columns.items()}, about


@pytest.fixture
def filled(fieldwork: Fieldwork) -> Fieldwork:
    """One who answered everything and one who refused everything, at the start only."""
    fieldwork.ask(QUESTIONS)
    fieldwork.said(ANSWERS, "P01", done=True)
    fieldwork.said(REFUSED, "P02")
    return fieldwork


def test_sav_has_numbers_words_missing_ranges_and_levels(filled: Fieldwork) -> None:
    written = filled.export("out.sav.zip")
    columns, about = raw(part(written, "data.sav"))
    asked = about.column_names[META:]
    assert asked == ["housed", "mood", "long", "worry_debt", "worry_home", "debts", "born", "why", "why_r"]
    assert [columns[name] for name in asked] == [
        [2.0, -99.0], [3.0, -99.0], [5.0, -99.0], [0.0, -99.0], [1.0, -99.0], [-12.5, -99.0],
        [(datetime.date(1975, 2, 28) - datetime.date(1582, 10, 14)).days * 86_400.0, -99.0], ["Zo", ""], [0.0, -99.0],
    ]  # fmt: skip
    assert {about.missing_ranges[name][0]["lo"] for name in asked if name != "why"} == {-99.0}
    words = about.variable_value_labels
    assert {code: said for code, said in words["housed"].items() if code > 0} == {1.0: "Ja", 2.0: "Nee"}
    assert {code: said for code, said in words["mood"].items() if code > 0} == {1.0: "Slecht", 3.0: "Goed"}
    assert (words["born"][-99.0], words["why_r"][0.0]) == ("wil niet antwoorden", "beantwoord")
    assert [about.variable_measure[name] for name in asked] == [
        "nominal", "ordinal", "ordinal", "nominal", "nominal", "scale", "scale", "nominal", "nominal",
    ]  # fmt: skip
    labels = about.column_names_to_labels
    assert (labels["long"], labels["worry_home"]) == ("Mening – Lang", "Zorgen? – Wonen")
    assert labels["why_r"] == "Waarom?: waarom er geen antwoord is"
    assert about.original_variable_types["born"] == "SDATE10"
    # A reader that looks for dates and missing values by itself finds them.
    table, _ = pyreadstat.read_sav(part(written, "data.sav"))
    assert [table["born"][0], *table[["debts", "mood"]].iloc[1].isna()] == [datetime.date(1975, 2, 28), True, True]
    assert str(table["km_started"][0]) == "2023-04-01 14:03:00"


def test_dta_has_letters_for_reasons_and_another_reader_agrees(filled: Fieldwork) -> None:
    written = filled.export("out.dta.zip")
    path = part(written, "data.dta")
    columns, about = raw(path)
    assert about.column_names[META : META + 3] == ["housed", "mood", "long_v"]
    assert (columns["housed"], columns["long_v"], columns["born"][1]) == ([2.0, "a"], [5.0, "a"], "a")
    assert about.variable_value_labels["mood"] == {
        1: "Slecht", 3: "Goed", "a": "wil niet antwoorden", "b": "weet niet", "c": "niet van toepassing",
        "d": "niet gevraagd", "e": "niet bereikt", "f": "verloren door een technische oorzaak",
    }  # fmt: skip
    plain = pandas.read_stata(path, convert_missing=True, convert_categoricals=False, convert_dates=False)
    assert [plain["debts"][0], str(plain["debts"][1]), str(plain["born"][1])] == [-12.5, ".a", ".a"]
    assert pandas.Timestamp("1960-01-01") + pandas.Timedelta(days=plain["born"][0]) == pandas.Timestamp("1975-02-28")
    dated = pandas.read_stata(path, columns=["km_started"])
    assert str(dated["km_started"][0]) == "2023-04-01 14:03:00"


def test_a_moment_that_was_not_there_is_system_missing(filled: Fieldwork) -> None:
    filled.said({"mood": 1, "why": "a"}, "P01", "t1")
    written = filled.export("out.sav.zip")
    columns, about = raw(part(written, "wide.sav"))
    assert (columns["mood_t0"], columns["mood_t1"]) == ([3.0, -99.0], [1.0, None])
    assert (columns["why_t1"], columns["why_r_t1"], columns["debts_t1"]) == (["a", ""], [0.0, None], [-95.0, None])
    assert about.column_names_to_labels["why_r_t1"] == "Waarom?: waarom er geen antwoord is (t1)"


def test_every_change_is_told_of_and_full_words_stand_beside(fieldwork: Fieldwork) -> None:
    fieldwork.ask(
        f"""
        kind: choice, name: double, text: {"Een vraag " * 30}, choices: {{a: {"é" * 61}, b: Nee}}
        kind: open, name: why, text: Waarom?
        kind: date, name: born, text: Geboren?
        """
    )
    fieldwork.said({"double": "a", "why": f"{'x' * 40_000} ", "born": "1500-01-01"})
    sav, dta = fieldwork.export("out.sav.zip"), fieldwork.export("out.dta.zip")
    room = "the most that there is room for"
    told = {
        "label of double": f"cut after 256 of 299 bytes, {room}",
        "words of double = 1": f"cut after 120 of 122 bytes, {room}",
        "row 1, why": f"cut after 32,767 of 40,001 bytes, {room}",
        "row 1, born": "1500-01-01 is before the calendar of SPSS; it is left out",
    }
    assert [loss for loss in sav.losses.listed if loss.table == "data.sav"] == [
        Loss("data.sav", place, told[place]) for place in sorted(told, key=lambda place: not place.startswith("row"))
    ]
    assert [(loss.cell, loss.what) for loss in dta.losses.listed if loss.table == "data.dta"] == [
        ("double", "it is called double_v here, since Stata has that word itself"),
        ("label of double_v", f"cut after 80 of 299 signs, {room}"),
    ]
    with ZipFile(dta.path) as package:
        assert "data.dta, label of double_v: cut after 80 of 299 signs" in package.read("README.txt").decode()
    rows = {row[1]: row for row in listed(dta, "variables.csv") if row[0] == "data.dta"}
    assert rows["double_v"][2:] == ["double", " ".join(["Een vraag"] * 30), "nominal"]
    assert listed(dta, "value_codes.csv")[1] == ["data.dta", "double_v", "1", "a", "é" * 61]
    assert raw(part(dta, "data.dta"))[0]["why"] == [f"{'x' * 40_000} "]


def test_an_answer_among_the_missing_codes_stays_an_answer(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: cold, text: Graden?")
    fieldwork.said({"cold": -98}, "P01")
    fieldwork.said({"cold": {"missing": "dont_know"}}, "P02")
    columns, about = raw(part(fieldwork.export("out.sav.zip"), "data.sav"))
    assert (columns["cold"], columns["cold_r"], "cold" in about.missing_ranges) == ([-98, None], [0, -98], False)
    columns, about = raw(part(fieldwork.export("out.dta.zip"), "data.dta"))
    assert (columns["cold"], "cold_r" in columns) == ([-98, "b"], False)


def test_a_code_keeps_its_number_when_a_later_version_puts_another_before_it(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: choice, name: home, text: Huis?, choices: {rent: Huur, own: Koop}")
    fieldwork.ask("kind: choice, name: home, text: Huis?, choices: {boat: Boot, rent: Huur, own: Koop}", version=2)
    fieldwork.said({"home": "own"}, version=2)
    columns, about = raw(part(fieldwork.export("out.sav.zip"), "data.sav"))
    assert columns["home"] == [2.0]
    words = about.variable_value_labels["home"]
    assert {code: said for code, said in words.items() if code > 0} == {1.0: "Huur", 2.0: "Koop", 3.0: "Boot"}


@pytest.mark.parametrize("suffix", [".sav", ".dta"])
def test_a_flipped_cell_and_a_swapped_word_are_found(
    filled: Fieldwork, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    honest, labels = statistics_files.columns, statistics_files.Labels

    def flipped(*given: Any) -> list[Any]:
        found: list[Any] = [*honest(*given)]
        for column in found:
            if 3.0 in column:
                column[column.index(3.0)] = 4.0
        return found

    monkeypatch.setattr(statistics_files, "columns", flipped)
    with pytest.raises(Differs) as found:
        filled.export(f"out{suffix}.zip")
    assert str(found.value) == f"data{suffix}, row 1, mood: 3 was meant and 4.0 is in the file"

    def swapped(*given: Any) -> Any:
        made = labels(*given)
        if "mood" in made.words:
            made.words["mood"] |= {1.0: "Goed", 3.0: "Slecht"}
        return made

    monkeypatch.setattr(statistics_files, "columns", honest)
    monkeypatch.setattr(statistics_files, "Labels", swapped)
    with pytest.raises(Differs) as found:
        filled.export(f"out{suffix}.zip")
    assert (found.value.table, found.value.cell) == (f"data{suffix}", "words")


def test_without_the_extra_it_is_said_how_to_get_it(filled: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NeedsExtra) as refused:
        filled.export("out.sav.zip")
    assert str(refused.value).endswith('come with the extra [stats]: pip install "krachtmeting[stats]"')


def test_names_too_long_for_stata_keep_the_code_of_the_moment() -> None:
    long = "a" * 28
    assert STATA.names([f"{long}_t0", f"{long}b_t0", "int", "plain"]) == [
        f"{'a' * 25}_t0", f"{'a' * 23}_2_t0", "int_v", "plain",
    ]  # fmt: skip
    assert Limit(5, "bytes").fit("éé€") == ("éé", "cut after 5 of 7 bytes, the most that there is room for")


def test_scores_stand_beside_the_answers(fieldwork: Fieldwork) -> None:
    fieldwork.define(
        """
        pages:
        - page: one
          title: Een
          questions:
          - {kind: scale, name: views, text: Mening, choices: {1: Nee, 2: Ja}, items: {a: A, b: B}}
        scores:
          good: {title: Goed, items: [a, b]}
        """
    )
    fieldwork.said({"a": 1, "b": 2}, done=True)
    for suffix in (".sav", ".dta"):
        columns, _ = raw(part(fieldwork.export(f"out{suffix}.zip"), f"scores{suffix}"))
        assert (columns["score"], columns["value"], columns["item_2"]) == (["good"], [1.5], [2.0])
