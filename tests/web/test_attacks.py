"""Ways round the rules that somebody might try: each ends where the rules say."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import pytest
from by_link import ByLink, Visitor
from own_screen import Talk
from planned_study import PlannedStudy
from seeing import seen
from sqlalchemy import select
from test_meeting_pages import Room

from survey.storage import consents, erasing, participants, people, queries, responses
from survey.storage.tables import Participant, Response, Task

LINKS = "/study/planned/links/"


@pytest.fixture
def place(house: Any, planned: PlannedStudy, clock: Any) -> ByLink:
    return ByLink(house, planned, clock)


@pytest.fixture
def room(house: Any, planned: PlannedStudy, sign_in: Any, send: Any, clock: Any) -> Room:
    return Room(house, planned, sign_in, send, clock)


@pytest.fixture
def asked(place: ByLink) -> tuple[Participant, int]:
    """Somebody who was asked and has not agreed, and the task of rating their coach."""
    study = place.study
    with place.here.database.writing() as session:
        ilse, team = study.people["ilse"], study.teams["north"]
        found = participants.register(session, study.study, ilse, place.clock.now, "nl", team_id=team)
        days = dict.fromkeys(("opens_on", "due_on", "closes_on"), place.clock.now.date())
        whose = {"participant_id": found.id, "team_id": team, "instrument": "hope-behaviour", "by": "participant"}
        there = (Task.participant_id == found.id, Task.by == "participant")
        task = session.scalar(select(Task).where(*there))
        if task is None:
            session.add(task := Task(study_id=study.study, wave_id=study.waves["t1"], **whose, **days))
            session.flush()
        return found, task.id


def test_nobody_fills_in_alone_before_they_agreed(
    place: ByLink, asked: tuple[Participant, int], sign_in: Any, send: Any, app: Any
) -> None:
    who, task = asked
    ilse = sign_in("ilse")
    for address in (f"{LINKS}{task}", f"{LINKS}{task}/kiosk"):
        assert send(ilse, address).location == f"{LINKS}{task}"
        assert "First ask whether this person wants to take part" in ilse.get(f"{LINKS}{task}").text
    # A link that was there already opens nothing either.
    secret, visitor = place.link(task), Visitor(app.test_client())
    assert seen(visitor.client.get(f"/l/{secret}"), "//button") == []
    coach = place.link(place.task())
    greeting = visitor.client.get(f"/l/{coach}")
    csrf = seen(greeting, "//input[@name='csrf_token']/@value")[0]
    visitor.client.post("/l/", data={"csrf_token": csrf, "secret": secret})
    with place.here.database.reading() as session:
        assert session.scalars(select(Response.id).where(Response.participant_id == who.id)).all() == []


def test_nothing_is_written_down_any_more_of_who_took_the_consent_back(place: ByLink, sign_in: Any, send: Any) -> None:
    person, study = place.participant("ar"), place.study
    with place.here.database.writing() as session:
        found, ilse = session.get_one(Participant, person.id), study.people["ilse"]
        theirs = session.scalars(select(Response).where(Response.participant_id == person.id)).one()
        theirs.second_language, token = "ar", theirs.token
        consents.withdraw(session, found, ilse, place.clock.now)
        erasing.erase(session, person.id, study.people["admin"], place.clock.now)
    rik, address = sign_in("rik"), f"/study/planned/responses/{token}"
    refused = rik.get(send(rik, f"{address}/lock", lock="0", words="One more answer").location)
    assert "This person took the consent back, so this stays locked." in refused.text
    # The answers stay and can be read. Saying again who was there does not bring back what was erased.
    fields = {"language": "nl", "second_language": "ar", "interpreter": "none"}
    assert send(sign_in("ilse"), f"/response/{token}/welcome", **fields).status_code == 302
    with place.here.database.reading() as session:
        assert session.get_one(Participant, person.id).language is None
        record = responses.response(session, token)
        assert record is not None and record.locked_at is not None


def test_a_screen_beside_an_interview_takes_no_tap_after_a_withdrawal(house: Any, sign_in: Any) -> None:
    talk = Talk(house, sign_in("ilse"))
    device = talk.device()
    talk.show_unit("mood_today")
    sent = {"csrf_token": device.now()["csrf"], "unit": "mood_today", "q_mood_today": "3", "script": "1"}
    with talk.server.database.writing() as session:
        found = session.get_one(Participant, talk.record.participant_id)
        consents.withdraw(session, found, house.people["ilse"], talk.server.now())
    assert device.client.post("/screen/tap", data=sent).status_code == 410
    talk.post("card/mood_today", q_mood_today="3", script="1")
    assert talk.post("screen/pair").status_code == 302
    assert [kind for kind, _, _ in talk.happened()] == ["paired", "shown", "unpaired"]


class Both:
    """Olga as an observer who is a researcher too, while oscar has written something that she must not see yet."""

    def __init__(self, room: Room, sign_in: Any) -> None:
        study = room.planned
        with room.database.writing() as session:
            people.set_scopes(session, study.people["olga"], study.study, {"observer": None, "researcher": None})
        self.theirs = room.fill_in("oscar", {"session_rhythm": "monthly", "session_length": 97, "cases_discussed": 2})
        self.olga = sign_in("olga")
        with room.database.writing() as session:
            record = responses.response(session, self.theirs)
            assert record is not None
            words = "Were there 97 minutes?"
            self.query = queries.ask(session, record, "session_length", words, study.people["rik"], room.clock.now)

    def file(self, suffix: str = ".zip", **more: str) -> bytes:
        """All that stands in a file."""
        answer = self.olga.get("/study/planned/download/file", query_string={"format": suffix, **more})
        assert answer.status_code == 200
        with ZipFile(io.BytesIO(answer.data)) as package:
            return b"".join(package.read(name) for name in package.namelist())


def test_observer_who_is_a_researcher_too_sees_nothing_of_the_other_by_any_way(room: Room, sign_in: Any) -> None:
    both = Both(room, sign_in)
    pages = [f"queries/{both.query}", f"responses/{both.theirs}", f"responses/{both.theirs}/answers"]
    assert [both.olga.get(f"/study/planned/{page}").status_code for page in pages] == [404] * 3
    lists = [both.olga.get(f"/study/planned/{page}").text for page in ("queries/", "quality/?instrument=team-meeting")]
    assert [words for words in ("97 minutes", both.theirs) for page in lists if words in page] == []
    held = both.file() + both.file(instrument="team-meeting")
    assert [words for words in (both.theirs, "97") if f",{words},".encode() in held] == []
    left_out = "What you observe yourself is left out until all observers of that meeting have handed in."
    assert left_out in both.olga.get("/study/planned/download/check?format=.zip").text
    # Whoever does not observe it has it all, and so has she after handing in.
    assert sign_in("rik").get(f"/study/planned/queries/{both.query}").status_code == 200
    room.fill_in("olga", {"session_rhythm": "weekly", "session_length": 95, "cases_discussed": 1})
    assert both.theirs.encode() in both.file()
    assert "97 minutes" in both.olga.get("/study/planned/queries/").text


def test_observer_of_one_team_reads_no_name_of_who_observes_in_another(room: Room, sign_in: Any) -> None:
    study = room.planned
    with room.database.writing() as session:
        for name, team in (("olga", "north"), ("oscar", "south")):
            scopes = {"observer": frozenset({study.teams[team]})}
            people.set_scopes(session, study.people[name], study.study, scopes)
    olga = sign_in("olga")
    form = olga.get("/study/planned/meetings/new")
    assert seen(form, "//input[@name='observers']/@value") == [room.codes["olga"]]
    room.browser["olga"] = olga
    # Nor can they be put beside her: a code that is not on offer is no choice.
    both = [room.codes["olga"], room.codes["oscar"]]
    made = olga.get(room.plan("olga", team="north", observers=both, click="another").location)
    assert (made.status_code, "oscar" in made.text) == (200, False)
