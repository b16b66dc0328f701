"""What an export says about interpreters, languages and relaying: a column for each response, a row for each answer."""

from __future__ import annotations

from typing import Any

import pytest
from fieldwork import Fieldwork, made
from interpreted import TWO_PAGES, at, opened, rows, translate

from exports.about import NAMES, PREFIX, joined
from exports.wide import NAME_LIMIT
from survey.answers.relay import RELAY
from survey.storage import taps
from survey.storage.database import Database
from survey.storage.responses import response

WENT = NAMES[NAMES.index("layouts") :]
"""The columns that say how a response went."""


def went(fieldwork: Fieldwork, **more: Any) -> list[dict[str, Any]]:
    """Those columns of each response that say anything, by name without prefix."""
    names = {PREFIX + name: name for name in WENT}
    return [
        {names[name]: cell for name, cell in row.items() if name in names and cell is not None}
        for row in rows(fieldwork, "Data", **more)
    ]


@pytest.fixture
def switched(fieldwork: Fieldwork) -> Fieldwork:
    """An interview that begins alone and goes on with an interpreter by phone, in Dutch and Arabic."""
    fieldwork.define(TWO_PAGES)
    translate(fieldwork, {"views/text": "reviewed", "views/items/proud": "draft", "help/hint": "draft"})
    talk = opened(fieldwork, second="ar").company(0, "none", others=("children",))
    talk.save(30, "home", {"housed": "no", "calm": 2}, {"views": ["repeated"]})
    talk.company(40, "professional", "phone", same="first", code="T-12", promised=True, others=("children", "friend"))
    talk.layout(45, "participant")
    talk.save(90, "home", {"proud": 1}, {"views": ["difficulty", "repeated"]})
    talk.layout(95, "staff")
    talk.save(150, "money", {"debts": {"missing": "refused"}, "help": ["family"]}, {"debts": ["not_fully", "repeated"]})
    talk.event(160, "tapped", participant=True, page="money", unit="help", answer=["family"], where="screen")
    talk.event(161, "confirmed", page="money", unit="help", tapped=["family"], recorded=["family"])
    talk.event(165, "played", participant=True, page="money", unit="place", keys=["place/text", "place/parts/office"])
    talk.event(166, "played", participant=True, page="money", unit="place")
    talk.save(163, "money", {"place": {"office": 40, "home": 60}}, kind="autosave")
    talk.save(170, None)
    return fieldwork


def test_response_says_who_was_there_in_order_and_how_it_was_relayed(switched: Fieldwork) -> None:
    assert went(switched) == [
        {
            "layouts": "both+participant+staff",
            "translation": "draft",
            "interpreter": "none+professional",
            "interpreter_mode": "phone",
            "interpreter_same": "first",
            "interpreter_code": "T-12",
            "promised": "yes",
            "others_present": "children+friend",
            "segments": 2,
            **{f"relay_{code}": 0 for code in RELAY},
            "relay_not_fully": 1,
            "relay_difficulty": 1,
            "relay_repeated": 2,
            "tapped": 1,
            "played": 3,
            "seconds": 170,
        }
    ]


def test_where_nobody_wrote_it_down_it_is_empty_and_never_none(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork, "P01")
    opened(fieldwork, "P02").save(20, "home", {"housed": "yes"}, {"housed": ["card"]})
    opened(fieldwork, "P03").company(0, "none").save(20, "home", {"housed": "yes"})
    zeros: dict[str, Any] = {f"relay_{code}": 0 for code in RELAY} | {"tapped": 0, "played": 0}
    assert went(fieldwork) == [
        {},
        {"relay_card": 1, "seconds": 20},
        {"interpreter": "none", "segments": 1, "seconds": 20, **zeros},
    ]


def test_segment_in_which_nothing_was_saved_does_not_count_for_the_response(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "relative", "in_person").company(5, "professional", "video")
    talk.save(20, "home", {"housed": "yes"})
    (row,) = went(fieldwork)
    assert (row["interpreter"], row["interpreter_mode"], row["promised"], row["segments"]) == (
        "professional", "video", "no", 1,
    )  # fmt: skip
    assert [(one["segment"], one["interpreter"], one["pages"]) for one in rows(fieldwork, "Segments")] == [
        (1, "relative", 0),
        (2, "professional", 1),
    ]


def test_company_that_was_written_down_after_the_last_save_is_not_said_to_have_been_there(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork, "P01").save(20, "home", {"housed": "yes"}).company(30, "minor", "in_person")
    opened(fieldwork, "P02").company(0, "minor", "in_person")
    assert [row.get("interpreter") for row in went(fieldwork)] == [None, "minor"]
    assert [row["seconds"] for row in rows(fieldwork, "Segments")] == [0, 0]


@pytest.mark.parametrize(
    ("statuses", "language", "lowest"),
    [
        ({}, "ar", "approved"),
        ({"views/text": "pretested", "help/text": "reviewed"}, "ar", "reviewed"),
        ({"help/text": ""}, "ar", "untranslated"),
        ({}, None, None),
    ],
)
def test_response_says_the_lowest_status_of_the_words_that_its_participant_saw(
    fieldwork: Fieldwork, statuses: dict[str, str], language: str | None, lowest: str | None
) -> None:
    fieldwork.define(TWO_PAGES)
    translate(fieldwork, statuses)
    opened(fieldwork, second=language).save(20, "home", {"housed": "yes"})
    assert went(fieldwork)[0].get("translation") == lowest


def test_status_is_that_of_the_words_as_they_were_and_only_where_they_stood_on_the_page(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    translate(fieldwork, {"housed/text": "draft"})
    talk = opened(fieldwork, "P01", second="ar").save(20, "home", {"housed": "yes"})
    translate(fieldwork, {})
    talk.save(30, "home", {"calm": 1})
    opened(fieldwork, "P02", second="ar").layout(1, "staff").save(20, "home", {"housed": "yes"})
    assert [row.get("translation") for row in went(fieldwork)] == ["draft", None]
    answers = {(row["km_subject"], row["unit"]): row for row in rows(fieldwork, "Long")}
    assert {key: (row["second_language"], row["translation"]) for key, row in answers.items()} == {
        ("P01", "housed"): ("ar", "draft"),
        ("P01", "calm"): ("ar", "approved"),
        ("P02", "housed"): (None, None),
    }


def test_waves_have_these_columns_side_by_side_within_the_limit_of_names(switched: Fieldwork) -> None:
    opened(switched, "P01", "t1").company(0, "relative", "in_person").save(10, "home", {"housed": "no"})
    (row,) = rows(switched, "Wide")
    assert (row["km_interpreter_t0"], row["km_interpreter_t1"]) == ("none+professional", "relative")
    assert (row["km_relay_repeated_t0"], row["km_relay_repeated_t1"]) == (2, 0)
    assert {f"{PREFIX}{name}_{wave}" for name in WENT for wave in ("t0", "t1")} <= set(row)
    assert max(len(f"kk{PREFIX}{name}_abc") for name in NAMES) <= NAME_LIMIT


def test_code_book_explains_these_columns_in_english_and_dutch(switched: Fieldwork) -> None:
    found = {row["variable"]: row for row in rows(switched, "Codebook")}
    assert found["km_interpreter"]["text"] == "who interpreted / wie er tolkte"
    assert found["km_interpreter"]["type"] == "codes, + between them"
    assert found["km_interpreter_mode"]["codes"] == (
        "in_person = in the room / in de kamer; phone = by phone / aan de telefoon; video = by video / via beeldbellen"
    )
    assert (found["km_translation"]["type"], found["km_seconds"]["type"]) == ("code", "whole number")
    assert all(" / " in found[PREFIX + name]["text"] for name in NAMES)


def test_row_of_an_answer_says_how_it_came_about(switched: Fieldwork) -> None:
    found = {row["unit"]: row for row in rows(switched, "Long")}
    assert list(found) == ["housed", "calm", "proud", "debts", "help", "place"]
    names = ("value", "status", "save", "segment", "interpreter", "mode", "second_language", "layout", "translation",
             "relay", "tapped")  # fmt: skip
    assert {unit: tuple(row[name] for name in names) for unit, row in found.items()} == {
        "housed": ("no", 0, 1, 1, "none", None, "ar", "both", "approved", None, None),
        "calm": (2, 0, 1, 1, "none", None, "ar", "both", "reviewed", "difficulty+repeated", None),
        "proud": (1, 0, 2, 2, "professional", "phone", "ar", "participant", "draft", "difficulty+repeated", None),
        "debts": (None, -99, 3, 2, "professional", "phone", None, "staff", None, "not_fully+repeated", None),
        "help": ("family", 0, 3, 2, "professional", "phone", None, "staff", None, None, "yes"),
        "place": ("home=60+office=40", 0, 4, 2, "professional", "phone", None, "staff", None, None, None),
    }
    assert {row["question"] for row in found.values()} == {"housed", "views", "debts", "help", "place"}
    assert (found["place"]["kind"], found["place"]["at"]) == ("autosave", "2023-04-01T14:05:43+02:00")


def test_row_of_an_answer_is_of_its_present_value(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "none").save(10, "home", {"housed": "yes", "calm": 1})
    talk.company(20, "peer", "in_person").save(30, "home", {"housed": "no", "calm": 1}).save(40, None)
    talk.save(5000, "home", {"calm": 2}, kind="correction")
    found = {row["unit"]: (row["value"], row["interpreter"], row["kind"]) for row in rows(fieldwork, "Long")}
    assert found == {"housed": ("no", "peer", "page"), "calm": (2, "peer", "correction")}
    assert went(fieldwork)[0]["seconds"] == 40


def test_answer_is_tapped_only_as_long_as_it_is_the_one_that_the_participant_tapped(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    refused = {"missing": "refused"}
    talk = opened(fieldwork).company(0, "professional", "phone")
    for unit, answer in (("housed", "yes"), ("calm", 1), ("proud", refused)):
        talk.event(10, "confirmed", page="home", unit=unit, tapped=answer, recorded=answer)
    talk.save(12, "home", {"housed": "yes", "calm": 1, "proud": refused}).save(300, "home", {"calm": 2})
    talk.event(310, "confirmed", page="money", unit="help", tapped=["other"], recorded=["family"])
    talk.save(311, "money", {"help": ["family"]})
    assert {row["unit"]: row["tapped"] for row in rows(fieldwork, "Long")} == {
        "housed": "yes",
        "calm": None,
        "proud": "yes",
        "help": None,
    }
    assert went(fieldwork)[0]["tapped"] == 4


def test_answer_that_a_participant_tapped_and_the_interviewer_took_over_is_found_as_storage_keeps_it(
    fieldwork: Fieldwork,
) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "professional", "phone")
    with fieldwork.database.writing() as session:
        record = response(session, talk.token, for_writing=True)
        assert record is not None
        for unit, answer in (("help", ["family"]), ("calm", 2)):
            taps.tap(session, record, "home", unit, answer, "screen", at(5))
        taps.confirm(session, record, "help", ["family"], fieldwork.ilse, at(6))
        taps.decline(session, record, "calm", fieldwork.ilse, at(7))
    talk.save(8, "home", {"help": ["family"], "calm": 2})
    assert {row["unit"]: row["tapped"] for row in rows(fieldwork, "Long")} == {"help": "yes", "calm": None}
    assert went(fieldwork)[0]["tapped"] == 1
    told = [(row["kind"], row["by"], row["details"]) for row in rows(fieldwork, "Events")[1:]]
    assert told == [
        ("tapped", "participant", "answer: family; where: screen"),
        ("tapped", "participant", "answer: 2; where: screen"),
        ("confirmed", "ILS-222", "recorded: family; tapped: family"),
        ("declined", "ILS-222", "tapped: 2"),
    ]


def test_responses_of_which_nothing_is_on_record_have_no_rows_in_long(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    opened(fieldwork, "P01").save(10, "home", {"housed": "yes"})
    opened(fieldwork, "P02").company(0, "none").save(10, "home", {"housed": "no"})
    assert [(row["km_subject"], row["value"]) for row in rows(fieldwork, "Long")] == [("P02", "no")]


def test_answers_off_the_path_are_not_in_long(fieldwork: Fieldwork) -> None:
    fieldwork.define(TWO_PAGES)
    talk = opened(fieldwork).company(0, "none").save(10, "home", {"housed": "no"}).save(20, "money", {"debts": 5})
    talk.save(30, "home", {"housed": "yes"})
    assert [row["unit"] for row in rows(fieldwork, "Long")] == ["housed"]


def test_relaying_stands_in_the_trail_under_its_question(switched: Fieldwork) -> None:
    found = [row for row in rows(switched, "Trail") if row["part"] == "relay"]
    assert [(row["unit"], row["old"], row["new"], row["second_language"]) for row in found] == [
        ("views", None, '["repeated"]', "ar"),
        ("views", '["repeated"]', '["difficulty","repeated"]', "ar"),
        ("debts", None, '["not_fully","repeated"]', None),
    ]
    assert [row["language"] for row in found] == ["nl", None, "nl"]


def test_codes_are_joined_in_order_and_each_once() -> None:
    assert joined(["none", None, "professional", "none", ""]) == "none+professional"
    assert joined([None]) is None


def test_postgresql_and_sqlite_say_the_same_about_interpreters(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fieldwork = made(database, tmp_path_factory.mktemp("export"))
    fieldwork.define(TWO_PAGES)
    translate(fieldwork, {})
    talk = opened(fieldwork, second="ar").company(0, "professional", "phone", code="T-1").event(5, "played")
    talk.save(30, "home", {"housed": "no"}, {"housed": ["card"]}).event(31, "confirmed", unit="housed", tapped="no")
    (row,) = went(fieldwork)
    names = ("interpreter", "translation", "relay_card", "played", "tapped", "seconds")
    assert {name: row[name] for name in names} == {
        "interpreter": "professional", "translation": "approved", "relay_card": 1, "played": 1, "tapped": 1,
        "seconds": 30,
    }  # fmt: skip
    assert [one["tapped"] for one in rows(fieldwork, "Long")] == ["yes"]
    assert [one["kind"] for one in rows(fieldwork, "Events")] == ["segment", "played", "confirmed"]
