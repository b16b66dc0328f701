"""Who is refused where: every route for every role, and everything of another study."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.instruments.library import Library
from survey.measures.coding import Spot, wording_of
from survey.storage import coding, participants, people, queries, responses, studies
from survey.storage.record import Saving
from survey.storage.recordings import MARK, Sound, fingerprint, keep_recording
from survey.storage.responses import Opening
from survey.storage.tables import Meeting, MeetingObserver, StepTime, Task

ALL = frozenset({"nobody", "ilse", "coen", "olga", "rik", "tara", "admin", "otto"})
SIGNED_IN = ALL - {"nobody"}

TABLE: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/static/<path:filename>"): ALL,
    ("GET", "/health"): ALL,
    ("GET", "/offline"): ALL,
    ("GET", "/service-worker.js"): ALL,
    ("GET", "/ready"): ALL,
    ("GET", "/accessibility"): ALL,
    ("GET", "/sign-in"): ALL,
    ("POST", "/sign-in"): ALL,
    ("GET", "/session"): ALL,
    ("GET", "/"): SIGNED_IN,
    ("GET", "/account/"): SIGNED_IN,
    ("POST", "/account/language"): SIGNED_IN,
    ("GET", "/account/password"): SIGNED_IN,
    ("POST", "/account/password"): SIGNED_IN,
    ("POST", "/account/sessions"): SIGNED_IN,
    ("POST", "/account/again"): SIGNED_IN,
    ("GET", "/account/second-factor"): SIGNED_IN,
    ("POST", "/account/second-factor"): SIGNED_IN,
    ("POST", "/account/organisation"): frozenset(),
    ("GET", "/sign-in/code"): SIGNED_IN,
    ("POST", "/sign-in/code"): SIGNED_IN,
    ("GET", "/sign-in/new-password"): SIGNED_IN,
    ("POST", "/sign-in/new-password"): SIGNED_IN,
    ("GET", "/sign-in/set-up"): SIGNED_IN,
    ("POST", "/sign-in/set-up"): SIGNED_IN,
    ("GET", "/sign-in/organisation"): SIGNED_IN,
    ("GET", "/sign-in/organisation/back"): SIGNED_IN,
    ("POST", "/session/extend"): SIGNED_IN,
    ("POST", "/session/sign-in"): ALL,
    ("GET", "/admin/"): frozenset({"admin"}),
    ("GET", "/admin/audit"): frozenset({"admin"}),
    ("GET", "/admin/audit/file"): frozenset({"admin"}),
    ("GET", "/admin/languages"): frozenset({"admin"}),
    ("GET", "/admin/emergency-file"): frozenset({"admin"}),
    ("POST", "/admin/emergency-file"): frozenset({"admin"}),
    ("POST", "/admin/emergency-file/save"): frozenset({"admin"}),
    ("GET", "/admin/settings"): frozenset({"admin"}),
    ("GET", "/admin/links"): frozenset({"admin"}),
    ("POST", "/admin/links"): frozenset({"admin"}),
    ("GET", "/admin/studies/<slug>"): frozenset({"admin"}),
    ("POST", "/admin/studies/<slug>"): frozenset({"admin"}),
    ("POST", "/admin/studies/<slug>/plan"): frozenset({"admin"}),
    ("POST", "/admin/studies/<slug>/seed"): frozenset({"admin"}),
    ("GET", "/admin/studies/<slug>/drawn"): frozenset({"admin"}),
    ("GET", "/admin/instruments"): frozenset({"admin"}),
    ("GET", "/admin/erasing/"): frozenset({"admin"}),
    ("GET", "/admin/erasing/<slug>/<code>"): frozenset({"admin"}),
    ("POST", "/admin/erasing/<slug>/<code>"): frozenset({"admin"}),
    ("GET", "/admin/people/<int:person_id>"): frozenset({"admin"}),
    ("POST", "/admin/people/<int:person_id>"): frozenset({"admin"}),
    ("GET", "/admin/people/new"): frozenset({"admin"}),
    ("POST", "/admin/people/new"): frozenset({"admin"}),
    ("GET", "/admin/studies"): frozenset({"admin"}),
    ("GET", "/admin/studies/new"): frozenset({"admin"}),
    ("POST", "/admin/studies/new"): frozenset({"admin"}),
    ("GET", "/study/<slug>/participants/"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/begin/<instrument>/<wave>"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/new"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/new"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>/change"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/change"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>/consent"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/consent"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/decline"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>/leave"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/leave"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/return"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>/withdraw"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/withdraw"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/participants/<code>/identity/"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/identity/"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/participants/<code>/identity/show"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/own/<instrument>/<wave>"): frozenset({"coen"}),
    ("GET", "/response/<token>/"): frozenset({"ilse"}),
    ("GET", "/response/<token>/welcome"): frozenset({"ilse"}),
    ("POST", "/response/<token>/welcome"): frozenset({"ilse"}),
    ("GET", "/response/<token>/page/<name>"): frozenset({"ilse"}),
    ("POST", "/response/<token>/page/<name>"): frozenset({"ilse"}),
    ("POST", "/response/<token>/save"): frozenset({"ilse"}),
    ("POST", "/response/<token>/hand-in"): frozenset({"ilse"}),
    ("POST", "/response/<token>/journal-key"): frozenset({"ilse"}),
    ("GET", "/response/<token>/offline"): frozenset({"ilse"}),
    ("GET", "/response/<token>/pages"): frozenset({"ilse"}),
    ("GET", "/response/<token>/paused"): frozenset({"ilse"}),
    ("GET", "/response/<token>/end"): frozenset({"ilse"}),
    ("POST", "/response/<token>/submit"): frozenset({"ilse"}),
    ("GET", "/response/<token>/screen"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/pair"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/end"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/tapping"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/blank"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/show"): frozenset({"ilse"}),
    ("GET", "/response/<token>/screen/state"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/confirm"): frozenset({"ilse"}),
    ("POST", "/response/<token>/screen/decline"): frozenset({"ilse"}),
    ("GET", "/response/<token>/card/<unit>"): frozenset({"ilse"}),
    ("POST", "/response/<token>/card/<unit>"): frozenset({"ilse"}),
    ("POST", "/response/<token>/card-opened"): frozenset({"ilse"}),
    ("POST", "/response/<token>/played"): frozenset({"ilse"}),
    ("GET", "/response/<token>/cards/<name>"): frozenset({"ilse"}),
    ("GET", "/screen/"): ALL,
    ("GET", "/screen/join"): ALL,
    ("POST", "/screen/join"): ALL,
    ("GET", "/screen/join/<link>"): ALL,
    ("GET", "/screen/now"): ALL,
    ("POST", "/screen/tap"): ALL,
    ("POST", "/screen/played"): ALL,
    ("GET", "/screen/sound/<language>/<path:context>"): ALL,
    ("GET", "/study/<slug>/responses/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/responses/<token>"): frozenset({"rik"}),
    ("GET", "/study/<slug>/responses/<token>/shown/<int:version>"): frozenset({"rik"}),
    ("GET", "/study/<slug>/responses/<token>/answers"): frozenset({"rik"}),
    ("GET", "/study/<slug>/responses/<token>/ask/<unit>"): frozenset({"rik"}),
    ("POST", "/study/<slug>/responses/<token>/ask/<unit>"): frozenset({"rik"}),
    ("POST", "/study/<slug>/responses/<token>/lock"): frozenset({"rik"}),
    ("POST", "/study/<slug>/responses/lock"): frozenset({"rik"}),
    ("GET", "/study/<slug>/queries/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/queries/<int:query>"): frozenset({"rik", "ilse"}),
    ("POST", "/study/<slug>/queries/<int:query>"): frozenset({"rik", "ilse"}),
    ("GET", "/queries/"): SIGNED_IN,
    ("GET", "/study/<slug>/progress/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/response/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/all/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/feedback/"): frozenset({"coen"}),
    ("GET", "/study/<slug>/poster/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/fidelity/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/scales/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/change/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/planner/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/agreement/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/list"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/compared/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/codes/"): frozenset({"rik"}),
    ("POST", "/study/<slug>/report/open-answers/codes/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/quotes"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/answer/<token>/<unit>"): frozenset({"rik"}),
    ("POST", "/study/<slug>/report/open-answers/answer/<token>/<unit>"): frozenset({"rik"}),
    ("GET", "/study/<slug>/report/open-answers/answer/<token>/<unit>/quote/<int:passage>"): frozenset({"rik"}),
    ("POST", "/study/<slug>/report/open-answers/answer/<token>/<unit>/quote/<int:passage>"): frozenset({"rik"}),
    ("GET", "/study/<slug>/download/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/download/check"): frozenset({"rik"}),
    ("GET", "/study/<slug>/download/file"): frozenset({"rik"}),
    ("GET", "/study/<slug>/quality/"): frozenset({"rik"}),
    ("GET", "/study/<slug>/work/"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/work/calendar.ics"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/work/<int:task_id>"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/work/<int:task_id>/begin"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/work/<int:task_id>/appointment"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/work/<int:task_id>/attempt"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/meetings/"): frozenset({"olga", "rik"}),
    ("GET", "/study/<slug>/meetings/new"): frozenset({"olga", "rik"}),
    ("POST", "/study/<slug>/meetings/new"): frozenset({"olga", "rik"}),
    ("GET", "/study/<slug>/meetings/<meeting>"): frozenset({"olga", "rik"}),
    ("POST", "/study/<slug>/meetings/<meeting>/begin"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/share"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/out"): frozenset({"olga", "rik"}),
    ("POST", "/study/<slug>/meetings/<meeting>/back"): frozenset({"olga", "rik"}),
    ("POST", "/study/<slug>/meetings/<meeting>/observers"): frozenset({"olga", "rik"}),
    ("POST", "/study/<slug>/meetings/<meeting>/clock/start"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/clock/stop"): frozenset({"olga"}),
    ("GET", "/study/<slug>/meetings/<meeting>/clock/new"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/clock/new"): frozenset({"olga"}),
    ("GET", "/study/<slug>/meetings/<meeting>/clock/<int:time>"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/clock/<int:time>"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/clock/<int:time>/remove"): frozenset({"olga"}),
    ("GET", "/study/<slug>/meetings/<meeting>/comparison/"): frozenset({"olga", "rik"}),
    ("GET", "/study/<slug>/meetings/<meeting>/comparison/<item>"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/comparison/<item>"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/comparison/rounded-off"): frozenset({"olga"}),
    ("POST", "/study/<slug>/meetings/<meeting>/comparison/opened-again"): frozenset({"olga"}),
    ("GET", "/study/<slug>/team/"): frozenset(),
    ("GET", "/translations/"): frozenset({"tara", "ilse", "rik", "admin", "otto"}),
    ("GET", "/translations/<language>/<instrument>/"): frozenset({"tara", "otto"}),
    ("GET", "/translations/<language>/text/<path:context>"): frozenset({"tara", "otto"}),
    ("POST", "/translations/<language>/text/<path:context>"): frozenset({"tara", "otto"}),
    ("POST", "/translations/<language>/recording/<path:context>"): frozenset({"tara", "otto"}),
    ("GET", "/sound/<language>/<path:context>"): SIGNED_IN,
    ("GET", "/l/"): ALL,
    ("POST", "/l/"): ALL,
    ("GET", "/l/<secret>"): ALL,
    ("GET", "/l/paused"): ALL,
    ("GET", "/study/<slug>/links/"): frozenset({"ilse", "rik"}),
    ("POST", "/study/<slug>/links/remind"): frozenset({"rik"}),
    ("GET", "/study/<slug>/links/<int:task_id>"): frozenset({"ilse", "rik"}),
    ("POST", "/study/<slug>/links/<int:task_id>"): frozenset({"ilse", "rik"}),
    ("POST", "/study/<slug>/links/<int:task_id>/revoke"): frozenset({"ilse", "rik"}),
    ("GET", "/study/<slug>/links/<int:task_id>/kiosk"): frozenset({"ilse"}),
    ("POST", "/study/<slug>/links/<int:task_id>/kiosk"): frozenset({"ilse"}),
    ("GET", "/study/<slug>/coach/"): frozenset({"coen"}),
    ("POST", "/study/<slug>/coach/<code>/round-off"): frozenset({"coen"}),
    ("POST", "/sign-out"): SIGNED_IN,
}
"""Method and rule -> who may, of the people of "demo", nobody, and Otto, who has every role in another study.

The response is of a participant; the questionnaire of one's own is the coach's. Translations belong to the whole
server, and so do their translators. Signing out stands last.
"""

MEETING = "MEE-222"
READ_ALOUD = "client-interview/mood_today/text"


@dataclass(frozen=True)
class Things:
    """What there is in "demo": a participant, and a response of the participant, the coach and the observer."""

    code: str
    tokens: dict[str, str]
    task: int = 0
    alone: int = 0
    said: str = ""
    """The token of a closing interview with an open answer, of which rik coded a passage."""


@pytest.fixture
def things(house: Any, app: Flask) -> Things:
    now = datetime.datetime(2025, 3, 3, 8, 0, tzinfo=datetime.UTC)
    with app.extensions["krachtmeting"].database.writing() as session:
        study = house.studies["demo"]
        wave = studies.waves(session, study)[0].id
        keep_recording(session, "ar", READ_ALOUD, "hm", Sound("audio/ogg", b"OggS"), house.people["tara"], now)
        participant = participants.register(session, study, house.people["ilse"], now)
        whose = {
            "ilse": ("client-interview", {"participant_id": participant.id}),
            "coen": ("coach-fidelity", {"person_id": house.people["coen"]}),
            "olga": ("team-meeting", {"person_id": house.people["olga"]}),
        }
        tokens = {
            name: responses.open_response(
                session, Opening(study, wave, instrument, 1, house.people[name], "nl", **subject), now
            )
            for name, (instrument, subject) in whose.items()
        }
        _save_a_page(session, app.extensions["krachtmeting"].library, tokens["ilse"], house.people["ilse"], now)
        of_ilse = responses.response(session, tokens["ilse"])
        assert of_ilse is not None
        queries.ask(session, of_ilse, "mood_today", "Is this so?", house.people["rik"], now)
        task = _task_of(session, study, wave, participant.id)
        alone = _task_of(session, study, wave, participant.id, "hope-behaviour", "participant")
        participant.coach_id = house.people["coen"]
        _observe_a_meeting(session, study, wave, house.people["olga"], now)
        said = _coded_answer(session, study, wave, participant.id, house.people, now)
        return Things(participant.code, tokens, task, alone, said)


def _coded_answer(session: Any, study: int, wave: int, participant: int, who: Any, now: datetime.datetime) -> str:
    """A closing interview that was handed in, with an open answer that rik coded."""
    opening = Opening(study, wave, "closing-interview", 1, who["ilse"], "nl", participant_id=participant)
    token = responses.open_response(session, opening, now)
    record = responses.response(session, token)
    values: Any = {("answers", "start_ok"): "yes", ("answers", "take_story"): "Meer"}
    record = responses.submit(session, record, Saving("submit", "taking_part", who["ilse"], 0, values), now)
    spot = Spot(record.id, "take_story", wording_of("Meer"))
    coding.give(session, record, spot, [(0, 4)], ["taking_part"], "", who["rik"], now)
    return token


def _task_of(
    session: Any, study: int, wave: int, participant: int, instrument: str = "client-interview", by: str = "interviewer"
) -> int:
    """A task of interviewers about the participant, as a protocol would have planned it; or one by somebody else."""
    day = datetime.date(2025, 3, 3)
    task = Task(
        study_id=study, wave_id=wave, instrument=instrument, by=by, participant_id=participant,
        opens_on=day, due_on=day, closes_on=day,
    )  # fmt: skip
    session.add(task)
    session.flush()
    return int(task.id)


def _observe_a_meeting(session: Any, study: int, wave: int, olga: int, now: datetime.datetime) -> None:
    """A meeting that one person observes, with a time on the clock."""
    meeting = Meeting(
        study_id=study, wave_id=wave, instrument="team-meeting", code=MEETING, held_on=now.date(), made_at=now,
        made_by=olga,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(MeetingObserver(meeting_id=meeting.id, person_id=olga))
    session.add(
        StepTime(meeting_id=meeting.id, person_id=olga, step="opening", started_at=now, ended_at=now, noted_at=now)
    )


def _save_a_page(session: Any, library: Library, token: str, person: int, now: datetime.datetime) -> None:
    """One save, so that there is a page as it was shown."""
    record = responses.response(session, token)
    texts = responses.keep_texts(session, library.texts(library.newest["client-interview"], "nl"), now)
    responses.save(session, record, Saving("page", "welcome", person, 0, texts=texts), now)


@pytest.fixture
def browser(app: Flask, sign_in: Any) -> Any:
    """A browser of this person; of nobody, without a session."""
    return lambda name: app.test_client() if name == "nobody" else sign_in(name)


def asked(app: Flask) -> set[tuple[str, str]]:
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}}


def test_every_route_stands_in_the_table(app: Flask) -> None:
    assert set(TABLE) == asked(app)


def request(client: FlaskClient, method: str, address: str, page: str = "welcome") -> tuple[int, str]:
    """The answer's code, and where it sends one. What is posted is signed, and names a page as a script does."""
    if method == "POST":
        shown = client.get("/account/")
        shown = client.get("/sign-in") if shown.status_code == 302 else shown
        signed = shown.text.split('name="csrf_token" value="')[1].split('"')[0]
        answer = client.post(address, data={"csrf_token": signed, "base": "0", "page": page})
    else:
        answer = client.get(address)
    return answer.status_code, (answer.location or "").split("?")[0]


def refusal(method: str, rule: str, name: str) -> tuple[int, str]:
    """How somebody is refused: nobody is asked to sign in, and others do not learn what exists."""
    if name == "nobody":
        return (401, "") if method == "POST" else (302, "/sign-in")
    return (403, "") if rule.startswith("/admin/") else (404, "")


def addressed(rule: str, things: Things, token: str, slug: str = "demo", page: str = "welcome") -> str:
    values = {
        "/links/<int:task_id>": f"/links/{things.alone}",
        "/open-answers/answer/<token>/<unit>": f"/open-answers/answer/{things.said}/take_story",
        "<int:passage>": "1",
        "<secret>": "a-secret",
        "<path:filename>": "icon.svg",
        "<int:person_id>": "1",
        "<int:task_id>": str(things.task),
        "<int:version>": "1",
        "<int:time>": "1",
        "<int:query>": "1",
        "<meeting>": MEETING,
        "<item>": "session_rhythm",
        "<slug>": slug,
        "<code>": things.code,
        "<instrument>": "coach-fidelity" if "/own/" in rule else "client-interview",
        "<wave>": "t0",
        "<token>": token,
        "<name>": page,
        "<unit>": "mood_today",
        "/download/file": "/download/file?format=.zip",
        "<language>": "ar",
        "<path:context>": f"{READ_ALOUD}?w={fingerprint('hm')[:MARK]}",
    }
    for part, value in values.items():
        rule = rule.replace(part, value)
    return rule


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_role_is_refused_what_its_work_does_not_need(name: str, browser: Any, things: Things) -> None:
    client = browser(name)
    wrong = []
    for (method, rule), may in TABLE.items():
        # Whoever hands a device over is signed out on it.
        asking = browser(name) if (method, rule.rsplit("/", 1)[-1]) == ("POST", "kiosk") else client
        answer = request(asking, method, addressed(rule, things, things.tokens["ilse"]))
        refused = answer == refusal(method, rule, name) or answer[0] in (401, 403, 404)
        if (name in may and refused) or (name not in may and answer != refusal(method, rule, name)):
            wrong.append((method, rule, answer))
    assert wrong == []


@pytest.mark.parametrize(("owner", "instrument"), [("coen", "coach-fidelity"), ("olga", "team-meeting")])
@pytest.mark.parametrize("name", sorted(SIGNED_IN | {"cora"}))
def test_own_questionnaire_is_filled_in_by_its_owner_alone(
    name: str, owner: str, instrument: str, browser: Any, things: Things, house: Any, app: Flask
) -> None:
    here = app.extensions["krachtmeting"]
    if name == "cora":  # A colleague with the same roles in the same study.
        with here.database.writing() as session:
            cora = people.add_person(session, "cora", house.password, here.now(), language="en")
            people.set_roles(session, cora, house.studies["demo"], frozenset({"coach", "observer"}))
    client, page = browser(name), here.library.newest[instrument].pages[0].page
    rules = [(method, rule) for method, rule in TABLE if rule.startswith("/response/")]
    answers = [
        request(client, method, addressed(rule, things, things.tokens[owner], page=page), page)
        for method, rule in rules
    ]
    refused = [answer == (404, "") for answer in answers]
    assert refused == [name != owner] * len(rules)


@pytest.mark.parametrize("name", ["ilse", "coen", "olga", "rik"])
def test_other_study_does_not_exist_for_people_of_this_one(name: str, browser: Any, things: Things) -> None:
    client = browser(name)
    rules = [(method, rule) for method, rule in TABLE if rule.startswith("/study/")]
    answers = {
        rule: request(client, method, addressed(rule, things, things.tokens["ilse"], "other"))[0]
        for method, rule in rules
    }
    assert answers == dict.fromkeys(answers, 404)


def test_objects_of_one_study_are_not_reached_through_another(browser: Any, things: Things) -> None:
    otto = browser("otto")
    reached = [
        request(otto, "GET", f"/study/other/participants/{things.code}"),
        request(otto, "POST", f"/study/other/participants/{things.code}/begin/client-interview/t0"),
        *(request(otto, "GET", f"/study/other/responses/{token}") for token in things.tokens.values()),
        *(request(otto, "GET", f"/response/{token}/") for token in things.tokens.values()),
        request(otto, "GET", f"/study/other/work/{things.task}"),
        request(otto, "POST", f"/study/other/work/{things.task}/begin"),
    ]
    assert reached == [(404, "")] * len(reached)
    file = otto.get("/study/other/download/file?format=.zip")
    assert (file.status_code, things.code.encode() in file.data, b"ilse" in file.data) == (200, False, False)
    assert otto.get("/study/other/download/file?format=.zip&wave=t9").status_code == 400


def test_role_that_was_taken_away_is_gone_at_once(browser: Any, things: Things, house: Any, app: Flask) -> None:
    client = browser("ilse")
    address = f"/response/{things.tokens['ilse']}/pages"
    assert client.get(address).status_code == 200
    with app.extensions["krachtmeting"].database.writing() as session:
        people.set_roles(session, house.people["ilse"], house.studies["demo"], frozenset({"coach"}))
    assert (client.get(address).status_code, client.get("/study/demo/participants/").status_code) == (404, 404)


@pytest.mark.parametrize("instrument", ["client-interview", "team-meeting", "no-such-thing"])
def test_coach_begins_no_instrument_of_another_role(instrument: str, browser: Any) -> None:
    assert request(browser("coen"), "POST", f"/study/demo/own/{instrument}/t0") == (404, "")


@pytest.mark.parametrize("token", ["x", "' or 1=1 --", "%00", "." * 200])
def test_token_that_does_not_exist_is_not_there(token: str, browser: Any) -> None:
    assert browser("ilse").get(f"/response/{token}/").status_code == 404
