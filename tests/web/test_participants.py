"""Participants of a study by protocol: registering, consent, their course, and the list of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from planned_study import PlannedStudy, krachtwerk
from seeing import seen
from sqlalchemy import select

from survey.storage import consents, participants, people
from survey.storage.codes import tidy
from survey.storage.tables import AuditEntry, Participant, Response, StudyProtocol, Task

LIST = "/study/planned/participants/"
YES = {"version": "1", "language": "nl", "purposes": ["interviews", "contact"], "how": "spoken", "keeps": "yes"}
NEEDED = "Without this nobody can take part. If the answer is no, choose “Does not take part” below."
NEXT = "//section[contains(@class, 'next-step')]/*[self::p]"
MESSAGE = "//p[@class='message']"
DUE = "Start: can be done now"
BADGE = "//h1/following-sibling::p[1]/span"


@dataclass
class Work:
    """Ilse's browser in the planned study."""

    browser: FlaskClient
    send: Any
    study: PlannedStudy
    database: Any

    def register(self, **more: Any) -> str:
        """The address of a new participant."""
        form = {"team": str(self.study.teams["north"]), "language": "ar", "interpreter": "yes"} | more
        return str(self.send(self.browser, LIST + "new", **form).location)

    def agreed(self, **more: Any) -> str:
        """The address of a new participant who takes part."""
        at = self.register()
        assert self.send(self.browser, at + "/consent", **YES | more).location == at
        return at

    def known(self, at: str) -> Participant:
        """The participant of an address, as the database has them."""
        with self.database.reading() as session:
            return participants.participant_with(session, self.study.study, at.rsplit("/", 1)[-1])

    def stands(self, at: str) -> tuple[list[str], list[str]]:
        """The status on a participant's page, and what there is to do now."""
        page = self.browser.get(at)
        return seen(page, BADGE), seen(page, NEXT)

    def audited(self) -> list[tuple[str, dict[str, Any]]]:
        """What was done, and the details that were kept of it; without signing in."""
        with self.database.reading() as session:
            rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            return [(one.action, json.loads(one.details)) for one in rows if one.action != "signed in"]


@pytest.fixture
def work(planned: PlannedStudy, sign_in: Any, send: Any, house: Any) -> Work:
    return Work(sign_in("ilse"), send, planned, house.app.extensions["krachtmeting"].database)


def test_registering_gives_a_code_to_write_down_and_keeps_what_was_filled_in(work: Work) -> None:
    form = work.browser.get(LIST + "new")
    assert seen(form, "//select[@name='coach']/option")[1:] == [f"coen · {work.study.codes['coen']}"]
    at = work.register(coach=str(work.study.people["coen"]), interviewer=str(work.study.people["ilse"]))
    code = at.rsplit("/", 1)[-1]
    assert (tidy(code), seen(work.browser.get(at), "//h1")) == (code, [code])
    found = work.known(at)
    assert (found.status, found.team_id, found.language) == ("approached", work.study.teams["north"], "ar")
    assert (found.needs_interpreter, found.coach_id) == (True, work.study.people["coen"])
    assert work.audited() == [("registered a participant", {"participant": code})]


def test_pressing_five_times_registers_one(work: Work) -> None:
    assert len({work.register(click="the same press") for _ in range(5)}) == 1
    assert [action for action, _ in work.audited()] == ["registered a participant"]


def test_form_says_what_is_wrong_and_keeps_what_was_chosen(work: Work) -> None:
    with work.database.writing() as session:
        people.set_scopes(session, work.study.people["ilse"], work.study.study, {"interviewer": None})
    cora, north = str(work.study.people["cora"]), str(work.study.teams["north"])
    for team, errors in (
        ("", ["Choose the team."]),
        (north, ["This coach does not work in that team. Choose another coach or team."]),
    ):
        page = work.send(work.browser, LIST + "new", team=team, language="ar", coach=cora, interpreter="no")
        assert (page.status_code, seen(page, "//p[@class='error']")) == (422, errors)
        chosen = seen(page, "//select/option[@selected]/@value")
        assert (chosen, seen(page, "//input[@type='radio'][@checked]/@value")) == (
            ["ar", cora, str(work.study.people["ilse"])],
            [*filter(None, [team]), "no"],
        )
    assert seen(work.browser.get(LIST), "//p[@class='empty']") != []


def test_interviewer_registers_in_the_own_teams_only(work: Work) -> None:
    page = work.send(work.browser, LIST + "new", team=str(work.study.teams["south"]))
    assert (page.status_code, seen(page, "//p[@class='error']")) == (422, ["Choose the team."])


def test_consent_shows_the_words_of_the_protocol_in_the_language_that_was_chosen(work: Work) -> None:
    text, at = krachtwerk().protocol.newest_consent, work.register()
    for language in ("nl", "en"):
        page = work.browser.get(f"{at}/consent?language={language}")
        assert seen(page, f"//form//*[@lang='{language}']") == [
            text.words[language],
            *(purpose.words[language] for purpose in text.purposes.values()),
            text.keeping[language],
        ]


def test_consent_is_kept_and_the_first_interview_is_what_to_do_now(work: Work) -> None:
    at = work.register()
    assert work.stands(at) == (
        ["Asked to take part"],
        [
            "Write this code on your own list. No name is kept on this page.",
            "Ask whether this person wants to take part.",
        ],
    )
    work.send(work.browser, at + "/consent", **YES)
    status, now = work.stands(at)
    assert (status, now[0].split(":")[0]) == (["Takes part"], "Start")
    with work.database.reading() as session:
        consent = consents.current(session, work.known(at).id)
        assert (consent.language, consents.purposes_of(consent), consent.keeps) == (
            "nl",
            ["interviews", "contact"],
            True,
        )
    assert work.known(at).arm == "krachtwerk"
    code = at.rsplit("/", 1)[-1]
    assert work.audited()[-1] == ("noted a consent", {"participant": code, "version": 1, "how": "spoken"})


LEFT_OUT: list[tuple[dict[str, Any], list[str]]] = [
    ({"purposes": ["quotes"]}, [NEEDED]),
    ({"how": ""}, ["Choose how they agreed."]),
    ({"keeps": ""}, ["Choose yes or no. If they do not know, choose no."]),
    ({"version": "7"}, []),
]


def test_consent_with_something_left_out_comes_back_as_it_was(work: Work) -> None:
    at = work.register()
    for left_out, errors in LEFT_OUT:
        sent = YES | left_out
        page = work.send(work.browser, at + "/consent", **sent)
        assert (page.status_code, seen(page, "//form//p[@class='error']")) == (422, errors)
        ticked = [*sent["purposes"], sent["keeps"], sent["how"]]
        assert seen(page, "//form[1]//input[@checked]/@value") == [one for one in ticked if one]
        assert seen(page, "//form[1]//input[@name='version']/@value") == ["1"]
    assert work.known(at).status == "approached"


def test_consent_to_words_that_changed_meanwhile_is_asked_anew(work: Work) -> None:
    at = work.register()
    with work.database.writing() as session:
        old = session.scalars(select(StudyProtocol)).one()
        source = old.source.replace("\nversion: 2", "\nversion: 3", 1).replace("  - version: 1", "  - version: 3", 1)
        row = {"study_id": work.study.study, "protocol": old.protocol, "version": 3, "sha256": "", "source": source}
        session.add(StudyProtocol(**row, adopted_at=old.adopted_at))
    page = work.send(work.browser, at + "/consent", **YES)
    assert seen(page, "//div[@role='alert']//li") == [
        "The words have changed meanwhile. Please read out the new ones below."
    ]
    assert seen(page, "//form[1]//input[@name='version']/@value") == ["3"]


def test_interview_begins_after_the_consent_only(work: Work) -> None:
    at = work.register()
    begin = f"{at}/begin/client-interview/t0"
    assert work.send(work.browser, begin).location == at
    words = "First ask whether this person wants to take part. After that you can begin."
    assert seen(work.browser.get(at), MESSAGE) == [words]
    work.send(work.browser, at + "/consent", **YES)
    assert "/response/" in work.send(work.browser, begin).location
    with work.database.reading() as session:
        response = session.scalars(select(Response)).one()
        assert (response.team_id, response.second_language) == (work.study.teams["north"], "ar")
        task = session.scalars(select(Task).where(Task.participant_id == work.known(at).id)).one()
        assert (task.response_id, task.begun_at is None) == (response.id, False)


def test_nothing_is_begun_that_the_protocol_does_not_ask_of_an_interviewer(work: Work) -> None:
    at = work.agreed()
    for asked in ("closing-interview/t0", "client-interview/t1"):
        assert work.send(work.browser, f"{at}/begin/{asked}").location == at
    words = ["The study does not ask this interview of this participant."]
    work.browser.get(at)
    work.send(work.browser, f"{at}/begin/closing-interview/t0")
    assert seen(work.browser.get(at), MESSAGE) == words
    assert work.send(work.browser, f"{at}/begin/hope-behaviour/t0").status_code == 404


def test_interview_can_be_begun_after_its_window_and_the_page_says_so(work: Work, clock: Any) -> None:
    at = work.agreed()
    clock.advance(days=60)
    work.browser = sign_in_again(work)
    assert work.stands(at)[1][1] == "The planned days have passed. You can still do it."
    assert "/response/" in work.send(work.browser, f"{at}/begin/client-interview/t0", second_language="").location
    with work.database.reading() as session:
        assert session.scalars(select(Response.second_language)).one() is None


def sign_in_again(work: Work) -> FlaskClient:
    """The same browser after its session ran out."""
    name = {"name": "ilse", "password": "correct horse battery"}
    work.send(work.browser, "/sign-in", "/sign-in", **name)
    return work.browser


def test_who_does_not_take_part_is_noted_with_a_reason_and_can_change_their_mind(work: Work) -> None:
    at = work.register()
    page = work.send(work.browser, at + "/decline")
    assert (page.status_code, len(seen(page, "//p[@class='error']"))) == (422, 1)
    work.send(work.browser, at + "/decline", reason="no_time")
    found = work.known(at)
    assert (found.status, found.reason) == ("declined", "no_time")
    history = seen(work.browser.get(at), "//ul[@class='course']/li")
    code = work.study.codes["ilse"]
    assert history == [
        f"3 March Does not take part: has no time noted by {code}",
        f"3 March Asked to take part noted by {code}",
    ]
    work.send(work.browser, at + "/consent", **YES)
    assert work.known(at).status == "active"


def test_who_stops_can_come_back(work: Work) -> None:
    at = work.agreed()
    assert work.send(work.browser, at + "/leave", reason="bored").status_code == 422
    work.send(work.browser, at + "/leave", reason="ill")
    assert (work.known(at).status, work.known(at).reason) == ("dropped_out", "ill")
    assert work.send(work.browser, f"{at}/begin/client-interview/t0").location == at
    work.send(work.browser, at + "/return")
    assert (work.known(at).status, work.known(at).reason) == ("active", None)
    changes = [details["status"] for action, details in work.audited() if action == "changed a status"]
    assert changes == ["dropped_out", "active"]


@pytest.mark.parametrize(
    ("keeps", "words"),
    [
        ("yes", "The answers stay, without a name: this person agreed to that."),
        ("no", "The answers are erased too: this person did not agree to keeping them."),
    ],
)
def test_withdrawing_says_what_happens_with_the_answers_and_ends_everything(work: Work, keeps: str, words: str) -> None:
    at = work.agreed(keeps=keeps)
    work.send(work.browser, f"{at}/begin/client-interview/t0")
    assert words in seen(work.browser.get(at + "/withdraw"), "//li")
    work.send(work.browser, at + "/withdraw")
    assert work.known(at).status == "withdrawn"
    page = work.browser.get(at)
    assert (seen(page, BADGE), seen(page, "//ul[@class='work-list']/li")) == (["Consent withdrawn"], [])
    assert work.send(work.browser, f"{at}/begin/client-interview/t0").location == at
    for again in ("/withdraw", "/decline", "/leave"):
        assert work.send(work.browser, at + again, reason="ill").location == at
    assert work.known(at).status == "withdrawn"
    assert [action for action, _ in work.audited()].count("withdrew a consent") == 1


def test_what_is_known_can_be_changed_and_the_trail_keeps_what_but_no_values(work: Work) -> None:
    at = work.register()
    form = {"team": str(work.study.teams["north"]), "language": "so", "interpreter": ""}
    work.send(work.browser, at + "/change", **form, coach=str(work.study.people["coen"]))
    found = work.known(at)
    assert (found.language, found.needs_interpreter, found.coach_id) == ("so", None, work.study.people["coen"])
    changed = {"participant": found.code, "changed": ["language", "needs_interpreter", "coach"]}
    assert work.audited()[-1] == ("changed a participant", changed)


def test_participant_of_another_team_does_not_exist(work: Work, sign_in: Any) -> None:
    at = work.agreed()
    iris, before = sign_in("iris"), work.known(at).status
    parts = ["", "/change", "/consent", "/leave", "/withdraw"]
    posts = ["/change", "/consent", "/decline", "/leave", "/return", "/withdraw", "/begin/client-interview/t0"]
    answers = [iris.get(at + part).status_code for part in parts]
    answers += [work.send(iris, at + part, **YES, reason="ill").status_code for part in posts]
    assert answers == [404] * len(answers)
    assert (work.known(at).status, seen(iris.get(LIST), "//tbody/tr")) == (before, [])


def test_list_says_where_everybody_stands_and_what_comes_next(work: Work) -> None:
    taking_part, asked = work.agreed(), work.register(language="")
    rows = [seen(work.browser.get(LIST + "?sort=status"), f"//tbody/tr/td[{column}]") for column in (1, 2, 3, 4)]
    assert rows == [
        [asked.rsplit("/", 1)[-1], taking_part.rsplit("/", 1)[-1]],
        ["Asked to take part", "Takes part"],
        [f"{what}from 3 March to 14 April" for what in ("Ask for consent", DUE)],
        ["interpreter", "Arabic interpreter"],
    ]


def test_list_is_searched_and_narrowed(work: Work) -> None:
    at = work.register(interviewer="")
    code = at.rsplit("/", 1)[-1]
    one, none = [code], list[str]()
    expected = {
        f"?code={code[:2].lower()}": one,
        f"?code={code.replace('-', '').lower()}": one,
        "?status=active": none,
        "?status=approached&language=ar&whose=mine": none,
        "?status=approached&language=ar": one,
        "?status=nonsense": one,
    }
    found = {asked: seen(work.browser.get(LIST + asked), "//td/a") for asked in expected}
    assert found == expected
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    empty = seen(work.browser.get(f"{LIST}?code={wrong}"), "//p[@class='empty']")
    assert empty == [f"{wrong} is not a code: one sign seems to be wrong. Compare it with the paper."]
