"""The workbook of a study: which sheets, and exactly which cells."""

from __future__ import annotations

import datetime
from typing import Any

import openpyxl
import pytest
from fieldwork import META, Fieldwork, made

from exports import xlsx
from exports.xlsx import TooWide
from survey.answers.relay import RELAY
from survey.storage.database import Database


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime.datetime:
    """What a cell holds: local time, and no zone."""
    return datetime.datetime(year, month, day, hour, minute, tzinfo=datetime.UTC).replace(tzinfo=None)


SHARED = ["Quality", "Interpreting", "Long", "Segments", "Events", "Codebook", "Trail"]
"""The sheets that all instruments of a workbook share."""

ALL_KINDS = """
lists:
  agree: {1: Helemaal niet, 2: , 3: Helemaal wel}
pages:
- page: one
  title: Een
  questions:
  - {kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee, else: {text: Anders, other: true}}}
  - {kind: number, name: debts, text: Hoeveel schuld?, decimals: 2, unit: euro, when: housed == 'no'}
  - {kind: scale, name: views, text: Wat vindt u?, choices: agree, items: {calm: Ik ben rustig, proud: Ik ben trots}}
  - {kind: several, name: worry, text: Zorgen?, choices: {debt: Schulden, home: Wonen}}
  - {kind: date, name: born, text: Geboren?}
  - {kind: date, name: moved, text: Verhuisd?, precision: month}
  - {kind: duration, name: sleep, text: Slaap?}
  - {kind: share, name: place, text: Waar?, parts: {office: Kantoor, home: Thuis}}
  - {kind: open, name: why, text: Waarom?}
"""


def test_one_instrument_has_its_sheets_without_its_name(fieldwork: Fieldwork) -> None:
    fieldwork.define(ALL_KINDS)
    fieldwork.said({})
    assert list(fieldwork.sheets()) == ["Readme", "Data", "Wide", "Labels", "Status", *SHARED]


def test_two_instruments_have_sheets_with_their_names(fieldwork: Fieldwork) -> None:
    for name in ("small", "a-name-of-24-letters-long"[:24]):
        fieldwork.ask("kind: text, name: why, text: Waarom?", name=name)
        fieldwork.said({"why": "zo"}, instrument=name)
    names = list(fieldwork.sheets())
    assert names == [
        "Readme",
        *(f"{sheet} a-name-of-24-letters-lon" for sheet in ("Data", "Wide", "Labels", "Status")),
        *(f"{sheet} small" for sheet in ("Data", "Wide", "Labels", "Status")),
        *SHARED,
    ]
    assert max(map(len, names)) == 31


def test_answers_stand_as_values_as_words_and_with_their_states(fieldwork: Fieldwork) -> None:
    fieldwork.define(ALL_KINDS)
    fieldwork.said(
        {
            "housed": "no", "debts": -12.5, "calm": 2, "proud": {"missing": "refused"}, "worry": ["home"],
            "born": "1975-02-28", "moved": "2021-05", "sleep": 450, "place": {"office": 40, "home": 60}, "why": "Zo.",
        }
    )  # fmt: skip
    sheets = {name: [row[META:] for row in rows] for name, rows in fieldwork.sheets().items()}
    names = (
        "housed", "housed_namely", "debts", "calm", "proud", "worry_debt", "worry_home", "born", "moved", "sleep",
        "place_office", "place_home", "why",
    )  # fmt: skip
    born = at(1975, 2, 28)
    values = ("no", None, -12.5, 2, None, 0, 1, born, "2021-05", 450, 40, 60, "Zo.")
    assert sheets["Data"] == [names, values]
    words = ("Nee", "[niet gevraagd]", -12.5, 2, "[wil niet antwoorden]", "nee", "ja")
    assert sheets["Labels"] == [names, (*words, "1975-02-28", "2021-05", 450, 40, 60, "Zo.")]
    assert sheets["Status"] == [names, (0, -96, 0, 0, -99, 0, 0, 0, 0, 0, 0, 0, 0)]


def test_what_is_known_about_a_response_stands_before_its_answers(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: text, name: why, text: Waarom?")
    token = fieldwork.said({"why": "zo"}, done=True)
    heading, row = (row[:META] for row in fieldwork.sheets()["Data"])
    assert dict(zip(heading, row, strict=True)) == {
        "km_response": token,
        "km_study": "demo",
        "km_wave": "t0",
        "km_subject": "P01",
        "km_instrument": "small",
        "km_version": 1,
        "km_state": "submitted",
        "km_language": "nl",
        "km_second_language": None,
        "km_opened_by": "ILS-222",
        "km_started_at": "2023-04-01T14:03:00+02:00",
        "km_started": at(2023, 4, 1, 14, 3),
        "km_submitted_at": "2023-04-01T14:10:00+02:00",
        "km_submitted": at(2023, 4, 1, 14, 10),
        "km_changed_at": "2023-04-01T14:10:00+02:00",
        "km_changed": at(2023, 4, 1, 14, 10),
        "km_response_version": 1,
        "km_team": None,
        "km_meeting": None,
        "km_mode": "signed_in",
        # Nobody wrote down who was there: that is no "none", and no 0 either.
        **dict.fromkeys(
            f"km_{name}"
            for name in (
                "layouts", "translation", "interpreter", "interpreter_mode", "interpreter_same", "interpreter_code",
                "promised", "others_present", "segments", *(f"relay_{code}" for code in RELAY), "tapped", "played",
            )
        ),
        "km_seconds": 7 * 60,
    }  # fmt: skip


def test_variables_with_the_names_of_these_columns_keep_them(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: km_wave, text: Hoeveel golven?")
    fieldwork.said({"km_wave": 3})
    heading, row = fieldwork.sheets()["Data"]
    assert (heading[2], row[2], heading[META:], row[META:]) == ("kkm_wave", "t0", ("km_wave",), (3,))


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"housed": "no", "worry": ["debt"]}, -96),
        ({"housed": "yes"}, -95),
        ({"housed": "yes", "worry": {"missing": "refused"}}, -99),
        ({"housed": "yes", "worry": {"missing": "dont_know"}}, -98),
        ({"housed": "yes", "worry": {"missing": "not_applicable"}}, -97),
        ({"housed": "yes", "worry": {"missing": "technical"}}, -94),
    ],
)
def test_several_answers_are_never_0_where_there_is_none(
    fieldwork: Fieldwork, answers: dict[str, Any], state: int
) -> None:
    fieldwork.ask(
        """
        kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
        kind: several, name: worry, text: Zorgen?, choices: {debt: Schulden, home: Wonen}, when: housed == 'yes'
        """
    )
    fieldwork.said(answers)
    sheets = fieldwork.sheets()
    assert sheets["Data"][1][META:] == (answers["housed"], None, None)
    assert sheets["Wide"][1][-2:] == (None, None)
    assert sheets["Status"][1][META:] == (0, state, state)


def test_answers_off_the_path_stand_in_the_trail_only(fieldwork: Fieldwork) -> None:
    fieldwork.ask(
        """
        kind: choice, name: housed, text: Huis?, choices: {yes: Ja, no: Nee}
        kind: text, name: where, text: Waar?, when: housed == 'yes'
        """
    )
    token = fieldwork.said({"housed": "yes", "where": "thuis"})
    fieldwork.said({"housed": "no"})
    sheets = fieldwork.sheets()
    assert sheets["Data"][1][META:] == ("no", None)
    begin = (token, "small", 1, "t0", "P01")
    how = ("2023-04-01T14:10:00+02:00", at(2023, 4, 1, 14, 10), "ILS-222", "page", "one", "answers")
    assert sheets["Trail"][1:] == [
        (*begin, 1, *how, "housed", None, '"yes"', None, None, None),
        (*begin, 1, *how, "where", None, '"thuis"', None, None, None),
        (*begin, 2, *how, "housed", '"yes"', '"no"', None, None, None),
    ]


def test_waves_of_one_subject_stand_side_by_side(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    for who, wave, answer in (("P02", "t1", 5), ("P01", "t1", 7), ("P01", "t0", 6)):
        fieldwork.said({"trust": answer}, who, wave)
    heading, *rows = fieldwork.sheets()["Wide"]
    chosen = [heading.index(name) for name in ("km_subject", "km_state_t0", "trust_t0", "km_state_t1", "trust_t1")]
    assert [tuple(row[i] for i in chosen) for row in rows] == [
        ("P01", "started", 6, "started", 7),
        ("P02", None, None, "started", 5),
    ]


def test_only_what_is_selected_is_exported(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    fieldwork.said({"trust": 1}, "P01", "t0", done=True)
    fieldwork.said({"trust": 2}, "P01", "t1", done=True)
    fieldwork.said({"trust": 3}, "P02", "t1")
    assert fieldwork.table(waves=("t1",), submitted_only=True) == [("trust",), (2,)]
    heading, *rows = fieldwork.sheets(waves=("t1",), submitted_only=True)["Wide"]
    assert [name for name in heading if not name.startswith("km_")] == ["trust_t1"]
    assert len(rows) == 1


def test_an_instrument_without_responses_shows_its_variables(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    assert fieldwork.table(instruments=("small",)) == [("trust",)]
    assert list(fieldwork.sheets()) == ["Readme", *SHARED]


def test_headings_stay_in_sight_and_have_filters(fieldwork: Fieldwork) -> None:
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    fieldwork.said({"trust": 1})
    workbook = openpyxl.load_workbook(fieldwork.export().path)
    found = {sheet.title: (sheet.freeze_panes, sheet.auto_filter.ref) for sheet in workbook.worksheets}
    assert found == {
        "Readme": (None, None),
        "Data": ("E2", "A1:AO2"),
        "Wide": ("B2", "A1:AN2"),
        "Labels": ("E2", "A1:AO2"),
        "Status": ("E2", "A1:AO2"),
        "Quality": ("E5", "A4:T5"),
        # Above its heading stand eight lines; its rows are the whole interview and one page, in three groups.
        "Interpreting": ("D10", "A9:V15"),
        "Long": ("B2", "A1:W1"),
        "Segments": ("B2", "A1:Y1"),
        "Events": ("B2", "A1:N1"),
        "Codebook": ("B2", "A1:Q42"),
        "Trail": ("B2", "A1:R2"),
    }
    assert workbook["Data"]["A1"].font.bold


def test_rows_beyond_a_sheet_go_on_in_the_next(fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS_AT_MOST", 3)
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    for number in range(5):
        fieldwork.said({"trust": number}, f"P0{number}")
    sheets = fieldwork.sheets()
    assert [name for name in sheets if name.startswith("Data")] == ["Data", "Data (2)", "Data (3)"]
    rows = [[row[META] for row in sheets[name]] for name in ("Data", "Data (2)", "Data (3)")]
    assert rows == [["trust", 0, 1], ["trust", 2, 3], ["trust", 4]]


def test_more_columns_than_a_sheet_has_are_refused_in_words(
    fieldwork: Fieldwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "COLUMNS_AT_MOST", META)
    fieldwork.ask("kind: number, name: trust, text: Vertrouwen?")
    fieldwork.said({"trust": 1})
    with pytest.raises(TooWide) as refused:
        fieldwork.export()
    assert str(refused.value) == (
        f"Data would have {META + 1} columns, and a sheet has {META}; "
        "choose fewer instruments or waves, or write a .zip"
    )


def test_postgresql_and_sqlite_give_the_same(database: Database, tmp_path_factory: pytest.TempPathFactory) -> None:
    fieldwork = made(database, tmp_path_factory.mktemp("export"))
    fieldwork.define(ALL_KINDS)
    fieldwork.said({"housed": "else", "housed_namely": "boot", "born": "2000-01-01"}, "P02", "t1")
    fieldwork.said({"housed": "yes"}, "P01", "t0", done=True)
    assert [row[:3] for row in fieldwork.table()] == [
        ("housed", "housed_namely", "debts"),
        ("yes", None, None),
        ("else", "boot", None),
    ]
