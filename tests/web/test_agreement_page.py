"""The researcher's page on how far two observers of the same meetings agree."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from planned_study import PlannedStudy, krachtwerk
from seeing import seen

from survey.planning import due
from survey.storage import observing, people, responses
from survey.storage.record import Saving
from survey.storage.responses import Opening
from survey.storage.tables import Meeting

ADDRESS = "/study/planned/report/agreement/"
OPENING = ("opening_strengths", "opening_wish", "question_clear", "question_wish", "clarify_asked", "clarify_strengths")
IDEAS = ("ideas_unjudged", "ideas_everyone", "ideas_strengths", "ideas_neighbourhood", "list_complete", "list_visible")
ITEMS = (*OPENING, *IDEAS)
ONE = dict(zip(ITEMS, (4, 4, 3, 3, 5, 4, 2, 3, 4, 1, 5, 5), strict=True))
OTHER = ONE | {"question_wish": 4, "list_visible": 3}


class Meetings:
    """Meetings of the planned study, observed by olga and oscar, and filled in without a browser."""

    def __init__(self, house: Any, planned: PlannedStudy, clock: Any) -> None:
        here = house.app.extensions["krachtmeting"]
        self.database, self.library = here.database, here.library
        self.planned, self.now = planned, clock.now

    def observed(
        self, *said: dict[str, Any] | None, team: str = "north", who: tuple[str, ...] = ("olga", "oscar")
    ) -> None:
        """A meeting, and what each of its observers handed in; None: nothing yet."""
        protocol, day = krachtwerk().protocol, datetime.date(2025, 3, 3)
        ask = protocol.ask("team-meeting", "t1")
        assert ask is not None
        study, teams, ids = self.planned.study, self.planned.teams, self.planned.people
        with self.database.writing() as session:
            meeting = observing.add_meeting(
                session, study, teams[team], due.of_meeting(protocol, ask, "t1", day), day,
                [ids[name] for name in who], ids["rik"], self.now, None,
            )  # fmt: skip
            for name, answers in zip(who, said, strict=True):
                if answers is not None:
                    self._hand_in(session, meeting, ids[name], answers)

    def words(self, unit: str) -> str:
        """What an item is called on a page in English."""
        instrument = self.library.newest["team-meeting"]
        return str(self.library.texts(instrument, "en")[instrument.units[unit].key].words)

    def _hand_in(self, session: Any, meeting: Meeting, person: int, answers: dict[str, Any]) -> None:
        opening = Opening(
            self.planned.study, meeting.wave_id, meeting.instrument, 1, person, "nl",
            person_id=person, team_id=meeting.team_id, meeting_id=meeting.id,
        )  # fmt: skip
        token = responses.open_response(session, opening, self.now)
        record = responses.response(session, token, for_writing=True)
        values = {("answers", unit): value for unit, value in answers.items()}
        record = responses.save(session, record, Saving("page", "session", person, record.version, values), self.now)
        responses.submit(session, record, Saving("submit", None, person, record.version), self.now)


@pytest.fixture
def meetings(house: Any, planned: PlannedStudy, clock: Any) -> Meetings:
    return Meetings(house, planned, clock)


def lines(page: Any) -> list[list[str]]:
    rows = range(1, 1 + len(seen(page, "//table[contains(@class, 'agreement-lines')]/tbody/tr")))
    return [seen(page, f"//table[contains(@class, 'agreement-lines')]/tbody/tr[{row}]/*") for row in rows]


def test_one_meeting_is_told_with_its_limits(meetings: Meetings, sign_in: Any) -> None:
    meetings.observed(ONE | {"session_length": 90}, OTHER | {"session_length": 90, "ideas_count": 8})
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, "//div[@class='first-line']") == [
        "11 of 13 answers are exactly the same (85 %). They were given by two observers of 1 meeting, before they saw "
        "each other's."
    ]
    assert seen(page, "//p[@class='careful']")[0].startswith("This is one meeting.")
    exact, near, plain, linear, quadratic, single, mean = lines(page)
    assert (exact[1:3], near[1]) == (["10 of 12 (83 %)", ""], "11 of 12 (92 %)")
    # By hand: 10 of 12 the same, by chance 37 / 12 of 12.
    assert plain[:2] == ["Kappa", "0.78"]
    assert [len(line[2]) > 5 for line in (plain, linear, quadratic, single, mean)] == [True] * 5
    assert single[0].endswith("excellent")
    assert seen(page, "//table[ancestor::div[@aria-labelledby='agreement-items']]/tbody/tr/*[position() < 5]") == [
        meetings.words("question_wish"), "0 of 1", "1 of 1", "0",
        meetings.words("list_visible"), "0 of 1", "0 of 1", "0",
        meetings.words("ideas_count"), "–", "–", "1",
    ]  # fmt: skip
    assert seen(page, "//details[@class='alike']/summary") == ["11 items on which they always said the same"]
    assert seen(page, "//table[contains(@class, 'stacks')]/tbody//td")[1:3] == ["Team Noord", "After six months"]


def test_from_ten_meetings_up_items_have_figures_of_their_own(meetings: Meetings, sign_in: Any) -> None:
    for point in (1, 2, 3, 4, 5, 1, 2, 3, 4, 5):
        meetings.observed(
            {"opening_wish": point, "opening_strengths": 4}, {"opening_wish": point, "opening_strengths": 4}
        )
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, f'//tr[th[. = "{meetings.words("opening_wish")}"]]/td') == [
        "10 of 10",
        "10 of 10",
        "0",
        "1.00",
        "1.00",
        "",
    ]
    assert seen(page, f'//tr[th[. = "{meetings.words("opening_strengths")}"]]/td')[3:] == [
        "–", "–",
        "One of both gave the same answer throughout. So kappa cannot be said, and the correlation says little.",
    ]  # fmt: skip


def test_nothing_is_told_of_a_meeting_that_not_all_have_handed_in(
    meetings: Meetings, sign_in: Any, planned: PlannedStudy
) -> None:
    meetings.observed(ONE, None)
    meetings.observed(ONE, who=("olga",))
    page = sign_in("rik").get(ADDRESS)
    assert seen(page, "//table") == []
    assert seen(page, "//p[contains(@class, 'kind')]") == [
        "1 meeting counts later: not every observer has handed in. 1 meeting has no second record to compare with."
    ]
    assert seen(sign_in("rik").get("/study/planned/report/agreement/?team=south"), "//p[@class='empty']") == [
        "No meeting of this team was observed yet. Choose another team."
    ]


def test_researcher_of_another_team_sees_nothing_of_it(meetings: Meetings, sign_in: Any, planned: PlannedStudy) -> None:
    meetings.observed(ONE, OTHER)
    with meetings.database.writing() as session:
        scopes = {"researcher": frozenset({planned.teams["south"]})}
        people.set_scopes(session, planned.people["rik"], planned.study, scopes)
    page = sign_in("rik").get(f"{ADDRESS}?team=north")
    assert (seen(page, "//table"), len(seen(page, "//p[@class='empty']"))) == ([], 1)


def test_researcher_who_observes_sees_nothing_before_handing_in(
    meetings: Meetings, sign_in: Any, planned: PlannedStudy
) -> None:
    with meetings.database.writing() as session:
        both = {"researcher": None, "observer": None}
        people.set_scopes(session, planned.people["oscar"], planned.study, both)
    meetings.observed(ONE, OTHER, None, who=("olga", "rik", "oscar"))
    assert seen(sign_in("oscar").get(ADDRESS), "//table") == []
    meetings.observed(ONE, OTHER)
    assert seen(sign_in("oscar").get(ADDRESS), "//div[@class='first-line']//strong") == [
        "10 of 12 answers are exactly the same (83 %)."
    ]
