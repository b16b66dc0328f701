"""The page on who is where: the figure and the table have the same numbers, by team and by arm."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned_study import PlannedStudy, krachtwerk
from seeing import seen

from survey.measures.course_counts import Level
from survey.storage import consents, course, participants
from survey.storage.consents import Agreed
from survey.storage.progress import Course
from survey.storage.tables import Wave
from survey.web.research.flow_diagram import LETTER, NARROW, WIDE, Line, Sheet, Step, diagram
from survey.web.research.progress_page import flow_of

PAGE = "/study/planned/progress/"
PROTOCOL = krachtwerk().protocol

LINES = st.builds(Line, st.text("een lange reden ", max_size=80), st.integers(0, 99_999), st.booleans())
BOX = st.lists(LINES, min_size=1, max_size=3).map(tuple)
STEPS = st.builds(Step, BOX, st.lists(st.tuples(st.sampled_from(["left", "waiting"]), BOX), max_size=3).map(tuple))


@pytest.fixture
def filled(planned: PlannedStudy, house: Any) -> PlannedStudy:
    """Three of the north, of whom one said no and one stopped, and one of the south."""
    here = house.app.extensions["krachtmeting"]
    with here.database.writing() as session:
        made = []
        for team, agrees in (("north", False), ("north", True), ("north", True), ("south", True)):
            one = participants.register(
                session, planned.study, planned.people["ilse"], here.now(), team_id=planned.teams[team]
            )
            made.append(one)
            if agrees:
                agreed = Agreed(PROTOCOL.newest_consent, "nl", {"interviews"}, "spoken", keeps=True)
                consents.give(session, one, PROTOCOL, agreed, planned.people["ilse"], here.now())
        course.set_status(session, made[-1], "dropped_out", planned.people["ilse"], here.now(), "moved")
        course.set_status(session, made[0], "declined", planned.people["ilse"], here.now(), "no_time")
    return planned


def in_table(page: Any) -> list[tuple[str, str]]:
    rows = "//table[contains(@class, 'counts')][caption]/tbody/tr"
    return list(zip(seen(page, f"{rows}/th"), seen(page, f"{rows}/td[1]"), strict=True))


def in_figure(page: Any, which: str) -> list[str]:
    return seen(page, f"//*[name()='svg'][contains(@class, '{which}')]//*[name()='text'][@text-anchor]")


def test_table_tells_everybody_once_at_each_step(filled: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    assert in_table(page) == [
        ("Asked to take part", "4"),
        ("Does not take part", "1"),
        ("Has no time", "1"),
        ("Agreed to take part", "3"),
        ("Has stopped", "1"),
        ("Has moved", "1"),
        ("Not yet", "2"),
        ("Start: done", "0"),
        ("After six months: done", "0"),
        ("End of the trajectory: done", "0"),
    ]


def test_figure_has_the_numbers_of_the_table(filled: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    numbers = Counter(number for _, number in in_table(page))
    assert Counter(in_figure(page, "wide")) == Counter(in_figure(page, "narrow")) == numbers
    assert seen(page, "//*[name()='svg']/*[name()='title']") == ["How far participants came"] * 2


def test_page_is_narrowed_to_a_team(filled: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(f"{PAGE}?team=south")
    assert in_table(page)[0] == ("Asked to take part", "1")
    assert seen(page, "//option[@selected]") == ["Team Zuid"]


def test_tasks_stand_by_moment_and_questionnaire(filled: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    row = "//section[@id='tasks']//tbody/tr[1]"
    assert seen(page, f"{row}/*") == ["Start", "A talk about how you are doing", "2", "0", "2", "0", "0", "0", "2"]


def test_empty_study_says_what_will_come(planned: PlannedStudy, sign_in: Any) -> None:
    page = sign_in("rik").get(PAGE)
    assert seen(page, "//p[@class='empty']")[0].startswith("Nobody was asked to take part yet.")


def test_arms_have_columns_of_their_own(app: Any) -> None:
    two = PROTOCOL.model_copy(update={"arms": {"one": {"nl": "Een", "en": "One"}, "two": {"nl": "Twee", "en": "Two"}}})
    levels = [
        Level(Counter({"one": 2, "two": 1}), left={("declined", None): Counter({None: 1})}),
        Level(Counter({"one": 2}), waiting=Counter({"two": 1})),
    ]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = flow_of(Course((Wave(code="t0", title="Start"),), levels), two, "en")
    assert found.arms == ("One", "Two", "no arm")
    assert [(row.words, row.number, row.arms) for row in found.rows] == [
        ("Asked to take part", 4, (2, 1, 1)),
        ("Does not take part", 1, (0, 0, 1)),
        ("Agreed to take part", 3, (2, 1, 0)),
        ("Not yet", 1, (0, 1, 0)),
        ("Start: done", 2, (2, 0, 0)),
    ]
    assert [piece.words for piece in found.wide.boxes[-1].pieces if not piece.number] == ["Start: done", "One"]


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
@given(steps=st.lists(STEPS, min_size=1, max_size=4))
def test_words_stay_within_their_box_and_boxes_do_not_touch(steps: list[Step], sheet: Sheet) -> None:
    found = diagram(steps, sheet)
    for box in found.boxes:
        assert box.x >= 0 and box.x + box.width <= found.width and box.y + box.height <= found.height
        for piece in box.pieces:
            width = len(piece.words) * LETTER
            begins = piece.x - width if piece.number else piece.x
            assert box.x < begins and begins + width < box.x + box.width
            assert box.y < piece.y < box.y + box.height
    down = pairwise(sorted(found.boxes, key=lambda box: box.y))
    assert all(above.y + above.height < below.y for above, below in down)
