"""Coding open answers on the pages: by two people who do not see each other's work, with quotes; and attacks."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zipfile import ZipFile

import pytest
from coded_talk import STORY, Talk
from flask import Flask
from flask.testing import FlaskClient
from planned_study import PlannedStudy

from survey.measures.coding import wording_of
from survey.storage import coding, people
from survey.storage.database import Database


@dataclass
class Desk:
    """A coded talk on the server, and browsers of rik and olga (the whole study) and iris (team south)."""

    talk: Talk
    sign_in: Callable[[str], FlaskClient]
    send: Callable[..., Any]
    database: Database

    @cached_property
    def rik(self) -> FlaskClient:
        return self.sign_in("rik")

    @cached_property
    def olga(self) -> FlaskClient:
        return self.sign_in("olga")

    @cached_property
    def iris(self) -> FlaskClient:
        return self.sign_in("iris")

    @property
    def room(self) -> str:
        return f"/study/{self.talk.planned.slug}/report/open-answers/"

    @property
    def answer(self) -> str:
        return f"{self.room}answer/{self.talk.token}/take_story"

    def post(self, who: FlaskClient, do: str, **fields: Any) -> Any:
        fields = {"wording": self.talk.spot.wording, **fields}
        return self.send(who, self.answer, do=do, **fields)

    def coded(self, who: FlaskClient, *codes: str, sentence: str = "0", done: bool = True) -> None:
        assert self.post(who, "give", sentence=sentence, code=list(codes)).status_code == 302
        if done:
            assert self.post(who, "done").status_code == 302

    def file(self, who: FlaskClient, suffix: str = ".zip") -> dict[str, bytes]:
        answer = who.get(f"/study/{self.talk.planned.slug}/download/file?format={suffix}&language=en")
        assert answer.status_code == 200
        with ZipFile(io.BytesIO(answer.data)) as package:
            return {name: package.read(name) for name in package.namelist()}

    def rows(self, who: FlaskClient) -> list[dict[str, str]]:
        held = self.file(who).get("open_answers.csv", b"")
        return list(csv.DictReader(io.StringIO(held.decode(), newline="")))


@pytest.fixture
def desk(planned: PlannedStudy, app: Flask, sign_in: Any, send: Any) -> Desk:
    database: Database = app.extensions["krachtmeting"].database
    with database.writing() as session:
        talk = Talk(session, planned)
        for name, teams in (("olga", None), ("iris", frozenset({planned.teams["south"]}))):
            people.set_scopes(session, planned.people[name], planned.study, {"researcher": teams})
    return Desk(talk, sign_in, send, database)


def marks(page: str) -> list[tuple[str, str]]:
    """The numbers of passages, and the words that they mark."""
    found = re.findall(r'<mark data-numbers="([\d ]+)">(.*?)</mark>', page)
    return [(numbers, html.unescape(words)) for numbers, words in found]


def test_passage_is_coded_without_a_script_by_ticking_sentences(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part", "belonging", done=False)
    desk.coded(desk.rik, "mattering", sentence="1", done=False)
    page = desk.rik.get(desk.answer).text
    assert marks(page) == [("1 2", "Ik ga naar het buurthuis."), ("3", "Daar rekenen ze op mij.")]
    number = re.findall(r'name="passage" value="(\d+)"', page)[2]
    assert desk.post(desk.rik, "take", passage=number).status_code == 302
    assert marks(desk.rik.get(desk.answer).text) == [("1 2", "Ik ga naar het buurthuis.")]


def test_selected_words_are_told_by_their_signs(desk: Desk) -> None:
    assert desk.post(desk.rik, "give", first="12", beyond="25", code="belonging").status_code == 302
    assert marks(desk.rik.get(desk.answer).text) == [("1", "et buurthuis.")]
    outside = desk.post(desk.rik, "give", first="3", beyond="999", code="belonging")
    assert (outside.status_code, "Choose a passage first" in outside.text) == (422, True)


def test_what_was_chosen_comes_back_with_what_is_missing(desk: Desk) -> None:
    page = desk.post(desk.rik, "give", code=["belonging", "mattering"], memo="Twijfel")
    assert page.status_code == 422
    assert "Choose a passage first" in page.text
    assert re.findall(r'name="code" value="(\w+)" checked', page.text) == ["belonging", "mattering"]
    assert ">Twijfel</textarea>" in page.text
    page = desk.post(desk.rik, "give", sentence="1")
    assert re.findall(r'name="sentence" value="(\d)" checked', page.text) == ["1"]


def test_answer_that_was_corrected_meanwhile_is_not_coded_by_old_signs(desk: Desk) -> None:
    with desk.database.writing() as session:
        desk.talk.session = session
        desk.talk.correct("Ik ga niet meer.")
    page = desk.post(desk.rik, "give", sentence="0", code="belonging")
    assert (page.status_code, "was corrected in the meantime" in page.text, "Ik ga niet meer." in page.text) == (
        409,
        True,
        True,
    )


def test_coder_sees_nothing_of_another_until_both_are_done(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    before = [desk.olga.get(desk.room + one).text for one in ("", "list", "compared/", "quotes", "list?state=both")]
    assert "Coded by you" in (page := desk.olga.get(desk.answer).text) and marks(page) == []
    assert all("No answer is coded" in one for one in (before[0], before[2]))
    assert "to be coded by you" in before[1] and "There is no such answer" in before[4]
    assert (desk.rows(desk.olga), len(desk.rows(desk.rik))) == ([], 1)
    project = desk.file(desk.olga, ".qdpx")["project.qde"]
    assert (b"PlainTextSelection" in project, b"<Users>" in project, b"TextSource" in project) == (False, False, True)
    assert b"PlainTextSelection" in desk.file(desk.rik, ".qdpx")["project.qde"]
    desk.coded(desk.olga, "mattering", sentence="1")
    for who in (desk.rik, desk.olga):
        assert marks(who.get(desk.answer).text) == [
            ("1", "Ik ga naar het buurthuis."),
            ("2", "Daar rekenen ze op mij."),
        ]
        assert {row["code"] for row in desk.rows(who)} == {"taking_part", "mattering"}
    compared = desk.olga.get(desk.room + "compared/").text
    assert "both are done with 1 answer" in compared and "Answers with different codes" in compared


def test_passage_of_another_is_not_reached_by_its_number(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    number = re.findall(r"/quote/(\d+)", desk.rik.get(desk.answer).text)[0]
    quote = f"{desk.answer}/quote/{number}"
    assert desk.olga.get(quote).status_code == 404
    assert desk.send(desk.olga, quote, words="x", anonymised="1").status_code == 404
    desk.post(desk.olga, "take", passage=number)
    with desk.database.reading() as session:
        assert len(coding.read(session, desk.talk.study, None).passages(desk.talk.spot)) == 1


def test_nothing_of_it_is_there_for_a_researcher_of_another_team(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    desk.coded(desk.olga, "mattering")
    number = re.findall(r"/quote/(\d+)", desk.rik.get(desk.answer).text)[0]
    desk.send(desk.rik, f"{desk.answer}/quote/{number}", words="Geciteerd", anonymised="1")
    assert desk.iris.get(desk.answer).status_code == 404
    assert desk.send(desk.iris, desk.answer, page="/account/", do="done").status_code == 404
    assert desk.iris.get(f"{desk.answer}/quote/{number}").status_code == 404
    told = (STORY.encode(), desk.talk.participant.code.encode(), b"Geciteerd", desk.talk.token.encode())
    for one in ("", "list", "compared/", "quotes", "list?team=north", "?team=north"):
        page = desk.iris.get(desk.room + one)
        assert (page.status_code, [word for word in told if word in page.data]) == (200, [])
    held = b"".join([*desk.file(desk.iris).values(), *desk.file(desk.iris, ".qdpx").values()])
    assert [word for word in told if word in held] == []


def test_question_that_is_not_open_or_not_asked_is_no_answer_to_code(desk: Desk) -> None:
    for unit in ("take_change", "take_how", "no_such_unit", "belong_story"):
        assert desk.rik.get(f"{desk.room}answer/{desk.talk.token}/{unit}").status_code == 404


def test_done_goes_on_to_what_is_left_and_can_be_taken_back(desk: Desk) -> None:
    answer = desk.post(desk.rik, "done")
    assert answer.location.startswith(desk.room + "list")
    page = desk.rik.get(desk.answer).text
    assert "coded by you, not by a second person yet" in page
    assert desk.post(desk.rik, "give", sentence="0", code="belonging").status_code == 422
    assert desk.post(desk.rik, "reopen").status_code == 302
    desk.coded(desk.rik, "belonging")
    desk.coded(desk.olga, "belonging")
    page = desk.post(desk.rik, "reopen")
    assert (page.status_code, "The codes stay as they are" in page.text) == (409, True)


def test_only_a_quote_that_was_looked_at_leaves_the_server(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    number = re.findall(r"/quote/(\d+)", desk.rik.get(desk.answer).text)[0]
    quote = f"{desk.answer}/quote/{number}"
    assert "agreed to be quoted" in desk.rik.get(quote).text
    empty = desk.send(desk.rik, quote, words=" ", anonymised="1")
    assert (empty.status_code, 'name="anonymised" value="1" checked' in empty.text) == (422, True)
    desk.send(desk.rik, quote, words="Ik ga naar [een plek].")
    assert "not looked at yet: stays here" in desk.rik.get(desk.room + "quotes").text
    assert [row["quote"] for row in desk.rows(desk.rik)] == [""]
    desk.send(desk.rik, quote, words="Ik ga naar [een plek].", anonymised="1")
    assert [row["quote"] for row in desk.rows(desk.rik)] == ["Ik ga naar [een plek]."]
    assert "Ik ga naar [een plek]." in desk.rik.get(desk.room).text
    desk.send(desk.rik, quote, remove="1")
    assert [row["quote"] for row in desk.rows(desk.rik)] == [""]


def test_code_is_added_for_everybody_who_codes(desk: Desk) -> None:
    page = desk.send(desk.rik, desk.room + "codes/", title="Wachten", memo="")
    assert (page.status_code, 'value="Wachten"' in page.text, "Write what the code means" in page.text) == (
        422,
        True,
        True,
    )
    assert desk.send(desk.rik, desk.room + "codes/", title="Wachten", memo="Iets duurt").status_code == 302
    assert "Iets duurt" in desk.olga.get(desk.room + "codes/").text
    desk.coded(desk.olga, "wachten")
    assert desk.send(desk.rik, desk.room + "codes/", title="wachten", memo="Nog eens").status_code == 422


def test_audit_trail_says_who_coded_what_and_not_with_which_code(desk: Desk, trail: Any) -> None:
    desk.coded(desk.rik, "mattering")
    desk.post(desk.rik, "reopen")
    found = [(action, details) for action, _, details in trail()][-3:]
    details = {"study": desk.talk.planned.slug, "response": desk.talk.token, "unit": "take_story"}
    assert found == [
        ("coded a passage", details),
        ("finished an open answer", details),
        ("reopened an open answer", details),
    ]


def test_answer_coded_in_earlier_words_says_so(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    with desk.database.writing() as session:
        desk.talk.session = session
        desk.talk.correct("Ik ga 🙂 niet meer. Echt.")
    page = desk.rik.get(desk.answer).text
    assert "Coded in an earlier wording" in page and "Ik ga naar het buurthuis." in page
    assert [(row["wording"], row["quote"]) for row in desk.rows(desk.rik)] == [("earlier", "")]
    desk.post(desk.rik, "give", wording=wording_of("Ik ga 🙂 niet meer. Echt."), sentence="1", code="recovery")
    assert marks(desk.rik.get(desk.answer).text) == [("1", "Echt.")]


def test_codes_of_another_in_earlier_words_are_hidden_until_both_coded_the_present_ones(desk: Desk) -> None:
    desk.coded(desk.rik, "taking_part")
    desk.coded(desk.olga, "mattering", sentence="1")
    with desk.database.writing() as session:
        desk.talk.session = session
        desk.talk.correct("Ik ga naar het buurthuis. Daar rekenen ze nu op mij.")
    now = wording_of("Ik ga naar het buurthuis. Daar rekenen ze nu op mij.")

    def earlier(who: FlaskClient) -> list[str]:
        shown = who.get(desk.answer).text.partition('id="earlier-title"')[2]
        return re.findall(r'<span class="passage-words">(.*?)</span>', shown)

    own = ["Ik ga naar het buurthuis."]
    assert (earlier(desk.rik), earlier(desk.olga)) == (own, ["Daar rekenen ze op mij."])
    desk.post(desk.rik, "done", wording=now)
    assert earlier(desk.rik) == own
    desk.post(desk.olga, "done", wording=now)
    assert earlier(desk.rik) == [*own, "Daar rekenen ze op mij."]
