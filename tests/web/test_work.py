"""The interviewer's work list on the pages: what is due, appointments, attempts, and the calendar."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from icalendar import Calendar
from lxml import html
from planned_study import PlannedStudy, krachtwerk
from seeing import seen
from sqlalchemy import select

from survey.forms.work import HOW_WORDS, OUTCOME_WORDS, STANDING_WORDS
from survey.planning.due import STANDINGS
from survey.planning.statuses import HOWS, OUTCOMES
from survey.storage import audit, consents, participants, people
from survey.storage.consents import Agreed
from survey.storage.tables import ContactAttempt, Participant, Task

LIST = "/study/planned/work/"
TODAY = datetime.date(2025, 3, 3)


def test_every_code_has_its_words() -> None:
    assert set(OUTCOME_WORDS) == set(OUTCOMES)
    assert set(HOW_WORDS) == set(HOWS)
    assert set(STANDING_WORDS) == {*STANDINGS, "now"}


class Desk:
    """Ilse's browser in the planned study, with participants of the north and one of the south."""

    def __init__(self, planned: PlannedStudy, house: Any, sign_in: Any, send: Any) -> None:
        self.planned, self._sign_in, self._send = planned, sign_in, send
        self.client = sign_in("ilse")
        self.database = house.app.extensions["krachtmeting"].database
        self.now = house.app.extensions["krachtmeting"].now

    def register(self, team: str = "north", interviewer: str | None = "ilse", agrees: bool = True) -> str:
        """The code of a new participant, who takes part unless they have yet to agree."""
        with self.database.writing() as session:
            ids, by = self.planned, self.planned.people["ilse"]
            who = ids.people[interviewer] if interviewer else None
            one = participants.register(
                session, ids.study, by, self.now(), team_id=ids.teams[team], interviewer_id=who, language="nl"
            )
            if agrees:
                protocol = krachtwerk().protocol
                agreed = Agreed(protocol.newest_consent, "nl", {"interviews"}, "spoken", keeps=True)
                consents.give(session, one, protocol, agreed, by, self.now())
            return one.code

    def task(self, code: str, wave: str = "t0") -> int:
        """The interview of a participant at a wave."""
        query = select(Task.id).join(Participant, Task.participant_id == Participant.id)
        with self.database.reading() as session:
            return session.scalars(
                query.where(
                    Participant.code == code, Task.by == "interviewer", Task.wave_id == self.planned.waves[wave]
                )
            ).one()

    def later(self, days: int) -> None:
        """Let days pass, and sign in again."""
        self.now.advance(days=days)
        self.client = self._sign_in("ilse")

    def get(self, address: str = LIST) -> Any:
        return self.client.get(address)

    def post(self, address: str, **fields: Any) -> Any:
        return self._send(self.client, address, **fields)

    def codes(self, address: str = LIST) -> list[str]:
        """The codes in the list, from top to bottom."""
        return seen(self.get(address), "//tbody/tr/td[1]")


@pytest.fixture
def desk(planned: PlannedStudy, house: Any, sign_in: Any, send: Any) -> Desk:
    return Desk(planned, house, sign_in, send)


def test_list_shows_each_interview_with_its_window_and_one_button(desk: Desk) -> None:
    code = desk.register()
    assert seen(desk.get(), "//tbody/tr/td[position() < 7]") == [
        code,
        "A talk about how you are doing Start",
        "Can be done now from 3 March to 14 April",
        "Meant for 17 March",
        "none yet",
        "none yet",
    ]
    assert seen(desk.get(), "//tbody//td[7]//text()[normalize-space()]")[0] == "Plan"


def test_list_is_empty_with_a_word_about_what_to_do(desk: Desk) -> None:
    assert seen(desk.get(), "//p[@class='empty']/a") == ["To the participants", "Show what comes later"]
    code = desk.register()
    assert desk.codes(f"{LIST}?code={code[:2].lower()}") == [code]
    assert desk.codes(f"{LIST}?code=zzz") == []
    assert code in desk.get(LIST).text
    assert seen(desk.get(f"{LIST}?shown=done"), "//p[@class='empty']/a") == ["Show what there is to do now"]


def test_other_teams_do_not_exist_here(desk: Desk, sign_in: Any) -> None:
    mine, hers = desk.register(), desk.register("south", "iris")
    north = desk.register("north", "iris")
    assert desk.codes() == [mine]
    assert sorted(desk.codes(f"{LIST}?whose=teams")) == sorted([mine, north])
    other = desk.task(hers)
    answers = [
        desk.get(f"{LIST}{other}"),
        *(desk.post(f"{LIST}{other}/{to}") for to in ("begin", "appointment", "attempt")),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert sign_in("iris").get(f"{LIST}{other}").status_code == 200


def test_appointment_is_made_in_the_studys_time_changed_and_cancelled(desk: Desk) -> None:
    code = desk.register()
    page = f"{LIST}{desk.task(code)}"

    def kept() -> Any:
        with desk.database.reading() as session:
            return session.get_one(Task, desk.task(code)).appointment_at

    assert desk.post(f"{page}/appointment", day="2025-04-10", time="14:30").status_code == 302
    assert kept() == datetime.datetime(2025, 4, 10, 12, 30, tzinfo=datetime.UTC)
    assert seen(desk.get(page), "//p[@role='status']") == ["The appointment is on Thursday 10 April, 14:30."]
    assert seen(desk.get(), "//td[contains(@class, 'appointment')]") == ["Appointment Thursday 10 April, 14:30"]
    desk.post(f"{page}/appointment", day="2025-05-10", time="09:00")
    said = seen(desk.get(page), "//p[@role='status']")
    assert said == [
        "The appointment is on Saturday 10 May, 09:00. "
        "That is outside the window from 3 March to 14 April. It can still be done."
    ]
    desk.post(f"{page}/appointment", cancel="1")
    assert kept() is None
    with desk.database.reading() as session:
        noted = [(entry.action, code in entry.details) for entry, _ in audit.newest(session, 4)]
    assert noted[:3] == [("cancelled an appointment", True), *[("made an appointment", True)] * 2]


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("2025-03-02", "10:00", "This day has gone by. Choose today or a later day."),
        ("2205-03-04", "10:00", "This day is years away. Look at the year once more."),
        ("soon", "10:00", "Write a day, such as 03-06-2025."),
        ("04-06-2025", "half two", "Write a time, such as 14:30."),
        ("2025-03-30", "02:30", "This time does not exist: the clock goes forward that night."),
    ],
)
def test_appointment_that_cannot_be_is_said_kindly_and_stays_typed(
    day: str, time: str, sentence: str, desk: Desk
) -> None:
    answer = desk.post(f"{LIST}{desk.task(desk.register())}/appointment", day=day, time=time)
    assert answer.status_code == 422
    assert seen(answer, "//p[@class='error']") == [sentence]
    assert seen(answer, "//input[@name='day' or @name='time']/@value") == [day, time]


def test_attempts_are_listed_and_lead_to_what_comes_next(desk: Desk) -> None:
    code = desk.register()
    page = f"{LIST}{desk.task(code)}"
    desk.post(f"{page}/attempt", how="phone", outcome="call_back", again_on="2025-03-10")
    assert seen(desk.get(), "//td[contains(@class, 'tried')]") == [
        "Asked to be called later, 3 March 1 attempt · again on 10 March"
    ]
    desk.later(days=7)
    desk.post(f"{page}/attempt", how="visit", outcome="appointment")
    assert "When is the appointment? Fill it in below." in desk.get(page).text
    desk.later(days=1)
    desk.post(f"{page}/attempt", how="message", outcome="refused")
    shown = desk.get(page)
    assert seen(shown, "//p[@class='message']/a/@href") == [f"/study/planned/participants/{code}"]
    ilse = desk.planned.codes["ilse"]
    assert seen(shown, "//ol[contains(@class, 'tried-list')]/li") == [
        f"Tuesday 11 March, 10:00: With a message. Does not want this interview. by {ilse}",
        f"Monday 10 March, 10:00: With a visit. We made an appointment. by {ilse}",
        f"Monday 3 March, 10:00: By phone. Asked to be called later. Again on 10 March. by {ilse}",
    ]


def test_attempt_without_a_choice_is_asked_again_and_nothing_is_kept(desk: Desk) -> None:
    page = f"{LIST}{desk.task(desk.register())}"
    answer = desk.post(f"{page}/attempt", outcome="ill", again_on="2024-01-01")
    assert answer.status_code == 422
    assert seen(answer, "//p[@class='error']") == [
        "Choose how you tried.",
        "This day has gone by. Choose today or a later day.",
    ]
    assert seen(answer, "//input[@checked]/@value") == ["ill"]
    desk.post(f"{page}/attempt", how="phone", outcome="ill")
    desk.post(f"{page}/attempt", how="phone", outcome="ill")
    with desk.database.reading() as session:
        assert len(session.scalars(select(ContactAttempt)).all()) == 1


def test_interview_begins_from_the_list_in_the_team_and_language_of_the_participant(desk: Desk) -> None:
    code = desk.register()
    page = f"{LIST}{desk.task(code)}"
    desk.post(f"{page}/appointment", day="2025-03-03", time="11:00")
    assert seen(desk.get(), "//tbody//form//button/text()") == ["Begin"]
    first, again = desk.post(f"{page}/begin"), desk.post(f"{page}/begin")
    assert first.location == again.location
    assert first.location.startswith("/response/")
    assert seen(desk.get(), "//td[contains(@class, 'do')]/a/text()") == ["Go on"]
    assert desk.get(first.location).status_code == 302


def test_who_has_not_agreed_yet_is_asked_so_first(desk: Desk) -> None:
    code = desk.register(agrees=False)
    answer = desk.post(f"{LIST}{desk.task(code)}/begin")
    assert answer.location == f"/study/planned/participants/{code}"


def test_professional_is_interviewed_from_the_list(desk: Desk) -> None:
    desk.later(days=330)
    coen = desk.planned.codes["coen"]
    assert coen in desk.codes(f"{LIST}?wave=end")
    with desk.database.reading() as session:
        query = select(Task.id).where(Task.person_id == desk.planned.people["coen"], Task.by == "interviewer")
        task = session.scalars(query).one()
    page = desk.get(f"{LIST}{task}")
    assert (page.status_code, "Attempts" in page.text) == (200, False)
    assert desk.post(f"{LIST}{task}/attempt", how="phone", outcome="ill").status_code == 404
    started = desk.post(f"{LIST}{task}/begin")
    assert desk.get(started.location).status_code == 302


def test_interview_after_six_months_comes_by_itself(desk: Desk) -> None:
    code = desk.register()
    started = desk.post(f"{LIST}{desk.task(code)}/begin")
    response = started.location.rstrip("/")
    first = dict(
        html.fromstring(desk.get(f"{response}/page/welcome").data).get_element_by_id("interview").form_values()
    )
    desk.client.post(f"{response}/page/welcome", data=first | {"q_start_ok": "yes", "go": "next"})
    assert desk.post(f"{response}/submit").status_code == 302
    assert desk.codes() == []
    assert desk.codes(f"{LIST}?shown=done") == desk.codes(f"{LIST}?shown=waiting&wave=t1") == [code]
    desk.later(days=183 - 15)
    assert desk.codes() == []
    desk.later(days=1)
    assert desk.codes() == [code]
    assert seen(desk.get(), "//td[contains(@class, 'what')]") == ["A talk about how you are doing After six months"]
    desk.later(days=14 + 43)
    assert seen(desk.get(), "//tbody//span[contains(@class, 'badge')]") == ["Past its window"]


def test_start_page_has_what_to_do_next_on_top(desk: Desk) -> None:
    codes = [desk.register() for _ in range(5)]
    desk.post(f"{LIST}{desk.task(codes[3])}/appointment", day="2025-03-03", time="15:00")
    desk.post(f"{LIST}{desk.task(codes[2])}/begin")
    section = "//section[h2[contains(., 'Krachtwerk')]]"
    page = desk.get("/")
    assert seen(page, f"{section}//strong[@class='code']") == [codes[3], codes[2], codes[0]]
    assert seen(page, f"{section}//a[contains(@href, 'shown=')]") == ["Can be done now: 4", "Under way: 1"]


def test_calendar_has_codes_and_moments_and_no_names(desk: Desk, house: Any) -> None:
    agreed, due, hers = desk.register(), desk.register(), desk.register("north", "iris")
    desk.post(f"{LIST}{desk.task(agreed)}/appointment", day="2025-04-10", time="14:30")
    answer = desk.get(f"{LIST}calendar.ics")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "text/calendar",
        'attachment; filename="planned.ics"',
    )
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    meeting, window = (next(one for one in events if code in one["summary"]) for code in (agreed, due))
    assert len(events) == 2
    assert meeting.decoded("dtstart") == datetime.datetime(2025, 4, 10, 12, 30, tzinfo=datetime.UTC)
    assert b"DTSTART:20250410T123000Z" in answer.data
    assert (window.decoded("dtstart"), window.decoded("dtend")) == (TODAY, datetime.date(2025, 4, 15))
    assert {one.decoded("dtstamp") for one in events} == {desk.now()}
    assert not [name for name in (*house.people, hers, "Krachtwerk in practice") if name.encode() in answer.data]
    desk.later(days=1)
    later = Calendar.from_ical(desk.get(f"{LIST}calendar.ics").data).walk("VEVENT")
    assert {one["uid"] for one in later} == {one["uid"] for one in events}


def test_study_without_a_plan_says_where_to_begin(sign_in: Any) -> None:
    page = sign_in("ilse").get("/study/demo/work/")
    assert seen(page, "//p[@class='empty']/a/@href") == ["/study/demo/participants/"]


def test_interviewer_of_no_team_sees_nothing(desk: Desk) -> None:
    code = desk.register()
    with desk.database.writing() as session:
        people.set_scopes(session, desk.planned.people["ilse"], desk.planned.study, {"interviewer": frozenset()})
    assert desk.get().status_code == 404
    assert desk.get(f"{LIST}{desk.task(code)}").status_code == 404
