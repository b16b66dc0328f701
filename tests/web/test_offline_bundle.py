"""What a browser keeps for going on without a network: pages without answers, the answers apart, and calm words."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from by_link import ByLink, Visitor
from lxml import html
from small_interview import Desk

from survey.answers.taking import take
from survey.instruments.kinds.question import Unit
from survey.web.filling_in.offline import FILES
from survey.web.filling_in.offline_mistakes import possible

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "survey" / "web" / "static"


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    return Desk(house, sign_in("ilse"), second="en")


def test_pages_come_in_each_layout_without_an_answer_or_a_token(desk: Desk) -> None:
    desk.save("last", "story", q_story="Een geheim verhaal")
    pages = desk.get("offline").json["pages"]
    assert [page["page"] for page in pages["pages"]] == ["home", "rent", "last"]
    assert pages["pages"][1]["when"] == ["==", ["name", "housed"], ["value", "yes"]]
    for page in pages["pages"]:
        assert list(page["html"]) == ["both", "staff", "participant"]
        for text in page["html"].values():
            assert "geheim" not in text
            assert html.fromstring(text).xpath("//input[@name='csrf_token']/@value") == [""]
    assert pages["checks"] == {"years": ["<=", ["name", "years"], ["name", "age"]]}
    assert pages["units"]["housed"]["required"] == "answer.required"


def test_answers_come_as_the_inputs_that_hold_them(desk: Desk) -> None:
    desk.save("home", "housed age", q_housed="!refused", q_age="12", n_housed="Keek weg.", r_housed=["", "repeated"])
    sent = {"q_worries": ["money", "other"], "q_worries_namely": "Van alles"}
    desk.save("last", "worries worries_namely years", q_years="", m_years="dont_know", **sent)
    assert desk.get("offline").json["answers"] == {
        "housed": [["q_housed", "!refused"], ["n_housed", "Keek weg."], ["r_housed", "repeated"]],
        "age": [["q_age", "12"]],
        "years": [["m_years", "dont_know"]],
        "worries": [["q_worries", "money"], ["q_worries", "other"]],
        "worries_namely": [["q_worries_namely", "Van alles"]],
    }


def test_pages_come_once_and_only_answers_after_that(desk: Desk) -> None:
    first = desk.get("offline").json
    again = desk.get(f"offline?have={first['version']}").json
    assert (again["version"], again["pages"], again["answers"]) == (first["version"], None, {})
    desk.begin(second_language="")
    other = desk.get(f"offline?have={first['version']}").json
    assert other["version"] != first["version"]
    assert list(other["pages"]["pages"][0]["html"]) == ["both"]


def test_nothing_of_a_response_that_was_handed_in_comes_to_a_device(desk: Desk) -> None:
    desk.save("home", "housed", q_housed="no")
    desk.hand_in()
    assert desk.get("offline").json == {"version": "", "pages": None, "base": desk.record.version, "answers": None}
    assert "offline_done.js" in desk.get("end").text


def test_answer_is_compressed_where_the_browser_takes_that(desk: Desk) -> None:
    plain = desk.get("offline")
    small = desk.client.get(desk.address("offline"), headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(small.data)) == plain.json
    assert len(small.data) < len(plain.data) / 5


def test_who_fills_in_alone_gets_every_word_in_their_own_language(house: Any, planned: Any, clock: Any) -> None:
    place, visitor = ByLink(house, planned, clock), Visitor(house.app.test_client())
    person = place.participant("ar")
    clock.advance(days=190)
    secret = place.link(place.task(person), "ar")
    visitor.open(secret)
    pages = visitor.client.get(f"/response/{place.record(secret).token}/offline").json["pages"]
    controls = place.here.library.controls("ar")
    assert (pages["alone"], pages["words"]["hand_in"]) == ("participant", controls["controls/hand_in"].words)
    assert (pages["words"]["lang"], pages["words"]["dir"]) == ("ar", "rtl")
    said = {words for unit in pages["units"].values() for words in unit["mistakes"].values()}
    assert said
    # What depends on what is typed is put in by the script.
    assert {found for words in said for found in re.findall(r"{.*?}|%\(", words)} <= {"{length}", "{total}"}


def test_service_worker_keeps_files_that_are_there_and_all_that_a_page_asks_for(desk: Desk) -> None:
    script = desk.client.get("/service-worker.js")
    assert (script.mimetype, script.headers["Cache-Control"]) == ("text/javascript", "no-store")
    assert script.text.startswith(f"const FILES = {json.dumps([f'/static/{name}' for name in FILES])}")
    assert [name for name in FILES if not (STATIC / name).is_file()] == []
    asked = {name for page in (desk.get("page/home"), desk.client.get("/offline")) for name in static_files(page.text)}
    assert asked - set(FILES) == set()


def static_files(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="/static/([^"#?]+)', page)


def test_calm_page_has_no_name_on_it(desk: Desk) -> None:
    page = desk.client.get("/offline").text
    assert "No connection just now" in page
    assert "ilse" not in page.lower()


RAW: dict[str, list[tuple[dict[str, list[str]], str]]] = {
    "age": [({"": ["x"]}, ""), ({"": ["1,5"]}, ""), ({"": ["1"]}, ""), ({"": ["200"]}, ""), ({"": ["20"]}, "refused")],
    "years": [({"": ["x"]}, "")],
    "worries": [({"": ["money", "none"]}, "")],
    "worries_namely": [({"": ["x" * 201]}, "")],
}


def test_words_are_there_for_each_mistake_that_can_be_made(desk: Desk) -> None:
    units: dict[str, Unit] = desk.server.library.newest["small"].units
    for name, cases in RAW.items():
        codes = {invalid.code for invalid in possible(units[name])}
        for raw, reason in cases:
            found = take(units[name], raw, reason).invalid
            assert found is not None
            assert found.code in codes
