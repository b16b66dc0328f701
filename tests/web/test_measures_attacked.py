"""Reports against those who want to know what they may not: of another team, and of a meeting they still observe."""

from __future__ import annotations

import io
import re
from typing import Any
from zipfile import ZipFile

import pytest
from by_link import ByLink
from coded_talk import Talk
from flask.testing import FlaskClient
from own_questionnaires import hands_in, new_coach
from planned_study import PlannedStudy
from sqlalchemy import select
from test_agreement_page import ONE, Meetings

from survey.storage import coding, people, quotes, responses
from survey.storage.record import Saving
from survey.storage.tables import Response

ROOM = "/study/planned/"
PAGES = (
    "report/response/", "report/fidelity/", "report/fidelity/?team=north", "report/scales/?instrument=coach-fidelity",
    "report/scales/?instrument=closing-interview&team=north", "report/change/", "report/change/?team=north",
    "report/agreement/", "report/agreement/?team=north", "report/open-answers/", "report/open-answers/?team=north",
    "report/open-answers/list?team=north", "report/open-answers/compared/", "report/open-answers/quotes",
    "report/planner/", "report/all/?language=en", "report/all/?language=nl&team=north", "poster/", "poster/?team=north",
)  # fmt: skip
FILES = (".zip", ".xml", ".qdpx")


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


def told(browser: FlaskClient, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """All that the reports and files say to somebody; without the signs that are new on each page."""
    found: dict[str, Any] = {}
    for address in (*PAGES, *more):
        page = browser.get(ROOM + address)
        assert page.status_code == 200, address
        found[address] = re.sub(r'(nonce|value)="[^"]{60,}"', "", page.text)
    for suffix in FILES:
        file = browser.get(f"{ROOM}download/file?format={suffix}&language=en")
        assert file.status_code == 200, suffix
        found[suffix] = held(file.data) if suffix != ".xml" else file.data
    return found


def held(package: bytes) -> dict[str, bytes]:
    """The files of a package by name."""
    with ZipFile(io.BytesIO(package)) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_nothing_that_comes_in_in_another_team_changes_what_somebody_is_told(place: ByLink, sign_in: Any) -> None:
    south = frozenset({place.study.teams["south"]})
    with place.here.database.writing() as session:
        people.set_scopes(session, place.study.people["iris"], place.study.study, {"researcher": south})
    for name in ("carla", "chris", "cas"):
        hands_in(place, new_coach(place, name, "south"), "south")
    iris = sign_in("iris")
    coach = place.study.codes["coen"]
    more = (f"report/fidelity/?coach={coach}", f"report/open-answers/list?code={coach[:2]}")
    before = told(iris, more)
    hands_in(place, place.study.people["coen"], caseload=60)
    with place.here.database.writing() as session:
        talk = Talk(session, place.study)
        for coder in (talk.rik, talk.olga):
            talk.give(coder, "belonging")
            talk.finish(coder)
    after = told(iris, more)
    assert [address for address in before if before[address] != after[address]] == []
    assert told(sign_in("rik")) != after


def test_researcher_who_still_observes_is_told_nothing_of_what_the_other_wrote(place: ByLink, sign_in: Any) -> None:
    study = place.study
    meetings = Meetings(place.house, study, place.clock)
    with place.here.database.writing() as session:
        people.set_scopes(session, study.people["oscar"], study.study, {"researcher": None, "observer": None})
    meetings.observed(ONE, None)
    oscar, rik = sign_in("oscar"), sign_in("rik")
    before, of_rik = told(oscar), told(rik)
    with place.here.database.writing() as session:
        token = session.scalars(select(Response.token).where(Response.person_id == study.people["olga"])).one()
        record = responses.response(session, token, for_writing=True)
        assert record is not None
        values: Any = {("answers", unit): 1 for unit in ONE} | {("answers", "session_rhythm"): "weekly"}
        saving = Saving("correction", "session", study.people["rik"], record.version, values, reason="misheard")
        responses.save(session, record, saving, place.clock.now)
    after = told(oscar)
    assert [address for address in before if before[address] != after[address]] == []
    assert told(rik) != of_rik


def test_coder_is_told_the_same_whatever_the_other_one_gives_and_whether_they_are_done(
    place: ByLink, sign_in: Any
) -> None:
    with place.here.database.writing() as session:
        people.set_scopes(session, place.study.people["olga"], place.study.study, {"researcher": None})
        talk = Talk(session, place.study)
        talk.give(talk.rik, "belonging")
    olga, more = sign_in("olga"), (f"report/open-answers/answer/{talk.token}/take_story", "report/open-answers/list")
    before = told(olga, more)
    with place.here.database.writing() as session:
        talk.session = session
        talk.give(talk.rik, "mattering", "recovery", first=4, beyond=9)
        passage = coding.read(session, talk.study, None).passages(talk.spot)[0].id
        quotes.mark(session, passage, "Quoted", anonymised=True, by=talk.rik, now=place.clock.now)
        talk.finish(talk.rik)
    after = told(olga, more)
    assert [address for address in before if before[address] != after[address]] == []
