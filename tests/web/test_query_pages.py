"""Queries on the pages: a researcher asks, who filled it in answers, the researcher closes; others see nothing."""

from __future__ import annotations

from typing import Any

import pytest
from planned_study import PlannedStudy
from seeing import seen
from small_interview import Desk
from sqlalchemy import update

from survey.storage import audit, participants, queries, responses
from survey.storage.responses import Opening
from survey.storage.tables import Response

QUESTION = "Is dit het goede jaar?"


class Asked:
    """A query about the age that was filled in at Ilse's desk, and a browser for each of the two."""

    def __init__(self, desk: Desk, rik: Any, send: Any) -> None:
        self.desk, self.rik, self._send = desk, rik, send
        answer = send(rik, f"/study/demo/responses/{desk.token}/ask/age", words=f" {QUESTION} ")
        self.address = answer.location

    def say(self, client: Any, becomes: str, words: str = "") -> Any:
        return self._send(client, self.address, becomes=becomes, words=words)

    def status(self, client: Any) -> str:
        return seen(client.get(self.address), "//h1/span")[0]


@pytest.fixture
def desk(house: Any, sign_in: Any) -> Desk:
    desk = Desk(house, sign_in("ilse"))
    desk.send("home", q_housed="no", q_where="in de opvang", q_age="40", go="stay")
    return desk


@pytest.fixture
def query(desk: Desk, sign_in: Any, send: Any) -> Asked:
    return Asked(desk, sign_in("rik"), send)


def test_question_reaches_who_filled_it_in_and_its_answer_comes_back(query: Asked) -> None:
    ilse, rik = query.desk.client, query.rik
    assert seen(ilse.get("/queries/"), "//tbody//a") == [QUESTION]
    assert query.say(ilse, "answered", "Ja, nagevraagd.").status_code == 302
    assert seen(ilse.get("/queries/"), "//tbody//a") == []
    assert query.status(rik) == "answered"
    assert seen(rik.get("/"), "//strong")[0] == "1 query was answered"
    query.say(rik, "closed")
    assert (query.status(ilse), seen(ilse.get(query.address), "//p[@class='muted']")[-1]) == (
        "closed", "This query is closed. There is nothing to do."
    )  # fmt: skip
    query.say(rik, "open", "En de maand?")
    assert seen(ilse.get(query.address), "//ol[@class='remarks']/li/p") == [QUESTION, "Ja, nagevraagd.", "En de maand?"]


def test_open_question_stands_beside_its_question_on_the_page(query: Asked) -> None:
    ilse, mark = query.desk.client, "//div[@id='question-age']//div[contains(@class, 'query-mark')]"
    rik = query.desk.house.codes["rik"]
    assert seen(query.desk.get("page/home"), mark) == [f"Researcher {rik} asks: {QUESTION} Answer"]
    assert seen(query.desk.get("page/home"), "//div[contains(@class, 'query-mark')]/a/@href") == [query.address]
    query.say(ilse, "answered", "Ja")
    assert seen(query.desk.get("page/home"), mark) == ["You answered a researcher: Ja Look"]
    query.say(query.rik, "closed")
    assert seen(query.desk.get("page/home"), "//div[contains(@class, 'query-mark')]") == []


def test_page_as_it_was_shown_has_no_query_on_it(query: Asked) -> None:
    page = query.rik.get(f"/study/demo/responses/{query.desk.token}/shown/1")
    assert (page.status_code, seen(page, "//div[contains(@class, 'query-mark')]")) == (200, [])


def test_who_fills_in_alone_is_asked_nothing_on_the_page(query: Asked) -> None:
    with query.desk.server.database.writing() as session:
        session.execute(update(Response).values(mode="kiosk"))
        assert queries.open_queries_for(session, [queries.Reach(query.desk.house.studies["demo"], 1, None)]) == ([], 0)
    assert query.say(query.desk.client, "answered", "Ja").status_code == 404


@pytest.mark.parametrize("name", ["coen", "olga", "tara", "admin", "otto"])
def test_nobody_else_sees_a_query(query: Asked, sign_in: Any, name: str) -> None:
    client = sign_in(name)
    assert (client.get(query.address).status_code, query.say(client, "answered", "Ik").status_code) == (404, 404)
    assert seen(client.get("/queries/"), "//tbody//a") == []


def test_each_can_do_the_own_part_only(query: Asked) -> None:
    assert query.say(query.rik, "answered", "Zelf").status_code == 404
    assert query.say(query.desk.client, "closed").status_code == 404
    assert query.say(query.rik, "gone").status_code == 400


def test_answer_without_words_comes_back_with_a_kind_word(query: Asked) -> None:
    page = query.say(query.desk.client, "answered", "  ")
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, ["Write your answer first."])
    long = query.say(query.desk.client, "answered", "x" * 2001)
    assert (long.status_code, len(seen(long, "//textarea")[0])) == (422, 2001)


def test_question_without_words_is_not_asked(desk: Desk, sign_in: Any, send: Any) -> None:
    page = send(rik := sign_in("rik"), f"/study/demo/responses/{desk.token}/ask/age", words="")
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, ["Write what you would like to know."])
    assert rik.get(f"/study/demo/responses/{desk.token}/ask/nothing").status_code == 404


def test_answers_stand_page_by_page_in_the_readers_language_with_a_way_to_ask(query: Asked) -> None:
    page = query.rik.get(f"/study/demo/responses/{query.desk.token}/answers")
    home = "//section[@aria-labelledby='page-home']//li"
    assert seen(page, f"{home}/span[2]") == ["EN Nee", "in de opvang", "40"]
    assert seen(page, "//section[@aria-labelledby='page-rent']") == []
    assert seen(page, f"{home}[3]/a/@href") == [f"/study/demo/responses/{query.desk.token}/ask/age"]


def test_list_of_a_study_tells_state_and_narrows(query: Asked) -> None:
    query.say(query.desk.client, "answered", "Ja")
    of_study = "/study/demo/queries/"
    assert seen(query.rik.get(of_study), "//tbody/tr/td[3]/span") == ["EN Hoe oud bent u?"]
    assert seen(query.rik.get(f"{of_study}?status=open"), "//p[@class='empty']") == [
        "There is no such query. All queries"
    ]


def test_every_step_is_in_the_audit_trail_without_words(query: Asked) -> None:
    query.say(query.desk.client, "answered", "Ja")
    query.say(query.rik, "closed", "Dank")
    with query.desk.server.database.reading() as session:
        found = [entry for entry, _ in audit.newest(session, 10) if "query" in entry.details]
    assert [entry.action for entry in found] == ["closed a query", "answered a query", "asked about an answer"]
    assert not any(word in entry.details for entry in found for word in (QUESTION, "Ja", "Dank"))


def test_query_of_another_team_does_not_exist(planned: PlannedStudy, house: Any, sign_in: Any, send: Any) -> None:
    here = house.app.extensions["krachtmeting"]
    with here.database.writing() as session:
        north = planned.teams["north"]
        one = participants.register(session, planned.study, planned.people["ilse"], here.now(), team_id=north)
        opening = Opening(
            planned.study, planned.waves["t0"], "client-interview", 1, planned.people["ilse"], "nl",
            participant_id=one.id, team_id=north,
        )  # fmt: skip
        record = responses.response(session, responses.open_response(session, opening, here.now()))
        assert record is not None
        number = queries.ask(session, record, "age", QUESTION, planned.people["rik"], here.now())
    address = f"/study/planned/queries/{number}"
    assert [sign_in(name).get(address).status_code for name in ("ilse", "iris", "rik", "cora")] == [200, 404, 200, 404]
    assert seen(sign_in("iris").get("/queries/"), "//tbody//a") == []
    assert sign_in("rik").get(f"/study/demo/queries/{number}").status_code == 404
