"""A researcher's start page, and a researcher of one team: everything of another team is as if it did not exist."""

from __future__ import annotations

from typing import Any

import pytest
from planned_study import PlannedStudy
from seeing import seen

from survey.storage import participants, people, queries, responses
from survey.storage.record import Saving
from survey.storage.responses import Opening

RESPONSES = "/study/planned/responses/"


@pytest.fixture
def tokens(planned: PlannedStudy, house: Any) -> dict[str, str]:
    """An interview in each team that was handed in, and asked about; Rik researches in the north only."""
    here, found = house.app.extensions["krachtmeting"], {}
    with here.database.writing() as session:
        people.set_scopes(
            session, planned.people["rik"], planned.study, {"researcher": frozenset({planned.teams["north"]})}
        )
        for team, team_id in planned.teams.items():
            one = participants.register(session, planned.study, planned.people["ilse"], here.now(), team_id=team_id)
            opening = Opening(
                planned.study, planned.waves["t0"], "client-interview", 1, planned.people["ilse"], "nl",
                participant_id=one.id, team_id=team_id,
            )  # fmt: skip
            found[team] = responses.open_response(session, opening, here.now())
            record = responses.response(session, found[team], for_writing=True)
            assert record is not None
            responses.submit(session, record, Saving("submit", None, planned.people["ilse"], 0), here.now())
            queries.ask(session, record, "age", f"Klopt dit, {team}?", planned.people["admin"], here.now())
    return found


def test_researcher_of_one_team_sees_that_team_only(tokens: dict[str, str], sign_in: Any) -> None:
    rik = sign_in("rik")
    assert seen(rik.get(RESPONSES), "//tbody//input/@value") == [tokens["north"]]
    assert seen(rik.get("/study/planned/queries/"), "//tbody//a") == ["Klopt dit, north?"]
    progress = rik.get("/study/planned/progress/?team=south")
    assert seen(progress, "//table[caption]/tbody/tr[1]/td") == ["1"]
    assert seen(progress, "//select") == []
    pages = ("", "/answers", "/ask/age")
    assert [rik.get(f"{RESPONSES}{tokens['north']}{page}").status_code for page in pages] == [200, 200, 200]
    assert [rik.get(f"{RESPONSES}{tokens['south']}{page}").status_code for page in pages] == [404, 404, 404]
    assert [rik.get(f"/study/planned/queries/{number}").status_code for number in (1, 2)] == [200, 404]


def test_researcher_of_one_team_locks_nothing_elsewhere(
    tokens: dict[str, str], sign_in: Any, send: Any, house: Any
) -> None:
    rik = sign_in("rik")
    send(rik, f"{RESPONSES}lock", token=list(tokens.values()))
    assert send(rik, f"{RESPONSES}{tokens['south']}/lock", lock="1").status_code == 404
    assert send(rik, f"{RESPONSES}{tokens['south']}/ask/age", words="En dit?").status_code == 404
    with house.app.extensions["krachtmeting"].database.reading() as session:
        found = {team: responses.response(session, token) for team, token in tokens.items()}
    assert {team: record is not None and record.locked_at is not None for team, record in found.items()} == {
        "north": True, "south": False
    }  # fmt: skip


def test_start_page_has_what_needs_attention_on_top(tokens: dict[str, str], sign_in: Any, send: Any) -> None:
    rik = sign_in("rik")
    assert seen(rik.get("/"), "//li/div/strong")[0] == "Who is where"
    send(sign_in("ilse"), "/study/planned/queries/1", becomes="answered", words="Ja")
    page = rik.get("/")
    first = "(//ul[@class='work-list'])[1]/li[1]"
    assert seen(page, f"{first}//strong | {first}//a/@href") == [
        "1 query was answered", "/study/planned/queries/?status=answered"
    ]  # fmt: skip
    assert seen(page, "//li/div/span")[1] == "How far participants came"
