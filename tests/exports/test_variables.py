"""Versions of one instrument: their variables merged, and what the code book says of them."""

from __future__ import annotations

from typing import Any

from fieldwork import META, Fieldwork

FIRST = """
kind: text, name: nick, text: Roepnaam?
kind: number, name: children, text: Kinderen?
kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
"""
SECOND = """
kind: text, name: nick, text: Hoe heet u?
kind: choice, name: housed, text: Huis?, choices: {yes: Jazeker, no: Nee, part: Soms}
kind: number, name: age, text: Leeftijd?
"""


def two_versions(fieldwork: Fieldwork) -> None:
    fieldwork.ask(FIRST, version=1)
    fieldwork.ask(SECOND, version=2)
    fieldwork.said({"nick": "Bo", "children": 2, "housed": "yes"}, "P01", version=1)
    fieldwork.said({"nick": "Jo", "housed": "yes", "age": 40}, "P02", version=2)


def codebook(fieldwork: Fieldwork, **more: Any) -> dict[str, dict[str, Any]]:
    heading, *rows = fieldwork.sheets(**more)["Codebook"]
    return {row[0]: dict(zip(heading, row, strict=True)) for row in rows}


def test_versions_share_columns_and_a_removed_variable_keeps_its_place(fieldwork: Fieldwork) -> None:
    two_versions(fieldwork)
    sheets = {name: [row[META:] for row in rows] for name, rows in fieldwork.sheets().items()}
    heading = ("nick", "children", "housed", "age")
    assert sheets["Data"] == [heading, ("Bo", 2, "yes", None), ("Jo", None, "yes", 40)]
    assert sheets["Labels"][1:] == [("Bo", 2, "Ja", "[niet gevraagd]"), ("Jo", "[niet gevraagd]", "Jazeker", 40)]
    assert sheets["Status"][1:] == [(0, 0, 0, -96), (0, -96, 0, 0)]


def test_code_book_shows_where_versions_differ(fieldwork: Fieldwork) -> None:
    two_versions(fieldwork)
    found = codebook(fieldwork)
    assert {name: found[name]["versions"] for name in ("nick", "children", "housed", "age")} == {
        "nick": "1, 2",
        "children": "1",
        "housed": "1, 2",
        "age": "2",
    }
    assert found["nick"]["text"] == "version 2: Hoe heet u?\nversion 1: Roepnaam?"
    codes = "version 2: yes = Jazeker; no = Nee; part = Soms\nversion 1: yes = Ja; no = Nee"
    assert found["housed"]["codes"] == codes


def test_only_versions_with_responses_make_columns(fieldwork: Fieldwork) -> None:
    fieldwork.ask(FIRST, version=1)
    fieldwork.ask(SECOND, version=2)
    fieldwork.said({"nick": "Jo"}, version=2)
    assert fieldwork.table()[0] == ("nick", "housed", "age")


def test_a_variable_that_moved_from_an_option_to_a_question_is_one_column(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: work_paid, text: Uren?", version=1)
    fieldwork.ask("kind: several, name: work, text: Werk?, choices: {paid: Betaald, free: Vrij}", version=2)
    fieldwork.said({"work_paid": 12}, "P01", version=1)
    fieldwork.said({"work": ["free"]}, "P02", version=2)
    assert fieldwork.table() == [("work_paid", "work_free"), (12, None), (0, 1)]


def test_code_book_tells_all_about_a_variable(fieldwork: Fieldwork) -> None:
    fieldwork.define(
        """
        pages:
        - page: home
          title: Wonen
          questions:
          - {kind: choice, name: housed, text: Heeft u een huis?, choices: {yes: Ja, no: Nee}}
        - page: money
          title: Geld
          when: housed == 'no'
          questions:
          - {kind: number, name: debts, text: Schuld?, min: -5, max: 99, unit: euro, required: true, missing: [refused]}
          - kind: several
            name: help
            text: Wie helpt?
            when: debts > 0
            choices: {family: Familie, other: {text: Anders, other: true}}
        """
    )
    fieldwork.said({})
    found = codebook(fieldwork)
    missing = "-96 = niet gevraagd; -95 = niet bereikt; -94 = verloren door een technische oorzaak"
    assert found["debts"] == {
        "variable": "debts",
        "instrument": "small",
        "versions": "1",
        "position": 2,
        "page": "Geld",
        "question": "debts",
        "text": "Schuld?",
        "part": None,
        "type": "whole number",
        "unit": "euro",
        "least": -5,
        "most": 99,
        "codes": None,
        "states": f"0 = beantwoord; -99 = wil niet antwoorden; {missing}",
        "when": "housed == 'no'",
        "required": "ja",
        "language": "nl",
    }
    chosen = {name: found["help_family"][name] for name in ("part", "type", "codes", "when")}
    assert chosen == {
        "part": "Familie",
        "type": "1 or 0",
        "codes": "1 = ja; 0 = nee",
        "when": "(housed == 'no') and (debts > 0)",
    }
    namely = "(housed == 'no') and (debts > 0) and ('other' in help)"
    assert (found["help_namely"]["part"], found["help_namely"]["when"]) == ("Anders", namely)
    assert found["km_started"]["type"] == "date and time"


def test_words_of_another_language_are_used_where_there_are_any(fieldwork: Fieldwork) -> None:
    fieldwork.ask(
        """
        kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
        kind: text, name: where, text: Waar?
        """
    )
    catalogue = fieldwork.folder / "translations" / "en" / "LC_MESSAGES" / "small.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgctxt "small/housed/choices/yes"\nmsgid "Ja"\nmsgstr "Yes"\n')
    fieldwork.said({"housed": "yes", "where": {"missing": "dont_know"}})
    assert fieldwork.table("Labels", language="en")[1] == ("Yes", "[don't know]")
    assert fieldwork.table("Labels")[1] == ("Ja", "[weet niet]")
    assert codebook(fieldwork, language="en")["housed"]["codes"] == "yes = Yes; no = Nee"
