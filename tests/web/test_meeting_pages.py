"""Observed meetings as observers and researchers meet them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from planned_study import PlannedStudy
from seeing import seen

from survey.storage import people, responses
from survey.storage.record import Saving
from survey.storage.tables import AuditEntry, Meeting

DAY = "2025-03-03"


class Room:
    """A meeting of team north that olga planned for herself and oscar, and their browsers."""

    def __init__(self, house: Any, planned: PlannedStudy, sign_in: Any, send: Any, clock: Any) -> None:
        self.house, self.planned, self.send, self.clock = house, planned, send, clock
        self.browser = {name: sign_in(name) for name in ("olga", "oscar", "rik")}
        self.codes = planned.codes
        plan = self.plan("olga", team="north", observers=[self.codes["olga"], self.codes["oscar"]])
        self.address = plan.location

    @property
    def database(self) -> Any:
        return self.house.app.extensions["krachtmeting"].database

    def plan(self, name: str, **fields: Any) -> Any:
        filled = {"what": "team-meeting/t1", "held_on": DAY, "click": str(len(fields["observers"])) + fields["team"]}
        return self.send(self.browser[name], "/study/planned/meetings/new", **{**filled, **fields})

    def get(self, name: str, part: str = "") -> Any:
        return self.browser[name].get(f"{self.address}{part}")

    def post(self, name: str, part: str, **fields: Any) -> Any:
        return self.send(self.browser[name], f"{self.address}{part}", **fields)

    def fill_in(self, name: str, answers: dict[str, Any], *, done: bool = True) -> str:
        token = str(self.post(name, "/begin").location.split("/")[2])
        now, who = self.clock.now, self.planned.people[name]
        with self.database.writing() as session:
            record = responses.response(session, token, for_writing=True)
            values = {("answers", unit): value for unit, value in answers.items()}
            record = responses.save(session, record, Saving("page", "session", who, record.version, values), now)
            if done:
                responses.submit(session, record, Saving("submit", None, who, record.version), now)
        return token

    def both(self) -> None:
        self.fill_in("olga", {"session_rhythm": "weekly", "session_length": 95, "cases_discussed": 1})
        self.fill_in("oscar", {"session_rhythm": "monthly", "session_length": 95, "cases_discussed": 2})

    def actions(self) -> list[str]:
        with self.database.reading() as session:
            return [one.action for one in session.query(AuditEntry).order_by(AuditEntry.id) if "sign" not in one.action]


@pytest.fixture
def room(house: Any, planned: PlannedStudy, sign_in: Any, send: Any, clock: Any) -> Room:
    return Room(house, planned, sign_in, send, clock)


def test_observer_plans_a_meeting_and_finds_it_on_the_start_page_and_in_the_list(room: Room) -> None:
    assert seen(room.browser["oscar"].get("/"), "//li[a[contains(@href, '/meetings/')]]//strong") == [
        "Team Noord, March 3, 2025"
    ]
    listed = room.browser["rik"].get("/study/planned/meetings/")
    assert seen(listed, "//tbody/tr/td") == [
        "March 3, 2025",
        "Team Noord",
        "After six months",
        "planned",
        "olga, oscar",
    ]
    assert room.actions() == ["planned a meeting"]


def test_what_is_wrong_with_a_plan_is_told_and_what_was_chosen_stays(room: Room) -> None:
    page = room.plan("olga", team="", observers=[room.codes["oscar"]], held_on="tomorrow")
    assert (page.status_code, seen(page, "//p[@class='error']")) == (
        422,
        [
            "Choose a team.", "Choose the day of the meeting, for example 2025-03-14.",
            "Choose yourself too: only who observes a meeting can open it.",
        ],
    )  # fmt: skip
    assert seen(page, "//input[@name='observers' and @checked]/@value") == [room.codes["oscar"]]
    with room.database.writing() as session:
        scopes = {"observer": frozenset({room.planned.teams["south"]})}
        people.set_scopes(session, room.planned.people["oscar"], room.planned.study, scopes)
    page = room.plan("rik", team="north", observers=[room.codes["oscar"]])
    assert seen(page, "//p[@class='error']") == ["oscar does not observe in this team. Choose somebody else."]


@pytest.mark.parametrize("part", ["", "/comparison/", "/comparison/session_rhythm", "/clock/new"])
def test_meeting_does_not_exist_for_other_observers_and_other_teams(room: Room, sign_in: Any, part: str) -> None:
    elsewhere = {"observer": None}, {"researcher": frozenset({room.planned.teams["south"]})}
    for name, scopes in zip(("ilse", "iris"), elsewhere, strict=True):
        with room.database.writing() as session:
            people.set_scopes(session, room.planned.people[name], room.planned.study, scopes)
        browser = sign_in(name)
        assert browser.get(f"{room.address}{part}").status_code == 404
        assert seen(browser.get("/study/planned/meetings/"), "//tbody/tr") == []


def test_observers_are_blind_to_each_other_until_both_have_handed_in(room: Room) -> None:
    token = room.fill_in("olga", {"session_rhythm": "weekly", "session_length": 95})
    assert room.browser["oscar"].get(f"/response/{token}/").status_code == 404
    for name in ("olga", "oscar", "rik"):
        assert seen(room.get(name, "/comparison/"), "//dl | //table") == []
    assert seen(room.get("olga"), "//span[contains(@class, 'badge')]") == ["waiting for the other observer"]
    assert room.post("olga", "/comparison/session_rhythm", choice="none", reason="x").location.endswith("/comparison/")
    room.fill_in("oscar", {"session_rhythm": "monthly", "session_length": 95})
    for name in ("olga", "oscar", "rik"):
        page = room.get(name, "/comparison/")
        sides = ["olga Eens per week", "oscar Ongeveer eens in de maand"]
        told = [text.replace(" (you)", "") for text in seen(page, "//li[@id='item-session_rhythm']//dl/div")]
        assert told == sides
        assert len(seen(page, "//main//form")) == (0 if name == "rik" else 1)


def test_difference_is_settled_with_a_reason_and_everything_stays_on_record(room: Room) -> None:
    room.both()
    missing = room.post("olga", "/comparison/session_rhythm", choice=room.codes["oscar"], reason=" ", base="0")
    assert (missing.status_code, seen(missing, "//p[@class='error' and @id='reason-error']")) == (
        422, ["Write in a few words why you chose this."],
    )  # fmt: skip
    assert seen(missing, "//input[@name='choice' and @checked]/@value") == [room.codes["oscar"]]
    done = room.post("olga", "/comparison/session_rhythm", choice=room.codes["oscar"], reason="He asked", base="0")
    assert done.location.endswith("/comparison/#item-cases_discussed")
    late = room.post("oscar", "/comparison/session_rhythm", choice=room.codes["olga"], reason="Heard so", base="0")
    assert (late.status_code, seen(late, "//input[@id='reason']/@value")) == (409, ["Heard so"])
    assert room.post("oscar", "/comparison/rounded-off").location.endswith("#item-cases_discussed")
    wrong = room.post("oscar", "/comparison/cases_discussed", choice="other", q_cases_discussed="99", reason="Counted")
    assert (wrong.status_code, seen(wrong, "//input[@name='q_cases_discussed']/@value")) == (422, ["99"])
    assert seen(wrong, "//p[@id='answer-error']") == ["The largest number that fits here is 20."]
    room.post("oscar", "/comparison/cases_discussed", q_cases_discussed="3", reason="Counted", base="0")
    page = room.get("rik", "/comparison/")
    assert [text.split(" · ")[0] for text in seen(page, "//p[@class='settled']")] == [
        "Settled: Ongeveer eens in de maandHe asked", "Settled: 3 deelnemersCounted",
    ]  # fmt: skip
    room.post("oscar", "/comparison/rounded-off")
    assert seen(room.get("rik"), "//span[contains(@class, 'badge')]") == ["settled"]
    assert room.post("rik", "/comparison/opened-again").status_code == 404
    assert room.post("olga", "/comparison/session_rhythm", choice="none", reason="x").status_code == 302
    assert [one for one in room.actions() if "settled" in one or "rounded" in one] == [
        "settled a difference", "settled a difference", "rounded off a meeting",
    ]  # fmt: skip


def test_correction_after_comparing_is_marked_and_leaves_the_difference(room: Room) -> None:
    room.both()
    with room.database.writing() as session:
        token = room.post("olga", "/begin").location.split("/")[2]
        record = responses.response(session, token, for_writing=True)
        who, values = room.planned.people["olga"], {("answers", "session_rhythm"): "monthly"}
        saving = Saving("correction", "session", who, record.version, values, reason="to agree")
        responses.save(session, record, saving, room.clock.now)
    page = room.get("rik", "/comparison/")
    assert seen(page, "//li[@id='item-session_rhythm']//small") == [
        "corrected after comparing: now Ongeveer eens in de maand"
    ]


def test_clock_goes_by_taps_and_can_be_corrected(room: Room) -> None:
    def totals() -> list[str]:
        return [text for text in seen(room.get("olga"), "//span[contains(@class, 'total')]") if text]

    room.post("olga", "/clock/start", step="opening")
    room.clock.now += datetime.timedelta(minutes=4, seconds=5)
    room.post("olga", "/clock/start", step="ideas")
    room.clock.now += datetime.timedelta(minutes=21)
    assert totals() == ["4:05", "21:00"]
    room.post("olga", "/clock/stop")
    assert seen(room.get("oscar"), "//table") == []
    change = seen(room.get("olga"), "//table//a/@href")[0]
    assert seen(room.browser["olga"].get(change), "//input[@type='time']/@value") == ["10:00:00", "10:04:05"]
    wrong = room.send(room.browser["olga"], change, step="opening", since="10:00", until="10:05")
    assert (wrong.status_code, seen(wrong, "//p[@class='error']")) == (
        422,
        ["At that time “Collecting ideas” was on, from 10:04:05 to 10:25:05. Change that one first."],
    )
    room.send(room.browser["olga"], change, step="opening", since="10:01", until="10:04")
    room.post("olga", "/clock/new", step="compass", since="09.50", until="10.00")
    assert totals() == ["3:00", "10:00", "21:00"]
    page = room.browser["olga"].get(seen(room.get("olga"), "//table//a/@href")[1])
    assert "Tapped first: Opening and question, from 10:00:00 to 10:04:05." in seen(page, "//form/p[@class='muted']")
    room.send(room.browser["olga"], seen(room.get("olga"), "//table//a/@href")[0] + "/remove")
    assert totals() == ["3:00", "21:00"]
    late = room.post("olga", "/clock/new", step="compass", since="12:00", until="13:00")
    assert seen(late, "//p[@class='error']") == ["This moment is still to come."]


def test_tap_after_signing_in_again_has_the_moment_of_the_tap(room: Room) -> None:
    shown = int(room.clock.now.timestamp())
    room.post("olga", "/clock/start", step="opening")
    room.clock.now += datetime.timedelta(minutes=20)
    room.post("olga", "/clock/stop", shown_at=str(shown), passed="900")
    assert seen(room.get("olga"), "//li[contains(@class, 'step')]/span[@class='total']")[0] == "15:00"
    room.post("olga", "/clock/start", step="ideas", shown_at="x", passed="-1")
    assert seen(room.get("olga"), "//td[@class='figure']")[-1] == "10:20:00 – runs"


def test_share_is_a_percentage(room: Room) -> None:
    assert seen(room.post("olga", "/share", share="ten"), "//input[@name='share']/@value") == ["ten"]
    room.post("olga", "/share", share="80 %")
    assert seen(room.get("olga"), "//input[@name='share']/@value") == ["80"]
    assert seen(room.get("oscar"), "//input[@name='share']/@value") == [""]


def test_observer_who_falls_ill_leaves_a_single_record(room: Room) -> None:
    room.fill_in("olga", {"session_rhythm": "weekly"}, done=False)
    assert seen(room.post("oscar", "/out", person=room.codes["olga"]), "//p[@class='error']") == [
        "Choose why this observer cannot go on."
    ]
    room.post("oscar", "/out", person=room.codes["olga"], reason="ill")
    room.fill_in("oscar", {"session_rhythm": "monthly"})
    page = room.get("rik")
    assert seen(page, "//span[contains(@class, 'badge')]") == ["single record"]
    assert seen(page, "//li[contains(@class, 'observer')]//span[@class='muted'][last()]") == [
        "fell out on 3 March 2025, 10:00: Ill · begun, and not handed in",
        "handed in",
    ]
    assert seen(room.browser["olga"].get("/"), "//li//a[contains(@href, '/meetings/')]") == ["To the meetings"]
    room.post("rik", "/back", person=room.codes["olga"])
    assert seen(room.get("rik"), "//span[contains(@class, 'badge')]") == ["waiting for the other observer"]


def test_study_without_a_protocol_says_that_nothing_is_observed(sign_in: Any) -> None:
    olga = sign_in("olga")
    page = olga.get("/study/demo/meetings/")
    assert seen(page, "//p[@class='empty']")[0].startswith("This study has no protocol")
    assert olga.get("/study/demo/meetings/new").location == "/study/demo/meetings/"


def test_five_clicks_plan_one_meeting(room: Room) -> None:
    fields = {"team": "south", "observers": [room.codes["olga"]], "click": "same"}
    assert len({room.plan("olga", **fields).location for _ in range(3)}) == 1
    with room.database.reading() as session:
        assert session.query(Meeting).count() == 2
